"""Functions of any spelling, and their parameters."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript import receivers
from memlint.languages.javascript.kinds import BINDING, KEPT, SELF
from memlint.languages.javascript.lowering import EXPORTED, OTHER, REMARKS, RETURNED, Lowering
from memlint.languages.javascript.patterns import bind_pattern, note_default
from memlint.languages.javascript.scopes import Scope
from memlint.model.facts import Exit, ExitKind, Fate, Function, FunctionKind, RegionKind, Write
from memlint.model.value import Closure, Place, Value

FUNCTIONS = frozenset({"function_expression", "arrow_function", "generator_function"})
"""Nodes of functions that are values."""

_ARROW = FunctionKind.ARROW
_FUNCTION = FunctionKind.FUNCTION
_BODY = RegionKind.BODY
_RETURN = ExitKind.RETURN


def function_value(low: Lowering, node: Node, fate: Fate) -> Value:
    return function(low, node, fate)


def function(
    low: Lowering,
    node: Node,
    fate: Fate,
    *,
    name: str = "",
    kind: FunctionKind | None = None,
    receiver: Place | None = None,
    is_static: bool = False,
    decorators: tuple[Value, ...] = (),
) -> Closure:
    """Lowers a function; `receiver` is what `this` means in it, if that is known."""
    tables = low.tables
    index = len(tables.functions)
    tables.functions.append(None)
    is_arrow = node.type == "arrow_function"
    own_name = node.child_by_field_name("name") if not is_arrow else None
    name = name or _name(low, own_name, fate)
    outer = (low.function, low.region, low.scope, low.receiver, low.instance)
    low.function = index
    low.scope = Scope(low.scope, index)
    low.region = body_region = tables.region(_BODY, -1, index, node.byte_range)
    if own_name is not None and node.type in FUNCTIONS:
        tables.bindings[low.declare(own_name, "function")].value = Closure(index)
        low.scope = Scope(low.scope, index)
    if not is_arrow:
        low.instance = None
        low.receiver = receiver or receivers.kept_at(low, fate, index, name, node)
    parameters = _parameters(low, node)
    _body(low, node.child_by_field_name("body"))
    if low.receiver is None and low.instance is not None and low.instance[0] in tables.units_by_owner:
        low.receiver = receivers.constructed(low, low.instance)
    unit = int(low.receiver.key) if low.receiver is not None and low.receiver.root is SELF else -1
    low.function, low.region, low.scope, low.receiver, low.instance = outer
    is_async, is_generator = _marks(node)
    tables.functions[index] = Function(
        index,
        name,
        kind or (_ARROW if is_arrow else _FUNCTION),
        node.byte_range,
        low.function,
        unit,
        low.region,
        body_region,
        fate,
        parameters,
        is_async,
        is_generator,
        is_static,
        decorators,
    )
    return Closure(index)


def _name(low: Lowering, own_name: Node | None, fate: Fate) -> str:
    """A function's name: its own, or that of the place it is kept at (ECMA-262, NamedEvaluation)."""
    if own_name is not None:
        return low.text(own_name)
    place = fate.place
    if place is None:
        return ""
    if place.path:
        return place.path[-1]
    return low.tables.bindings[int(place.key)].name if place.root is BINDING else ""


def _marks(node: Node) -> tuple[bool, bool]:
    """Whether a function is `async`, and whether it is a generator; both words stand before its name or parameters."""
    is_async = is_generator = False
    for child in node.children:
        kind = child.type
        if kind == "async":
            is_async = True
        elif kind == "*":
            is_generator = True
        elif kind in ("formal_parameters", "=>"):
            break
    return is_async, is_generator


def _body(low: Lowering, body: Node | None) -> None:
    if body is None:
        return
    if body.type == "statement_block":
        low.body(body)
    else:
        value = low.expression(body, RETURNED)
        low.tables.exits.append(Exit(_RETURN, value, body.byte_range, low.function, low.region))


def _parameters(low: Lowering, node: Node) -> tuple[str, ...]:
    listed = node.child_by_field_name("parameters")
    if listed is not None:
        names: list[str] = []
        for parameter in listed.named_children:
            kind = parameter.type
            if kind in ("required_parameter", "optional_parameter"):
                _typed_parameter(low, parameter, names)
            elif kind not in REMARKS:
                names.append(_parameter(low, parameter, len(names)))
        return tuple(names)
    single = node.child_by_field_name("parameter")
    return (_parameter(low, single, 0),) if single is not None else ()


def _parameter(low: Lowering, parameter: Node, position: int) -> str:
    """Binds a parameter's names; answers its own name, empty if it is taken apart."""
    bindings = low.tables.bindings
    first = len(bindings)
    bind_pattern(low, parameter, None, "parameter")
    for binding in bindings[first:]:
        if binding.kind == "parameter" and binding.function == low.function:
            binding.position = position
    return bindings[first].name if len(bindings) > first and not bindings[first].member else ""


def _typed_parameter(low: Lowering, outer: Node, names: list[str]) -> None:
    """TypeScript: a pattern with modifiers, a type, a default."""
    pattern = outer.child_by_field_name("pattern")
    if pattern is None or pattern.type == "this":
        return
    _decorators(low, outer)
    names.append(_parameter(low, pattern, len(names)))
    if pattern.type == "identifier":
        index = low.scope.names.get(low.text(pattern))
        if index is not None:
            low.tables.bindings[index].declared = _declared(low, outer)
        _parameter_property(low, outer, pattern)
    default = outer.child_by_field_name("value")
    if default is not None:
        note_default(low, pattern, low.expression(default, OTHER))


def _decorators(low: Lowering, node: Node) -> None:
    for child in node.named_children:
        if child.type == "decorator":
            low.parts(child, "other")


_NOTHING = frozenset({"null", "undefined"})


def _declared(low: Lowering, parameter: Node) -> str:
    """The name of a parameter's type, if it is one name, or none: `Store | null`; `object` for what has no class."""
    annotation = parameter.child_by_field_name("type")
    named = annotation.named_children[0] if annotation is not None and annotation.named_children else None
    if named is not None and named.type == "union_type":
        left = [part for part in named.named_children if low.text(part) not in _NOTHING]
        named = left[0] if len(left) == 1 else None
    if named is None:
        return ""
    if named.type == "object_type" or low.text(named) in low.object_types:
        return "object"
    return low.text(named) if named.type == "type_identifier" else ""


def _parameter_property(low: Lowering, parameter: Node, pattern: Node) -> None:
    """TypeScript: `constructor(private bus: Bus)` also writes `this.bus`."""
    marks = [child for child in parameter.children if child.type in ("accessibility_modifier", "readonly")]
    if marks and low.receiver is not None:
        value = low.place_of(pattern)
        name = low.text(pattern)
        place = Place(low.receiver.root, low.receiver.key, (*low.receiver.path, name))
        if low.receiver.root is SELF and any(low.text(mark) == "private" for mark in marks):
            low.tables.units[int(low.receiver.key)].private.add(name)
        at = pattern.byte_range
        low.tables.writes.append(Write(place, value, "=", at, low.function, low.region))


def function_declaration(low: Lowering, node: Node) -> None:
    index = low.binding_at(node.child_by_field_name("name"))
    if index is None:
        function(low, node, EXPORTED)
        return
    value = function(low, node, Fate(KEPT, Place(BINDING, index)))
    if low.tables.bindings[index].value is None:
        low.tables.bindings[index].value = value
