"""What is taken out in part: the verdict on collections whose removal misses a key, a sibling, or a way out."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.value import Compound, Constant, Place
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.growth.keys import Number
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.growth.answering import answered_but_kept
from memlint.verdicts.growth.forgetting import handle_forgets, remover_forgets, remover_leaves
from memlint.verdicts.growth.hopeful import hopeful
from memlint.verdicts.growth.mistaking import mistaken, refreshed
from memlint.verdicts.growth.outlived import told_of_the_end
from memlint.verdicts.growth.pruned import Pruning


def partial(seen: Insight) -> Iterator[Pruning]:
    """Every collection of a file that is pruned in part."""
    for collection in seen.collections:
        feed = seen.bounds.first_feed(collection)
        if feed is None:
            continue
        if seen.bounds.in_other_hands(collection):
            found = mistaken(collection, feed, seen) if collection.useless and not collection.drains else None
        elif collection.hold < Hold.INSTANCE:
            found = remover_leaves(collection, feed, seen)
        else:
            judged = (judge(collection, feed, seen) for judge in _JUDGES)
            found = next((one for one in judged if one is not None), None) or _sibling(collection, seen)
        if found is not None:
            yield found


def _only_inside(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """What stands under a key is emptied, and the key stays: `rooms.get(room).delete(member)`."""
    inner = [drain for drain in collection.inner_drains if seen.running.runs(drain.function)]
    if not inner or any(not seen.bounds.empties(drain, collection) for drain in collection.drains):
        return None
    if seen.bounds.is_full_refused(collection, feed):
        return None
    brief = collection.voids or collection.hold is Hold.INSTANCE
    if brief and seen.keys.number(feed.key) is not Number.MANY:
        return None  # only the keys stay, and nothing says that they are many
    why = "what is kept under a key is emptied, but the key stays"
    return Pruning(collection, feed, why, tuple(inner), "only what is under the key is taken out here")


def _on_some_ways(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """Something is taken out when all goes well, and stays when an error, a return or a rejection comes first."""
    drains = tuple(drain for drain in collection.drains if seen.running.runs(drain.function))
    if not drains or collection.hold < Hold.SERVICE or seen.bounds.bound(collection, feed):
        return None
    if any(counts_down(one, seen) for one in collection.feeds):
        return None
    why = "what takes entries out does not run on every way"
    return Pruning(collection, feed, why, drains, "taken out here, but not on every way")


def counts_down(feed: Feed, seen: Insight) -> bool:
    """`const left = users.get(key) - 1; if (left > 0) return users.set(key, left);`: others still use it."""
    value = unwrapped(feed.value)
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    known = unwrapped(binding.value) if binding is not None else value
    return isinstance(known, Compound) and known.operator == "-" and known.parts[-1:] == (Constant(1),)


def _sibling(collection: Collection, seen: Insight) -> Pruning | None:
    """Two collections are fed side by side, and only the other one is pruned."""
    if collection.drains or collection.kind == "array" or collection.place.path[-1:] == ("[]",):
        return None  # `this.tables[role]`: any of them, perhaps one that is pruned by its name
    for other in seen.collections:
        if other is collection or not _are_together(collection.place, other.place):
            continue
        prunes = tuple(
            drain
            for drain in other.drains
            if seen.running.runs(drain.function) and not seen.bounds.empties(drain, other)
        )
        pair = _fed_together(collection, other, seen) if prunes else None
        if pair is not None:
            why = f"`{other.name}` is pruned, and this is not"
            return Pruning(collection, pair, why, prunes, f"taken out of {other.name} alone")
    return None


def _are_together(one: Place, other: Place) -> bool:
    """Members of one instance or of one record, or variables."""
    return one.root is other.root and (not one.path or (one.key, one.path[:-1]) == (other.key, other.path[:-1]))


def _fed_together(one: Collection, other: Collection, seen: Insight) -> Feed | None:
    """The feed of one collection that stands beside a feed of the other, with the same key or the same value."""
    for feed in one.feeds:
        if not seen.bounds.runs_again(feed, one):
            continue
        for beside in other.feeds:
            if beside.source.function != feed.source.function or beside.source.region != feed.source.region:
                continue
            same_key = feed.key is not None and beside.key is not None and seen.flow.same(feed.key, beside.key)
            if same_key or _is_same_object(feed, beside, seen):
                return feed
    return None


def _is_same_object(feed: Feed, beside: Feed, seen: Insight) -> bool:
    one, other = feed.value, beside.value
    return isinstance(one, Place) and isinstance(other, Place) and seen.flow.same(one, other)


_JUDGES = (
    _only_inside,
    _on_some_ways,
    refreshed,
    mistaken,
    answered_but_kept,
    hopeful,
    handle_forgets,
    remover_forgets,
    remover_leaves,
    told_of_the_end,
)
"""From the common to the rare; the first that has something to say is heard."""
