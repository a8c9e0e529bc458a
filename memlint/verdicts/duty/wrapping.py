"""Lines that look like a listener and are half of something: a wrapper whose callers have the duty, an emit."""

from __future__ import annotations

from collections.abc import Mapping

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Binding, ExitKind, FateKind, Use
from memlint.model.value import Constant, Place, Root, Sequence, Value
from memlint.semantics.growth.putting import PUTS
from memlint.semantics.shapes import ANY, match
from memlint.semantics.value.values import chosen_receiver

_OF_FUNCTIONS = frozenset({"call", "apply", "bind", "toString", "cancel", "flush", "off", "stop", "clear"})
"""Members of functions: their own (ECMA-262, 20.2.3), and those of debounced ones."""


def is_wrapper(life: Lifetime, seen: Insight) -> bool:
    """`function listen(target, event, handler) { target.on(event, handler) }`: the duty is the caller's."""
    given = 0
    for name in ("$target", "$event", "$handler"):
        place = seen.flow.canonical(life.holes.get(name))
        binding = seen.file.binding(place) if place is not None else None
        if place is not None and binding is not None and binding.kind == "parameter" and not place.path:
            if name == "$event":
                if _is_out_of_a_list(binding, seen):
                    continue
                return True
            given += 1
    return given >= 2 or (given == 1 and _is_half_of_a_pair(life, seen))


def _is_out_of_a_list(binding: Binding, seen: Insight) -> bool:
    """`["blur", "focus"].forEach((event) => page.addEventListener(event, close))`: no caller has told the event."""
    taker = seen.file.taker_of(seen.file.facts.functions[binding.function].fate)
    return taker is not None and isinstance(chosen_receiver(taker.callee), Sequence)


def _is_half_of_a_pair(life: Lifetime, seen: Insight) -> bool:
    """`addUnloadListener(listener)` beside `removeUnloadListener(listener)`: who calls the one calls the other."""
    handler = _parameter_at("$handler", life.holes, seen)
    if handler is None or handler.function != life.call.function:
        return False
    unit = seen.file.facts.functions[life.call.function].unit
    perhaps = seen.ends.more_doubtful(life, seen.once(_of_no_own_parameter))
    for end in (*life.ends, *life.doubtful_ends.known, *perhaps):
        holes = match(end.shape, end.call, seen.file, ANY, lenient=True) or {}
        other = _parameter_at("$handler", holes, seen)
        if other is not None and other.function == end.call.function != life.call.function:
            if seen.file.facts.functions[end.call.function].unit == unit:
                return True
    return False


def only_makes_an_answer(life: Lifetime, seen: Insight) -> bool:
    """`return Steps.on("text", run)`, a function of this file that makes one of others, and puts nothing anywhere."""
    target = seen.file.target_of(life.call)
    if target is None or life.call.fate.kind is FateKind.DISCARDED:
        return False
    reached = seen.reach.reached([target])
    calls = [call for function in reached for call in seen.file.calls_in.get(function, ())]
    puts = PUTS | seen.words["registering a listener"]
    return (
        any(exit_.kind is ExitKind.RETURN and exit_.value is not None for exit_ in seen.file.exits_of.get(target, ()))
        and not any(call.name in puts and seen.file.target_of(call) not in reached for call in calls)
        and not any(write.place.path for function in reached for write in seen.file.writes_in.get(function, ()))
    )


def _of_no_own_parameter(seen: Insight) -> frozenset[int]:
    """Calls that are handed no parameter of the very function in which they stand: no half of a pair."""
    own = {
        call.index
        for call in seen.file.facts.calls
        for argument in call.arguments
        if (place := seen.flow.canonical(argument)) is not None
        and (binding := seen.file.binding(place)) is not None
        and binding.function == call.function
        and binding.kind == "parameter"
    }
    return frozenset(range(len(seen.file.facts.calls))) - own


def _parameter_at(hole: str, holes: Mapping[str, Value], seen: Insight) -> Binding | None:
    """The parameter that fills a hole as it stands."""
    place = seen.flow.canonical(holes.get(hole))
    binding = seen.file.binding(place) if place is not None and not place.path else None
    return binding if binding is not None and binding.kind == "parameter" else None


def is_no_function(life: Lifetime, seen: Insight) -> bool:
    """`hub.on("created", room)` where the room is asked to do things: somebody's emit, and the room what it is about.

    A target of the DOM takes objects too (DOM, 2.7: EventListener), so this is asked of emitters alone. Where names of
    events stand for the function, a bag of helpers was given the target first: `dom.addListener(box, ["click"], run)`.
    """
    handler = life.holes.get("$handler") if "$event" in life.holes else None
    if isinstance(handler, Sequence | Constant):
        return True
    binding = seen.file.binding(handler) if isinstance(handler, Place) and not handler.path else None
    if binding is None or binding.kind in ("function", "import", "class"):
        return False
    return any(
        len(use.path) > 1 or (use.path and _is_asked(use, seen)) for use in seen.file.uses_of.get(binding.index, ())
    )


def _is_asked(use: Use, seen: Insight) -> bool:
    """Whether a member is called that functions do not have."""
    asked = Place(Root.BINDING, use.binding, use.path)
    return use.path[0] not in _OF_FUNCTIONS and any(
        call.callee == asked for call in seen.file.calls_in.get(use.function, ())
    )
