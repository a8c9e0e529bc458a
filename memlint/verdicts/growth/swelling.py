"""A list of arguments that a function captures, and makes longer each time it is called."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Binding, Call, ExitKind, FateKind, Function
from memlint.model.value import Compound, Place, Root, Value
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.growth.feeding import DRAINS, SIZES
from memlint.semantics.value.values import inner_values, unwrapped

_LENGTHENS = ("push", "unshift")


def swelling(seen: Insight) -> Iterator[tuple[Collection, Feed]]:
    """`(fn, ...given) => (...more) => { given.push(...more); return fn(...given); }`: all calls share one list.

    The list is handed on as what another function is called with, so each call means to hand on its own.
    """
    calls = [call for name in (*_LENGTHENS, "apply") for call in seen.file.calls_named[name]]
    told: set[int] = set()
    for call in sorted(calls, key=lambda one: one.extent):
        place = _lengthened(call)
        binding = seen.file.binding(place) if place is not None and not place.path else None
        if place is None or binding is None or binding.index in told:
            continue
        if _is_captured(binding, call, seen) and _is_handed_on(place, call, seen) and not _is_cut(binding, seen):
            told.add(binding.index)
            holder = f"`{binding.name}`, which the returned function keeps"
            collection = Collection(
                place, "array", binding.name, holder, binding.extent, binding.function, Hold.CLOSURE
            )
            frequency = seen.frequencies.of(call.function, call.region)
            yield collection, Feed(call, None, frequency, call.arguments[-1] if call.arguments else None)


def _lengthened(call: Call) -> Place | None:
    """The list that a call makes longer: `list.push(…)`, `list.push.apply(list, more)`, `[].push.apply(list, more)`."""
    if call.name in _LENGTHENS:
        return call.receiver
    receiver = call.receiver
    if receiver is None or receiver.path[-1:] not in {(name,) for name in _LENGTHENS} or not call.arguments:
        return None
    return call.arguments[0] if isinstance(call.arguments[0], Place) else None


def _is_captured(binding: Binding, call: Call, seen: Insight) -> bool:
    """Whether a call stands in a function that the one which binds the list gives back."""
    inner = seen.file.facts.functions[call.function]
    if binding.function != inner.parent or binding.kind == "import":
        return False
    if len(seen.file.writes_at[Place(Root.BINDING, binding.index)]) > 1:
        return False
    return _is_given_back(inner, seen)


def _is_given_back(inner: Function, seen: Insight) -> bool:
    if inner.fate.kind is FateKind.RETURNED:
        return True
    place = inner.fate.place
    return place is not None and any(
        exit_.kind is ExitKind.RETURN and unwrapped(exit_.value) == place for exit_ in seen.file.exits_of[inner.parent]
    )


def _is_handed_on(place: Place, call: Call, seen: Insight) -> bool:
    """Whether the same function calls another one with all that the list holds."""
    for other in seen.file.calls_in[call.function]:
        if other is call or _lengthened(other) is not None:
            continue
        if other.name == "apply" and other.arguments and other.arguments[-1] == place:
            return True
        if any(_is_spread_of(argument, place) for argument in other.arguments):
            return True
    return False


def _is_spread_of(value: Value, place: Place) -> bool:
    return isinstance(value, Compound) and value.operator == "spread" and value.parts[0] == place


def _is_cut(binding: Binding, seen: Insight) -> bool:
    """Whether anything takes out of the list again, or asks how long it is."""
    place = Place(Root.BINDING, binding.index)
    for function in seen.file.inside(binding.function):
        if any(call.receiver == place and call.name in DRAINS for call in seen.file.calls_in[function]):
            return True
        if any(write.place.path and _starts_at(write.place, place) for write in seen.file.writes_in[function]):
            return True
        for region in seen.file.regions_in[function]:
            if any(_asks_size(inner, place) for inner in inner_values(region.test)):
                return True
    return False


def _starts_at(place: Place, base: Place) -> bool:
    return place.root is base.root and place.key == base.key


def _asks_size(value: Value, base: Place) -> bool:
    return isinstance(value, Place) and _starts_at(value, base) and value.path[-1:] != () and value.path[-1] in SIZES
