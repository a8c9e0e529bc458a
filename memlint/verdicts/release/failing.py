"""Handlers of one emitter: some of them end what was begun, and the one for its failure does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call
from memlint.model.frozen import frozen
from memlint.model.value import Place, Root
from memlint.semantics.tables import Index
from memlint.semantics.value.values import unwrapped


def failing_handler(life: Lifetime, ends: Sequence[Call], function: int, seen: Insight) -> Call | None:
    """Some handlers of one emitter end it, and the one for its failure does not: the work failed, nobody lets go."""
    places = {end.function for end in ends}
    if function in places:
        return None
    registered: dict[Place, list[tuple[str, Call, bool]]] = {}
    for one in seen.once(_registered)[function]:
        registered.setdefault(one.target, []).append((one.event, one.call, not places.isdisjoint(one.run)))
    reached = {target for target, calls in registered.items() if any(ending for _, _, ending in calls)}
    if len(reached) != 1 or not _all_in_handlers(registered[next(iter(reached))], places, seen):
        return None
    calls = registered[reached.pop()]
    if any(ending and event in seen.words["last events"] for event, _, ending in calls):
        return None
    failing = [
        call
        for event, call, ending in calls
        if event in seen.words["instead of the outcome"] and not ending and call != life.call
    ]
    if {event for event, _, ending in calls if ending} & {"error", "fail"}:
        told = {binding for _, call, ending in calls if ending for binding in _told(call, seen)}
        failing = [call for call in failing if not told.isdisjoint(_told(call, seen))]
    return failing[0] if failing and _outlives(failing[0], life) else None


@frozen
class _Registered:
    """A handler written in this file, for an event that is known: with all that runs then."""

    target: Place
    event: str
    call: Call
    run: frozenset[int]


def _registered(seen: Insight) -> Index[int, _Registered]:
    """All handlers, by each function in which they are registered, or around that."""
    file = seen.file
    found: dict[int, list[_Registered]] = {}
    listening = (call for name in seen.words["listening for an event"] for call in file.calls_named.get(name, ()))
    for call in (call for call in listening if len(call.arguments) > 1):
        event, handler, target = file.constant(call.arguments[0]), _handler(call, seen), _target(call, seen)
        if event is None or not isinstance(event.value, str) or handler is None or target is None:
            continue
        one = _Registered(target, event.value, call, seen.reach.reached([handler]))
        for here in file.enclosing(call.function):
            found.setdefault(here.index, []).append(one)
    return Index({here: sorted(all_, key=lambda one: one.call.extent) for here, all_ in found.items()})


def _target(call: Call, seen: Insight) -> Place | None:
    return seen.flow.canonical(call.receiver) if call.receiver is not None else None


def _told(call: Call, seen: Insight) -> Iterator[int]:
    """The parameters of functions around that a handler calls: who waits for the outcome is told of it."""
    handler = _handler(call, seen)
    inside = frozenset(seen.file.inside(handler)) if handler is not None else frozenset()
    for inner in (each for here in inside for each in seen.file.calls_in.get(here, ())):
        binding = seen.file.binding(inner.callee) if isinstance(inner.callee, Place) else None
        if binding is not None and binding.kind == "parameter" and binding.function not in inside:
            yield binding.index


def _outlives(call: Call, life: Lifetime) -> bool:
    return call.function == life.call.function


def _handler(call: Call, seen: Insight) -> int | None:
    handler = unwrapped(call.arguments[1])
    found = seen.file.function_at(handler)
    if found is None and isinstance(handler, Place) and handler.root is Root.RESULT:
        wrapping = seen.file.facts.calls[int(handler.key)]
        for value in (*wrapping.arguments, wrapping.receiver):
            found = seen.file.function_at(value)
            if found is not None:
                return found
    return found


def _all_in_handlers(calls: Sequence[tuple[str, Call, bool]], places: set[int], seen: Insight) -> bool:
    reached = seen.reach.reached(
        handler for _, call, ending in calls if ending for handler in [_handler(call, seen)] if handler is not None
    )
    return places <= reached
