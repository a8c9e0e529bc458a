"""What must be given back, and who has a beginning and an end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from memlint.model.facts import Value
from memlint.model.finding import Span


class Holder(StrEnum):
    """Who keeps an acquisition alive, from the longest-lived to the shortest."""

    PROCESS = "process"
    FOREIGN = "someone else"
    UNIT = "unit"
    CALL = "call"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shape:
    """A call with named holes, as a table writes it: `$timer = setInterval($callback, ...)`.

    `name` is the function's or method's name, `receiver` what it is called on: a hole (`$target`), a fixed place
    (`Promise`, `navigator.geolocation`) or nothing. `arguments` are holes, quoted constants or `...`. `result` is the
    hole that the result fills. `constructs` marks `new`.
    """

    name: str
    receiver: str = ""
    arguments: tuple[str, ...] = ()
    result: str = ""
    constructs: bool = False
    text: str = ""
    helper: tuple[str, str] | int | None = None
    """For a shape that the project itself defines: its module and dotted name there, or the function of this file."""
    inside: Span | None = None
    """For such a shape: the function that does the acquiring or releasing."""
    given: tuple[tuple[str, Value], ...] = ()
    """For such a shape: holes that the function fills itself, with constants and globals."""
    awaited: bool = False
    """For such a shape: the answer is a promise of the result."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One row of `rules/resources/*.toml`: a kind, how it is acquired, what ends it, who holds it, what it keeps.

    `holder` is `process`, or the hole whose place decides (`$target`), or `self` for an object that lives by itself
    (a worker, an open file). `module` restricts a row to values that come from one of these modules. `once` names
    shapes whose acquisition ends itself when it fires. `wraps` is the hole that may hold something of somebody else's
    making (a file that is open already): then nothing is owed. `looked_at_by` names functions that take such a thing as
    an argument and leave the duty where it is (`json.load`; `.read_file` is a method of anything); they count for all
    rows of the kind.
    """

    kind: str
    acquire: tuple[Shape, ...]
    release: tuple[Shape, ...]
    holder: str
    keeps: str = ""
    noun: str = ""
    languages: tuple[str, ...] = ("javascript",)
    modules: tuple[str, ...] = ()
    fires_once: bool = False
    started_by: tuple[Shape, ...] = ()
    wraps: str = ""
    looked_at_by: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_of_the_project(self) -> bool:
        """Whether the row stands in the settings of a project: its names may be imported from anywhere."""
        return bool(self.source) and not self.source.startswith("rules/")


@dataclass(frozen=True, slots=True)
class Owner:
    """Something with a beginning and an end, as `rules/owners.toml` lists it: names of methods, or calls."""

    name: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
