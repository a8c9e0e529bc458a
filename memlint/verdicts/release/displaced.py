"""One place for two handles: the next one takes the place of the one before, which nobody can end from then on.

`this.off = shop.onOpen(show); this.off = shop.onClose(show);`: whoever calls `this.off` ends the second alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, ExitKind, FateKind, Write
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root, Value
from memlint.semantics.value.values import places_in
from memlint.verdicts.verdict import Verdict

_LEAVES = frozenset({ExitKind.RETURN, ExitKind.THROW})


def judge_displaced(life: Lifetime, seen: Insight) -> Verdict | None:
    """The place that keeps the handle is given the next one by the same function, and no end stands between."""
    write = displaced_by(life.call, seen)
    if write is None or not life.frequency.sure:
        return None
    place, ends = seen.file.resolve(write.place), {end.call.index for end in life.ends}
    if any(one.root is not Root.RESULT and seen.file.resolve(one) != place for one in life.journey.places):
        return None
    if life.journey.returned or any(call.index not in ends for call in life.journey.handed):
        return None
    reason = (write.extent, "the next one takes its place")
    return Verdict(Confidence.MEDIUM, "it is replaced without ending the one before", (), ways=(reason,))


def displaced_by(call: Call, seen: Insight) -> Write | None:
    """The write by which another call's answer takes the place of this one's in the same run, unasked before."""
    place = call.fate.place
    if call.fate.kind is not FateKind.KEPT or place is None or not _is_one(place):
        return None
    later = [one for one in _writes_at(place, seen) if _follows(one, call, seen)]
    first = min(later, key=lambda write: write.extent, default=None)
    if first is None or first.operator != "=" or seen.file.call_of(first.value) is None:
        return None
    return None if _is_asked_between(place, call, first, seen) else first


def _is_one(place: Place) -> bool:
    """Whether a place holds one thing: a variable, or a field of the instance."""
    if place.root is Root.BINDING:
        return not place.path
    return place.root is Root.SELF and len(place.path) == 1 and place.path != ("[]",)


def _writes_at(place: Place, seen: Insight) -> Sequence[Write]:
    known = dict.fromkeys((place, seen.file.resolve(place)))
    return [write for one in known for write in seen.file.writes_at.get(one, ())]


def _follows(write: Write, call: Call, seen: Insight) -> bool:
    """Whether control goes on from a call to a write."""
    if write.function != call.function or write.extent[0] < call.extent[1]:
        return False
    around, there = set(seen.file.regions_of(call.region)), set(seen.file.regions_of(write.region))
    caught = {handler for tried in seen.ways.tries_around(call.region) for handler in seen.ways.catches_of(tried.index)}
    if seen.ways.are_exclusive(call.region, write.region) or not caught.isdisjoint(there):
        return False
    return not any(
        exit_.kind in _LEAVES and exit_.region in around and call.extent[1] <= exit_.extent[1] <= write.extent[0]
        for exit_ in seen.file.exits_of.get(call.function, ())
    )


def _is_asked_between(place: Place, call: Call, write: Write, seen: Insight) -> bool:
    """Whether anything between the two asks for the place, or calls what may: an end, a test, a copy."""
    wanted = {place, seen.file.resolve(place)}
    for other in seen.file.calls_in.get(call.function, ()):
        if call.extent[1] <= other.extent[1] <= write.extent[1]:
            if _mentions(wanted, (other.callee, *other.arguments), seen):
                return True
            target = seen.file.target_of(other)
            if target is not None and any(_asks(one, wanted, seen) for one in seen.reach.reached([target])):
                return True
    for region in seen.file.regions_in.get(call.function, ()):
        if call.extent[1] <= region.extent[0] <= write.extent[0] and _mentions(wanted, (region.test,), seen):
            return True
    values = (other.value for other in seen.file.writes_in.get(call.function, ()) if _is_between(other, call, write))
    return _mentions(wanted, values, seen)


def _is_between(other: Write, call: Call, write: Write) -> bool:
    return other is not write and call.extent[1] <= other.extent[1] <= write.extent[1]


def _asks(function: int, wanted: set[Place], seen: Insight) -> bool:
    calls = seen.file.calls_in.get(function, ())
    return any(_mentions(wanted, (call.callee, *call.arguments), seen) for call in calls)


def _mentions(wanted: set[Place], values: Iterator[Value | None] | Sequence[Value | None], seen: Insight) -> bool:
    """Whether one of the values is a wanted place, or a member of one."""
    known = (seen.file.resolve(place) for value in values for place in places_in(value))
    return any(
        one.root is place.root and one.key == place.key and place.path[: len(one.path)] == one.path
        for place in known
        for one in wanted
    )
