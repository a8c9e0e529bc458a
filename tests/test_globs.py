from __future__ import annotations

import pytest

from memlint.config.globs import check, gitignore


@pytest.mark.parametrize(
    "glob", ["*.js", "/a/**/b", "!keep.js", "a[!b]c", "\\#a", "a*b*c*d*", "# *a*a*a*a*a*a", "**/a/**/*.*.js"]
)
def test_patterns_of_git_are_patterns(glob: str) -> None:
    check(glob)
    gitignore(glob)


@pytest.mark.parametrize("glob", ["!", "\\", "[z-a]", "*a*a*a*a*a", "**/**/**/**/**/a"])
def test_what_is_no_pattern_or_a_slow_one_is_refused(glob: str) -> None:
    with pytest.raises(ValueError, match="not"):
        check(glob)
