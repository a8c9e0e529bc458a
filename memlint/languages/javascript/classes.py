"""Classes: their methods, fields and static blocks."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from memlint.languages.javascript.functions import FUNCTIONS, function
from memlint.languages.javascript.kinds import BINDING, GLOBAL, KEPT, SELF
from memlint.languages.javascript.lowering import OTHER, REMARKS, UNKNOWN, Lowering
from memlint.languages.javascript.objects import method_kind
from memlint.languages.javascript.patterns import key_name
from memlint.languages.javascript.scopes import Scope
from memlint.languages.javascript.tables import OpenUnit
from memlint.model.facts import Fate, Function, FunctionKind, RegionKind, UnitKind, Write
from memlint.model.value import Closure, Compound, Constant, Place, Value

_FIELDS = frozenset({"field_definition", "public_field_definition"})


def class_declaration(low: Lowering, node: Node) -> None:
    index = low.binding_at(node.child_by_field_name("name"))
    value = _class(low, node, OTHER, index)
    if index is not None:
        low.tables.bindings[index].value = value


def class_value(low: Lowering, node: Node, fate: Fate) -> Value:
    """A class that is a value: `const A = class B {}` belongs to `A`, and is called `B` inside."""
    place = fate.place
    index = int(place.key) if place is not None and place.root is BINDING and not place.path else None
    own_name = node.child_by_field_name("name")
    if own_name is None:
        return _class(low, node, fate, index)
    outer = low.scope
    low.scope = outer.block()
    inner = low.declare(own_name, "class")
    value = _class(low, node, fate, index if index is not None else inner)
    low.tables.bindings[inner].value = value
    low.scope = outer
    return value


def _class(low: Lowering, node: Node, fate: Fate, binding: int | None) -> Value:
    tables = low.tables
    own_name = node.child_by_field_name("name")
    name = low.text(own_name) if own_name is not None else tables.bindings[binding].name if binding is not None else ""
    unit = tables.unit(UnitKind.CLASS, name, node.byte_range, low.function, binding if binding is not None else -1)
    unit.fate = fate
    itself = Place(BINDING, binding) if binding is not None else Place(GLOBAL, name or "class")
    if binding is not None:
        tables.units_by_owner[itself] = unit
    _decorators(low, node.named_children)
    for child in node.named_children:
        if child.type == "class_heritage":
            unit.base = _base(low, child)
    body = node.child_by_field_name("body")
    if body is not None:
        outer = low.receiver
        _members(low, body, unit, itself)
        low.receiver = outer
    return Compound("class", (Constant(float(unit.index)),))


def _decorators(low: Lowering, nodes: Iterable[Node]) -> list[Value]:
    return [
        low.expression(inner, OTHER)
        for node in nodes
        if node.type == "decorator"
        for inner in node.named_children
        if inner.type not in REMARKS
    ]


def _base(low: Lowering, heritage: Node) -> Value:
    for child in heritage.named_children:
        if child.type == "extends_clause":
            return low.expression(child.child_by_field_name("value"), OTHER)
        if child.type != "implements_clause" and child.type not in REMARKS:
            return low.expression(child, OTHER)
    return UNKNOWN


def _members(low: Lowering, body: Node, unit: OpenUnit, itself: Place) -> None:
    """The members in order; instance fields last, in a constructor of their own."""
    instance = Place(SELF, unit.index)
    fields: list[Node] = []
    pending: list[Value] = []  # TypeScript: a method's decorators stand before it, as members of the class
    for child in body.named_children:
        kind = child.type
        is_static, is_private = _modifiers(low, child)
        low.receiver = itself if is_static else instance
        if is_private:
            unit.private.add(low.text(_name_node(child)))
        if kind == "decorator":
            pending += _decorators(low, [child])
        elif kind == "method_definition":
            _method(low, child, unit, low.receiver, (*pending, *_decorators(low, child.named_children)), is_static)
            pending = []
        elif kind in _FIELDS and is_static:
            _field(low, child, unit, itself, "static field")
        elif kind in _FIELDS:
            fields.append(child)
        elif kind == "class_static_block":
            low.receiver = itself
            _static_block(low, child)
    if any(field.child_by_field_name("value") is not None for field in fields):
        low.receiver = instance
        _instance_fields(low, fields, body, unit)


def _modifiers(low: Lowering, node: Node) -> tuple[bool, bool]:
    """Whether a member is static, and whether the language keeps it from others; both stand before its value."""
    is_static = is_private = False
    for child in node.children:
        kind = child.type
        if kind in ("static", "static get"):
            is_static = True
        elif kind == "private_property_identifier":
            is_private = True
        elif kind == "accessibility_modifier":
            is_private = low.text(child) == "private"
        elif kind in ("formal_parameters", "=", "class_body"):
            break
    return is_static, is_private


def _name_node(node: Node) -> Node | None:
    return node.child_by_field_name("property") or node.child_by_field_name("name")


def _method(
    low: Lowering, node: Node, unit: OpenUnit, receiver: Place, decorators: tuple[Value, ...], is_static: bool
) -> None:
    name = key_name(low, node.child_by_field_name("name"))
    fate = Fate(KEPT, Place(receiver.root, receiver.key, (*receiver.path, name)))
    method = function(
        low,
        node,
        fate,
        name=name,
        kind=method_kind(node, name),
        receiver=receiver,
        is_static=is_static,
        decorators=decorators,
    )
    unit.methods.append((name, method.function))


def _static_block(low: Lowering, node: Node) -> None:
    inner = node.child_by_field_name("body")
    if inner is not None:
        low.block(inner.named_children, RegionKind.BODY, inner.byte_range)


def _instance_fields(low: Lowering, fields: list[Node], body: Node, unit: OpenUnit) -> None:
    """Field initialisers run in a constructor of their own, once per instance (ECMA-262, 15.7.10)."""
    tables = low.tables
    index = len(tables.functions)
    at = body.byte_range
    region = tables.region(RegionKind.BODY, -1, index, at)
    tables.functions.append(
        Function(
            index,
            "constructor",
            FunctionKind.CONSTRUCTOR,
            at,
            low.function,
            unit.index,
            low.region,
            region,
            OTHER,
        )
    )
    outer = (low.function, low.region, low.scope)
    low.function, low.region, low.scope = index, region, Scope(low.scope, index)
    for field in fields:
        _field(low, field, unit, Place(SELF, unit.index), "field")
    low.function, low.region, low.scope = outer


def _field(low: Lowering, node: Node, unit: OpenUnit, receiver: Place, operator: str) -> None:
    _decorators(low, node.named_children)
    name = key_name(low, _name_node(node))
    value_node = node.child_by_field_name("value")
    if value_node is None:
        return
    place = Place(receiver.root, receiver.key, (*receiver.path, name))
    fate = Fate(KEPT, place)
    if value_node.type in FUNCTIONS:
        value: Value = function(low, value_node, fate, name=name, receiver=receiver)
        if isinstance(value, Closure):
            unit.methods.append((name, value.function))
    else:
        value = low.expression(value_node, fate)
    low.tables.writes.append(Write(place, value, operator, node.byte_range, low.function, low.region))
