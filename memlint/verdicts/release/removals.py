"""Removals that cannot work: what an acquisition lacks although somebody tried."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime, NearMiss
from memlint.model.facts import MODULE, Call, FateKind
from memlint.model.resource import Holder
from memlint.model.value import Compound, Place, Root, Value
from memlint.semantics.repetition.events import covers
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.identity import are_other_targets, is_fresh
from memlint.semantics.value.sameness import Sames
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.release.mistaken import mistaken
from memlint.verdicts.release.mixed_up import is_given_its_input


def faults(seen: Insight) -> tuple[tuple[Lifetime, Call, str], ...]:
    """The acquisitions that somebody tried to end in vain: the call that was meant to, and why it cannot."""
    found = ((life, _fault_of(life, seen)) for life in seen.lifetimes)
    return (*((life, *fault) for life, fault in found if fault is not None), *mistaken(seen))


def _fault_of(life: Lifetime, seen: Insight) -> tuple[Call, str] | None:
    if life.ends:
        return _too_early(life, seen)
    if life.resource.fires_once and life.resource.holder != "process":
        return None
    for miss in seen.near_misses(life):
        if _is_meant(miss, life, seen):
            return miss.call, difference(miss, life, seen)
    return None


def _too_early(life: Lifetime, seen: Insight) -> tuple[Call, str] | None:
    """`bus.off("saved", update); bus.on("saved", update);` with an `update` that this very call has made."""
    handler = life.holes.get("$handler")
    place = seen.flow.canonical(handler)
    binding = seen.file.binding(place) if place is not None and not place.path else None
    function = life.call.function
    if binding is None or binding.function != function or function == MODULE or life.frequency.rate < Rate.CALL:
        return None
    if binding.kind != "function" and not is_fresh(seen.file, binding.value):
        return None
    early = all(
        "$handler" in end.shape.arguments
        and end.call.function == function
        and end.call.extent[1] <= life.call.extent[0]
        and not seen.file.in_loop(end.call.region, function)
        for end in life.ends
    )
    name = seen.file.name_of(handler)
    return (life.ends[0].call, f"each call makes a `{name}` of its own, which is added only later") if early else None


def difference(miss: NearMiss, life: Lifetime, seen: Insight) -> str:
    """Why a release does not end this acquisition, in a phrase."""
    name_of, released = seen.file.name_of, miss.released
    acquired = life.holes.get(miss.hole)
    if seen.releases.is_emptied_before(miss.call, released):
        return f"`{name_of(released)}` has been emptied just before"
    if miss.hole == "$handler":
        fresh = is_fresh(seen.file, released)
        if fresh:
            return f"it is given a function made anew ({fresh}), which was never added"
        if is_fresh(seen.file, acquired):
            return f"`{name_of(released)}` was never added; a function made anew was"
        if _never_added(released, seen):
            return f"`{name_of(released)}` was never added"
        return f"it is given another function, `{name_of(released)}` instead of `{name_of(acquired)}`"
    if miss.hole == "$event":
        return f"it is for {name_of(released)}, and was added for {name_of(acquired)}"
    if miss.hole == "$target":
        return f"it is asked of `{name_of(released)}`, and was added to `{name_of(acquired)}`"
    if miss.hole == "$options":
        return "it has another capture flag than the one it was added with"
    if is_given_its_input(miss, life, seen):
        return f"`{name_of(released)}` is what it was made of, not what was made"
    if miss.hole == life.shape.result:
        return _wrong_handle(released, life, seen) or f"`{name_of(released)}` is another handle"
    return "it is of something else"


def _is_meant(miss: NearMiss, life: Lifetime, seen: Insight) -> bool:
    """Whether a near miss was surely meant for this acquisition: nothing else in the file fits it."""
    file, released = seen.file, miss.released
    if seen.releases.is_emptied_before(miss.call, released):
        return True
    if miss.hole == "$handler":
        return _is_meant_handler(miss, life, seen)
    if life.origin.holder is Holder.CALL:
        return False
    if miss.hole == "$target":
        acquired = life.holes["$target"]
        alike = file.name_of(released) == file.name_of(acquired) and "(" not in file.name_of(released)
        if alike or not _says_what(miss) or _is_inside(acquired, released, seen) or _may_be(acquired, released, seen):
            return False
        return are_other_targets(acquired, released, file, seen.flow)
    if is_given_its_input(miss, life, seen):
        return True
    if miss.hole == life.shape.result:
        if life.resource.holder != "process":
            return False  # `close(callback)` of something else is about something else
        is_callback = file.function_at(released) is not None
        return is_callback or (not life.resource.fires_once and bool(_wrong_handle(released, life, seen)))
    if miss.hole == "$event":
        return _says_what(miss)  # all of another event: what was added with a call is nowhere in sight
    return miss.hole == "$options"


def _is_meant_handler(miss: NearMiss, life: Lifetime, seen: Insight) -> bool:
    """Whether a removal that is given another function can have been for nothing else."""
    file, released = seen.file, miss.released
    if _is_marked(released, seen) or _is_answer(released, life, seen) or _is_added_otherwise(miss, seen):
        return False
    known = file.function_at(released) is not None
    fresh = is_fresh(file, released) or is_fresh(file, life.holes.get("$handler"))
    if life.origin.holder is Holder.CALL:
        return known and not fresh and _removes_itself(miss, seen) and _never_added(released, seen)
    if is_fresh(file, released) or ((known or fresh) and _never_added(released, seen)):
        return True
    return known and not fresh and _is_of_other_events(released, life, seen)


def _is_answer(released: Value, life: Lifetime, seen: Insight) -> bool:
    """`this.press = editor.on("press", …)`: where `on` answers with what it added, that is what is taken off."""
    place, kept = seen.flow.canonical(released), life.call.fate.place
    return place is not None and kept is not None and place == (seen.flow.canonical(kept) or kept)


def _is_added_otherwise(miss: NearMiss, seen: Insight) -> bool:
    """`player.one("play", this.begin)`: added to the very same target, by a call that no row knows."""
    place = seen.flow.canonical(miss.released)
    return place is not None and any(
        isinstance(mention.sink, Call)
        and mention.inside is None
        and mention.sink.index != miss.call.index
        and seen.file.called(mention.sink) in seen.words["adding for once"]
        and seen.flow.same(mention.sink.receiver, miss.call.receiver)
        for mention in seen.flow.mentions(place)
    )


def _may_be(added: Value, released: Value, seen: Insight) -> bool:
    """Two names of one object: `this.socket`, which a getter answers with; `this.tech`, which is `this.player.tech`."""
    one, other = seen.flow.canonical(added), seen.flow.canonical(released)
    if one is None or other is None or one.root is not Root.SELF:
        return False
    if len(one.path) != len(other.path) and one.path[-1:] == other.path[-1:]:
        return True
    unit = int(one.key)
    return any(place.path and seen.file.method(unit, place.path[0]) is not None for place in (one, other))


def _is_marked(released: Value, seen: Insight) -> bool:
    """`stop.guid = id; this.off("end", stop);`: an emitter that knows its listeners by a mark finds the one added."""
    binding = seen.file.binding(released) if isinstance(released, Place) and not released.path else None
    return binding is not None and any(
        write.place.root is Root.BINDING and write.place.key == binding.index and len(write.place.path) == 1
        for write in seen.file.writes_in.get(binding.function, ())
    )


def _says_what(miss: NearMiss) -> bool:
    """`this.removeAllListeners("data")` is about the listeners of `this`, and of nobody else."""
    return "$handler" in miss.shape.arguments and bool(miss.call.arguments)


def is_handed_on(life: Lifetime, seen: Insight) -> bool:
    """Whether what the target holds, or is held by, is asked to let go of the very same listener."""
    return "$target" in life.holes and any(
        miss.hole == "$target" and _says_what(miss) and _is_inside(life.holes["$target"], miss.released, seen)
        for miss in seen.near_misses(life)
    )


def _is_inside(added: Value, released: Value, seen: Insight) -> bool:
    """`chart.on(…)` and `chart.events.off(…)`: the one may hand on to what it holds."""
    one, other = seen.flow.canonical(added), seen.flow.canonical(released)
    if one is None or other is None or (one.root, one.key) != (other.root, other.key) or not (one.path and other.path):
        return False
    size = min(len(one.path), len(other.path))
    return one.path[:size] == other.path[:size]


def _removes_itself(miss: NearMiss, seen: Insight) -> bool:
    """`function cleanup() { request.off("close", cleanup); }`, where another function was added."""
    function = seen.file.function_at(miss.released)
    return function is not None and seen.file.contains(function, miss.call.function)


def _never_added(released: Value, seen: Insight) -> bool:
    """No acquisition of the file was given this function."""
    return next(seen.once(_by_handler).of(released), None) is None


def _is_of_other_events(released: Value, life: Lifetime, seen: Insight) -> bool:
    """`on("start", begin); on("end", finish);` and `off("start", finish)`: no `finish` was ever added for a start."""
    event = seen.file.constant(life.holes.get("$event"))
    others = [seen.file.constant(other.holes.get("$event")) for other in seen.once(_by_handler).of(released)]
    return event is not None and all(
        other is not None and not covers(str(event.value), str(other.value)) for other in others
    )


def _by_handler(seen: Insight) -> Sames[Lifetime]:
    lives = [(life.holes["$handler"], life) for life in seen.lifetimes if "$handler" in life.holes]
    return Sames(((part, life) for handler, life in lives for part in _alternatives(handler, seen)), seen.flow)


def _alternatives(handler: Value, seen: Insight) -> Iterator[Value]:
    """The handler, and each of the functions that it may be: `let heard = this.heard; if (weak) heard = () => …`."""
    yield handler
    place = unwrapped(handler)
    binding = seen.file.binding(place) if isinstance(place, Place) and not place.path else None
    writes = seen.file.writes_at.get(Place(Root.BINDING, binding.index), ()) if binding is not None else ()
    for value in (unwrapped(write.value) for write in writes):
        parts = value.parts if isinstance(value, Compound) and value.operator == "choice" else (value,)
        yield from (part for part in parts if isinstance(part, Place))


def _wrong_handle(released: Value, life: Lifetime, seen: Insight) -> str:
    """`clearInterval(callback)`, or of a place that no timer is ever kept in."""
    file = seen.file
    if file.function_at(released) is not None:
        return f"`{file.name_of(released)}` is the callback, not the handle"
    place = seen.flow.canonical(released)
    kept = life.call.fate.place
    if place is None or kept is None or life.call.fate.kind is not FateKind.KEPT:
        return ""
    kept = seen.flow.canonical(kept) or kept
    if "[]" in place.path + kept.path:
        return ""  # `const state = states.get(this)`: it may be the very one that the handle is kept in
    if place.root is not kept.root or (place.root is Root.BINDING and len(place.path) != len(kept.path)):
        return ""
    if place.root is Root.SELF and place.key != kept.key:
        return ""
    values = [write.value for write in file.writes_at.get(place, ()) if write.value is not None]
    if place.root is Root.BINDING:
        binding = file.facts.bindings[int(place.key)]
        holder = file.binding(kept)
        if binding.kind in ("parameter", "import", "catch", "class", "function") or holder is None:
            return ""
        if not file.contains(holder.function, binding.function):
            return ""
    holds_other = any(isinstance(unwrapped(value), Place) or isinstance(value, Compound) for value in values)
    if holds_other:
        return ""
    return f"`{file.name_of(released)}` never holds the handle; `{file.name_of(kept)}` does"


def added_again(seen: Insight) -> tuple[tuple[Call, Call, str], ...]:
    """Teardowns that add the very same listener once more: the first call, the second, and why that removes nothing."""
    return tuple(_find_added_again(seen))


def _find_added_again(seen: Insight) -> Iterator[tuple[Call, Call, str]]:
    for name in sorted(seen.words["registering a listener"]):
        calls = [call for call in seen.file.calls_named.get(name, ()) if _adds_what_is_kept(call, seen)]
        late = [call for call in calls if _is_in_a_teardown(call, seen)]
        if not late:
            continue
        early = Sames(((call.arguments[-1], call) for call in calls if call not in late), seen.flow)
        for again in late:
            first = next((call for call in early.of(again.arguments[-1]) if _is_same(call, again, seen)), None)
            if first is not None and first.function != again.function:
                function = seen.file.facts.functions[again.function].name
                yield first, again, f"`{name}` adds it once more, in {function}()"


def _is_in_a_teardown(call: Call, seen: Insight) -> bool:
    return seen.vocabulary.ends(seen.file.facts.functions[call.function].name)


def _adds_what_is_kept(call: Call, seen: Insight) -> bool:
    """`bus.on("saved", this.update)`: with a function that is there before and after."""
    last = call.arguments[-1] if len(call.arguments) > 1 else None
    is_place = isinstance(last, Place) and not is_fresh(seen.file, last) and seen.file.constant(last) is None
    return is_place and seen.file.name_of(last).split(".")[-1] not in seen.words["functions that do nothing"]


def _is_same(call: Call, other: Call, seen: Insight) -> bool:
    return (
        len(call.arguments) == len(other.arguments)
        and seen.flow.same(call.receiver, other.receiver)
        and all(seen.flow.same(one, two) for one, two in zip(call.arguments, other.arguments, strict=True))
    )


def undone_badly(seen: Insight) -> frozenset[int]:
    """The acquisitions that somebody tried to end in vain, and the calls that tried: another card speaks of them."""
    found = {index for life, call, _ in seen.once(faults) for index in (life.call.index, call.index)}
    again = {index for one, other, _ in seen.once(added_again) for index in (one.index, other.index)}
    return frozenset(found | again)
