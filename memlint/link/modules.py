"""Which file of this run an import means: relative paths, folders, Python packages, and the project's own aliases.

Sources: Node.js, modules and packages (`exports`, self-reference); TypeScript, module resolution (`paths`, `baseUrl`);
Python reference, 5 (the import system).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from posixpath import dirname, join, normpath

_SUFFIXES = (".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", ".mts", ".cts")
_WRITTEN = (".js", ".mjs", ".cjs", ".jsx")
"""Suffixes that stand in an import for a file that TypeScript compiles to it."""
_SOURCE_FOLDERS = ("", "src", "lib")

Aliases = Callable[[str, str], Iterator[str]]
"""Answers for a file and a module's name with paths that the project's settings give it."""


class Modules:
    """Answers for the files of one run."""

    def __init__(self, paths: Collection[str], aliases: Aliases) -> None:
        self._paths = paths
        self._aliases = aliases
        self._known: dict[tuple[str, str], str | None] = {}

    def resolve(self, path: str, module: str, name: str) -> Iterator[tuple[str, str]]:
        """The file that holds a dotted name of a module, and what of the name is left for it.

        A Python package may hold the name itself, or a module of that name: `text.read` of `pkg` is in `pkg/text.py`.
        """
        if path.endswith((".py", ".pyi", ".pyw")):
            yield from self._in_python(path, module, name)
            return
        found = self._script(path, module)
        if found is not None:
            yield found, name

    def _script(self, path: str, module: str) -> str | None:
        key = (dirname(path), module)
        if key not in self._known:
            bases = [join(dirname(path), module)] if module.startswith(".") else list(self._aliases(path, module))
            self._known[key] = next((found for base in bases if (found := self._at(normpath(base)))), None)
        return self._known[key]

    def _at(self, base: str) -> str | None:
        """A file, a file with a suffix, or a folder with an index."""
        stem = next((base.removesuffix(each) for each in _WRITTEN if base.endswith(each)), base)
        candidates = (
            base,
            *(base + suffix for suffix in _SUFFIXES),
            *(stem + suffix for suffix in _SUFFIXES),
            *(join(base, "index" + suffix) for suffix in _SUFFIXES),
        )
        return next((candidate for candidate in candidates if candidate in self._paths), None)

    def _in_python(self, path: str, module: str, name: str) -> Iterator[tuple[str, str]]:
        steps = name.split(".") if name else []
        for taken in range(len(steps), -1, -1):
            inner = ".".join((module, *steps[:taken])) if module.strip(".") else module + ".".join(steps[:taken])
            found = self._package(path, inner)
            if found is not None:
                yield found, ".".join(steps[taken:])
                if not found.endswith("__init__.py"):
                    return

    def _package(self, path: str, module: str) -> str | None:
        key = (dirname(path), module)
        if key not in self._known:
            self._known[key] = next((one for base in _folders(path, module) for one in self._python_at(base)), None)
        return self._known[key]

    def _python_at(self, base: str) -> Iterator[str]:
        for candidate in (f"{base}.py", join(base, "__init__.py")):
            if normpath(candidate) in self._paths:
                yield normpath(candidate)


def _folders(path: str, module: str) -> Iterator[str]:
    """Where a Python module may stand: dots go up from the package; other names begin at any folder above."""
    bare = module.lstrip(".")
    up = len(module) - len(bare)
    inner = bare.replace(".", "/")
    here = dirname(path)
    if up:
        for _ in range(up - 1):
            here = dirname(here)
        yield join(here, inner) if inner else here
        return
    while True:
        yield from (join(here, folder, inner) for folder in _SOURCE_FOLDERS)
        if here in ("", "/"):
            return
        here = dirname(here)
