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
from typing import TypeVar, cast

Form = TypeVar("Form")

_PACKAGE = os.path.dirname(__file__)  # noqa: PTH120 - pathlib costs start-up time


def prepared(name: str, make: Callable[[], Form], *folders: str) -> Form:
    """What `make` makes of the files of memlint and of these folders; the form kept of it, while that counts."""
    path, state = _path_of(name), (_state_of_package() + state_of(*folders)).encode()
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs start-up time
            kept = file.read()
        if kept.startswith(state):
            return cast("Form", pickle.loads(kept[len(state) :]))  # noqa: S301 - to be trusted as the modules beside it
    except Exception:  # noqa: BLE001, S110 - whatever is wrong with it, it can be made anew
        pass
    made = make()
    _keep(path, state + pickle.dumps(made))
    return made


def _path_of(name: str) -> str:
    return cache_from_source(__file__).removesuffix("pyc") + name


@cache
def _state_of_package() -> str:
    return state_of(_PACKAGE)


def state_of(*folders: str) -> str:
    """Names, sizes and times of all files below these folders: another text once one of them was written to."""
    return repr(sorted(found for folder in folders for found in _files_in(folder)))


def _files_in(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns
            elif entry.name != "__pycache__":
                yield from _files_in(entry.path)


def _keep(path: str, data: bytes) -> None:
    """Write it all at once, or not at all: another run may be reading it."""
    partial = f"{path}.{os.getpid()}"
    try:
        with open(partial, "wb") as file:  # noqa: PTH123 - pathlib costs start-up time
            file.write(data)
        os.replace(partial, path)  # noqa: PTH105 - the same
    except OSError:
        return
