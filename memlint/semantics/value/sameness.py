"""Items found again by a value that is certainly the same one, without comparing each with each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from memlint.model.value import Compound, Place, Root, Value
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.sources import PURE_LOOKUPS
from memlint.semantics.value.values import unwrapped

Item = TypeVar("Item")


def identity(value: Value | None, flow: Flow) -> Value | None:
    """What two values have in common exactly if they are the same one; None where only `Flow.same` can tell."""
    value = unwrapped(value)
    constant = flow.file.constant(value)
    if constant is not None:
        return constant
    place = flow.canonical(value)
    if place is None:
        return None if isinstance(value, Compound) and value.parts else value
    return None if _is_lookup(place, flow) else place


def _is_lookup(place: Place, flow: Flow) -> bool:
    return place.root is Root.RESULT and flow.file.facts.calls[int(place.key)].name in PURE_LOOKUPS


class Sames(Generic[Item]):
    """Items by a value of theirs."""

    def __init__(self, items: Iterable[tuple[Value | None, Item]], flow: Flow) -> None:
        self._flow = flow
        self._known: dict[Value, list[Item]] = {}
        self._others: list[tuple[Value | None, Item]] = []
        for value, item in items:
            known = identity(value, flow)
            if known is None:
                self._others.append((value, item))
            else:
                self._known.setdefault(known, []).append(item)

    def of(self, value: Value | None) -> Iterator[Item]:
        """The items whose value is the same as this one."""
        known = identity(value, self._flow)
        if known is not None:
            yield from self._known.get(known, ())
        else:
            yield from (item for other, item in self._others if self._flow.same(other, value))
