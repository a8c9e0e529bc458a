"""The files to read, and the reason for every one that is not read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from memlint.config.settings import Settings
from memlint.discovery.exclusion import Excludes, Ignores, folder_of, last_name, path_below, real_path
from memlint.languages import language_of
from memlint.model.frozen import frozen
from memlint.model.report import Skip

_SIZE_LIMIT = 2 << 20

UNKNOWN_LANGUAGE = "no language memlint knows"
UNREADABLE = "unreadable"
NOT_A_FILE = "not a regular file"
TOO_LARGE = "larger than 2 MiB"
IGNORED = "ignored by git"

_UNEXPECTED = frozenset({UNREADABLE, NOT_A_FILE, TOO_LARGE})
"""Nobody asked for these: they are told to everybody."""

_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_TEST_FOLDERS = frozenset({"__tests__", "__mocks__", "test", "tests", "e2e", "cypress"})
_TEST_FILES = ("*.test.*", "*.spec.*", "test_*.py", "*_test.py", "conftest.py")


class PathError(Exception):
    """A path of the command line that does not exist; the message names it."""


@frozen
class Discovered:
    """A file to read: `path` as the user would write it, and whether the user did."""

    path: str
    absolute: Path
    named: bool
    size: int


def discover(paths: Iterable[str], settings: Settings) -> tuple[list[Discovered], list[Skip]]:
    """List the files under `paths` (the working directory if none), each once, and every skip, by path.

    A skipped folder is one skip whose path ends in `/`. A file that is named is read whatever its name or size,
    unless `force-exclude` is set. Raises `PathError` for a path that does not exist.
    """
    given = list(dict.fromkeys(paths)) or ["."]
    if missing := [path for path in given if not os.path.lexists(path)]:
        raise PathError("; ".join(f"{path}: no such file or folder" for path in missing))

    walk = _Walk(settings)
    for path in given:
        walk.enter(path)
    named = {file.path for file in walk.files if file.named}
    files = {file.path: file for file in walk.files if file.named or file.path not in named}
    skips = {skip.path: skip for skip in sorted(walk.skips, key=lambda skip: skip.named) if skip.path not in files}
    return [files[path] for path in sorted(files)], [skips[path] for path in sorted(skips)]


class _Walk:
    """One walk over the disk: what it has found so far. Paths in it are absolute texts with `/`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._cwd = real_path(".")
        self._root = real_path(settings.root)
        self._excludes = Excludes(settings)
        self._ignores: dict[str, Ignores] = {}
        self.files: list[Discovered] = []
        self.skips: list[Skip] = []

    def enter(self, path: str) -> None:
        """Begin at a path of the command line, links resolved, so that no file has two names."""
        absolute = real_path(path)
        try:
            status = os.lstat(absolute)
        except OSError:  # a link that dangles
            self._skip(Path(os.path.abspath(path)).as_posix(), UNREADABLE, named=True)  # noqa: PTH100 - Path has no way to take `..` out and leave the link
            return
        folder = stat.S_ISDIR(status.st_mode)
        if self._settings.force_exclude and (reason := self._reason_to_exclude(absolute + "/" * folder)):
            self._skip(absolute + "/" * folder, reason, named=True)
        elif folder:
            self._descend(absolute)
        elif stat.S_ISLNK(status.st_mode):  # it leads round in a loop
            self._skip(absolute, UNREADABLE, named=True)
        elif not stat.S_ISREG(status.st_mode):
            self._skip(absolute, NOT_A_FILE, named=True)
        else:
            self._consider(absolute, status.st_size, named=True)

    def _reason_to_exclude(self, path: str) -> str:
        """Tell why a named path, or a folder above it, would not have been walked into."""
        top = next((each for each in (self._root, self._cwd) if path_below(path, each)), "")
        if not top:
            return self._excluded(path, self._ignores_above(folder_of(path)))
        ignores = self._ignores_above(top)
        steps = path_below(path, top).rstrip("/").split("/")
        for depth, name in enumerate(steps):
            step = "/".join([top.rstrip("/"), *steps[: depth + 1]])
            folder = depth + 1 < len(steps) or path.endswith("/")
            if reason := self._excluded(step + "/" * folder, ignores) or (self._tests(name) if folder else ""):
                return reason
            if folder:
                ignores = self._below(step, ignores)
        return ""

    def _descend(self, top: str) -> None:
        ignores = self._ignores_above(top)
        if ignores.ignore(top + "/"):
            ignores = Ignores().below(top)
        if self._excludes.reason(top + "/"):
            self._excludes.lift(top)
        todo = [(top, ignores)]
        while todo:
            folder, ignores = todo.pop()
            try:
                with os.scandir(folder) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError:
                self._skip(folder.rstrip("/") + "/", UNREADABLE, named=folder == top)
                continue
            if folder != top and any(entry.name == "pyvenv.cfg" for entry in entries):
                self._skip(folder + "/", "virtual environment")
                continue
            todo += [(inner, self._below(inner, ignores)) for inner in self._folders(folder, entries, ignores)]

    def _folders(self, folder: str, entries: Iterable[os.DirEntry[str]], ignores: Ignores) -> Iterator[str]:
        """Take the files of one folder, and give the folders to go on with."""
        for entry in entries:
            path = f"{folder.rstrip('/')}/{entry.name}"
            lintable = language_of(entry.name) is not None
            if entry.is_symlink():
                if lintable or os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a link to what nobody may enter
                    self._skip(path, "symbolic link")
            elif entry.is_dir(follow_symlinks=False):
                if reason := self._excluded(path + "/", ignores) or self._tests(entry.name):
                    self._skip(path + "/", reason)
                else:
                    yield path
            elif lintable:
                self._take(path, entry, ignores)

    def _take(self, path: str, entry: os.DirEntry[str], ignores: Ignores) -> None:
        try:
            size = entry.stat(follow_symlinks=False).st_size
        except OSError:  # gone since it was listed
            self._skip(path, UNREADABLE)
            return
        if reason := self._excluded(path, ignores):
            self._skip(path, reason)
        elif not entry.is_file(follow_symlinks=False):
            self._skip(path, NOT_A_FILE)
        else:
            self._consider(path, size)

    def _consider(self, path: str, size: int, *, named: bool = False) -> None:
        """Take a regular file, or skip it for its name or size."""
        name = last_name(path)
        if language_of(name) is None:
            reason = UNKNOWN_LANGUAGE
        elif name.lower().endswith(_DECLARATIONS):
            reason = "declarations"
        elif named and not self._settings.force_exclude:
            reason = ""
        elif ".min." in name:
            reason = "minified"
        elif not self._settings.include_tests and any(fnmatchcase(name, glob) for glob in _TEST_FILES):
            reason = "tests"
        else:
            reason = TOO_LARGE if size > _SIZE_LIMIT else ""
        if reason:
            self._skip(path, reason, named=named)
        else:
            self.files.append(Discovered(self._relative(path), Path(path), named, size))

    def _excluded(self, path: str, ignores: Ignores) -> str:
        return self._excludes.reason(path) or (IGNORED if ignores.ignore(path) else "")

    def _tests(self, folder: str) -> str:
        return "tests" if folder in _TEST_FOLDERS and not self._settings.include_tests else ""

    def _below(self, folder: str, ignores: Ignores) -> Ignores:
        if folder not in self._ignores:
            self._ignores[folder] = ignores.below(folder) if self._settings.respect_gitignore else ignores
        return self._ignores[folder]

    def _ignores_above(self, folder: str) -> Ignores:
        """Read the .gitignore files from the root of the repository (or of the project) down to this folder."""
        if folder in self._ignores or not self._settings.respect_gitignore:
            return self._ignores.get(folder, Ignores())
        above = [each.as_posix() for each in (Path(folder), *Path(folder).parents)]
        repository = next((each for each in above if os.path.lexists(f"{each}/.git")), None)
        top = repository or (self._root if self._root in above else folder)
        ignores = Ignores()
        if repository:
            ignores = ignores.below(repository, ".git/info/exclude")
        for each in reversed(above[: above.index(top) + 1]):
            ignores = self._below(each, ignores)
        return ignores

    def _skip(self, path: str, reason: str, *, named: bool = False) -> None:
        self.skips.append(Skip(self._relative(path), reason, named, unexpected=reason in _UNEXPECTED))

    def _relative(self, path: str) -> str:
        if inside := path_below(path, self._cwd):
            return inside
        try:
            return Path(os.path.relpath(path, self._cwd)).as_posix() + "/" * path.endswith("/")
        except ValueError:  # on another Windows drive
            return path
