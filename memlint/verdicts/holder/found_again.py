"""Taken out of where it is kept, or made and put there: what is added past the making is added again each time.

`let socket = pool.get(host); if (!socket) { socket = connect(host); pool.set(host, socket); } socket.on("error", …)`:
who asks for the same host once more adds a second listener to the one socket.
"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, ExitKind, Function, FunctionKind, RegionKind, Write
from memlint.model.frozen import replace
from memlint.model.value import Compound, Constant, Place, Record, Root, Value
from memlint.semantics.names import words_of
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
    if seen.frequencies.guards.of(life.call) is not None:
        return False
    if not _may_run_again(life, seen) or not is_fresh(seen.file, life.holes.get("$handler")):
        return False
    place = seen.file.resolve(target)
    if place.root is Root.BINDING:
        made = _of_local(Place(place.root, place.key), life, seen) or _of_outer(place, life, seen)
    elif place.root is Root.SELF and place.path:
        made = _of_field(Place(place.root, place.key, place.path[:1]), life, seen)
    else:
        made = None
    return made is not None and not _spares_the_found(made, life, seen)


def _may_run_again(life: Lifetime, seen: Insight) -> bool:
    """Whether one instance may see it twice: `open()` is called as often as somebody wants it open, `init()` is not."""
    function = seen.file.facts.functions[life.call.function]
    if function.kind is FunctionKind.CONSTRUCTOR or life.frequency.rate < Rate.INSTANCE:
        return False
    if function.unit >= 0 and seen.file.members[function.unit].get("constructor") == function.index:
        return False
    if life.frequency.rate >= Rate.CALL:
        return True
    first = words_of(function.name)[:1]
    if function.unit < 0 or seen.words.any_of("set-up verbs", first):
        return False
    return not _is_called_at_birth(function, seen)


def _is_called_at_birth(function: Function, seen: Insight) -> bool:
    """Whether a constructor calls it: for each instance once, as it seems."""
    return any(
        around.kind is FunctionKind.CONSTRUCTOR
        for call in seen.file.callers.get(function.index, ())
        for around in seen.file.enclosing(call.function)
    )


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


def _of_outer(place: Place, life: Lifetime, seen: Insight) -> Write | None:
    """Where a variable of the function around, or of the module, is filled when it is first wanted, and by nobody else.

    `let player; return { play() { if (!player) player = new Audio(); player.addEventListener("ended", …); } }`.
    """
    binding = seen.file.binding(place)
    if binding is None or binding.function == life.call.function or binding.kind == "parameter":
        return None
    return _filled_when_wanted(Place(place.root, place.key), life, seen, alone=True)


def _of_field(place: Place, life: Lifetime, seen: Insight) -> Write | None:
    """Where a field is filled when it is first wanted, and nothing empties it again.

    What a method that begins finds filled may be what its instance was given: then it was not made by an earlier call.
    """
    return _filled_when_wanted(place, life, seen, alone=life.frequency.rate < Rate.CALL)


def _filled_when_wanted(place: Place, life: Lifetime, seen: Insight, *, alone: bool) -> Write | None:
    writes = seen.file.writes_at.get(place, ())
    emptied = (one for one in writes if _is_empty(one.value) and one.operator not in _FIRST)
    if any(not _is_in_constructor(one, seen) for one in emptied):
        return None
    filled = [one for one in writes if not _is_empty(one.value)]
    here = [one if one.function == life.call.function else _by_a_helper(one, life, seen) for one in filled]
    if alone and None in here:
        return None
    return next((one for one in here if one is not None and _is_made_if_missing(one, place, seen)), None)


def _by_a_helper(write: Write, life: Lifetime, seen: Insight) -> Write | None:
    """`if (!this.popup) this.createPopup();`: as if it were written where the helper is called."""
    calls = [one for one in seen.file.callers.get(write.function, ()) if one.function == life.call.function]
    if len(calls) != 1:
        return None
    return replace(write, extent=calls[0].extent, function=calls[0].function, region=calls[0].region)


def _is_made_if_missing(write: Write, place: Place, seen: Insight) -> bool:
    value = unwrapped(write.value)
    if isinstance(value, Compound) and value.operator == "choice":  # `this.box = this.box || make()`
        own = [_is_of(part, place, seen) for part in value.parts]
        return any(own) and any(seen.file.call_of(part) is not None for part in value.parts)
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
