"""What memlint makes of its own files and keeps from run to run, beside the modules that Python has compiled and kept.

As with those, a kept form counts as long as the files that it was made of have their sizes and times: here all files
of memlint. It stands where Python's own stand (`__pycache__`, or what `PYTHONPYCACHEPREFIX` names), so whoever may
change it may change memlint too; where Python keeps nothing, or nobody may write, it is made anew each time.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

Form = TypeVar("Form")

_PACKAGE = Path(__file__).parent


def prepared(name: str, make: Callable[[], Form], *folders: Path) -> Form:
    """What `make` makes of the files of memlint and of these folders; the form kept of it, while that counts."""
    try:
        state = state_of_package() + state_of(*folders)
    except OSError:  # a folder that is not there: whoever reads it knows what to say
        return make()
    try:
        with kept(name, state) as file:
            return cast("Form", pickle.loads(file.read()))  # noqa: S301 - to be trusted as the modules beside it
    except Exception:  # noqa: BLE001, S110 - whatever is wrong with it, it can be made anew
        pass
    made = make()
    keep(name, state, pickle.dumps(made))
    return made


def kept(name: str, state: str) -> BinaryIO:
    """What was kept under a name when memlint was in this state; raises `OSError` if nothing was."""
    head = state.encode()
    file = _path_of(name).open("rb")
    if file.read(len(head)) == head:
        return file
    file.close()
    raise FileNotFoundError


def keep(name: str, state: str, data: bytes) -> None:
    """Keep something for as long as memlint is in this state: all of it at once, for another run may be reading it."""
    path = _path_of(name)
    partial = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    try:
        partial.write_bytes(state.encode() + data)
        partial.replace(path)
    except OSError:
        return


def can_keep() -> bool:
    """Whether it is worth the trouble to make what is to be kept."""
    return os.access(_path_of("any").parent, os.W_OK)


def _path_of(name: str) -> Path:
    return Path(cache_from_source(__file__)).with_suffix(f".{name}")


@cache
def state_of_package() -> str:
    """The state of memlint's own files when it was first asked for: before the rules are read."""
    return state_of(_PACKAGE)


def state_of(*folders: Path) -> str:
    """Names, sizes and times of all files below these folders: another text once one of them was written to."""
    return repr(sorted(found for folder in folders for found in _files_in(folder)))


def _files_in(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                status = entry.stat(follow_symlinks=False)
                yield entry.path, status.st_size, status.st_mtime_ns
            elif entry.name != "__pycache__":
                yield from _files_in(entry.path)
