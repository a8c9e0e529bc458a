"""Acquired and ended within one function, but not on every way out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, Exit, ExitKind, Extent, FateKind
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root
from memlint.semantics.running.ways import Stop
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.verdicts.release.caught import forgetful_catch
from memlint.verdicts.repetition.delays import is_soon_over
from memlint.verdicts.verdict import Fault, Verdict, at_most

_ERROR = re.compile(r"^(e|er|err|error|reason|failure|\w*(Err|Error))$")
_NEVER_REJECT = frozenset({"allSettled", "catch"})
_REGISTER = frozenset({"on", "once", "addListener", "prependListener", "addEventListener", "one"})
_FAILURES = frozenset({"error", "close", "end", "exit", "abort", "timeout", "disconnect", "fail", "cancel"})


def judge_partial(life: Lifetime, seen: Insight, confidence: Confidence) -> Verdict | None:
    """Whether all ends stand in the function that acquires, and a way out leaves them all out."""
    file, function = seen.file, life.call.function
    own = file.behind(life.holes.get(life.resource.keeps))
    ends = [end.call for end in life.ends if own is None or not file.contains(own, end.call.function)]
    if (life.resource.fires_once and is_soon_over(life, seen)) or not ends:
        return None
    if not all(file.contains(function, end.function) for end in ends):
        return None
    start = Stop(life.start, life.call.region)
    ends = [end for end in ends if end.extent[0] >= start.extent[1] or end.function != function]
    stops = [*_stops(function, ends, own, seen), *_ends_of_the_target(life, function, seen)]
    skipped = _left_out(life, start, stops, function, seen) or _failed_callback(ends, function, seen)
    if skipped is not None:
        return _verdict(confidence, phrase(skipped), skipped.extent)
    told = forgetful_catch(life, ends, seen)
    if told is not None:
        return _verdict(confidence, "when what follows throws, this tells of it and leaves it running", told)
    failing = _failing_handler(life, ends, function, seen)
    if failing is not None:
        event = file.constant(failing.arguments[0])
        why = f"it is not ended on {event.value!r}" if event is not None else "one outcome does not end it"
        return _verdict(confidence, why, failing.extent)
    return None


def _verdict(confidence: Confidence, why: str, extent: Extent) -> Verdict:
    return Verdict(at_most(confidence, Confidence.MEDIUM), why, fault=Fault.PARTIAL, ways=((extent, why),))


def phrase(exit_: Exit) -> str:
    """What a way out does, for those who read a finding."""
    if exit_.kind is ExitKind.AWAIT:
        return "it is not ended when what is awaited here fails"
    return f"this `{exit_.kind.value}` leaves it running"


def _stops(function: int, ends: Sequence[Call], own: int | None, seen: Insight) -> Iterator[Stop]:
    """What ends it, seen from a function: the ends themselves, calls that lead to them, and functions handed on."""
    file = seen.file
    for end in ends:
        if end.function == function:
            yield Stop(end.extent, end.region)
    places = {end.function for end in ends if end.function != function}
    if not places:
        return
    for call in file.calls_in.get(function, ()):
        target = file.target_of(call)
        if target is not None and places & seen.reach.reached([target]):
            yield Stop(call.extent, call.region)
    for inner in file.written_in.get(function, ()):
        if inner.index != own and inner.fate.kind is not FateKind.KEPT and places & seen.reach.reached([inner.index]):
            yield Stop(inner.extent, inner.region)


def _ends_of_the_target(life: Lifetime, function: int, seen: Insight) -> Iterator[Stop]:
    """Calls that end the very thing that holds it: `socket.destroy()`."""
    target = seen.flow.canonical(life.holes.get(life.resource.holder))
    for call in seen.file.calls_in.get(function, ()) if target is not None else ():
        if seen.vocabulary.ends(seen.file.called(call)) and seen.flow.canonical(call.receiver) == target:
            yield Stop(call.extent, call.region)


def _left_out(life: Lifetime, start: Stop, stops: Sequence[Stop], function: int, seen: Insight) -> Exit | None:
    for exit_ in seen.ways.missed_by(start, stops, function):
        if exit_.kind is ExitKind.AWAIT and cannot_fail(exit_, seen):
            continue
        if exit_.kind is ExitKind.RETURN and _waits_for_another_call(life, seen):
            continue
        if not _asks_for_it(exit_, life, seen):
            return exit_
    return None


def _waits_for_another_call(life: Lifetime, seen: Insight) -> bool:
    """`guard = setTimeout(warn, 3000); return;` in a variable of the module: it is meant to run on."""
    place = life.call.fate.place
    if not life.resource.fires_once or life.call.fate.kind is not FateKind.KEPT or place is None:
        return False
    binding = seen.file.binding(seen.file.resolve(place))
    return binding is not None and binding.function == MODULE != life.call.function


def cannot_fail(exit_: Exit, seen: Insight) -> bool:
    """Whether what is awaited is never rejected."""
    call = seen.file.call_of(exit_.value)
    if call is None:
        return False
    name = seen.file.called(call)
    return call.constructs or name in _NEVER_REJECT or name in seen.words["pauses"]


def _asks_for_it(exit_: Exit, life: Lifetime, seen: Insight) -> bool:
    """`if (!timer) return;`: there is nothing to end."""
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(exit_.region))
    return any(
        isinstance(inner, Place) and (seen.file.resolve(inner) in life.journey.places)
        for region in regions
        if region.test is not None
        for inner in inner_values(region.test)
    )


def _failed_callback(ends: Sequence[Call], function: int, seen: Insight) -> Exit | None:
    """`work((err, result) => { if (err) return done(err); clearTimeout(timer); … })`."""
    file = seen.file
    callbacks = {end.function for end in ends}
    if len(callbacks) != 1 or function in callbacks:
        return None
    callback = file.facts.functions[callbacks.pop()]
    if callback.fate.kind is not FateKind.ARGUMENT or not callback.parameters:
        return None
    if not _ERROR.match(callback.parameters[0]):
        return None
    stops = [Stop(end.extent, end.region) for end in ends]
    beginning = Stop((callback.extent[0], callback.extent[0]), callback.body)
    for exit_ in seen.ways.missed_by(beginning, stops, callback.index):
        if exit_.kind is not ExitKind.AWAIT and _tests_parameter(exit_, callback.index, seen):
            return exit_
    return None


def _tests_parameter(exit_: Exit, function: int, seen: Insight) -> bool:
    test = seen.file.facts.regions[exit_.region].test
    for inner in inner_values(test):
        binding = seen.file.binding(inner) if isinstance(inner, Place) else None
        if binding is not None and binding.kind == "parameter" and binding.function == function:
            return binding.position == 0
    return False


def _failing_handler(life: Lifetime, ends: Sequence[Call], function: int, seen: Insight) -> Call | None:
    """Some handlers of one emitter end it, and the one for its failure does not: the work failed, nobody lets go."""
    file = seen.file
    places = {end.function for end in ends}
    registered: dict[Place, list[tuple[str, Call, bool]]] = {}
    for here in file.inside(function):
        for call in file.calls_in.get(here, ()):
            if file.called(call) in _REGISTER and call.receiver is not None and len(call.arguments) > 1:
                event = file.constant(call.arguments[0])
                handler = _handler(call, seen)
                target = seen.flow.canonical(call.receiver)
                if event is not None and isinstance(event.value, str) and handler is not None and target is not None:
                    ending = bool(places & seen.reach.reached([handler]))
                    registered.setdefault(target, []).append((event.value, call, ending))
    if function in places:
        return None
    reached = {target for target, calls in registered.items() if any(ending for _, _, ending in calls)}
    if len(reached) != 1 or not _all_in_handlers(registered[next(iter(reached))], places, seen):
        return None
    calls = registered[reached.pop()]
    if any(ending and event in seen.words["last events"] for event, _, ending in calls):
        return None
    failing = [call for event, call, ending in calls if event in _FAILURES and not ending and call != life.call]
    if {event for event, _, ending in calls if ending} & {"error", "fail"}:
        told = {binding for _, call, ending in calls if ending for binding in _told(call, seen)}
        failing = [call for call in failing if not told.isdisjoint(_told(call, seen))]
    return failing[0] if failing and _outlives(failing[0], life) else None


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
