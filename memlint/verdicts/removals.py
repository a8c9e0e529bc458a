"""Removals that cannot work: what an acquisition lacks although somebody tried."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime, NearMiss
from memlint.model.facts import Call, Compound, FateKind, Place, Root, Value
from memlint.model.resource import Holder
from memlint.semantics.file import unwrapped
from memlint.semantics.frequency import Rate
from memlint.semantics.identity import are_other_targets, is_fresh
from memlint.semantics.sameness import Sames


def faults(seen: Insight) -> tuple[tuple[Lifetime, Call, str], ...]:
    """The acquisitions that somebody tried to end in vain: the call that was meant to, and why it cannot."""
    found = ((life, _fault_of(life, seen)) for life in seen.lifetimes)
    return tuple((life, *fault) for life, fault in found if fault is not None)


def _fault_of(life: Lifetime, seen: Insight) -> tuple[Call, str] | None:
    if life.ends or life.resource.fires_once or life.origin.holder is Holder.CALL:
        return None
    if life.frequency.rate is Rate.ONCE and not seen.near_misses(life):
        return None
    for miss in seen.near_misses(life):
        why = _why(miss, life, seen)
        if why:
            return miss.call, why
    return _added_again(life, seen)


def _why(miss: NearMiss, life: Lifetime, seen: Insight) -> str:
    file = seen.file
    released = _filled(miss)
    if miss.hole == "$handler":
        fresh = is_fresh(file, released)
        if fresh:
            return f"it is given a function made anew ({fresh}), which was never added"
        if is_fresh(file, life.holes.get("$handler")) and _never_added(released, seen):
            return f"`{file.name_of(released)}` was never added; a function made anew was"
        if _never_added(released, seen) and file.function_at(released) is not None:
            return f"`{file.name_of(released)}` was never added"
        return ""
    if miss.hole == "$event":
        return f"it is for {file.name_of(released)}, and was added for {file.name_of(life.holes['$event'])}"
    if miss.hole == "$target":
        if file.name_of(released) == file.name_of(life.holes["$target"]) and "(" not in file.name_of(released):
            return ""
        if not are_other_targets(life.holes["$target"], released, seen.file, seen.flow):
            return ""
        return f"it is asked of `{file.name_of(released)}`, and was added to `{file.name_of(life.holes['$target'])}`"
    if miss.hole == "$options":
        return "it has another capture flag than the one it was added with"
    if miss.hole == life.shape.result:
        return _wrong_handle(released, life, seen)
    return ""


def _filled(miss: NearMiss) -> Value:
    """What the release gave for the hole that differs."""
    if miss.shape.receiver == miss.hole and miss.call.receiver is not None:
        return miss.call.receiver
    position = miss.shape.arguments.index(miss.hole) if miss.hole in miss.shape.arguments else -1
    if 0 <= position < len(miss.call.arguments):
        return miss.call.arguments[position]
    return Compound("other", ())


def _never_added(released: Value, seen: Insight) -> bool:
    """No acquisition of the file was given this function."""
    return next(seen.once(_by_handler).of(released), None) is None


def _by_handler(seen: Insight) -> Sames[Lifetime]:
    handled = ((life.holes["$handler"], life) for life in seen.lifetimes if "$handler" in life.holes)
    return Sames(handled, seen.flow)


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


def _added_again(life: Lifetime, seen: Insight) -> tuple[Call, str] | None:
    """A teardown that adds the very same listener once more."""
    name = seen.file.facts.functions[life.call.function].name
    if life.shape.result or seen.vocabulary.ends(name) or is_fresh(seen.file, life.holes.get("$handler")):
        return None
    for other in seen.once(_added_at_an_end).of(life.holes.get("$handler")):
        if other is life or other.resource is not life.resource or other.call.function == life.call.function:
            continue
        if all(seen.flow.same(life.holes.get(name), other.holes.get(name)) for name in ("$target", "$event")):
            function = seen.file.facts.functions[other.call.function]
            return other.call, f"`{other.call.name}` adds it once more, in {function.name}()"
    return None


def _added_at_an_end(seen: Insight) -> Sames[Lifetime]:
    """What teardowns acquire, by the handler."""
    functions = seen.file.facts.functions
    late = (life for life in seen.lifetimes if seen.vocabulary.ends(functions[life.call.function].name))
    return Sames(((life.holes.get("$handler"), life) for life in late), seen.flow)


def undone_badly(seen: Insight) -> frozenset[int]:
    """The acquisitions that somebody tried to end in vain, and the calls that tried: another card speaks of them."""
    found = seen.once(faults)
    return frozenset({life.call.index for life, _, _ in found} | {call.index for _, call, _ in found})
