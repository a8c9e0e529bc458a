"""What spares a collection an entry: a place that is free again, a count that has reached its limit."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import MODULE, Call, ExitKind, FunctionKind, Region, RegionKind, Write
from memlint.model.value import Compound, Place, Root, Value
from memlint.semantics.growth.collections import Collection, Feed
from memlint.semantics.growth.feeding import SIZES
from memlint.semantics.growth.putting import LENGTHENS
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import inner_values, unwrapped

_TAKES = frozenset({"pop", "shift"})
_BELOW = frozenset({"<", "<=", ">", ">="})
_OF_SIZE = frozenset((name,) for name in SIZES)
_FIRST = frozenset({"declare", "field"})


def uses_places_again(collection: Collection, feed: Feed, flow: Flow) -> bool:
    """`const at = free.length ? free.pop() : slots.push(null)`: it grows when no place is free, and no further.

    So it is as long as it had to be at one time; whoever is done puts the place on the list of free ones.
    """
    return any(
        free != collection.place and _is_given_back(free, feed, flow) and not _is_taken_from(free, feed, flow)
        for region in asked_before(feed, flow)
        for free in _asked_for_one(region.test, feed, flow)
    )


def is_put_back(feed: Feed, collection: Collection, flow: Flow) -> bool:
    """`const own = table[key]; table[key] = other; …; table[key] = own;`: for a moment, another one stands there."""
    element = Place(collection.place.root, collection.place.key, (*collection.place.path, "[]"))
    same = [one for one in collection.feeds if one.source.function == feed.source.function and one.key == feed.key]
    if len(same) < 2 or not isinstance(feed.source, Write):
        return False
    here = flow.file.writes_in.get(feed.source.function, ())
    taken = {write.place for write in here if write.value is not None and flow.canonical(write.value) == element}
    return any(one.value in taken and len(flow.file.writes_at.get(one.value, ())) == 1 for one in same)


def _is_taken_from(free: Place, feed: Feed, flow: Flow) -> bool:
    """`const next = queue.shift(); done.push(next)`: what was taken out goes on to here; there are no free places."""
    item = Place(free.root, free.key, (*free.path, "[]"))
    given = feed.source.arguments if isinstance(feed.source, Call) else ()
    return any(flow.canonical(inner) == item for value in (feed.value, *given) for inner in inner_values(value))


def asked_before(feed: Feed, flow: Flow) -> Iterator[Region]:
    """The tests that a feed stands under, and those that leave the function before it."""
    file = flow.file
    around = set(file.regions_of(feed.source.region))
    for region in file.regions_in.get(feed.source.function, ()):
        if region.test is None or region.kind is RegionKind.LOOP:
            continue
        leaves = region.extent[1] <= feed.source.extent[0] and any(
            exit_.kind in (ExitKind.RETURN, ExitKind.THROW) for exit_ in file.exits_at[region.index]
        )
        if region.index in around or leaves:
            yield region


def _asked_for_one(test: Value | None, feed: Feed, flow: Flow) -> Iterator[Place]:
    """The lists of free places that a test asks: for their size, or for what was just taken from them."""
    taken = {
        call.index: place
        for call in flow.file.calls_in.get(feed.source.function, ())
        if flow.file.called(call) in _TAKES and (place := flow.canonical(call.receiver)) is not None
    }
    for inner in inner_values(test) if taken else ():
        if not isinstance(inner, Place):
            continue
        if inner.path and inner.path[-1] in SIZES:
            owner = flow.canonical(Place(inner.root, inner.key, inner.path[:-1]))
            if owner is not None and owner in taken.values():
                yield owner
        binding = flow.file.binding(inner) if not inner.path else None
        made = flow.file.call_of(binding.value if binding is not None else inner)
        if made is not None and made.index in taken:
            yield taken[made.index]


def _is_given_back(free: Place, feed: Feed, flow: Flow) -> bool:
    """Whether another function puts onto the list of free ones."""
    return any(
        flow.file.called(call) in LENGTHENS and call.function != feed.source.function
        for call in flow.calls_on.get(free, ())
    )


def is_counted_off(feed: Feed, flow: Flow) -> bool:
    """`if (size < LIMIT) { lines.push(line); size += line.length; }`: a count that only this function moves.

    Whoever sets it back lets the collection grow again.
    """
    return any(
        _is_spent(inner, feed, flow)
        for region in asked_before(feed, flow)
        for inner in inner_values(region.test)
        if isinstance(inner, Compound) and inner.operator in _BELOW and len(inner.parts) == 2
    )


def _is_spent(test: Compound, feed: Feed, flow: Flow) -> bool:
    for sum_, limit in (test.parts, tuple(reversed(test.parts))):
        counts = sum_.parts if isinstance(sum_, Compound) and sum_.operator == "+" else (sum_,)
        if _is_limit(limit, flow) and any(
            isinstance(count, Place) and _only_advances(count, feed, flow) for count in counts
        ):
            return True
    return False


def _is_limit(value: Value, flow: Flow) -> bool:
    """A number, or a name that is given its value once."""
    if flow.file.constant(value) is not None:
        return True
    place = unwrapped(value)
    if not isinstance(place, Place) or place.path[-1:] in _OF_SIZE:
        return False
    return all(_is_first(write, flow) for write in flow.file.writes_at[flow.file.resolve(place)])


def _only_advances(place: Place, feed: Feed, flow: Flow) -> bool:
    """Whether a count lives longer than one call of the feeder, which alone adds to it, for each entry."""
    known = flow.file.resolve(place)
    binding = flow.file.binding(known)
    if known.root is not Root.SELF and (binding is None or known.path or binding.function == feed.source.function):
        return False
    later = [write for write in flow.file.writes_at[known] if not _is_first(write, flow)]
    around = set(flow.file.regions_of(feed.source.region))
    return any(write.function == feed.source.function and write.region in around for write in later) and all(
        write.operator in ("+=", "++") and flow.file.contains(feed.source.function, write.function) for write in later
    )


def _is_first(write: Write, flow: Flow) -> bool:
    if write.operator in _FIRST or write.function == MODULE:
        return True
    here = flow.file.facts.functions[write.function]
    makes = here.unit >= 0 and flow.file.members[here.unit].get("constructor") == here.index
    return makes or here.kind is FunctionKind.CONSTRUCTOR
