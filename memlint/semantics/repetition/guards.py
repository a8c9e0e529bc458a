"""What lets a line run once: a flag that is set beside it, a variable that is filled when it is empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from memlint.model.facts import MODULE, Call, FunctionKind, Region, RegionKind, Write
from memlint.model.value import Compound, Constant, Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.value.values import inner_values, unwrapped

_EQUAL = frozenset({"==", "===", "is"})
_DIFFERENT = frozenset({"!=", "!==", "is not"})
_Empties = Callable[[Value | None], bool]
_IF_EMPTY = frozenset({"??=", "||="})


class Guards:
    """Answers for one file."""

    def __init__(self, file: File) -> None:
        self.file = file

    @cached_property
    def _tested_in(self) -> dict[int, list[Region]]:
        """Regions that are entered under a test, by function."""
        found: dict[int, list[Region]] = defaultdict(list)
        for region in self.file.facts.regions:
            if region.test is not None and region.kind in (RegionKind.THEN, RegionKind.ELSE):
                found[region.function].append(region)
        return found

    def of(self, call: Call) -> Place | None:
        """The place that must be empty for a call to run, is filled beside it, and is emptied nowhere.

        `if (!ready) { ready = true; … }`, `if (server) return; server = …`, `timer ??= setInterval(…)`.
        """
        filled = self._filled_by(call)
        if filled is not None and self._stays_filled(filled, _empties):
            return filled
        around = set(self.file.regions_of(call.region))
        for region in self._tested_in.get(call.function, ()):
            if region.extent[0] > call.extent[0]:
                continue
            enters = region.index in around
            if not enters and not self.file.exits_at[region.index]:
                continue
            wanted = enters == (region.kind is RegionKind.THEN)
            by_kind = {self.file.resolve(place) for place in _asked_by_kind(region.test)}
            for place in asked(region.test, is_empty=wanted):
                known = self.file.resolve(place)
                empties = _is_nothing if known in by_kind else _empties
                if (
                    "[]" not in known.path
                    and self._is_filled_in(known, call.function, empties)
                    and self._stays_filled(known, empties)
                ):
                    return known
        return None

    def _filled_by(self, call: Call) -> Place | None:
        """`timer ??= setInterval(…)`."""
        place = call.fate.place
        if place is None or "[]" in place.path:
            return None
        for write in self.file.writes_at.get(place, ()):
            if write.operator in _IF_EMPTY and self.file.call_of(write.value) == call:
                return self.file.resolve(place)
        return None

    def _is_filled_in(self, place: Place, function: int, empties: _Empties) -> bool:
        return any(write.function == function and not empties(write.value) for write in self._writes(place))

    def _stays_filled(self, place: Place, empties: _Empties) -> bool:
        """Whether nothing empties the place again, but for what gives it its first value."""
        return not any(
            empties(write.value) and not self._is_first(write.function, write.operator)
            for write in self._writes(place)
            if write.value is not None or write.operator == "delete"
        )

    @cached_property
    def _written(self) -> dict[Place, list[Write]]:
        """Writes by the place that they mean: `self.ready` is `this.ready`."""
        found: dict[Place, list[Write]] = defaultdict(list)
        for write in self.file.facts.writes:
            found[self.file.resolve(write.place)].append(write)
        return found

    def _writes(self, place: Place) -> list[Write]:
        return self._written.get(place, [])

    def _is_first(self, function: int, operator: str) -> bool:
        return (
            function == MODULE
            or operator in ("declare", "field")
            or self.file.facts.functions[function].kind is FunctionKind.CONSTRUCTOR
        )


def _empties(value: Value | None) -> bool:
    value = unwrapped(value)
    return value is None or (isinstance(value, Constant) and not value.value) or _is_undefined(value)


def _is_nothing(value: Value | None) -> bool:
    value = unwrapped(value)
    return value is None or value == Constant(None) or _is_undefined(value)


def _is_undefined(value: Value | None) -> bool:
    return value == Place(Root.GLOBAL, "undefined")


def asked(test: Value | None, *, is_empty: bool) -> list[Place]:
    """The places of which a test, when it holds, says that they are empty (or filled)."""
    test = unwrapped(test)
    if isinstance(test, Place):
        return [] if is_empty else [test]
    if not isinstance(test, Compound):
        return []
    if test.operator == "not":
        return asked(test.parts[0], is_empty=not is_empty)
    if test.operator in _EQUAL | _DIFFERENT and len(test.parts) == 2:
        return _compared(test, is_empty=is_empty)
    if test.operator in ("&&", "choice", "and", "or"):
        return [place for part in test.parts for place in asked(part, is_empty=is_empty)]
    return []


def _asked_by_kind(test: Value | None) -> list[Place]:
    """The places that a test compares with `null`, or asks for their type: `false` is a value for it."""
    found = []
    for inner in inner_values(test):
        if isinstance(inner, Compound) and inner.operator in _EQUAL | _DIFFERENT and len(inner.parts) == 2:
            for one, other in (inner.parts, reversed(inner.parts)):
                is_type = isinstance(one, Compound) and one.operator == "typeof"
                place = one.parts[0] if isinstance(one, Compound) and is_type else one
                if isinstance(place, Place) and (is_type or _is_nothing(other)):
                    found.append(place)
    return found


def _compared(test: Compound, *, is_empty: bool) -> list[Place]:
    """`timer === null`, `ready == true`, `typeof server !== "undefined"`."""
    one, other = test.parts
    if isinstance(one, Constant) or _is_undefined(one):
        one, other = other, one
    if isinstance(one, Compound) and one.operator == "typeof":
        one, says_empty = one.parts[0], other == Constant("undefined")
    else:
        says_empty = _empties(other)
    if not isinstance(one, Place) or not (isinstance(other, Constant) or _is_undefined(other)):
        return []
    same = test.operator in _EQUAL
    return [one] if (says_empty == same) == is_empty else []
