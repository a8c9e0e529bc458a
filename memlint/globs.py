"""Globs, as .gitignore files and the settings write them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_MOST_STARS = 4
"""In one name, and `**` in one glob: each more can multiply the time of a match by the length of the name."""


@cache
def gitignore(*globs: str) -> GitIgnoreSpec:
    """Compiled gitignore patterns; raises `ValueError` for what is none."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 20 ms that most runs can save

    for glob in globs:
        if _is_slow(glob):
            raise ValueError(f"not a gitignore pattern: {glob[:60]} has more than {_MOST_STARS} stars in a row of names")
    try:
        return GitIgnoreSpec.from_lines(globs)
    except (ValueError, re.error) as error:  # re.error: pathspec 1.0 translates `[z-a]` as it stands
        raise ValueError(f"not a gitignore pattern: {', '.join(globs)[:60]} ({error})") from error


def _is_slow(glob: str) -> bool:
    if glob.startswith("#") or glob.count("*") <= _MOST_STARS:
        return False
    names = glob.split("/")
    return names.count("**") > _MOST_STARS or any(len(re.findall(r"\*+", name)) > _MOST_STARS for name in names)
