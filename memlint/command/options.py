"""The options of the commands as plain data, and a reader for what most runs are asked: no help, nothing misspelt.

click makes the commands from the same data and says all that is to be said about them. To load it takes a third of the
time that a short run takes, and a hook or an editor asks for many of these.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from memlint.model.frozen import frozen

OTHER_COMMANDS = ("rule", "checklist")
"""Beside `check`, which is meant where no command is named."""


class Takes(Enum):
    """What follows an option."""

    NOTHING = "nothing"
    TEXT = "a text"
    TEXTS = "a text, each time that the option is given"
    CHOICE = "one of its choices"
    NUMBER = "a number from 1 on"
    FOLDER = "a folder, which need not be there"


@frozen
class Option:
    """One option: its names, what it is for, and what follows it."""

    names: tuple[str, ...]
    help: str
    takes: Takes = Takes.NOTHING
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    default: str | None = None

    @property
    def key(self) -> str:
        """`exit_zero` for `--exit-zero`."""
        return self.names[0].removeprefix("--").replace("-", "_")

    def unset(self) -> object:
        """Its value where it is not given."""
        if self.takes is Takes.TEXTS:
            return ()
        return False if self.takes is Takes.NOTHING else self.default


_LEVELS = ("note", "warning", "error")

OF_A_RUN = (
    Option(("--select",), "Only these rules: codes, families (MEM1), names.", Takes.TEXTS, "RULES"),
    Option(("--ignore",), "Not these rules.", Takes.TEXTS, "RULES"),
    Option(("--extend-select",), "These rules too.", Takes.TEXTS, "RULES"),
    Option(("--min-severity",), "Hide what is less severe.  [default: note]", Takes.CHOICE, choices=_LEVELS),
    Option(
        ("--min-confidence",),
        "Hide what is less certain; low shows risks too.  [default: medium]",
        Takes.CHOICE,
        choices=("low", "medium", "high"),
    ),
    Option(("--fail-on",), "Exit with 1 from this severity on.  [default: warning]", Takes.CHOICE, choices=_LEVELS),
    Option(("--exit-zero",), "Exit with 0 in spite of findings."),
    Option(("--error-on-no-files",), "Exit with 2 if there is nothing to check."),
    Option(("--jobs", "-j"), "Processes, at most.", Takes.NUMBER, "N"),
    Option(("--no-cache",), "Judge every file anew."),
    Option(("--cache-dir",), "Where to remember.", Takes.FOLDER, "DIR"),
    Option(
        ("--config",),
        "This file instead of the nearest memlint.toml, or one setting in TOML (jobs=2).",
        Takes.TEXTS,
        "FILE|KEY=VALUE",
    ),
    Option(("--isolated",), "Read no configuration file."),
    Option(("--force-exclude",), "Exclude files even if they are named."),
    Option(("--no-respect-gitignore",), "Read what git ignores, too."),
    Option(("--quiet", "-q"), "Say nothing beyond the report and the problems."),
    Option(("--verbose", "-v"), "Name every file that is skipped, and why."),
)
"""Those that choose what is judged, and how."""

OF_CHECK = (
    Option(
        ("--output-format", "-o"),
        "text, concise, json, sarif or github; several if all but one have a PATH.  [default: text]",
        Takes.TEXTS,
        "FORMAT[:PATH]",
    ),
    *OF_A_RUN,
    Option(("--show-settings",), "Print the settings and where they come from, and stop."),
    Option(("--show-files",), "Print every file, and every skip with its reason, and stop."),
    Option(("--statistics",), "Count the findings of each rule."),
    Option(("--color",), "[default: auto]", Takes.CHOICE, choices=("auto", "always", "never"), default="auto"),
    Option(("--stdin-filename",), "What to call standard input, which is read for `-`.", Takes.TEXT, "NAME"),
)


def asked_of_check(arguments: Sequence[str]) -> tuple[tuple[str, ...], Mapping[str, object]] | None:
    """The paths and options of `memlint check`, which may go without its name; None for what is left to click."""
    if arguments[:1] and arguments[0] in OTHER_COMMANDS:
        return None
    rest = iter(arguments[1:] if arguments[:1] == ["check"] else arguments)
    known = {name: option for option in OF_CHECK for name in option.names}
    found = {option.key: option.unset() for option in OF_CHECK}
    paths: list[str] = []
    for argument in rest:
        if argument == "--":
            return (*paths, *rest), found
        option = known.get(argument)
        if option is not None:
            if not _take(option, rest, found):
                return None
        elif argument.startswith("-") and argument != "-":
            return None
        else:
            paths.append(argument)
    return tuple(paths), found


def _take(option: Option, rest: Iterator[str], found: dict[str, object]) -> bool:
    """Enter what follows an option; False where there is something to say about it."""
    if option.takes is Takes.NOTHING:
        found[option.key] = True
        return True
    value = next(rest, "-")
    if value.startswith("-") or (option.takes is Takes.CHOICE and value not in option.choices):
        return False
    if option.takes is Takes.NUMBER and not (value.isascii() and value.isdecimal() and int(value) > 0):
        return False
    if option.takes is Takes.FOLDER and os.path.lexists(value):  # whether it is one, and may be read, click finds out
        return False
    before = found[option.key]
    given = int(value) if option.takes is Takes.NUMBER else value
    found[option.key] = (*before, value) if isinstance(before, tuple) else given
    return True
