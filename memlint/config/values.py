"""What each setting may be: a reader for every key, which raises `ValueError` with what the value must be."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from memlint.config.globs import check
from memlint.model.finding import Confidence, Severity
from memlint.wording.spelling import did_you_mean


def _texts(value: object, _root: Path) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise ValueError(f"a list of texts, not {_named(value)}")
    return tuple(value)


def _patterns(value: object, root: Path) -> tuple[str, ...]:
    globs = _texts(value, root)
    for glob in globs:
        check(glob)
    return globs


def _globs(value: object, root: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, Mapping):
        form = '"legacy/**" = ["MEM101"]'
        raise ValueError(f"a table of globs and rules ({form}), not {_named(value)}")  # noqa: TRY004 - one error for all readers
    globs = _patterns([*value], root)
    return tuple((glob, _texts(value[glob], root)) for glob in globs)


def _flag(value: object, _root: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false, not {_named(value)}")  # noqa: TRY004 - one error for all readers
    return value


def _count(value: object, _root: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"a whole number from 1, not {_named(value)}")
    return value


def _one_of(words: type[StrEnum]) -> Callable[[object, Path], StrEnum]:
    def read(value: object, _root: Path) -> StrEnum:
        try:
            return words(str(value))
        except ValueError:
            listed = ", ".join(f'"{word}"' for word in words)
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            raise ValueError(f"one of {listed}, not {_named(value)}{hint}") from None

    return read


def _folder(value: object, root: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError(f"the name of a folder, not {_named(value)}")
    return Path(os.path.realpath(root / value))


def _folder_inside(value: object, root: Path) -> Path:
    """Refuse other folders: a file that came with somebody's repository must not choose where to write."""
    path = _folder(value, root)
    if str(value).startswith("~") or not path.is_relative_to(os.path.realpath(root)):
        raise ValueError(f"inside the project, not {_named(value)}; --cache-dir may name any folder")
    return path


def _named(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value!r:.60}"


READERS: Mapping[str, Callable[[object, Path], object]] = {
    "select": _texts,
    "ignore": _texts,
    "extend-select": _texts,
    "per-file-ignores": _globs,
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "min-severity": _one_of(Severity),
    "min-confidence": _one_of(Confidence),
    "fail-on": _one_of(Severity),
    "jobs": _count,
    "cache": _flag,
    "cache-dir": _folder_inside,
    "respect-gitignore": _flag,
    "force-exclude": _flag,
    "require-reason": _flag,
    "include-tests": _flag,
}
OPTION_READERS = {**READERS, "cache-dir": _folder}
