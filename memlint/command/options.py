"""The options of a run, and the command lines that can be read without more.

To load the library that reads all others, tells of mistakes and prints the help (`cli`) takes longer than to judge a
file. What a hook or a pipeline calls is spelled as it is documented, so it is read here; all else is left to it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from memlint.model.frozen import frozen

_LEVELS = ("note", "warning", "error")


@frozen
class Option:
    """An option: its names, what it takes, and its line of the help."""

    names: tuple[str, ...]
    help: str
    metavar: str = ""
    """What the help calls its value; without it, and without choices, it takes none."""
    choices: tuple[str, ...] = ()
    repeats: bool = False
    default: str | None = None

    @property
    def key(self) -> str:
        """The name of the parameter."""
        return self.names[0].removeprefix("--").replace("-", "_")

    @property
    def is_flag(self) -> bool:
        """Whether it takes no value."""
        return not self.metavar and not self.choices

    @property
    def nothing(self) -> object:
        """What it is if nobody gives it."""
        return False if self.is_flag else () if self.repeats else self.default


OF_A_RUN = (
    Option(("--select",), "Only these rules: codes, families (MEM1), names.", "RULES", repeats=True),
    Option(("--ignore",), "Not these rules.", "RULES", repeats=True),
    Option(("--extend-select",), "These rules too.", "RULES", repeats=True),
    Option(("--min-severity",), "Hide what is less severe.  [default: note]", choices=_LEVELS),
    Option(
        ("--min-confidence",),
        "Hide what is less certain; low shows risks too.  [default: medium]",
        choices=("low", "medium", "high"),
    ),
    Option(("--fail-on",), "Exit with 1 from this severity on.  [default: warning]", choices=_LEVELS),
    Option(("--exit-zero",), "Exit with 0 in spite of findings."),
    Option(("--error-on-no-files",), "Exit with 2 if there is nothing to check."),
    Option(("--jobs", "-j"), "Processes, at most.", "N"),
    Option(("--no-cache",), "Judge every file anew."),
    Option(("--cache-dir",), "Where to remember.", "DIR"),
    Option(
        ("--config",),
        "This file instead of the nearest memlint.toml, or one setting in TOML (jobs=2).",
        "FILE|KEY=VALUE",
        repeats=True,
    ),
    Option(("--isolated",), "Read no configuration file."),
    Option(("--force-exclude",), "Exclude files even if they are named."),
    Option(("--no-respect-gitignore",), "Read what git ignores, too."),
    Option(("--quiet", "-q"), "Say nothing beyond the report and the problems."),
    Option(("--verbose", "-v"), "Name every file that is skipped, and why."),
)
"""What is judged, and how."""

OF_A_REPORT = Option(
    ("--output-format", "-o"),
    "text, concise, json, sarif or github; several if all but one have a PATH.  [default: text]",
    "FORMAT[:PATH]",
    repeats=True,
)

OF_A_CHECK = (
    Option(("--show-settings",), "Print the settings and where they come from, and stop."),
    Option(("--show-files",), "Print every file, and every skip with its reason, and stop."),
    Option(("--statistics",), "Count the findings of each rule."),
    Option(("--color",), "[default: auto]", choices=("auto", "always", "never"), default="auto"),
    Option(("--stdin-filename",), "What to call standard input, which is read for `-`.", "NAME"),
)

_CHECK = "check"
_BY_NAME = {name: option for option in (OF_A_REPORT, *OF_A_RUN, *OF_A_CHECK) for name in option.names}
_COMPLETION = "_MEMLINT_COMPLETE"
"""What a shell sets to ask for completions."""


class _OtherwiseError(Exception):
    """It is spelled in another way, or wrong."""


def read_plainly(arguments: Sequence[str]) -> dict[str, object] | None:
    """What `memlint check …` is given, by parameter; None for what is to be read by others."""
    rest = list(arguments)
    if rest[:1] == [_CHECK]:
        del rest[0]
    elif not rest or not (os.path.lexists(rest[0]) or rest[0] in _BY_NAME) or rest[0].isalpha():
        return None  # perhaps a command
    given: dict[str, object] = {option.key: option.nothing for option in _BY_NAME.values()}
    paths: list[str] = []
    words = iter(rest)
    try:
        for word in words:
            if not word.startswith("-") or word == "-":
                paths.append(word)
            else:
                _take(word, words, given)
    except _OtherwiseError:
        return None
    return None if _COMPLETION in os.environ else {"paths": tuple(paths), **given}


def _take(word: str, following: Iterator[str], given: dict[str, object]) -> None:
    """Enter an option, with its value, in what is given."""
    name, has_value, value = word.partition("=") if word.startswith("--") else (word, "", "")
    option = _BY_NAME.get(name)
    if option is None or (option.is_flag and has_value):
        raise _OtherwiseError
    if option.is_flag:
        given[option.key] = True
        return
    known = _checked(option, value if has_value else next(following, "-"))
    before = given[option.key]
    given[option.key] = (*before, known) if isinstance(before, tuple) else known


def _checked(option: Option, value: str) -> str | int:
    """The value, if it can be meant."""
    if value.startswith("-") or (option.choices and value not in option.choices):
        raise _OtherwiseError
    if option.metavar == "N":
        if not (value.isascii() and value.isdigit() and int(value) > 0):
            raise _OtherwiseError
        return int(value)
    if option.metavar == "DIR" and os.path.lexists(value) and not Path(value).is_dir():
        raise _OtherwiseError
    return value
