"""Names that a project gives its own files: in tsconfig.json, jsconfig.json and package.json.

Sources: TypeScript, module resolution (`paths`, `baseUrl`, `extends`); Node.js, packages (`name`, `exports`, `imports`,
`main`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

_COMPILER_FILES = ("tsconfig.json", "jsconfig.json")
_PACKAGE_FILE = "package.json"
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')
_EXTENDED = 8
_ENTRIES = ("source", "module", "main", "types")
_INDEXES = ("index", "src/index", "lib/index")


class Aliases:
    """Answers for the files of one run; settings are read when the first import asks for them."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = paths
        self._packages: dict[str, list[tuple[str, Mapping[str, object]]]] | None = None
        self._compiler: dict[str, tuple[str, Mapping[str, object]] | None] = {}

    def __call__(self, path: str, module: str) -> Iterator[str]:
        """The paths that a module's name may mean in a file, without suffix or with it."""
        yield from self._of_compiler(dirname(path), module)
        yield from self._of_packages(path, module)

    # tsconfig.json, jsconfig.json

    def _of_compiler(self, folder: str, module: str) -> Iterator[str]:
        found = self._compiler_options(folder)
        if found is None:
            return
        home, options = found
        base = join(home, str(options.get("baseUrl", ".")))
        listed = options.get("paths")
        for pattern, targets in listed.items() if isinstance(listed, Mapping) else ():
            before, star, after = str(pattern).partition("*")
            inside = module[len(before) : len(module) - len(after)]
            if module == before + inside + after and (star or not inside) and isinstance(targets, list):
                yield from (join(base, str(target).replace("*", inside, 1)) for target in targets)
        if "baseUrl" in options:
            yield join(base, module)

    def _compiler_options(self, folder: str) -> tuple[str, Mapping[str, object]] | None:
        if folder not in self._compiler:
            own = next((found for name in _COMPILER_FILES if (found := _extended(join(folder, name), 0))), None)
            above = dirname(folder)
            self._compiler[folder] = own or (self._compiler_options(above) if above != folder else None)
        return self._compiler[folder]

    # package.json

    def _of_packages(self, path: str, module: str) -> Iterator[str]:
        if self._packages is None:
            self._packages = self._read_packages()
        steps = module.split("/")
        length = 2 if module.startswith("@") else 1
        name, rest = "/".join(steps[:length]), "/".join(steps[length:])
        for home, package in self._packages.get(name, ()):
            yield from (join(home, target) for target in _targets(package, rest))
        if module.startswith("#"):
            owner = max((home for home in self._homes() if _is_under(path, home)), key=len, default=None)
            for home, package in (entry for entries in self._packages.values() for entry in entries):
                if home == owner:
                    yield from (join(home, target) for target in _matches(package.get("imports"), module))

    def _homes(self) -> Iterator[str]:
        return (home for entries in (self._packages or {}).values() for home, _ in entries)

    def _read_packages(self) -> dict[str, list[tuple[str, Mapping[str, object]]]]:
        folders: set[str] = set()
        for path in self._paths:
            here = dirname(path)
            while here not in folders:
                folders.add(here)
                here = dirname(here)
        found: dict[str, list[tuple[str, Mapping[str, object]]]] = {}
        for folder in sorted(folders):
            package = _read(join(folder, _PACKAGE_FILE))
            if package is not None:
                found.setdefault(str(package.get("name", "")), []).append((folder, package))
        return found


def _is_under(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _targets(package: Mapping[str, object], rest: str) -> Iterator[str]:
    """The files that a package offers under a path in it."""
    yield from _matches(package.get("exports"), f"./{rest}" if rest else ".")
    if rest:
        yield from (rest, f"src/{rest}")
        return
    yield from (str(package[key]) for key in _ENTRIES if isinstance(package.get(key), str))
    yield from _INDEXES


def _matches(table: object, wanted: str) -> Iterator[str]:
    """The targets of `exports` or `imports` for a name, whatever their conditions."""
    if not isinstance(table, Mapping) or not any(str(key).startswith((".", "#")) for key in table):
        yield from _leaves(table) if wanted == "." else ()
        return
    for pattern, target in table.items():
        before, star, after = str(pattern).partition("*")
        inside = wanted[len(before) : len(wanted) - len(after)]
        if wanted == before + inside + after and (star or not inside):
            yield from (leaf.replace("*", inside) for leaf in _leaves(target))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _leaves(inner)


def _extended(path: str, depth: int) -> tuple[str, Mapping[str, object]] | None:
    """The compiler options of a file, or those of the one it extends; with the folder that they are relative to."""
    settings = _read(path)
    if settings is None or depth > _EXTENDED:
        return None
    options = settings.get("compilerOptions")
    if isinstance(options, Mapping) and ("paths" in options or "baseUrl" in options):
        return dirname(path), options
    above = settings.get("extends")
    if isinstance(above, str) and above.startswith("."):
        base = normpath(join(dirname(path), above))
        return _extended(base, depth + 1) or _extended(f"{base}.json", depth + 1)
    return None


@cache
def _read(path: str) -> Mapping[str, object] | None:
    """A JSON file, with the comments and last commas that tsconfig.json may have; None if there is none to be read."""
    import json  # noqa: PLC0415 - only where an import is not relative

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    plain = _TRAILING_COMMA.sub(lambda found: found[1] or "", _COMMENT.sub(lambda found: found[1] or "", text))
    try:
        settings = json.loads(plain)
    except (ValueError, RecursionError):
        return None
    return settings if isinstance(settings, dict) else None
