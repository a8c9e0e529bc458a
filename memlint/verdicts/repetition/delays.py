"""How long a one-shot waits, and whether anybody would miss it meanwhile."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, ExitKind, FunctionKind, RegionKind
from memlint.model.value import Closure, Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values
from memlint.verdicts.repetition.usual import unset, usual

_SHORT = 1_000
"""Milliseconds below which a forgotten one-shot is over before anyone could miss it."""
LONG = 30_000
"""Milliseconds from which it keeps its callback long enough to matter by itself."""


def delay_of(life: Lifetime, seen: Insight) -> float | None:
    """Milliseconds until it fires; None if the source does not tell, or for an event. A frame is due at once."""
    if "$delay" not in life.shape.arguments:
        return None if "$event" in life.shape.arguments else 0.0
    value = life.holes.get("$delay")
    return usual(value, seen) if value is not None else 0.0


def is_short(life: Lifetime, seen: Insight) -> bool:
    """Whether it is known to be over in a moment."""
    delay = delay_of(life, seen)
    return delay < _SHORT if delay is not None else _is_called_short(life.holes.get("$delay"), seen)


def is_soon_over(life: Lifetime, seen: Insight) -> bool:
    """Whether it is known to be over before what it keeps is much missed."""
    if is_short(life, seen):
        return True
    delay = unset(life.holes.get("$delay"), seen)
    return delay is not None and delay < LONG  # a caller may set the others


def _is_called_short(delay: Value | None, seen: Insight) -> bool:
    """`animationSpeed + 80`: nobody says how long, and its name says that it is a moment."""
    named = (words_of(seen.file.name_of(one)) for one in inner_values(delay) if isinstance(one, Place))
    return any(not known.isdisjoint(seen.words["short waits"]) for known in map(set, named))


def asks_first(function: int | None, seen: Insight) -> bool:
    """A callback that begins with `if (this.destroyed) return;` does nothing once its owner has ended."""
    if function is None:
        return False
    body = seen.file.facts.functions[function].body
    first = next((one for one in seen.file.regions_within.get(body, ()) if one.kind is RegionKind.THEN), None)
    return first is not None and any(
        exit_.region == first.index and exit_.kind is ExitKind.RETURN for exit_ in seen.file.exits_of.get(function, ())
    )


def keeps_more_than_itself(life: Lifetime, seen: Insight) -> bool:
    """Whether the callback holds an instance, or what belongs to one call: only that is missed."""
    kept = life.holes.get(life.resource.keeps)
    function = seen.file.function_at(kept)
    if function is None:
        return _is_of_an_instance(kept, seen)
    return _is_method(function, seen) or any(
        _mentions_more(inner, function, seen) for inner in seen.file.inside(function)
    )


def _is_of_an_instance(kept: Value | None, seen: Insight) -> bool:
    """A method, a bound function, or a function that was handed in."""
    call = seen.file.call_of(kept)
    if call is not None:
        return any(isinstance(argument, Place) for argument in (*call.arguments, call.receiver)) or any(
            isinstance(argument, Closure) and _mentions_more(argument.function, argument.function, seen)
            for argument in call.arguments
        )
    place = seen.flow.canonical(kept)
    binding = seen.file.binding(place) if place is not None else None
    return place is not None and (place.root is Root.SELF or (binding is not None and binding.function != MODULE))


def _is_method(function: int, seen: Insight) -> bool:
    here = seen.file.facts.functions[function]
    return here.unit >= 0 and here.kind is not FunctionKind.ARROW


def _mentions_more(function: int, outer: int, seen: Insight) -> bool:
    for use in seen.file.uses_in.get(function, ()):
        binding = seen.file.facts.bindings[use.binding]
        if binding.function != MODULE and not seen.file.contains(outer, binding.function):
            if binding.kind not in ("function", "class"):
                return True
    return any(_is_of_self(call) for call in seen.file.calls_in.get(function, ())) or any(
        write.place.root is Root.SELF for write in seen.file.writes_in.get(function, ())
    )


def _is_of_self(call: Call) -> bool:
    return any(
        isinstance(inner, Place) and inner.root is Root.SELF
        for value in (call.callee, *call.arguments)
        for inner in inner_values(value)
    )
