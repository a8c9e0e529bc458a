"""What Python has compiled of memlint, in one file: its modules, and the functions of its values (`model/frozen.py`).

A short run is start-up more than anything else. To find and read some 250 modules, each by itself, takes a third of the
time that it takes to load them, and to compile the functions of values takes as long as to parse a file. So a run keeps
what it has loaded for the next one, as other forms are kept (`prepared`): until a file of memlint is written to.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import BinaryIO

from memlint.model.frozen import WRITTEN
from memlint.prepared import can_keep, keep, kept, state_of_package

_FORM = "compiled"
_SIZE = 8
_PACKAGE = __name__.partition(".")[0]

_Modules = dict[str, tuple[str, int, int]]
"""By their names the files that they were compiled from, and where their code stands."""


class Compiled:
    """Finds modules that an earlier run has loaded, and loads them."""

    def __init__(self) -> None:
        self._file: BinaryIO | None = None
        self._start = 0
        self._modules: _Modules = {}
        try:
            self._open()
        except (OSError, EOFError, ValueError, TypeError):  # nothing was kept, or what was is damaged
            self._modules = {}
        self._functions = len(WRITTEN)

    def _open(self) -> None:
        self._file = kept(_FORM, state_of_package())
        size = int.from_bytes(self._file.read(_SIZE), "big")
        self._modules, functions = marshal.loads(self._file.read(size))  # noqa: S302 - as what Python keeps itself
        self._start = self._file.tell()
        if self._file.seek(0, os.SEEK_END) != self._start + sum(length for _, _, length in self._modules.values()):
            raise EOFError
        WRITTEN.update(functions)

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """As Python's import system asks for it (`importlib.abc.MetaPathFinder`)."""
        if name not in self._modules:
            return None
        origin = self._modules[name][0]
        is_package = origin.endswith("__init__.py")
        spec = ModuleSpec(name, self, origin=origin, is_package=is_package)  # type: ignore[arg-type]  # it is a loader
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [str(Path(origin).parent)]
        return spec

    def create_module(self, _spec: ModuleSpec) -> ModuleType | None:
        """A module as any other."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        code: CodeType = marshal.loads(self._code(module.__name__))  # noqa: S302 - as what Python keeps itself
        exec(code, module.__dict__)  # noqa: S102 - as Python does

    def _code(self, name: str) -> bytes:
        """A module's code; never by way of the file's own position, which processes that are forked off share."""
        _, start, size = self._modules[name]
        if self._file is None:
            return b""
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), size, self._start + start)
        self._file.seek(self._start + start)
        return self._file.read(size)

    def keep(self) -> None:
        """Keep what this run has loaded as well; if it was all known, nothing is written."""
        with suppress(Exception):  # whatever is in the way, the run is over, and its answer stands
            if can_keep():
                self._keep_news()
        if self._file is not None:
            self._file.close()

    def _keep_news(self) -> None:
        news = dict(_loaded_beside(self._modules))
        if news or len(WRITTEN) > self._functions:
            old = {name: (origin, self._code(name)) for name, (origin, _, _) in self._modules.items()}
            keep(_FORM, state_of_package(), _written(old | news))


def _written(codes: Mapping[str, tuple[str, bytes]]) -> bytes:
    """The index, behind its own size, and then the code of all modules."""
    modules: _Modules = {}
    at = 0
    for name, (origin, code) in codes.items():
        modules[name] = (origin, at, len(code))
        at += len(code)
    index = marshal.dumps((modules, WRITTEN))
    return len(index).to_bytes(_SIZE, "big") + index + b"".join(code for _, code in codes.values())


def _loaded_beside(known: Container[str]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """The modules of memlint that were found by themselves."""
    for name, module in list(sys.modules.items()):
        spec = module.__spec__ if name.partition(".")[0] == _PACKAGE and name not in known else None
        code_of = getattr(spec.loader, "get_code", None) if spec is not None else None
        if spec is not None and spec.origin is not None and code_of is not None:
            yield name, (spec.origin, marshal.dumps(code_of(name)))
