"""Taken out of where it is kept, or made and put there: what is added past the making is added again each time.

`let socket = pool.get(host); if (!socket) { socket = connect(host); pool.set(host, socket); } socket.on("error", …)`:
who asks for the same host once more adds a second listener to the one socket.
"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, ExitKind, FunctionKind, RegionKind, Write
from memlint.model.value import Compound, Constant, Place, Record, Root, Value
from memlint.semantics.repetition.guards import asked
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.identity import is_fresh
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.verdicts.release.once import is_once

_BRANCHES = frozenset({RegionKind.THEN, RegionKind.ELSE, RegionKind.CASE})
_IF_EMPTY = frozenset({"??=", "||="})
_FIRST = frozenset({"declare", "field"})


def is_found_again(life: Lifetime, seen: Insight) -> bool:
    """Whether each call adds one more of its own to what an earlier call has made and put away."""
    target = life.holes.get("$target")
    if life.ends or life.doubtful_ends or is_once(life) or not isinstance(target, Place):
        return False
    if (
        seen.file.facts.functions[life.call.function].kind is FunctionKind.CONSTRUCTOR
        or life.frequency.rate < Rate.CALL
    ):
        return False  # for each instance once: nothing was found that an earlier call had made
    if not is_fresh(seen.file, life.holes.get("$handler")):
        return False
    place = seen.file.resolve(target)
    if place.root is Root.BINDING:
        made = _of_local(Place(place.root, place.key), life, seen)
    elif place.root is Root.SELF and place.path:
        made = _of_field(Place(place.root, place.key, place.path[:1]), life, seen)
    else:
        made = None
    return made is not None and not _spares_the_found(made, life, seen)


def _of_local(place: Place, life: Lifetime, seen: Insight) -> Write | None:
    """Where a variable is filled anew, or a table for it, which else holds what a lasting table had."""
    binding = seen.file.facts.bindings[int(place.key)]
    if binding.function != life.call.function or binding.function == MODULE or binding.kind == "parameter":
        return None
    writes = [write for write in seen.file.writes_at.get(place, ()) if write.value is not None]
    if len(writes) == 1:
        return _in_an_expression(writes[0], seen)
    kept = {entry for write in writes if (entry := _entry(write.value, life, seen)) is not None}
    if kept.isdisjoint(seen.flow.journey(place).places):
        return None
    return next((write for write in writes if _is_made_if_missing(write, place, seen)), None)


def _in_an_expression(write: Write, seen: Insight) -> Write | None:
    """`this.open[name] || (this.open[name] = connect(name))`."""
    value = unwrapped(write.value)
    if not isinstance(value, Compound) or value.operator != "choice":
        return None
    kept = {seen.flow.canonical(part) for part in value.parts}
    entry = kept.pop()
    if kept or entry is None or entry.path[-1:] != ("[]",):
        return None
    return next(
        (
            inner
            for inner in seen.file.writes_at.get(entry, ())
            if write.extent[0] <= inner.extent[0] < write.extent[1] and seen.file.call_of(inner.value) is not None
        ),
        None,
    )


def _entry(value: Value | None, life: Lifetime, seen: Insight) -> Place | None:
    """The entry of a table that outlives the call, if a value is one."""
    place = seen.flow.canonical(value)
    if place is None or place.path[-1:] != ("[]",):
        return None
    binding = seen.file.binding(place)
    return place if binding is None or binding.function != life.call.function else None


def _of_field(place: Place, life: Lifetime, seen: Insight) -> Write | None:
    """Where a field is filled when it is first wanted, and nothing empties it again."""
    writes = seen.file.writes_at.get(place, ())
    for write in writes:
        if _is_empty(write.value) and write.operator not in _FIRST and not _is_in_constructor(write, seen):
            return None
    here = (write for write in writes if write.function == life.call.function)
    return next((write for write in here if _is_made_if_missing(write, place, seen)), None)


def _is_made_if_missing(write: Write, place: Place, seen: Insight) -> bool:
    if seen.file.call_of(write.value) is None and not isinstance(write.value, Record):
        return False
    if write.operator in _IF_EMPTY:
        return True
    region = seen.file.facts.regions[write.region]
    return region.kind in _BRANCHES and any(_is_of(inner, place, seen) for inner in inner_values(region.test))


def _is_of(value: Value, place: Place, seen: Insight) -> bool:
    return isinstance(value, Place) and seen.file.resolve(value) == place


def _is_empty(value: Value | None) -> bool:
    return (
        value is None or (isinstance(value, Constant) and not value.value) or value == Place(Root.GLOBAL, "undefined")
    )


def _is_in_constructor(write: Write, seen: Insight) -> bool:
    return seen.file.facts.functions[write.function].kind is FunctionKind.CONSTRUCTOR


def _spares_the_found(made: Write, life: Lifetime, seen: Insight) -> bool:
    """Whether only what was just made gets here: in the branch, behind a way out, under a flag that is set there."""
    around = set(seen.file.regions_of(life.call.region))
    branch = seen.file.facts.regions[made.region]
    if branch.kind in _BRANCHES and branch.index in around and made.operator not in _IF_EMPTY:
        return True
    left = {
        exit_.region
        for exit_ in seen.file.exits_of.get(made.function, ())
        if exit_.kind is not ExitKind.AWAIT and exit_.extent[1] <= life.call.extent[0]
    }
    flags = [write.place for write in seen.file.writes_in.get(made.function, ()) if write.region == made.region]
    return (
        any(_asks(region, made.place, seen, is_empty=True) for region in around)
        or any(_asks(region, made.place, seen, is_empty=False) for region in left)
        or any(_mentions(region, flag, seen) for region in around | left for flag in flags if flag != made.place)
    )


def _asks(region: int, place: Place, seen: Insight, *, is_empty: bool) -> bool:
    """Whether a branch is entered only if a place is empty, or only if it is filled."""
    here = seen.file.facts.regions[region]
    wanted = is_empty == (here.kind is RegionKind.THEN)
    known = seen.file.resolve(place)
    return here.kind in _BRANCHES and any(seen.file.resolve(one) == known for one in asked(here.test, is_empty=wanted))


def _mentions(region: int, place: Place, seen: Insight) -> bool:
    here = seen.file.facts.regions[region]
    return here.kind in _BRANCHES and any(
        _is_of(one, seen.file.resolve(place), seen) for one in inner_values(here.test)
    )
