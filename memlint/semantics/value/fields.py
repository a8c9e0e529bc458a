"""The fields of units that anything but a write asks for."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.value import Place, Root, Value
from memlint.semantics.value.places import Places
from memlint.semantics.value.values import inner_values


def fields_read(file: Places) -> frozenset[Place]:
    """The fields of units that a file asks for, or for a part of: called, handed on, compared, taken apart."""
    return frozenset(field for value in _values(file) for field in _fields(value, file))


def _values(file: Places) -> Iterator[Value | None]:
    facts = file.facts
    for call in facts.calls:
        yield call.callee
        yield from call.arguments
    yield from (write.value for write in facts.writes)
    yield from (exit_.value for exit_ in facts.exits)
    yield from (region.test for region in facts.regions)
    yield from (binding.value for binding in facts.bindings if not binding.member)
    for binding in facts.bindings:
        if binding.member and isinstance(binding.value, Place):
            yield Place(binding.value.root, binding.value.key, (*binding.value.path, *binding.member))


def _fields(value: Value | None, file: Places) -> Iterator[Place]:
    for inner in inner_values(value):
        if isinstance(inner, Place):
            place = file.resolve(inner)
            if place.root is Root.SELF and place.path:
                yield Place(place.root, place.key, place.path[:1])
