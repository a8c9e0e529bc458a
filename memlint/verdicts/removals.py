"""Removals that cannot work: what an acquisition lacks although somebody tried."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime, NearMiss
from memlint.model.facts import Call, Compound, FateKind, Place, Root, Value
from memlint.model.resource import Holder
from memlint.semantics.file import unwrapped
from memlint.semantics.frequency import Rate
from memlint.semantics.identity import are_other_targets, is_fresh


def fault_of(life: Lifetime, seen: Insight) -> tuple[Call, str] | None:
    """The call that was meant to end this, and why it cannot; None if there is none."""
    if life.ends or life.resource.fires_once or (life.frequency.rate is Rate.ONCE and not life.near_misses):
        return None
    if life.origin.holder is Holder.CALL:
        return None
    for miss in life.near_misses:
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
    for life in seen.lifetimes:
        handler = life.holes.get("$handler")
        if handler is not None and seen.flow.same(handler, released):
            return False
    return True


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
    if life.shape.result:
        return None
    for other in seen.lifetimes:
        if other is life or other.resource is not life.resource or other.call.function == life.call.function:
            continue
        function = seen.file.facts.functions[other.call.function]
        if (
            seen.vocabulary.ends(function.name)
            and not seen.vocabulary.ends(seen.file.facts.functions[life.call.function].name)
            and all(
                seen.flow.same(life.holes.get(name), other.holes.get(name))
                for name in ("$target", "$event", "$handler")
            )
            and not is_fresh(seen.file, life.holes.get("$handler"))
        ):
            return other.call, f"`{other.call.name}` adds it once more, in {function.name}()"
    return None


def undone_badly(seen: Insight) -> frozenset[int]:
    """The acquisitions that somebody tried to end in vain, and the calls that tried: another card speaks of them."""
    found: set[int] = set()
    for life in seen.lifetimes:
        fault = fault_of(life, seen)
        if fault is not None:
            found |= {life.call.index, fault[0].index}
    return frozenset(found)
