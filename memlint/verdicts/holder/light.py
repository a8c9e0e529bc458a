"""Handlers that are no burden of the one who adds them: they keep nothing of it, or are its caller's."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE
from memlint.model.value import Place, Root
from memlint.semantics.repetition.rate import Rate


def is_the_callers(life: Lifetime, seen: Insight) -> bool:
    """`show(whenShown) { item.events.on("shown", whenShown); }`: what is kept is what the caller asked to be called."""
    place = seen.flow.canonical(life.holes.get("$handler"))
    binding = seen.file.binding(place) if place is not None and not place.path else None
    return (
        binding is not None
        and binding.kind == "parameter"
        and binding.function == life.call.function
        and seen.file.facts.functions[binding.function].unit >= 0
    )


def keeps_nothing_more(life: Lifetime, seen: Insight) -> bool:
    """Whether a handler that is added once for each instance mentions nothing but its own target and the module."""
    function = seen.file.function_at(life.holes.get("$handler"))
    target = seen.flow.canonical(life.holes.get("$target"))
    if function is None or target is None or life.frequency.rate is not Rate.INSTANCE:
        return False
    inside = frozenset(seen.file.inside(function))
    if any(_is_of_self(call.callee) for inner in inside for call in seen.file.calls_in.get(inner, ())):
        return False
    if target.root is not Root.BINDING or seen.file.facts.functions[function].unit >= 0:
        return False
    bindings = (seen.file.facts.bindings[use.binding] for inner in inside for use in seen.file.uses_in.get(inner, ()))
    outer = {one.index for one in bindings if one.function != MODULE and one.function not in inside}
    return outer == {int(target.key)}


def _is_of_self(value: object) -> bool:
    return isinstance(value, Place) and value.root is Root.SELF
