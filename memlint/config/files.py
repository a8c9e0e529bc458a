"""Files that hold settings: which one counts, its keys, and the line where each of them stands."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from memlint.model.frozen import frozen

_SIZE_LIMIT = 1 << 20
_ASSIGNMENT = re.compile(r"""[\w-]+(?:\.(?:[\w-]+|"[^"]*"|'[^']*'))*\s*=""")


class ConfigError(Exception):
    """A setting that cannot be followed; the message names file, line and remedy."""


@frozen
class Section:
    """The part of a file that is ours: its keys, and how to find their lines again."""

    file: Path
    text: str
    table: Mapping[str, object]
    prefix: str
    """`tool.memlint`, `memlint` or nothing: the tables around the keys."""

    def line(self, *keys: str) -> int:
        """Find the line of a key: the first mention of each name, one after the other; tomllib tells no lines."""
        at = 0
        for name in (*filter(None, [self.prefix]), *keys):
            found = _key_pattern(name).search(self.text, at)
            at = found.end() if found else at
        return self.text.count("\n", 0, at) + 1

    def line_of_row(self, key: str, number: int) -> int:
        """Find the line of the `number`-th `[[key]]`."""
        headers = list(re.finditer(rf"(?m)^\s*\[\[[^\]\n]*\b{re.escape(key)}\s*\]\]", self.text))
        return self.text.count("\n", 0, headers[number].end()) + 1 if number < len(headers) else self.line(key)

    def line_of_text(self, key: str, text: str) -> int:
        """Find the line of a quoted text in the value of a key."""
        first = self.line(key)
        lines = self.text.split("\n")[first - 1 :]
        return next((first + n for n, line in enumerate(lines) if f'"{text}"' in line or f"'{text}'" in line), first)

    def place(self, line: int) -> str:
        """`memlint.toml:3`, relative to the working directory where that is shorter."""
        return f"{_shown(self.file)}:{line}"


def _key_pattern(name: str) -> re.Pattern[str]:
    """Match a dotted name as a TOML header, a TOML key or a JSON key."""
    dotted = r"\s*\.\s*".join(rf"[\"']?{re.escape(part)}[\"']?" for part in name.split("."))
    header = rf"(?:^[ \t]*\[+|\.)[ \t]*{dotted}[ \t]*(?=[.\]])"
    return re.compile(rf"(?m){header}|(?:^|[{{,.])[ \t]*{dotted}[ \t]*(?=[=:.])")


def common_folder(cwd: Path, paths: Iterable[str]) -> Path:
    """Find the folder that all paths have in common."""
    absolute = [os.path.realpath(cwd / path) for path in paths]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in absolute]  # noqa: PTH112, PTH120 - Path.is_dir raises behind a folder that nobody may enter
    try:
        return Path(os.path.commonpath(folders)) if folders else cwd
    except ValueError:  # paths on two Windows drives
        return cwd


def nearest(folder: Path) -> Section | None:
    """Find the settings in this folder, or in the nearest one above that has some."""
    for each in (folder, *folder.parents):
        for name in ("memlint.toml", "pyproject.toml", "package.json"):
            path = each / name
            if path.is_file() and (section := _read(path)):
                return section
    return None


def section_of(path: Path) -> Section:
    """Read the section of a file that the user named: it has to be there."""
    if not path.is_file():
        raise ConfigError(f"--config {path.name}: no such file; for a setting write --config key=value")
    section = _read(path)
    if not section:
        wanted = '"memlint"' if path.name == "package.json" else "[tool.memlint]"
        raise ConfigError(f"{_shown(path)}: has no {wanted}; add it, or name another file")
    return section


def is_assignment(text: str) -> bool:
    """Tell `jobs=2` from the name of a file."""
    return _ASSIGNMENT.match(text) is not None and not Path(text).is_file()


def assignment(text: str) -> Mapping[str, object]:
    """Read `jobs=2`."""
    import tomllib  # noqa: PLC0415 - only for those who set something

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        key, _, value = text.partition("=")
        quoted = f"; a text needs quotes: {key}='\"{value}\"'" if re.fullmatch(r"[\w./*-]+", value) else ""
        raise ConfigError(f"--config {text}: the value is not TOML{quoted}") from error


def _read(path: Path) -> Section | None:
    shared = path.name in {"pyproject.toml", "package.json"}
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        if shared:
            return None
        raise ConfigError(f"{_shown(path)}: cannot be read: {error.strerror}") from error
    if shared and b"memlint" not in data:
        return None
    if len(data) > _SIZE_LIMIT:
        raise ConfigError(f"{_shown(path)}: larger than 1 MiB; move the settings to memlint.toml")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{_shown(path)}:{line}: not UTF-8; save the file as UTF-8") from error

    if path.name == "package.json":
        prefix, table = "memlint", _inner(_parse_json(path, text), "memlint")
    elif path.name == "pyproject.toml":
        prefix, table = "tool.memlint", _inner(_inner(_parse_toml(path, text), "tool"), "memlint")
    else:
        prefix, table = "", _parse_toml(path, text)
    if table is None:
        return None
    if not isinstance(table, Mapping):
        raise ConfigError(f'{_shown(path)}: "{prefix}" must be a table of settings')
    return Section(path, text, table, prefix)


def _inner(table: object, key: str) -> object:
    return table.get(key) if isinstance(table, Mapping) else None


def _parse_toml(path: Path, text: str) -> object:
    import tomllib  # noqa: PLC0415 - only for those who set something

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        reason = re.sub(r"\s*\(at [^)]*\)$", "", str(error))
        raise ConfigError(f"{_shown(path)}:{line}: not TOML: {reason}") from error
    except (RecursionError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> ConfigError:
    """Name what both parsers leave to Python: its depth, and its longest number (4300 digits)."""
    return ConfigError(
        f"{_shown(path)}: {'nested too deeply' if isinstance(error, RecursionError) else 'a number is too long'}"
    )


def _parse_json(path: Path, text: str) -> object:
    import json  # noqa: PLC0415 - only for those whose package.json mentions memlint

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"{_shown(path)}:{error.lineno}: not JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise _unreadable(path, error) from error


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()
