"""Brought along, or made here if nobody brought one: does the end of the owner let go of what was brought, too?

`this.server = options.server || createServer()`, and at the end `if (this.owns) this.server.close()`: the server that
somebody brought stays, and keeps what listens to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, ExitKind, RegionKind, Write
from memlint.model.finding import Confidence
from memlint.model.value import Compound, Place, Value
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, unwrapped

_BRANCHES = frozenset({RegionKind.THEN, RegionKind.ELSE, RegionKind.CASE})


def outlives_if_brought(life: Lifetime, seen: Insight) -> Confidence | None:
    """Whether an end of the owner closes the target if it is an own one, and else leaves it as it is."""
    target = life.holes.get("$target")
    teardowns = seen.reach.teardowns(life.call.function)
    if target is None or life.ends or life.doubtful_ends:
        return None
    closing = list(closing_calls(target, frozenset(one.index for one in teardowns), seen))
    if not closing or not all(is_for_own(call, target, seen) for call in closing):
        return None
    return Confidence.MEDIUM


def closing_calls(target: Value, teardowns: frozenset[int], seen: Insight) -> Iterator[Call]:
    """The calls by which a teardown ends a target for good."""
    reached = seen.reach.reached(teardowns)
    place = seen.flow.canonical(target)
    places = {place, *seen.flow.journey(target).places}
    places |= {any_beside(place)} if place is not None else set()
    for name in seen.words["ends for good"]:
        for call in seen.file.calls_named.get(name, ()):
            if call.function in reached and call.receiver is not None and seen.flow.canonical(call.receiver) in places:
                yield call


def any_beside(place: Place) -> Place:
    """Any member of what a place is a member of: `for (const key of keys) clients[key].quit()` ends each of them."""
    return Place(place.root, place.key, (*place.path[:-1], "[]")) if place.path else place


def is_for_own(call: Call, target: Value, seen: Insight) -> bool:
    """Whether a call runs only for a target that was made here, as a test or the place of its function says."""
    function = seen.file.facts.functions[call.function]
    tests = [*_tests_of(call.region, seen), *_tests_before(call, seen)]
    if any(_asks_whose(test, target, seen) for test in tests):
        return True
    kept = function.fate.place
    writes = seen.file.writes_at.get(kept, ()) if kept is not None and kept.path else ()
    return any(_is_beside_the_making(write, target, seen) for write in writes)


def _tests_of(region: int, seen: Insight) -> Iterator[Value]:
    for index in seen.file.regions_of(region):
        here = seen.file.facts.regions[index]
        if here.kind in _BRANCHES and here.test is not None:
            yield here.test


def _tests_before(call: Call, seen: Insight) -> Iterator[Value]:
    """`if (!this.owns) return;` above the call."""
    for exit_ in seen.file.exits_of.get(call.function, ()):
        if exit_.kind is ExitKind.RETURN and exit_.extent[1] <= call.extent[0]:
            yield from _tests_of(exit_.region, seen)


def _asks_whose(test: Value, target: Value, seen: Insight) -> bool:
    """Whether a test asks if the target is an own one."""
    own = seen.flow.canonical(target)
    asked = [inner for inner in inner_values(test) if isinstance(inner, Place) and seen.flow.canonical(inner) != own]
    brought = {value for value in _values(target, seen) if isinstance(value, Place)}
    for place in asked:
        known = seen.file.resolve(place)
        if known in brought or seen.words.any_of("ownership", words_of(seen.file.name_of(place).rsplit(".", 1)[-1])):
            return True
        if any(_tells_whose(write, target, brought, seen) for write in seen.file.writes_at.get(known, ())):
            return True
    return False


def _tells_whose(write: Write, target: Value, brought: set[Place], seen: Insight) -> bool:
    """`this.owns = !options.server`, or a flag that is set where the own one is made."""
    mentioned = {seen.file.resolve(inner) for inner in inner_values(write.value) if isinstance(inner, Place)}
    return bool(mentioned & brought) or _is_beside_the_making(write, target, seen)


def _is_beside_the_making(write: Write, target: Value, seen: Insight) -> bool:
    """Whether a write stands in the branch in which the own one is made."""
    if seen.file.facts.regions[write.region].kind not in _BRANCHES:
        return False
    return any(
        made.region == write.region and seen.file.call_of(made.value) is not None for made in _writes(target, seen)
    )


def _writes(target: Value, seen: Insight) -> tuple[Write, ...]:
    place = seen.flow.canonical(target)
    return tuple(seen.file.writes_at.get(place, ())) if place is not None else ()


def _values(target: Value, seen: Insight) -> Iterator[Value]:
    """All that a target may be, one by one, as it is known in the end."""
    for write in _writes(target, seen):
        value = unwrapped(write.value)
        parts = value.parts if isinstance(value, Compound) and value.operator == "choice" else (value,)
        for part in parts:
            if isinstance(part, Place):
                yield seen.file.resolve(part)
