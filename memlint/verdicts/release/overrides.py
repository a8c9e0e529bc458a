"""Teardowns that stand in for the one of a base class, and do not call it."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import CHILD, Insight
from memlint.model.facts import Call, Extent, Function, Unit, UnitKind
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.resource import Resource
from memlint.model.value import Place, Root
from memlint.semantics.value.values import inner_values
from memlint.verdicts.holder.owned_children import in_care


@frozen
class Override:
    """A teardown that hides the one of the base class: what that one would have given back, and where it was seen."""

    unit: Unit
    method: Function
    base: str
    holds: str
    evidence: Extent
    confidence: Confidence


def overrides(seen: Insight) -> Iterator[Override]:
    """Overrides that leave the base class's own teardown out."""
    rows = {row.acquire[0].helper: row for row in seen.resources if row.kind == CHILD}
    for unit in seen.file.facts.units:
        if unit.kind is not UnitKind.CLASS or not isinstance(unit.base, Place):
            continue
        row = rows.get(_key_of_base(unit, seen))
        found = _of_known_base(unit, row, seen) if row is not None else _of_inherited_bag(unit, seen)
        if found is not None:
            yield found


def _key_of_base(unit: Unit, seen: Insight) -> int | tuple[str, str] | None:
    """The base class as the table knows it: by its constructor in this file, or by module and name."""
    above = seen.callees.unit_at(unit.base) if isinstance(unit.base, Place) else None
    if above is None:
        return seen.callees.base_of(unit)
    return dict(above.methods).get("constructor")


def _of_known_base(unit: Unit, row: Resource, seen: Insight) -> Override | None:
    """The base class is one of the project, and its teardown gives something back."""
    ends = {shape.name for shape in row.release}
    begins = {shape.name for shape in row.started_by}
    methods = dict(unit.methods)
    if any(begin in methods and not _calls_base(methods[begin], unit, begin, seen) for begin in begins):
        return None
    if "__init__" in methods and not _calls_base(methods["__init__"], unit, "__init__", seen):
        return None
    for name in sorted(ends & methods.keys()):
        index = methods[name]
        if _calls_base(index, unit, name, seen) or _does_it_itself(index, unit, ends, seen):
            continue
        confidence = Confidence.MEDIUM if begins else Confidence.HIGH
        method = seen.file.facts.functions[index]
        return Override(unit, method, row.noun, f"what {row.noun} gives back in {name}()", unit.extent, confidence)
    return None


def _of_inherited_bag(unit: Unit, seen: Insight) -> Override | None:
    """The base class is unknown, and so is its bag; but the class hands things to it, to be ended by its teardown."""
    if seen.callees.base_of(unit) is None:
        return None
    bags = seen.lists.words["bags of a base class"]
    kept = [call for call in in_care(unit.index, seen) if _bag_of(call, seen) in bags]
    for name, index in unit.methods if kept else ():
        if name in seen.words["ends of what has a bag"] and not _calls_base(index, unit, name, seen):
            method = seen.file.facts.functions[index]
            base = seen.file.name_of(unit.base)
            return Override(unit, method, base, f"what was registered with {base}", kept[0].extent, Confidence.HIGH)
    return None


def _bag_of(call: Call, seen: Insight) -> str:
    outer = seen.file.facts.calls[call.fate.call] if call.fate.call >= 0 else None
    return seen.file.called(outer) if outer is not None else ""


def _calls_base(function: int, unit: Unit, name: str, seen: Insight) -> bool:
    """`super.stop()`, `Base.prototype.stop.call(this)`, `Base.stop(self)`, in the override or in what it calls."""
    for here in seen.reach.reached([function]):
        for call in seen.file.calls_in.get(here, ()):
            callee = call.callee
            if not isinstance(callee, Place) or name not in callee.path:
                continue
            is_base = isinstance(unit.base, Place) and (callee.root, callee.key) == (unit.base.root, unit.base.key)
            if is_base or (callee.root is Root.GLOBAL and callee.key == "super") or "prototype" in callee.path:
                return True
    return False


def _does_it_itself(function: int, unit: Unit, ends: set[str], seen: Insight) -> bool:
    """Whether an override calls another teardown of its base, or touches fields that only the base class fills."""
    own = {
        write.place.path[0]
        for write in seen.file.facts.writes
        if write.place.root is Root.SELF and write.place.path and write.place.key == unit.index
    } | {name for name, _ in unit.methods}
    for here in seen.reach.reached([function]):
        for call in seen.file.calls_in.get(here, ()):
            for value in (call.callee, *call.arguments):
                for inner in inner_values(value):
                    if isinstance(inner, Place) and inner.root is Root.SELF and inner.path[:1]:
                        if inner.path[0] not in own or (inner.path == (inner.path[0],) and inner.path[0] in ends):
                            return True
    return False
