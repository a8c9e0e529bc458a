"""Globs, as .gitignore files and the settings write them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_MOST_STARS = 4
"""In one name, and of `**` in one glob: each one more multiplies the time of a match by the length of the name."""


@cache
def gitignore(*globs: str) -> GitIgnoreSpec:
    """Compiled patterns; pathspec is loaded only by those who have some. Raises `ValueError` for what is none."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - longer to load than all settings to read; a run over named files needs none

    if slow := next(filter(_is_slow, globs), None):
        raise ValueError(f'globs of at most {_MOST_STARS} stars, not "{slow:.60}"')
    try:
        return GitIgnoreSpec.from_lines(globs)
    except (ValueError, re.error) as error:  # pathspec 1.0 lets re.error out for `[z-a]`
        raise ValueError(f'gitignore patterns, not "{" ".join(globs):.60}"') from error


def check(glob: str) -> None:
    """Raise `ValueError` for what is no pattern; most are seen to be one without pathspec."""
    if set("[\\!").intersection(glob) or not glob.strip() or _is_slow(glob):
        gitignore(glob)


def _is_slow(glob: str) -> bool:
    if glob.startswith("#") or glob.count("*") <= _MOST_STARS:
        return False
    names = glob.split("/")
    return names.count("**") > _MOST_STARS or any(len(re.findall(r"\*+", name)) > _MOST_STARS for name in names)
