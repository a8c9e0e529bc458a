"""The visitor behind every card that names resources: acquired, held by something that lives on, never given back."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.faults import fault_of
from memlint.handles import judge_handle
from memlint.ledger import End, Insight, Lifetime, is_fresh
from memlint.model.card import Card
from memlint.model.facts import (
    MODULE,
    Call,
    FateKind,
    Function,
    Place,
    Record,
    RegionKind,
    Root,
    Value,
)
from memlint.model.finding import Answers, Confidence, Finding, Step
from memlint.model.resource import Holder
from memlint.semantics.file import unwrapped
from memlint.semantics.frequency import Rate
from memlint.semantics.reach import Reach
from memlint.verdict import finding, retention_path, step

WORDS: frozenset[str] = frozenset()  # the resources' own words
_AGAIN_VERBS = (
    "set", "update", "change", "refresh", "restart", "reconnect", "retry", "rotate", "reopen", "reload", "renew", "switch",
)  # fmt: skip
_END_EVENTS = frozenset({"close", "end", "disconnect", "exit", "finish", "destroyed", "destroy", "disconnected"})
_LOOKS_ONLY = frozenset({"log", "debug", "info", "warn", "error", "String", "Number", "Boolean", "isNaN", "equal", "ok"})
"""Functions that take nothing over from their arguments."""
_LONG_DELAY = 10_000
"""Milliseconds from which a forgotten one-shot timeout keeps its callback long enough to matter."""


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    reach = Reach(seen.file, seen.flow)
    for life in seen.lifetimes:
        if life.resource.kind in card.resources:
            verdict = _judge(life, seen, reach)
            if verdict is not None:
                yield _finding(card, life, seen, *verdict)


Verdict = tuple[Confidence, str, list[Function]]


def _judge(life: Lifetime, seen: Insight, reach: Reach) -> Verdict | None:
    """How sure it is that nothing lets go, why, and which teardowns miss it; None if something does, or may."""
    if life.frequency.rate is Rate.ONCE or _is_undone_badly(life, seen):
        return None
    if _is_handed_over(life, seen):
        return None
    if life.resource.holder == "self":
        return judge_handle(life, seen, reach) or _judge_overwritten(
            life, seen, Confidence.MEDIUM, reach.teardowns(life.call.function)
        )
    if life.resource.fires_once:
        return _judge_once(life, seen, reach)
    held = _judge_holder(life, seen, reach)
    if held is None:
        return None
    return _judge_ends(life, seen, reach, held)


def _is_undone_badly(life: Lifetime, seen: Insight) -> bool:
    """A removal that cannot work is a finding of its own."""
    return fault_of(life, seen) is not None or any(fault[0].index == life.call.index for fault in _faults(seen))


def _faults(seen: Insight) -> list[tuple[Call, str]]:
    return [fault for life in seen.lifetimes if (fault := fault_of(life, seen)) is not None]


def _judge_ends(life: Lifetime, seen: Insight, reach: Reach, confidence: Confidence) -> Verdict | None:
    teardowns = reach.teardowns(life.call.function)
    if not life.ends:
        return confidence, "nothing ends it", teardowns
    if any(_ends_in_same_call(end, life) for end in life.ends):
        return None
    reached = reach.reached(function.index for function in teardowns)
    own = _own_callback(life, seen)
    if not life.resource.started_by and any(
        seen.file.contains(inside, end.call.function) for end in life.ends for inside in own
    ):
        return None
    elsewhere = [end for end in life.ends if not any(seen.file.contains(inside, end.call.function) for inside in own)]
    if not teardowns or any(end.call.function in reached for end in life.ends):
        return _judge_overwritten(life, seen, confidence, teardowns)
    if elsewhere and not _is_restart(elsewhere, life, seen):
        return None
    return confidence, "it is ended elsewhere, but not when its owner ends", teardowns


def _is_restart(ends: list[End], life: Lifetime, seen: Insight) -> bool:
    """Whether all ends stand in the function that acquires: they only make room for the next one."""
    return all(end.call.function == life.call.function for end in ends) and not seen.file.in_loop(
        life.call.region, life.call.function
    )


def _ends_in_same_call(end: End, life: Lifetime) -> bool:
    return end.call.function == life.call.function and end.call.extent[0] > life.call.extent[1]


def _own_callback(life: Lifetime, seen: Insight) -> list[int]:
    kept = life.holes.get(life.resource.keeps)
    function = seen.file.function_at(kept)
    return [function] if function is not None else []


def _judge_overwritten(
    life: Lifetime, seen: Insight, confidence: Confidence, teardowns: list[Function]
) -> Verdict | None:
    """The place that keeps the handle is written again, by a call in this file, without an end before."""
    place = life.call.fate.place
    if life.call.fate.kind is not FateKind.KEPT or place is None or "[]" in place.path:
        return None
    file = seen.file
    function = life.call.function
    if file.facts.functions[function].kind == "constructor" or function == MODULE:
        return None
    binding = file.binding(place)
    if binding is not None and binding.function == function:
        return None
    if any(end.call.function == function for end in life.ends) or _is_guarded(life, seen, place):
        return None
    released = Reach(file, seen.flow)
    before = [call for call in file.facts.calls if call.function == function and call.extent[1] <= life.call.extent[0]]
    for call in before:
        target = file.target_of(call)
        if target is not None and any(end.call.function in released.reached([target]) for end in life.ends):
            return None
    if _runs_again(file.facts.functions[function]):
        return confidence, "it is replaced without ending the one before", teardowns
    for caller in file.callers.get(function, ()):
        outer = file.facts.functions[caller.function]
        if caller.function in (MODULE, function) or outer.kind == "constructor":
            continue
        if not _ends_before(caller, life, seen) and _runs_again(outer):
            return confidence, "it is started again without ending the one before", teardowns
    return None


def _runs_again(caller: Function) -> bool:
    """A caller that changes something (`setPeriod`, `update`) starts again what is running already."""
    return caller.name.lower().startswith(_AGAIN_VERBS)


def _ends_before(caller: Call, life: Lifetime, seen: Insight) -> bool:
    released = Reach(seen.file, seen.flow)
    for call in seen.file.facts.calls:
        if call.function == caller.function and call.extent[1] <= caller.extent[0]:
            target = seen.file.target_of(call)
            if call in [end.call for end in life.ends]:
                return True
            if target is not None and any(end.call.function in released.reached([target]) for end in life.ends):
                return True
    return False


def _is_guarded(life: Lifetime, seen: Insight, place: Place) -> bool:
    """`if (this.timer) return;` or `if (!this.timer) …` around the acquisition."""
    facts = seen.file.facts
    wanted = seen.file.resolve(place)
    for region in facts.regions:
        if (
            region.function == life.call.function
            and region.test is not None
            and region.extent[0] <= life.call.extent[0]
        ):
            from memlint.semantics.file import inner_values  # noqa: PLC0415

            for inner in inner_values(region.test):
                if isinstance(inner, Place) and seen.file.resolve(inner) == wanted:
                    return True
    return False


def _is_handed_over(life: Lifetime, seen: Insight) -> bool:
    """Whether somebody else took the duty: the caller, an unknown function, a signal that is aborted, another object."""
    if life.shape.result:
        journey = life.journey
        if journey.returned and _returns_to_outside(life, seen):
            return True
        ends = {end.call.index for end in life.ends}
        if any(call.index not in ends and seen.file.called(call) not in _LOOKS_ONLY for call in journey.handed):
            return True
        if _end_is_handed_on(life, seen):
            return True
        if any(_is_foreign_place(place, seen) or _leaves_inside(place, seen) for place in journey.places):
            return True
    else:
        if (
            life.call.fate.kind in (FateKind.KEPT, FateKind.RETURNED, FateKind.ARGUMENT)
            and life.resource.kind != "dom-listener"
        ):
            chained = life.call.fate.kind is FateKind.RETURNED and seen.origins.of(life.holes.get("$target")).holder
            if life.call.fate.kind is not FateKind.RETURNED or chained is not Holder.PROCESS:
                return True
        return _is_signalled(life, seen)
    return False


def _returns_to_outside(life: Lifetime, seen: Insight) -> bool:
    for exit_ in life.journey.returned:
        callers = seen.file.callers.get(exit_.function, ())
        if not callers or any(call.fate.kind is not FateKind.DISCARDED for call in callers):
            return True
    return False


def _end_is_handed_on(life: Lifetime, seen: Insight) -> bool:
    """`finalize(self, file.close)`: somebody else is given the very method that ends it."""
    methods = {shape.name for shape in life.resource.release if shape.receiver.startswith("$")}
    return any(
        isinstance(mention.sink, Call)
        for place in life.journey.places
        for name in methods
        for mention in seen.flow.mentions(Place(place.root, place.key, (*place.path, name)))
    )


def _leaves_inside(place: Place, seen: Insight) -> bool:
    """A field of a local object that is returned or handed on, and takes the handle along."""
    binding = seen.file.binding(place)
    if binding is None or not place.path or binding.function == MODULE:
        return False
    journey = seen.flow.journey(Place(Root.BINDING, binding.index))
    return bool(journey.returned or journey.handed)


def _is_foreign_place(place: Place, seen: Insight) -> bool:
    """A field of something that was handed in: its owner can end it."""
    if place.root is Root.GLOBAL:
        return bool(place.path) and place.key not in ("window", "globalThis", "global", "self")
    binding = seen.file.binding(place)
    return (
        binding is not None and bool(place.path) and place.path[0] != "[]" and binding.kind in ("parameter", "import")
    )


def _is_signalled(life: Lifetime, seen: Insight) -> bool:
    options = unwrapped(life.holes.get("$options"))
    if isinstance(options, Place):
        known = seen.file.constant(options)
        return known is None
    if not isinstance(options, Record):
        return False
    entries = dict(options.items)
    if "[]" in entries:
        return True
    signal = entries.get("signal")
    if signal is None:
        return False
    return not _is_never_aborted(signal, seen)


def _is_never_aborted(signal: Value, seen: Insight) -> bool:
    """A signal of a controller made in this file, kept to ourselves, whose `abort` is never called."""
    place = seen.flow.canonical(signal)
    if place is None or not place.path or place.path[-1] != "signal":
        return False
    controller = Place(place.root, place.key, place.path[:-1])
    made = _controller(controller, seen)
    if made is None:
        return False
    journey = seen.flow.journey(Place(Root.RESULT, made.index))
    if journey.returned or journey.handed:
        return False
    for call in seen.file.calls_named.get("abort", ()):
        if call.receiver is not None and seen.flow.canonical(call.receiver) in journey.places:
            return False
    return not any(
        isinstance(mention.sink, Call)
        for known in journey.places
        for mention in seen.flow.mentions(Place(known.root, known.key, (*known.path, "abort")))
    )


def _controller(place: Place, seen: Insight) -> Call | None:
    for call in seen.file.calls_named.get("AbortController", ()):
        if place in seen.flow.journey(Place(Root.RESULT, call.index)).places:
            return call
    return None


def _judge_holder(life: Lifetime, seen: Insight, reach: Reach) -> Confidence | None:
    """How sure it is that what holds it outlives the one who acquired it; None if it does not, or nobody knows."""
    origin = life.origin
    if life.resource.started_by and life.start == life.call.extent:
        return None
    if origin.holder in (Holder.UNIT, Holder.CALL):
        return None
    if life.resource.kind == "dom-listener" and _is_same_every_time(life, seen):
        return None
    if _is_wrapper(life, seen):
        return None
    if _is_followed_to_its_end(life, seen) or _listens_to_itself(life, seen):
        return None
    if _is_abort_signal(life, seen):
        return Confidence.HIGH if origin.holder in (Holder.FOREIGN, Holder.PROCESS) else None
    if origin.holder is Holder.PROCESS:
        return Confidence.HIGH if life.frequency.sure else Confidence.LOW
    teardowns = reach.teardowns(life.call.function)
    if origin.holder is Holder.FOREIGN:
        if life.resource.kind == "observer":
            return Confidence.HIGH if teardowns else Confidence.MEDIUM
        if teardowns and life.frequency.rate >= Rate.INSTANCE:
            return Confidence.HIGH if origin.sure else Confidence.MEDIUM
        in_constructor = life.frequency.rate is Rate.INSTANCE and origin.sure
        return Confidence.MEDIUM if in_constructor else Confidence.LOW
    return None


def _is_wrapper(life: Lifetime, seen: Insight) -> bool:
    """`function listen(target, event, handler) { target.on(event, handler) }`: the duty is the caller's."""
    given = 0
    for name in ("$target", "$event", "$handler"):
        place = seen.flow.canonical(life.holes.get(name))
        binding = seen.file.binding(place) if place is not None else None
        if place is not None and binding is not None and binding.kind == "parameter" and not place.path:
            given += 1
            if name == "$event":
                return True
    return given >= 2


def _listens_to_itself(life: Lifetime, seen: Insight) -> bool:
    """An instance that registers with itself, as it is made: they go together."""
    place = seen.flow.canonical(life.holes.get("$target"))
    return place is not None and place.root is Root.SELF and not place.path and life.frequency.rate is Rate.INSTANCE


def _is_followed_to_its_end(life: Lifetime, seen: Insight) -> bool:
    """Somebody else's emitter whose own end is listened for in the same function: it is the one that goes first."""
    if life.origin.holder is not Holder.FOREIGN:
        return False
    target = life.holes.get("$target")
    for other in seen.lifetimes:
        event = seen.file.constant(other.holes.get("$event"))
        if (
            event is not None
            and event.value in _END_EVENTS
            and other.call.function == life.call.function
            and seen.flow.same(other.holes.get("$target"), target)
        ):
            return True
    return False


def _is_same_every_time(life: Lifetime, seen: Insight) -> bool:
    """A listener of the module itself, added again, is the same listener (DOM, 2.7: add an event listener)."""
    handler = life.holes.get("$handler")
    place = seen.flow.canonical(handler)
    binding = seen.file.binding(place) if place is not None else None
    return binding is not None and (binding.function == MODULE and not is_fresh(seen.file, handler))


def _is_abort_signal(life: Lifetime, seen: Insight) -> bool:
    event = seen.file.constant(life.holes.get("$event"))
    return event is not None and event.value == "abort"


def _judge_once(life: Lifetime, seen: Insight, reach: Reach) -> Verdict | None:
    """What ends itself when it fires leaks if it arms itself again, or waits long while its owner ends."""
    kept = seen.file.function_at(life.holes.get(life.resource.keeps))
    if life.resource.holder != "process":
        return None
    teardowns = reach.teardowns(life.call.function)
    reached = reach.reached(function.index for function in teardowns)
    if any(end.call.function in reached for end in life.ends):
        return _unended_rearm(life, seen, kept, reached, teardowns)
    if kept is not None and kept == _function_around(life.call, seen, kept):
        if _is_conditional(life.call, seen, kept) or life.ends:
            return None
        return Confidence.HIGH, "its callback arms it again, and nothing stops that", teardowns
    delay = seen.file.constant(life.call.arguments[1]) if len(life.call.arguments) > 1 else None
    long = delay is not None and isinstance(delay.value, int | float) and delay.value >= _LONG_DELAY
    if long and teardowns and life.journey.stored and not life.ends:
        return Confidence.HIGH, "its owner can end long before it fires", teardowns
    return None


def _unended_rearm(
    life: Lifetime, seen: Insight, kept: int | None, reached: frozenset[int], teardowns: list[Function]
) -> Verdict | None:
    return None


def _function_around(call: Call, seen: Insight, wanted: int) -> int:
    """`wanted` if the call runs whenever that function runs: in it, or in what it calls at once."""
    file = seen.file
    if call.function == wanted:
        return wanted
    if wanted in Reach(file, seen.flow).reached([wanted]) and call.function in _called_by(wanted, seen):
        return wanted
    return -1


def _called_by(function: int, seen: Insight) -> set[int]:
    found = set()
    for call in seen.file.facts.calls:
        if call.function == function:
            target = seen.file.target_of(call)
            if target is not None:
                found.add(target)
    return found


def _is_conditional(call: Call, seen: Insight, function: int) -> bool:
    """Whether something decides if the callback arms itself again: a condition around it, or a return before it."""
    facts = seen.file.facts
    regions = [facts.regions[index] for index in seen.file.regions_of(call.region)]
    if any(region.kind in (RegionKind.THEN, RegionKind.ELSE, RegionKind.CASE, RegionKind.CATCH) for region in regions):
        return True
    return any(
        exit_.kind in ("return", "throw") and exit_.extent[1] <= call.extent[0]
        for exit_ in seen.file.exits_of[function]
    )


def _finding(
    card: Card, life: Lifetime, seen: Insight, confidence: Confidence, why: str, teardowns: list[Function]
) -> Finding:
    file = seen.file
    acquired = _acquired(life, seen)
    return finding(
        card,
        file,
        life.call.extent,
        life.call.function,
        confidence=confidence,
        answers=Answers(
            life.origin.phrase,
            life.frequency.phrase,
            _lets_go(life, seen, why, teardowns),
            "nobody"
            if life.call.fate.kind is not FateKind.KEPT
            else f"kept in {file.name_of(life.call.fate.place)}, which nothing ends",
        ),
        path=retention_path(life, seen),
        near_misses=_misses(life, seen, teardowns),
        acquire=acquired,
        noun=life.resource.noun,
    )


def _acquired(life: Lifetime, seen: Insight) -> str:
    """The acquisition as the message names it: `window.addEventListener('resize')`, `setInterval`."""
    file = seen.file
    event = file.constant(life.holes.get("$event"))
    name = file.name_of(life.call.callee) if isinstance(life.call.callee, Place) else life.call.name
    name = f"new {name}" if life.call.constructs else name
    return f"{name}('{event.value}')" if event is not None else name


def _lets_go(life: Lifetime, seen: Insight, why: str, teardowns: list[Function]) -> str:
    if not teardowns:
        return f"nothing: {why}" if why != "nothing ends it" else "nothing"
    listed = ", ".join(f"{function.name or 'the returned function'}()" for function in teardowns[:2])
    return f"{why}; {listed} does not end it" if why != "nothing ends it" else f"nothing: {listed} misses it"


def _misses(life: Lifetime, seen: Insight, teardowns: list[Function]) -> list[Step]:
    file = seen.file
    steps = [step(file, miss.call.extent, f"ended here, but {miss.why}") for miss in life.near_misses[:3]]
    for end in life.ends[:3]:
        steps.append(step(file, end.call.extent, "ended here, but not on the way that its owner ends"))
    for function in teardowns[:2]:
        at = (function.extent[0], function.extent[0] + max(len(function.name), 1))
        steps.append(step(file, at, f"{function.name or 'the returned function'}() ends its owner, and misses this"))
    return steps
