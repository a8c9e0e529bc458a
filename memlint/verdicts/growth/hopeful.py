"""Entries that wait for the good end of a connection, which does not come when the other side goes away."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import Call, FateKind, Write
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.names import words_of
from memlint.verdicts.growth.pruned import Pruning


def hopeful(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """`response.on('finish', () => active.delete(id))`: 'close' comes always, 'finish' only when all is well."""
    drains = [drain for drain in collection.drains if not seen.bounds.empties(drain, collection)]
    if collection.hold < Hold.INSTANCE or not drains or collection.inner_drains:
        return None
    listening = [_listening(drain, seen) for drain in drains]
    calls = [call for call in listening if call is not None]
    if len(calls) < len(drains) or not all(_is_of_good_end(call, seen) for call in calls):
        return None
    why = "it is taken out when all goes well, and not when the connection breaks"
    return Pruning(collection, feed, why, tuple(drains), "does not come when the other side goes away")


def _listening(drain: Call | Write, seen: Insight) -> Call | None:
    """The registration of the listener in which something is taken out."""
    for function in seen.file.enclosing(drain.function):
        if function.fate.kind is FateKind.ARGUMENT and function.fate.call >= 0:
            call = seen.file.facts.calls[function.fate.call]
            if call.name in seen.words["listening for an event"]:
                return call
    return None


def _is_of_good_end(call: Call, seen: Insight) -> bool:
    event = seen.file.constant(call.arguments[0]) if call.arguments else None
    if event is None or event.value not in seen.words["good ends"] or call.receiver is None:
        return False
    words = words_of(seen.file.name_of(call.receiver).rsplit(".", 1)[-1])
    return seen.words.any_of("ends of a line", words[-1:])
