"""What ends before the collection that keeps it: its end is listened for, or brought about, and the entry stays."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, Write
from memlint.model.value import Place, Root, Value
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.growth.keys import Number
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.growth.pruned import Pruning


def told_of_the_end(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """`this.sockets.add(socket); socket.on("close", …)`: whoever is told of its end leaves the entry where it is."""
    if collection.hold is not Hold.INSTANCE or not feed.frequency.sure or not _is_only_for_the_end(collection, seen):
        return None
    if feed.key is not None and seen.keys.number(feed.key) is Number.FEW:
        return None
    value = _put_in(feed)
    told = min(_listening(value, seen), key=lambda call: call.extent, default=None) if value is not None else None
    if told is None:
        return None
    why = "what has ended, and is known to have, stays in it"
    return Pruning(collection, feed, why, (told,), "told of its end here, and kept")


def _is_only_for_the_end(collection: Collection, seen: Insight) -> bool:
    """Whether nothing takes out of it before its owner ends: all is dropped then, and perhaps ended."""
    if collection.inner_drains or collection.voids or collection.useless:
        return False
    return all(seen.bounds.empties(drain, collection) and _is_an_end(drain, seen) for drain in collection.drains)


def _is_an_end(drain: Call | Write, seen: Insight) -> bool:
    return any(seen.vocabulary.ends_plainly(one.name) for one in seen.file.enclosing(drain.function))


def _put_in(feed: Feed) -> Place | None:
    """What a line keeps, if it is a thing with a name: the value under a key, the element of a list or a set."""
    given: Value | None = feed.value
    if given is None and isinstance(feed.source, Call) and len(feed.source.arguments) == 1:
        given = feed.source.arguments[0]
    value = unwrapped(given)
    return value if isinstance(value, Place) and value.root is Root.BINDING and not value.path else None


def _listening(value: Place, seen: Insight) -> Iterator[Call]:
    """Where somebody listens for the end of the very thing that was put in."""
    for place in {seen.flow.canonical(value), *seen.flow.journey(value).places}:
        for call in seen.flow.calls_on.get(place, ()) if place is not None else ():
            if _is_for_the_end(call, seen):
                yield call


def _is_for_the_end(call: Call, seen: Insight) -> bool:
    if seen.file.called(call) not in seen.words["listening for an event"] or len(call.arguments) < 2:
        return False
    event = seen.file.constant(call.arguments[0])
    return event is not None and event.value in seen.words["ends of a connection"]
