"""A one-shot that starts anew what the end of its owner has ended: then nobody ends it any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, Function
from memlint.model.value import Constant, Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, is_empty, unwrapped
from memlint.verdicts.release.beside import Beside
from memlint.verdicts.repetition.delays import asks_first, delay_of

_NOTICED = 100
"""Milliseconds from which an owner may well have ended before it fires."""


def revives(life: Lifetime, seen: Insight, teardowns: Sequence[Function]) -> bool:
    """Whether the callback leads to an acquisition that lasts and that a teardown ends, and nothing asks in between.

    `setTimeout(() => this.beginBeat(), wait)` fires after `close()`, which has just cleared the beat.
    """
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    if kept is None:
        return False
    run = seen.reach.reached([kept])
    ended = seen.reach.reached(one.index for one in teardowns)
    if not run.isdisjoint(one.index for one in teardowns):
        return False
    return any(
        other is not life
        and other.resource.holder == life.resource.holder
        and _lasts(other, seen)
        and any(end.call.function in ended for end in other.ends)
        and not _is_asked(kept, ended, seen)
        and not _is_asked(other.call.function, ended, seen)
        for function in run - ended
        for other in seen.once(Beside).begun_in[function]
    )


def reopens(life: Lifetime, seen: Insight, teardowns: Sequence[Function]) -> bool:
    """Whether the callback leads to a new connection in the place of the one that a teardown closes.

    `setTimeout(() => this.connect(), wait)` fires after `close()`, which has just closed the socket.
    """
    delay = delay_of(life, seen)
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    if kept is None or (delay is not None and delay < _NOTICED) or _asks_why_it_closed(life, seen):
        return False
    run = seen.reach.reached([kept])
    own = seen.reach.reached([life.call.function])
    ending = [
        one.index
        for one in teardowns
        if one.index not in run | own and life.call.function not in seen.reach.reached([one.index])
    ]
    ended = seen.reach.reached(ending)
    if _is_silenced(ended, seen):
        return False
    again = {function for function in run - ended if _opens_what_is_closed(function, ended, seen)}
    return any(_is_unasked(maker, kept, run - {life.call.function}, ended, seen) for maker in again)


def _asks_why_it_closed(life: Lifetime, seen: Insight) -> bool:
    """`if (!event.wasClean) setTimeout(…)`: whoever closes in order is not opened again (RFC 6455, 7.1.4 and 7.4.1)."""
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(life.call.region))
    for values in (tuple(inner_values(region.test)) for region in regions):
        asked = {one.path[-1] for one in values if isinstance(one, Place) and one.path}
        numbered = any(isinstance(one, Constant) and isinstance(one.value, int | float) for one in values)
        if "wasClean" in asked or ("code" in asked and numbered):
            return True
    return False


def _is_silenced(ended: frozenset[int], seen: Insight) -> bool:
    """Whether an end takes the handlers off what it closes: `socket.onclose = null`, `socket.removeAllListeners()`."""
    closed = _closed_by(ended, seen)
    taken = (
        Place(write.place.root, write.place.key, write.place.path[:-1])
        for one in ended
        for write in seen.file.writes_in.get(one, ())
        if write.place.path[-1:] == ("onclose",) and write.value is not None and is_empty(write.value)
    )
    asked = (
        call.receiver
        for one in ended
        for call in seen.file.calls_in.get(one, ())
        if call.receiver is not None and seen.file.called(call) == "removeAllListeners"
    )
    return any(seen.file.resolve(place) in closed for place in (*taken, *asked))


def _opens_what_is_closed(function: int, ended: frozenset[int], seen: Insight) -> bool:
    """Whether a function opens what others close for good: `this.socket = new Socket(url)`, `this.line.connect()`."""
    closed = _closed_by(ended, seen)
    filled = (
        seen.file.resolve(write.place) in closed and _is_made(seen.file.call_of(unwrapped(write.value)), seen)
        for write in seen.file.writes_in.get(function, ())
    )
    return any(filled) or any(
        call.receiver is not None and seen.file.resolve(call.receiver) in closed and _connects(call, seen)
        for call in seen.file.calls_in.get(function, ())
    )


def _closed_by(ended: Iterable[int], seen: Insight) -> set[Place]:
    """The fields, and variables around, that functions close for good."""
    calls = (call for function in ended for call in seen.file.calls_in.get(function, ()))
    receivers = (
        seen.file.resolve(call.receiver)
        for call in calls
        if call.receiver is not None and seen.file.called(call) in seen.words["ends for good"]
    )
    return {place for place in receivers if place.root in (Root.SELF, Root.BINDING)}


def _is_made(call: Call | None, seen: Insight) -> bool:
    return call is not None and (seen.origins.makes(call) or _connects(call, seen))


def _connects(call: Call, seen: Insight) -> bool:
    return seen.words.any_of("connecting verbs", words_of(seen.file.called(call))[:1])


def _is_unasked(maker: int, kept: int, run: frozenset[int], ended: frozenset[int], seen: Insight) -> bool:
    """Whether nothing on the way to a function asks whether it comes too late; the callback may ask any field."""
    way = [one for one in run if one in (kept, maker) or maker in seen.reach.reached([one])]
    asked = (inner for region in seen.file.regions_in[kept] for inner in inner_values(region.test))
    return not any(_is_asked(one, ended, seen) for one in way) and not any(
        isinstance(inner, Place) and _is_of_the_owner(inner, seen) for inner in asked
    )


def _is_of_the_owner(place: Place, seen: Insight) -> bool:
    """A field of the owner, or what a method of it answers with."""
    call = seen.file.call_of(place) if place.root is Root.RESULT else None
    known = seen.file.resolve(call.receiver if call is not None and call.receiver is not None else place)
    return known.root is Root.SELF


def _lasts(other: Lifetime, seen: Insight) -> bool:
    """Whether it goes on by itself: an interval, or a one-shot that arms itself again."""
    if not other.resource.fires_once:
        return True
    kept = seen.file.behind(other.holes.get(other.resource.keeps))
    return kept is not None and other.call.function in seen.reach.reached([kept])


def _is_asked(function: int, ended: frozenset[int], seen: Insight) -> bool:
    """Whether a function looks first whether it comes too late: at once, or at what a teardown writes."""
    if asks_first(function, seen):
        return True
    written = {seen.file.resolve(write.place) for here in ended for write in seen.file.writes_in.get(here, ())}
    tests = (region.test for region in seen.file.regions_in[function] if region.test is not None)
    return any(
        isinstance(inner, Place) and seen.file.resolve(inner) in written
        for test in tests
        for inner in inner_values(test)
    )
