"""What Python has compiled of memlint, in one file: its modules, and the functions of its values (`model/frozen.py`).

A short run is start-up more than anything else. To find and read some 250 modules, each by itself, takes a third of the
time that it takes to load them, and to compile the functions of values takes as long as to parse a file. So a run keeps
what it has loaded for the next one, as other forms are kept (`prepared`): until a file of memlint is written to.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

from memlint.model.frozen import WRITTEN
from memlint.prepared import can_keep, keep, kept, state_of_package

_FORM = "compiled"
_PACKAGE = __name__.partition(".")[0]

_Modules = dict[str, tuple[str, bytes]]
"""By their names the files that they were compiled from, and their code."""


class Compiled:
    """Finds modules that an earlier run has loaded, and loads them."""

    def __init__(self) -> None:
        self._modules, functions = _read()
        self._functions = len(functions)
        WRITTEN.update(functions)

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """As Python's import system asks for it (`importlib.abc.MetaPathFinder`)."""
        found = self._modules.get(name)
        if found is None:
            return None
        is_package = found[0].endswith("__init__.py")
        spec = ModuleSpec(name, self, origin=found[0], is_package=is_package)  # type: ignore[arg-type]  # it is a loader
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [str(Path(found[0]).parent)]
        return spec

    def create_module(self, _spec: ModuleSpec) -> ModuleType | None:
        """A module as any other."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        code: CodeType = marshal.loads(self._modules[module.__name__][1])  # noqa: S302 - as what Python keeps itself
        exec(code, module.__dict__)  # noqa: S102 - as Python does

    def keep(self) -> None:
        """Keep what this run has loaded as well; if it was all known, nothing is written."""
        news = dict(_loaded_beside(self._modules)) if can_keep() else {}
        if news or len(WRITTEN) > self._functions:
            self._modules |= news
            self._functions = len(WRITTEN)
            keep(_FORM, state_of_package(), marshal.dumps((self._modules, WRITTEN)))


def _read() -> tuple[_Modules, dict[str, CodeType]]:
    try:
        modules, functions = marshal.loads(kept(_FORM, state_of_package()))  # noqa: S302 - as what Python keeps itself
    except (OSError, EOFError, ValueError, TypeError):
        return {}, {}
    return modules, functions


def _loaded_beside(known: _Modules) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """The modules of memlint that were found by themselves."""
    for name, module in list(sys.modules.items()):
        spec = module.__spec__ if name.partition(".")[0] == _PACKAGE and name not in known else None
        code_of = getattr(spec.loader, "get_code", None) if spec is not None else None
        if spec is not None and spec.origin is not None and code_of is not None:
            yield name, (spec.origin, marshal.dumps(code_of(name)))
