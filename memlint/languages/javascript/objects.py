"""Object literals: records, and units if they have methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tree_sitter import Node

from memlint.languages.javascript.descriptors import KINDS, described, is_descriptor
from memlint.languages.javascript.functions import FUNCTIONS, function
from memlint.languages.javascript.kinds import ARGUMENT, RESULT, SELF
from memlint.languages.javascript.lowering import ELEMENT, Lowering, operands
from memlint.languages.javascript.patterns import key_name
from memlint.languages.javascript.receivers import label, names_unit
from memlint.languages.javascript.tables import OpenUnit
from memlint.model.facts import Fate, FunctionKind, UnitKind
from memlint.model.value import Closure, Place, Record, Value

_METHODS = "methods"
_PARTS = frozenset({_METHODS, "computed", "watch", "lifetimes"})
"""Parts of the options of a component whose functions get the same `this` as those beside them (Vue 2, `methods`;
the components of WeChat; the services of Moleculer)."""


def object_literal(low: Lowering, node: Node, fate: Fate) -> Value:
    """An object literal; with methods in it, it is a unit, and `this` in them is that unit."""
    members = operands(node)
    parts = _parts(low, members)
    own = [*members, *(each for part in parts for each in operands(part))]
    unit = _unit(low, node, fate) if any(_holds_function(low, child) for child in own) else None
    kinds = KINDS if fate.kind is ARGUMENT and is_descriptor(low, members) else {}
    return _record(low, members, unit, kinds, parts)


def _record(
    low: Lowering,
    members: Sequence[Node],
    unit: OpenUnit | None,
    kinds: Mapping[str, FunctionKind],
    parts: Sequence[Node],
) -> Record:
    receiver = Place(SELF, unit.index) if unit is not None else None
    items: list[tuple[str, Value]] = []
    for child in members:
        part = child.children[-1] if parts and child.type == "pair" else None
        if part is not None and part in parts:
            name = key_name(low, child.child_by_field_name("key"))
            value: Value = _record(low, operands(part), unit, {}, ())
        else:
            name, value = _entry(low, child, receiver, kinds)
        items.append((name, value))
        if unit is not None and isinstance(value, Closure):
            unit.methods.append((name, value.function))
    return Record(tuple(items), unit.index if unit is not None else -1)


def _parts(low: Lowering, members: Sequence[Node]) -> list[Node]:
    """The literals inside the options of a component that hold more of its methods."""
    pairs = [child for child in members if child.type == "pair" and child.children[-1].type == "object"]
    named = [(key_name(low, pair.child_by_field_name("key")), pair.children[-1]) for pair in pairs]
    if all(name != _METHODS for name, _ in named):
        return []
    return [literal for name, literal in named if name in _PARTS]


def method_kind(node: Node, name: str) -> FunctionKind:
    """How a `method_definition` is written."""
    for child in node.children:
        kind = child.type
        if kind in ("get", "static get"):  # `static get` and a line break are one token of tree-sitter-javascript
            return FunctionKind.GETTER
        if kind == "set":
            return FunctionKind.SETTER
        if kind == "formal_parameters":
            break
    return FunctionKind.CONSTRUCTOR if name == "constructor" else FunctionKind.METHOD


def _unit(low: Lowering, node: Node, fate: Fate) -> OpenUnit:
    tables, at, place = low.tables, node.byte_range, fate.place
    if place is not None and place.path and place.path[-1] == "prototype":
        owner = Place(place.root, place.key, place.path[:-1])
        return tables.unit_of(owner, label(low, owner), at, low.function, UnitKind.PROTOTYPE)
    if place is not None and place.root is not RESULT and names_unit(place):
        name = place.path[-1] if place.path else label(low, place)
        unit = tables.unit_of(place, name, at, low.function, UnitKind.OBJECT)
    else:
        unit = tables.unit(UnitKind.OBJECT, "", at, low.function)
    unit.fate = fate
    return unit


def _holds_function(low: Lowering, child: Node) -> bool:
    if child.type == "method_definition":
        return True
    return child.type == "pair" and (child.children[-1].type in FUNCTIONS or described(low, child) is not None)


def _entry(low: Lowering, child: Node, receiver: Place | None, kinds: Mapping[str, FunctionKind]) -> tuple[str, Value]:
    kind = child.type
    if kind == "pair":
        name = key_name(low, child.child_by_field_name("key"))
        value = child.child_by_field_name("value")
        if value is not None and value.type in FUNCTIONS:
            return name, function(low, value, ELEMENT, name=name, kind=kinds.get(name), receiver=receiver)
        member = described(low, child)
        if member is not None:
            return name, function(low, member[0], ELEMENT, name=name, kind=member[1], receiver=receiver)
        return name, low.expression(value, ELEMENT)
    if kind == "shorthand_property_identifier":
        return low.text(child), low.place_of(child)
    if kind == "method_definition":
        name = key_name(low, child.child_by_field_name("name"))
        return name, function(low, child, ELEMENT, name=name, kind=method_kind(child, name), receiver=receiver)
    return "[]", low.expression(child, ELEMENT)
