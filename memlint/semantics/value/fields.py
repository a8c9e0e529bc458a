"""The fields of units that anything but a write asks for, and where."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Binding, Call, Exit, Extent, Region, Write
from memlint.model.frozen import frozen
from memlint.model.value import Place, Root, Value
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.places import Places
from memlint.semantics.value.values import inner_values


@frozen
class Asking:
    """A field is asked for, or for a part of it: in which function, and in what piece of source."""

    field: Place
    function: int
    extent: Extent


def fields_asked(file: Places) -> Index[Place, Asking]:
    """Where each field is called, handed on, compared, taken apart, or has something put into it."""
    found = (
        Asking(field, at.function, at.extent)
        for at, values in _values(file)
        for value in values
        for field in _fields(value, file)
    )
    return indexed(found, lambda asking: asking.field)


def _values(file: Places) -> Iterator[tuple[Call | Write | Exit | Region | Binding, tuple[Value | None, ...]]]:
    facts = file.facts
    yield from ((call, (call.callee, *call.arguments)) for call in facts.calls)
    yield from ((write, (write.value, write.key)) for write in facts.writes)
    yield from ((exit_, (exit_.value,)) for exit_ in facts.exits)
    yield from ((region, (region.test,)) for region in facts.regions)
    yield from ((binding, (_taken(binding),)) for binding in facts.bindings)


def _taken(binding: Binding) -> Value | None:
    """What a name is bound to; of a destructured one, the member that it is."""
    if binding.member and isinstance(binding.value, Place):
        return Place(binding.value.root, binding.value.key, (*binding.value.path, *binding.member))
    return None if binding.member else binding.value


def _fields(value: Value | None, file: Places) -> Iterator[Place]:
    for inner in inner_values(value):
        if isinstance(inner, Place):
            place = file.resolve(inner)
            if place.root is Root.SELF and place.path:
                yield Place(place.root, place.key, place.path[:1])
