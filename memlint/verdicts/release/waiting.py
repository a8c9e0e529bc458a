"""A timer beside something that waits for an answer: whoever settles what waits must clear the timer, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Binding, Call, Extent, FateKind
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Constant, Place, Root, Value
from memlint.semantics.growth.putting import PUTS
from memlint.semantics.tables import Index
from memlint.semantics.value.values import inner_values
from memlint.verdicts.repetition.delays import LONG, delay_of
from memlint.verdicts.verdict import Fault, Verdict

_FOLLOW = frozenset({"then", "catch", "finally"})


@frozen
class Way:
    """A function that runs at the end, or when something fails, and what it is in words."""

    function: int
    phrase: str
    is_last: bool = False


def judge_waiting(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether an end settles what waits for an answer, and leaves the timer that the answer would clear."""
    delay = delay_of(life, seen)
    if not life.ends or (delay is not None and delay < LONG) or _is_followed(life, seen):
        return None
    kept = _kept_for_the_answer(life, seen)
    if not kept:
        return None
    names = _names(life, seen)
    forgetting: Verdict | None = None
    for way in _ways(life, seen):
        reached = seen.reach.reached([way.function])
        if any(end.call.function in reached for end in life.ends) or _releases(reached, names, life, seen):
            if way.is_last:
                return None  # it comes after the others
        elif forgetting is None:
            forgetting = _forgetting(way, reached, kept, seen)
    return forgetting


def _forgetting(way: Way, reached: frozenset[int], kept: list[Place], seen: Insight) -> Verdict | None:
    for here in sorted(reached):
        settled = next((at for place in kept for at in _settled(place, here, seen)), None)
        if settled is not None:
            why = f"{way.phrase} settles what waits, and leaves the timer"
            return Verdict(Confidence.MEDIUM, why, fault=Fault.PARTIAL, ways=((settled, why),))
    return None


def _is_followed(life: Lifetime, seen: Insight) -> bool:
    """`promise.finally(() => clearTimeout(timer))`: whatever settles the promise clears it."""
    functions = (seen.file.facts.functions[end.call.function] for end in life.ends)
    return any(
        one.fate.kind is FateKind.ARGUMENT
        and one.fate.call >= 0
        and seen.file.called(seen.file.facts.calls[one.fate.call]) in _FOLLOW
        for one in functions
    )


def _kept_for_the_answer(life: Lifetime, seen: Insight) -> list[Place]:
    """Where the function that the timer calls when it is late is kept, for the answer to call it, or its like."""
    file = seen.file
    own = file.behind(life.holes.get(life.resource.keeps))
    if own is None:
        return []
    told = {
        binding.function
        for inner in file.inside(own)
        for call in file.calls_in.get(inner, ())
        for binding in [_parameter(call.callee, seen)]
        if binding is not None and file.contains(binding.function, life.call.function)
    }
    return [
        place
        for function in told
        for here, place in seen.once(_stored)[function]
        if file.contains(function, here) and not file.contains(own, here)
    ]


def _stored(seen: Insight) -> Index[int, tuple[int, Place]]:
    """Where parameters are put away, or what holds them: in which function, by the function whose they are."""
    file = seen.file
    found: dict[int, list[tuple[int, Place]]] = {}
    for write in file.facts.writes:
        if write.place.path:
            for asked in _asked((write.value,), seen):
                found.setdefault(asked, []).append((write.function, file.resolve(write.place)))
    for call in (each for name in PUTS for each in file.calls_named.get(name, ())):
        if call.receiver is not None:
            bag = file.resolve(call.receiver)
            for asked in _asked(call.arguments, seen):
                found.setdefault(asked, []).append((call.function, Place(bag.root, bag.key, (*bag.path, "[]"))))
    return Index(found)


def _asked(values: Iterable[Value | None], seen: Insight) -> set[int]:
    """The functions whose parameters these values hold."""
    bindings = (_parameter(inner, seen) for value in values for inner in inner_values(value))
    return {binding.function for binding in bindings if binding is not None}


def _parameter(value: Value | None, seen: Insight) -> Binding | None:
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    return binding if binding is not None and binding.kind == "parameter" else None


def _names(life: Lifetime, seen: Insight) -> frozenset[str]:
    """What the handle is called wherever it is kept."""
    return frozenset(name for place in life.journey.places for name in [_last(place, seen)] if name)


def _last(place: Place, seen: Insight) -> str:
    if place.path:
        return place.path[-1]
    binding = seen.file.binding(place)
    return binding.name if binding is not None else ""


def _ways(life: Lifetime, seen: Insight) -> Iterator[Way]:
    """Handlers of a last event or of a failure, and the ends of the owner."""
    file = seen.file
    for name in sorted(seen.words["listening for an event"]):
        for call in file.calls_named.get(name, ()):
            event = file.constant(call.arguments[0]) if len(call.arguments) > 1 else None
            if event is None:
                continue
            is_last = event.value in seen.words["last events"]
            handler = file.behind(call.arguments[1]) if is_last or event.value in seen.words["failures"] else None
            if handler is not None and not file.contains(handler, life.call.function):
                yield Way(handler, f"'{event.value}'", is_last)
    for one in seen.reach.teardowns(life.call.function):
        yield Way(one.index, f"{one.name}()" if one.name else "the returned function")


def _releases(reached: frozenset[int], names: frozenset[str], life: Lifetime, seen: Insight) -> bool:
    """Whether something of the handle's name is given back there."""
    calls = (call for shape in life.resource.release for call in seen.file.calls_named.get(shape.name, ()))
    return any(call.function in reached and _gives_back(call, names, seen) for call in calls)


def _gives_back(call: Call, names: frozenset[str], seen: Insight) -> bool:
    return any(
        isinstance(inner, Place) and inner.root is not Root.RESULT and _last(inner, seen) in names
        for argument in (*call.arguments, call.receiver)
        for inner in inner_values(argument)
    )


def _settled(kept: Place, here: int, seen: Insight) -> Iterator[Extent]:
    """Where what is kept is emptied: `entry.waiting = null`, `this.pending.clear()`, `this.pending = new Map()`."""
    file = seen.file
    if kept.path[-1] != "[]":
        for write in file.writes_in.get(here, ()):
            if write.value == Constant(None) and write.place.path[-1:] == kept.path[-1:]:
                yield write.extent
        return
    bag = Place(kept.root, kept.key, kept.path[:-1])
    for call in file.calls_in.get(here, ()):
        if file.called(call) == "clear" and call.receiver is not None and file.resolve(call.receiver) == bag:
            yield call.extent
    for write in file.writes_in.get(here, ()):
        if write.operator == "=" and file.resolve(write.place) == bag:
            yield write.extent
