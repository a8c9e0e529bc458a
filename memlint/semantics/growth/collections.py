"""Collections that live on: what feeds them, what takes out of them again, and who else can reach them."""

from __future__ import annotations

from enum import IntEnum

from memlint.model.facts import Call, Extent, Write
from memlint.model.frozen import frozen
from memlint.model.value import Place, Value
from memlint.semantics.repetition.rate import Frequency


class Hold(IntEnum):
    """How long a collection lives."""

    BRIEF = 0  # as long as one piece of work: a parser's, a request's
    CLOSURE = 1  # as long as the functions that see a variable of a call
    INSTANCE = 2  # as long as an instance of which we know nothing
    SERVICE = 3  # as long as an instance whose name says that it serves again and again
    PROCESS = 4  # as long as the process


@frozen
class Feed:
    """A line that puts something in: a call or a write, its key (if it has one), and how often it runs."""

    source: Call | Write
    key: Value | None
    frequency: Frequency
    value: Value | None = None


class Collection:
    """A collection at a place that lives as long as `holder` says; `home` is the function in which it is made."""

    __slots__ = (
        "born", "drains", "escapes", "feeds", "handed", "hold", "holder", "home", "inner_drains", "kind", "name",
        "place", "useless", "voids", "walked",
    )  # fmt: skip

    def __init__(
        self, place: Place, kind: str, name: str, holder: str, born: Extent, home: int, hold: Hold = Hold.PROCESS
    ) -> None:
        self.place = place
        self.kind = kind
        self.name = name
        self.holder = holder
        self.born = born
        self.home = home
        self.hold = hold
        self.feeds: list[Feed] = []
        self.drains: list[Call | Write] = []
        self.inner_drains: list[Call | Write] = []
        """What takes out of the collections in it: `rooms.get(room).delete(member)`."""
        self.voids: list[Write] = []
        """What lets a value go and keeps its key: `rooms[name] = null`."""
        self.useless: list[Call | Write] = []
        """What looks as if it took something out and does not: a copy that nobody keeps, `delete map[key]`."""
        self.handed: list[Call] = []
        self.escapes = False
        self.walked = False
