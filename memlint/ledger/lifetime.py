"""The entries of the ledger: an acquisition, its ends, and what only looks like an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import Generic, TypeVar

from memlint.model.facts import Call, Extent
from memlint.model.frozen import frozen
from memlint.model.resource import Resource, Shape
from memlint.model.value import Value
from memlint.semantics.holder.holders import Origin
from memlint.semantics.release.released import Holes
from memlint.semantics.repetition.rate import Frequency
from memlint.semantics.value.flow import Journey

REMOVER = "remover"
"""The kind of what the project's own functions answer with, to strike out again what they entered in a list."""
CHILD = "child"
"""The kind of an instance of a class of the project that must be ended."""


Item = TypeVar("Item")


class AsAsked(Generic[Item]):
    """Some items, and more that are found one after the other, as far as somebody asks, and each once."""

    def __init__(self, known: Iterable[Item], rest: Iterator[Item]) -> None:
        self.known = tuple(known)
        self._found = list(self.known)
        self._rest = rest

    def __iter__(self) -> Iterator[Item]:
        for at in count():
            if at == len(self._found):
                self._found += islice(self._rest, 1)
            if at == len(self._found):
                return
            yield self._found[at]

    def __bool__(self) -> bool:
        return any(True for _ in self)


@frozen
class End:
    """A call that gives an acquisition back, and the shape that says so."""

    call: Call
    shape: Shape


@frozen
class NearMiss:
    """A call that looks like the end and is none: which hole differs, and what it was given there."""

    call: Call
    shape: Shape
    hole: str
    released: Value


@frozen
class Lifetime:
    """One acquisition: its row and call, its holes, who holds it, how often it happens, and what ends it.

    It is equal to itself alone, and so a key.
    """

    resource: Resource
    shape: Shape
    call: Call
    holes: Holes
    origin: Origin
    frequency: Frequency
    journey: Journey
    ends: tuple[End, ...]
    doubtful_ends: AsAsked[End]
    """Calls that may end this one, or another: nothing in the file says which."""
    start: Extent
    """Where it begins to be held: the acquisition itself, or the call that starts it."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__
