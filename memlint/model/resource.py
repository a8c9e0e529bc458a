"""What must be given back, and who has a beginning and an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from memlint.model.finding import Span
from memlint.model.frozen import frozen, replace
from memlint.model.value import Value


class Holder(StrEnum):
    """Who keeps an acquisition alive, from the longest-lived to the shortest."""

    PROCESS = "process"
    FOREIGN = "someone else"
    UNIT = "unit"
    CALL = "call"
    EITHER = "someone else, or the unit"
    """Brought along, or made here if none was."""
    UNKNOWN = "unknown"


@frozen
class Shape:
    """A call with named holes, as a table writes it: `$timer = setInterval($callback, ...)`.

    `name` is the function's or method's name, `receiver` what it is called on: a hole (`$target`), a fixed place
    (`Promise`, `navigator.geolocation`) or nothing. `arguments` are holes, quoted constants, keywords with what they
    are given (`weak=False`), or `...`. `result` is the hole that the result fills. `constructs` marks `new`, and
    `calls_back` what gives it to a callback, the last argument, behind an error (Node.js: Error-first callbacks).
    """

    name: str
    receiver: str = ""
    arguments: tuple[str, ...] = ()
    result: str = ""
    constructs: bool = False
    calls_back: bool = False
    text: str = ""
    globals: tuple[str, ...] = ()
    """Names by which pages know the module that they load with a script tag: `L`, `THREE`."""
    named: tuple[str, ...] = ()
    """Words that tell a receiver by its name where nobody sees how it was made: `pool`, `history`."""
    chained: tuple[str, ...] = ()
    """Methods that answer with what they were called on: of `bus.on(…).on(…)` both are asked of `bus`."""
    helper: tuple[str, str] | int | None = None
    """For a shape that the project itself defines: its module and dotted name there, or the function of this file."""
    inside: Span | None = None
    """For such a shape: the function that does the acquiring or releasing."""
    given: tuple[tuple[str, Value], ...] = ()
    """For such a shape: holes that the function fills itself, with constants and globals."""
    awaited: bool = False
    """For such a shape: the answer is a promise of the result."""

    @property
    def calls_hole(self) -> bool:
        """Whether the hole itself is what is called: `$remove()`."""
        return self.name.startswith("$") and not self.receiver

    @property
    def word(self) -> str:
        """The rarest word of any call that has this shape: a keyword, or the name; of `on*` what it is asked of."""
        keyword = next((each.partition("=")[0] for each in self.arguments if is_given_keyword(each)), "")
        return keyword or (self.receiver.rpartition(".")[2] if self.name.endswith("*") else self.name)


def is_keyword(argument: str) -> bool:
    """Whether an argument of a shape is a keyword with what it is given: `weak=False`."""
    return "=" in argument and argument[0].isalpha()


def is_given_keyword(argument: str) -> bool:
    """Whether an argument of a shape is a keyword that must be there: not one with `None`, which may be left out."""
    return is_keyword(argument) and not argument.endswith("=None")


@frozen
class Resource:
    """One row of `rules/resources/*.toml`: a kind, how it is acquired, what ends it, who holds it, what it keeps.

    `holder` is `process`, or the hole whose place decides (`$target`), or one of three words for an object that is
    given back by itself: `self` must be ended on every way (a loan, an open file); `platform` works on until it is
    ended (a socket, a worker); `owner` goes with its last reference or ends by itself, so that only an owner with an
    end can forget it (a chart, a view). `modules` restricts a row to values that come from one of these modules,
    `globals` and `named` say how else they are known. `fires_once` is for what ends itself when it fires;
    `chains` where each method of the row answers with what it was called on;
    `adds_once` for what a second call with the same arguments does not add again; `answers_nothing` for what has no
    result that could end it; `trusts_holder` where a holder that was handed in is taken to live on. `wraps` is
    the hole that may hold something of somebody else's making (a file that is open already): then nothing is owed.
    `looked_at_by` names functions that take such a thing as an argument and leave the duty where it is (`json.load`;
    `.read_file` is a method of anything); they count for all rows of the kind. `mostly_once` is for what
    most programs do once, while they are set up. `completed_by` are functions that the
    chain before the acquisition may pass through and that end it (`takeUntil`). `shown_by` are functions and fields
    that make use of what was acquired and never end it (`src`, `setState`). `beside` names modules of which the file
    must import one; `of_services` is for what counts only if a service was asked, by its name or type, for a stream.
    `outlasts_errors` is for what works on after an error, so that who listens for one has not heard of its end.
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
    adds_once: bool = False
    answers_nothing: bool = False
    trusts_holder: bool = False
    started_by: tuple[Shape, ...] = ()
    wraps: str = ""
    looked_at_by: tuple[str, ...] = ()
    mostly_once: bool = False
    completed_by: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    of_services: bool = False
    outlasts_errors: bool = False
    source: str = ""

    @property
    def is_of_the_project(self) -> bool:
        """Whether the row stands in the settings of a project: its names may be imported from anywhere."""
        return bool(self.source) and not self.source.startswith("rules/")


_At = tuple[int, int]
"""Where a shape stands in a table: the number of its row, and its own there."""
_Numbered = tuple[_At, Shape]


class ShapesByName:
    """Shapes by the name that a call must have to match them; those without a plain name may match any call."""

    def __init__(
        self,
        shapes: Iterable[_Numbered],
        by_name: Mapping[str, list[_Numbered]] | None = None,
        rest: Iterable[_Numbered] = (),
    ) -> None:
        self._by_name: dict[str, list[_Numbered]] = dict(by_name or {})
        self._any: list[_Numbered] = list(rest)
        for at, shape in shapes:
            if shape.helper is None and not shape.calls_hole and not shape.name.endswith("*"):
                self._by_name[shape.name] = [*self._by_name.get(shape.name, ()), (at, shape)]
            else:
                self._any.append((at, shape))

    def with_more(self, shapes: Iterable[_Numbered]) -> ShapesByName:
        """These shapes, and more."""
        return ShapesByName(shapes, self._by_name, self._any)

    def of(self, names: Mapping[str, object]) -> list[_Numbered]:
        """The shapes that calls of these names may match, in the order of the table."""
        found = [each for name in self._by_name.keys() & names.keys() for each in self._by_name[name]]
        return sorted(found + self._any, key=lambda each: each[0])


class Table(tuple[Resource, ...]):
    """Rows, found by the names of their shapes."""

    def acquiring(self, names: Mapping[str, object]) -> Iterator[tuple[Resource, Shape]]:
        """The rows, with the shape by which calls of these names may acquire."""
        return ((self[row], shape) for (row, _), shape in self._acquiring.of(names))

    def releasing(self, names: Mapping[str, object]) -> Iterator[tuple[Resource, Shape]]:
        """The rows, with the shape by which calls of these names may release."""
        return ((self[row], shape) for (row, _), shape in self._releasing.of(names))

    def grown(self, rows: Sequence[Resource], releases: Mapping[str, Sequence[Shape]]) -> Table:
        """A table with more rows, and more releases of all rows of a kind; what is known of this one is not lost."""
        larger = Table(
            replace(row, release=(*row.release, *releases[row.kind])) if row.kind in releases else row
            for row in (*self, *rows)
        )
        numbered = list(enumerate(larger))
        acquired = (
            ((number, at), shape) for number, row in numbered[len(self) :] for at, shape in enumerate(row.acquire)
        )
        released = (
            ((number, at), shape)
            for number, row in numbered
            for at, shape in enumerate(row.release)
            if number >= len(self) or at >= len(self[number].release)
        )
        larger.__dict__["_acquiring"] = self._acquiring.with_more(acquired)
        larger.__dict__["_releasing"] = self._releasing.with_more(released)
        return larger

    @cached_property
    def _acquiring(self) -> ShapesByName:
        return ShapesByName(
            ((number, at), shape) for number, row in enumerate(self) for at, shape in enumerate(row.acquire)
        )

    @cached_property
    def _releasing(self) -> ShapesByName:
        return ShapesByName(
            ((number, at), shape) for number, row in enumerate(self) for at, shape in enumerate(row.release)
        )


@frozen
class Owner:
    """Something with a beginning and an end, as `rules/owners.toml` lists it: names of methods, or calls."""

    name: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    told: tuple[str, ...] = ()
    """Functions that are handed what is to run at its end: `onUnmounted`, `toDisposable`."""
    lasts: bool = False
    """Whether it lives as long as the process, so that nothing outlives it."""
    unmistakable: tuple[str, ...] = ()
    """Those of the verbs that end it which mean nothing else: `destroy`, not `hide` or `cancel`."""
    final: tuple[str, ...] = ()
    """Those after which it is of no use to anybody: `destroy`, not `stop` or `disconnect`."""
    updates: tuple[str, ...] = ()
    """Methods that its framework runs again and again in between: `componentDidUpdate`."""
