"""What is not to be read: by `exclude` in the settings, by .gitignore files. Paths are absolute texts with `/`."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from memlint.config.globs import gitignore
from memlint.config.settings import DEFAULT_EXCLUDE, Settings
from memlint.model.frozen import frozen

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_SIZE_LIMIT = 1 << 20


@frozen
class Ignores:
    """The .gitignore files that speak about a folder, from the root of the repository down."""

    files: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def ignore(self, path: str) -> bool:
        """Tell whether the innermost word about an absolute path (a folder's ends in `/`) is that it is ignored."""
        for folder, spec in reversed(self.files):
            include = spec.check_file(path[len(folder) :].lstrip("/")).include
            if include is not None:
                return include
        return False

    def below(self, folder: str, name: str = ".gitignore") -> Ignores:
        """Add what a file in this folder says, if there is one."""
        lines = _lines(f"{folder}/{name}")
        return Ignores((*self.files, (folder, _compiled(lines)))) if lines else self


class Excludes:
    """The names and globs of `exclude` and `extend-exclude`: names by look-up, globs by pathspec."""

    def __init__(self, settings: Settings) -> None:
        words = (*settings.exclude, *settings.extend_exclude)
        plain = [word.rstrip("/") for word in words if not set("*?[]!/#\\").intersection(word.rstrip("/"))]
        self._names = {name: DEFAULT_EXCLUDE.get(name, "excluded") for name in plain}
        self._globs = tuple(word for word in words if word.rstrip("/") not in self._names)
        self._root = real_path(settings.root)
        self._lifted: tuple[str, ...] = ()

    def lift(self, folder: str) -> None:
        """Let the globs say nothing about what is in a folder: the user named it."""
        self._lifted = (*self._lifted, folder.rstrip("/") + "/")

    def reason(self, path: str) -> str:
        """Tell why an absolute path (a folder's ends in `/`) is excluded, or nothing."""
        if reason := self._names.get(last_name(path)):
            return reason
        inside = path_below(path, self._root)
        if not self._globs or not inside or path.startswith(self._lifted):
            return ""
        return "excluded" if gitignore(*self._globs).match_file(inside) else ""


def real_path(path: str | Path) -> str:
    """Resolve links; no file has two names then."""
    return Path(os.path.realpath(path)).as_posix()


def path_below(path: str, folder: str) -> str:
    """Give the part of a path below a folder, nothing if it is not below."""
    return path[len(folder) :].lstrip("/") if path.startswith(folder.rstrip("/") + "/") else ""


def last_name(path: str) -> str:
    """`c` of `/a/b/c/`."""
    return path.rstrip("/").rpartition("/")[2]


def folder_of(path: str) -> str:
    """`/a/b` of `/a/b/c/`."""
    return path.rstrip("/").rpartition("/")[0] or "/"


def _lines(path: str) -> tuple[str, ...]:
    """Read a small regular file that may not exist; a link or a pipe of that name is not read."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return ()
        with Path(path).open("rb") as file:
            return tuple(file.read(_SIZE_LIMIT).decode("utf-8", "surrogateescape").splitlines())
    except OSError:
        return ()


def _compiled(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """Compile a .gitignore without the lines that are no patterns, as git does."""
    try:
        return gitignore(*lines)
    except ValueError:
        return gitignore(*filter(_is_pattern, lines))


def _is_pattern(line: str) -> bool:
    try:
        gitignore(line)
    except ValueError:
        return False
    return True
