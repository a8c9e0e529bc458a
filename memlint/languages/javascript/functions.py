"""Functions, and the units they belong to: classes, prototypes, object literals."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.lowering import ELEMENT, OTHER, RETURNED, UNKNOWN, Lowering, extent
from memlint.languages.javascript.patterns import bind_pattern
from memlint.languages.javascript.scopes import Scope, text
from memlint.languages.javascript.tables import OpenUnit
from memlint.model.facts import (
    Closure,
    Compound,
    Constant,
    Exit,
    ExitKind,
    Fate,
    FateKind,
    Function,
    FunctionKind,
    Place,
    Record,
    RegionKind,
    Root,
    UnitKind,
    Value,
    Write,
)

_FUNCTIONS = frozenset({"function_expression", "arrow_function", "generator_function"})


def function(
    low: Lowering,
    node: Node,
    fate: Fate,
    *,
    name: str = "",
    kind: FunctionKind | None = None,
    receiver: Place | None = None,
    is_static: bool = False,
) -> Closure:
    """Lowers a function of any spelling; `receiver` is what `this` means in it, if that is known."""
    tables = low.tables
    index = len(tables.functions)
    tables.functions.append(None)
    arrow = node.type == "arrow_function"
    own_name = node.child_by_field_name("name")
    if kind is None:
        kind = FunctionKind.ARROW if arrow else FunctionKind.FUNCTION
    if not name:
        name = (
            text(own_name) if own_name is not None else (fate.place.path[-1] if fate.place and fate.place.path else "")
        )
    if not name and fate.place is not None and isinstance(fate.place.key, int) and fate.place.root is Root.BINDING:
        name = tables.bindings[fate.place.key].name
    outer = (low.function, low.region, low.scope, low.receiver, low.instance)
    written_in = low.region
    low.function = index
    low.scope = Scope(low.scope, index)
    low.region = body_region = tables.region(RegionKind.BODY, -1, index, extent(node))
    if not arrow:
        low.instance = None
        low.receiver = receiver or _receiver_by_fate(low, fate, index, name, node)
    if own_name is not None and node.type == "function_expression":
        tables.bindings[low.declare(name, "function", own_name)].value = Closure(index)
    parameters = _parameters(low, node)
    body = node.child_by_field_name("body")
    if body is not None and body.type == "statement_block":
        low.body(body)
    elif body is not None:
        value = low.expression(body, RETURNED)
        tables.exits.append(Exit(ExitKind.RETURN, value, extent(body), index, low.region))
    if low.receiver is None and low.instance is not None and low.instance[0] in tables.units_by_owner:
        low.receiver = _construct(low)
    unit = low.receiver.key if low.receiver is not None and low.receiver.root is Root.SELF else -1
    low.function, low.region, low.scope, low.receiver, low.instance = outer
    keywords = {child.type for child in node.children if not child.is_named}
    tables.functions[index] = Function(
        index,
        name,
        kind,
        extent(node),
        outer[0],
        unit if isinstance(unit, int) else -1,
        written_in,
        body_region,
        fate,
        parameters,
        "async" in keywords,
        "*" in keywords or "generator" in node.type,
        is_static,
    )
    return Closure(index)


def _parameters(low: Lowering, node: Node) -> tuple[str, ...]:
    single = node.child_by_field_name("parameter")
    listed = node.child_by_field_name("parameters")
    nodes = [single] if single is not None else listed.named_children if listed is not None else []
    names = []
    position = 0
    for outer in nodes:
        parameter = outer
        if parameter.type in ("comment", "decorator"):
            continue
        injected = parameter.child_by_field_name("pattern")
        if injected is not None:
            if injected.type == "this":
                continue
            parameter = injected
        first = len(low.tables.bindings)
        bind_pattern(low, parameter, None, (), "parameter")
        for binding in low.tables.bindings[first:]:
            if binding.kind == "parameter":
                binding.position = position
        if injected is not None and parameter.type == "identifier":
            index = low.scope.names.get(low.text(parameter))
            if index is not None and _is_object_type(low, outer):
                low.tables.bindings[index].declared = "object"
        names.append(
            low.text(parameter) if parameter.type == "identifier" else low.text(parameter.child_by_field_name("left"))
        )
        if injected is not None:
            default = outer.child_by_field_name("value")
            if default is not None:
                low.expression(default, OTHER)
            _parameter_property(low, outer, injected)
        position += 1
    return tuple(names)


def _is_object_type(low: Lowering, parameter: Node) -> bool:
    annotation = parameter.child_by_field_name("type")
    named = annotation.named_children[0] if annotation is not None and annotation.named_children else None
    return named is not None and (named.type == "object_type" or low.text(named) in low.object_types)


def _parameter_property(low: Lowering, parameter: Node, pattern: Node) -> None:
    """TypeScript: `constructor(private bus: Bus)` also writes `this.bus`."""
    marked = any(child.type in ("accessibility_modifier", "readonly") for child in parameter.children)
    if marked and low.receiver is not None and pattern.type == "identifier":
        name = low.text(pattern)
        value = low.place_of(name, pattern)
        place = Place(low.receiver.root, low.receiver.key, (*low.receiver.path, name))
        low.tables.writes.append(Write(place, value, "=", extent(pattern), low.function, low.region))


def _receiver_by_fate(low: Lowering, fate: Fate, index: int, name: str, node: Node) -> Place | None:
    """What `this` means in a function that is kept at a place: the prototype's, the object's, or its own instance."""
    place = fate.place
    if place is None or place.root is Root.RESULT:
        return None
    if not place.path:
        low.instance = (place, name, node, index)
        return _construct(low) if place in low.tables.units_by_owner else None
    owner, kind = Place(place.root, place.key, place.path[:-1]), UnitKind.OBJECT
    if owner.path and owner.path[-1] == "prototype":
        owner, kind = Place(owner.root, owner.key, owner.path[:-1]), UnitKind.PROTOTYPE
    elif owner.root is Root.SELF or not _names_unit(owner):
        return owner if owner.root is Root.SELF and not owner.path else None
    elif owner.root is Root.BINDING and low.tables.bindings[int(owner.key)].kind in ("function", "class"):
        return owner
    label = low.tables.bindings[int(owner.key)].name if owner.root is Root.BINDING else str(owner.key)
    unit = low.tables.unit_of(owner, label, extent(node), low.function, kind)
    unit.methods.append((place.path[-1], index))
    return Place(Root.SELF, unit.index)


def _construct(low: Lowering) -> Place:
    """The instance that the present function constructs: the first `this` in it makes it a constructor."""
    assert low.instance is not None  # noqa: S101 - the callers have looked
    place, label, node, index = low.instance
    unit = low.tables.unit_of(place, label, extent(node), low.function, UnitKind.PROTOTYPE)
    if ("constructor", index) not in unit.methods:
        unit.methods.append(("constructor", index))
    return Place(Root.SELF, unit.index)


def _names_unit(owner: Place) -> bool:
    if owner.root is Root.GLOBAL and owner.key in ("exports", "module"):
        return False
    return len(owner.path) <= 1 and "[]" not in owner.path


def receiver_place(low: Lowering, _node: Node) -> Value:
    """`this`, as far as it is known."""
    if low.receiver is None and low.instance is not None:
        low.receiver = _construct(low)
    return low.receiver if low.receiver is not None else Place(Root.GLOBAL, "this")


def function_declaration(low: Lowering, node: Node) -> None:
    name = node.child_by_field_name("name")
    index = low.scope.find(text(name)) if name is not None else None
    fate = Fate(FateKind.KEPT, Place(Root.BINDING, index)) if index is not None else OTHER
    if low.exporting == "default" and index is None:
        fate = Fate(FateKind.EXPORTED)
    value = function(low, node, fate)
    if index is not None and low.tables.bindings[index].value is None:
        low.tables.bindings[index].value = value


def object_literal(low: Lowering, node: Node, fate: Fate) -> Value:
    """An object literal; with methods in it, it is a unit, and `this` in them is that unit."""
    members = [child for child in node.named_children if child.type != "comment"]
    unit = _literal_unit(low, node, fate) if any(_holds_function(child) for child in members) else None
    receiver = Place(Root.SELF, unit.index) if unit is not None else None
    items: list[tuple[str, Value]] = []
    for child in members:
        name, value = _entry(low, child, receiver)
        items.append((name, value))
        if unit is not None and isinstance(value, Closure):
            unit.methods.append((name, value.function))
    return Record(tuple(items), unit.index if unit is not None else -1)


def _literal_unit(low: Lowering, node: Node, fate: Fate) -> OpenUnit:
    place = fate.place
    if place is not None and place.path and place.path[-1] == "prototype":
        owner = Place(place.root, place.key, place.path[:-1])
        label = low.tables.bindings[int(owner.key)].name if owner.root is Root.BINDING else str(owner.key)
        return low.tables.unit_of(owner, label, extent(node), low.function, UnitKind.PROTOTYPE)
    if place is not None and place.root is not Root.RESULT and _names_unit(place):
        label = low.tables.bindings[int(place.key)].name if place.root is Root.BINDING and not place.path else ""
        label = label or (place.path[-1] if place.path else str(place.key))
        unit = low.tables.unit_of(place, label, extent(node), low.function, UnitKind.OBJECT)
    else:
        unit = low.tables.unit(UnitKind.OBJECT, "", extent(node), low.function)
    unit.fate = fate
    return unit


def _holds_function(child: Node) -> bool:
    if child.type == "method_definition":
        return True
    value = child.child_by_field_name("value") if child.type == "pair" else None
    return value is not None and value.type in _FUNCTIONS


def _entry(low: Lowering, child: Node, receiver: Place | None) -> tuple[str, Value]:
    if child.type == "method_definition":
        name = _member_name(low, child.child_by_field_name("name"))
        kept = Fate(FateKind.ELEMENT)
        return name, function(low, child, kept, name=name, kind=_method_kind(child, name), receiver=receiver)
    if child.type == "pair":
        name = _member_name(low, child.child_by_field_name("key"))
        value = child.child_by_field_name("value")
        if value is not None and value.type in _FUNCTIONS:
            return name, function(low, value, ELEMENT, name=name, receiver=receiver)
        return name, low.expression(value, ELEMENT)
    if child.type == "shorthand_property_identifier":
        return low.text(child), low.place_of(low.text(child), child)
    return "[]", low.expression(child, ELEMENT)


def _member_name(low: Lowering, node: Node | None) -> str:
    """A member's name; a computed one is lowered, and named by its constant or `[Symbol.dispose]`-like text."""
    if node is None:
        return ""
    if node.type == "computed_property_name":
        value = low.expression(node.named_children[0], OTHER) if node.named_children else UNKNOWN
        if isinstance(value, Constant):
            return str(value.value)
        return low.text(node) if low.text(node).startswith("[Symbol.") else "[]"
    return low.text(node).strip("'\"")


def _method_kind(node: Node, name: str) -> FunctionKind:
    kinds = {child.type for child in node.children if not child.is_named}
    if "get" in kinds:
        return FunctionKind.GETTER
    if "set" in kinds:
        return FunctionKind.SETTER
    return FunctionKind.CONSTRUCTOR if name == "constructor" else FunctionKind.METHOD


def class_declaration(low: Lowering, node: Node) -> None:
    name = node.child_by_field_name("name")
    index = low.scope.find(text(name)) if name is not None else None
    value = _class(low, node, OTHER, index)
    if index is not None:
        low.tables.bindings[index].value = value


def class_value(low: Lowering, node: Node, fate: Fate) -> Value:
    index = (
        int(fate.place.key)
        if fate.place is not None and fate.place.root is Root.BINDING and not fate.place.path
        else None
    )
    return _class(low, node, fate, index)


def _class(low: Lowering, node: Node, fate: Fate, binding: int | None) -> Value:
    name = low.text(node.child_by_field_name("name")) or (
        low.tables.bindings[binding].name if binding is not None else ""
    )
    unit = low.tables.unit(UnitKind.CLASS, name, extent(node), low.function, binding if binding is not None else -1)
    unit.fate = fate
    if binding is not None:
        low.tables.units_by_owner[Place(Root.BINDING, binding)] = unit
    for child in node.named_children:
        if child.type == "class_heritage":
            unit.base = _base(low, child)
        elif child.type == "decorator":
            low.parts(child, "other")
    itself = Place(Root.BINDING, binding) if binding is not None else Place(Root.GLOBAL, name or "class")
    body = node.child_by_field_name("body")
    if body is not None:
        _class_body(low, body, unit, itself)
    return Compound("class", (Constant(float(unit.index)),))


def _base(low: Lowering, heritage: Node) -> Value:
    for child in heritage.named_children:
        if child.type == "extends_clause":
            return low.expression(child.child_by_field_name("value"), OTHER)
        if child.type != "implements_clause":
            return low.expression(child, OTHER)
    return UNKNOWN


def _class_body(low: Lowering, body: Node, unit: OpenUnit, itself: Place) -> None:
    outer = low.receiver
    fields: list[Node] = []
    for child in body.named_children:
        is_static = any(word.type == "static" for word in child.children)
        low.receiver = itself if is_static else Place(Root.SELF, unit.index)
        if child.type == "method_definition":
            name = _member_name(low, child.child_by_field_name("name"))
            kind = _method_kind(child, name)
            fate = Fate(FateKind.KEPT, Place(low.receiver.root, low.receiver.key, (*low.receiver.path, name)))
            method = function(low, child, fate, name=name, kind=kind, receiver=low.receiver, is_static=is_static)
            unit.methods.append((name, method.function))
        elif child.type in ("field_definition", "public_field_definition"):
            if is_static:
                _field(low, child, unit, "static field")
            else:
                fields.append(child)
        elif child.type == "class_static_block":
            inner = child.child_by_field_name("body")
            if inner is not None:
                low.block(inner.named_children, RegionKind.BODY, extent(inner))
    low.receiver = Place(Root.SELF, unit.index)
    if any(field.child_by_field_name("value") is not None for field in fields):
        _instance_fields(low, fields, body, unit)
    low.receiver = outer


def _instance_fields(low: Lowering, fields: list[Node], body: Node, unit: OpenUnit) -> None:
    """Field initialisers run in a constructor of their own, once per instance (ECMA-262, 15.7.10)."""
    tables = low.tables
    index = len(tables.functions)
    region = tables.region(RegionKind.BODY, -1, index, extent(body))
    tables.functions.append(
        Function(
            index,
            "constructor",
            FunctionKind.CONSTRUCTOR,
            extent(body),
            low.function,
            unit.index,
            low.region,
            region,
            Fate(FateKind.OTHER),
        )
    )
    outer = (low.function, low.region, low.scope)
    low.function, low.region, low.scope = index, region, Scope(low.scope, index)
    for field in fields:
        _field(low, field, unit, "field")
    low.function, low.region, low.scope = outer


def _field(low: Lowering, node: Node, unit: OpenUnit, operator: str) -> None:
    named = node.child_by_field_name("property") or node.child_by_field_name("name")
    value_node = node.child_by_field_name("value")
    name = _member_name(low, named)
    if value_node is None or low.receiver is None:
        return
    place = Place(low.receiver.root, low.receiver.key, (*low.receiver.path, name))
    fate = Fate(FateKind.KEPT, place)
    if value_node.type in _FUNCTIONS:
        value: Value = function(low, value_node, fate, name=name, receiver=low.receiver)
        if isinstance(value, Closure):
            unit.methods.append((name, value.function))
    else:
        value = low.expression(value_node, fate)
    low.tables.writes.append(Write(place, value, operator, extent(node), low.function, low.region))
