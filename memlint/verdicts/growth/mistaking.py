"""What looks as if it took an entry out and cannot: a result thrown away, another key, another function, a move."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import Call, Write
from memlint.model.value import Closure, Place, Root, Value
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.growth.pruned import Pruning


def mistaken(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """Every removal of one entry is a mistake."""
    if collection.hold < Hold.INSTANCE or collection.voids or (collection.inner_drains and not collection.useless):
        return None
    single = [drain for drain in collection.drains if not seen.bounds.empties(drain, collection)]
    wrong = [drain for drain in single if _misses(drain, collection, seen)]
    if len(wrong) < len(single) or not (wrong or collection.useless):
        return None
    near = (*collection.useless, *wrong)
    why = "what should take an entry out does not"
    return Pruning(collection, feed, why, near, "takes nothing out")


def _misses(drain: Call | Write, collection: Collection, seen: Insight) -> bool:
    """Whether a removal names what was never put in."""
    if not isinstance(drain, Call) or seen.file.called(drain) not in ("delete", "discard") or not drain.arguments:
        return False
    given = drain.arguments[0]
    return all(_is_other_key(given, feed, seen) or _is_other_function(given, feed, seen) for feed in collection.feeds)


def _is_other_key(given: Value, feed: Feed, seen: Insight) -> bool:
    """`jobs.set(job.id, job)` and `jobs.delete(job)`: the whole where a member of it is the key."""
    key, value = unwrapped(feed.key), unwrapped(feed.value)
    if not isinstance(key, Place) or not isinstance(value, Place) or not isinstance(given, Place):
        return False
    if len(key.path) <= len(value.path) or key.root is not value.root or key.key != value.key or given.path:
        return False
    put, taken = seen.file.binding(value), seen.file.binding(given)
    return put is not None and taken is not None and put.name == taken.name and not value.path


def _is_other_function(given: Value, feed: Feed, seen: Insight) -> bool:
    """`handlers.add((event) => handler(event))` and `handlers.delete(handler)`: a fresh function is its own only."""
    key = feed.key if feed.key is not None else feed.value
    return _is_fresh(key, seen) and (_is_fresh(given, seen) or _is_parameter(given, seen))


def _is_fresh(value: Value | None, seen: Insight) -> bool:
    value = unwrapped(value)
    if isinstance(value, Closure):
        return True
    if not isinstance(value, Place) or value.root is not Root.RESULT or value.path:
        return False
    return seen.file.called(seen.file.facts.calls[int(value.key)]) == "bind"


def _is_parameter(value: Value, seen: Insight) -> bool:
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    return binding is not None and binding.kind == "parameter"


def refreshed(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """`recent.delete(key); recent.set(key, page)`: what is taken out is put in again, and the oldest stays."""
    drains = [drain for drain in collection.drains if seen.running.runs(drain.function)]
    if collection.hold < Hold.SERVICE or not drains or seen.bounds.is_full_refused(collection, feed):
        return None
    if not all(is_move(drain, collection, seen) for drain in drains):
        return None
    why = "what is taken out is put in again"
    return Pruning(collection, feed, why, tuple(drains), "put in again right after")


def is_move(drain: Call | Write, collection: Collection, seen: Insight) -> bool:
    """Whether a feed of the same entry follows in the same function, on the same way."""
    if seen.bounds.is_under_size_test(drain, collection):
        return False
    taken = _taken(drain, seen)
    around = set(seen.file.regions_of(drain.region))
    return taken is not None and any(
        feed.source.function == drain.function
        and feed.source.extent[0] >= drain.extent[1]
        and feed.source.region in around
        and (put := feed.key if feed.key is not None else feed.value) is not None
        and seen.flow.same(put, taken)
        for feed in collection.feeds
    )


def _taken(drain: Call | Write, seen: Insight) -> Value | None:
    """The key or the item that a removal names: `delete(key)`, `delete table[key]`, `splice(list.indexOf(item), 1)`."""
    if isinstance(drain, Write):
        return drain.key if drain.operator == "delete" else None
    if not drain.arguments:
        return None
    if seen.file.called(drain) != "splice":
        return drain.arguments[0] if seen.file.called(drain) in ("delete", "discard", "remove") else None
    found = seen.file.call_of(drain.arguments[0])
    if found is None or seen.file.called(found) not in ("indexOf", "inArray"):
        return None
    return found.arguments[0] if found.arguments else None
