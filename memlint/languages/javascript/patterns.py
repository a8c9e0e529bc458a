"""Where values go: declarations, assignments and destructuring."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.lowering import OTHER, UNKNOWN, Lowering, extent
from memlint.model.facts import Compound, Extent, Fate, FateKind, Place, Root, Value, Write


def declare_pattern(low: Lowering, pattern: Node, value_node: Node | None, kind: str, at: Extent) -> None:
    """`const pattern = value`: the names are bound already (hoisted); now they get their value."""
    if pattern.type == "identifier":
        index = low.declare(low.text(pattern), kind, pattern)
        place = Place(Root.BINDING, index)
        if value_node is None:
            return
        value = low.expression(value_node, Fate(FateKind.KEPT, place))
        low.tables.bindings[index].value = value
        low.tables.writes.append(Write(place, value, "declare", at, low.function, low.region))
        return
    value = low.expression(value_node, OTHER) if value_node is not None else UNKNOWN
    bind_pattern(low, pattern, value, (), kind)


def bind_pattern(low: Lowering, pattern: Node, value: Value | None, path: tuple[str, ...], kind: str) -> None:
    """Gives every name of a pattern the member of `value` that it takes."""
    what = pattern.type
    if what in ("identifier", "shorthand_property_identifier_pattern"):
        index = low.declare(low.text(pattern), kind, pattern)
        binding = low.tables.bindings[index]
        binding.value = value
        binding.member = path
        if value is not None:
            taken = member_value(value, path)
            place = Place(Root.BINDING, index)
            low.tables.writes.append(Write(place, taken, "declare", extent(pattern), low.function, low.region))
    elif what in ("assignment_pattern", "object_assignment_pattern"):
        left = pattern.child_by_field_name("left")
        if left is not None:
            bind_pattern(low, left, value, path, kind)
        low.expression(pattern.child_by_field_name("right"), OTHER)
    elif what == "object_pattern":
        for child in pattern.named_children:
            _bind_property(low, child, value, path, kind)
    elif what == "array_pattern":
        position = 0
        for child in pattern.children:
            if child.type == ",":
                position += 1
            elif child.is_named:
                bind_pattern(low, child, value, (*path, str(position)), kind)
    elif what == "rest_pattern" and pattern.named_children:
        bind_pattern(low, pattern.named_children[0], value, (*path, "..."), kind)


def _bind_property(low: Lowering, child: Node, value: Value | None, path: tuple[str, ...], kind: str) -> None:
    if child.type == "pair_pattern":
        key, target = child.child_by_field_name("key"), child.child_by_field_name("value")
        if key is not None and target is not None:
            computed = key.type == "computed_property_name"
            if computed:
                low.expression(key.named_children[0], OTHER)
            bind_pattern(low, target, value, (*path, "[]" if computed else low.text(key).strip("'\"")), kind)
    elif child.type == "shorthand_property_identifier_pattern":
        bind_pattern(low, child, value, (*path, low.text(child)), kind)
    elif child.type == "object_assignment_pattern":
        left = child.child_by_field_name("left")
        name = low.text(left)
        bind_pattern(low, child, value, (*path, name), kind)
    else:
        bind_pattern(low, child, value, path, kind)


def member_value(value: Value, path: tuple[str, ...]) -> Value:
    """The member at `path` of a value."""
    if not path:
        return value
    inner = value.parts[0] if isinstance(value, Compound) and value.operator == "await" else value
    if isinstance(inner, Place):
        return Place(inner.root, inner.key, inner.path + path)
    return Compound("member", (value,))


def assign(low: Lowering, left: Node, right: Node | None, sign: str, at: Extent) -> Value:
    """`left = right`, whatever the sign; answers the place that was written, or the value."""
    while left.type in ("parenthesized_expression", "non_null_expression", "as_expression") and left.named_children:
        left = left.named_children[0]
    if left.type in ("object_pattern", "array_pattern"):
        value = low.expression(right, OTHER)
        _assign_pattern(low, left, value, ())
        return value
    target = low.expression(left, OTHER)
    if not isinstance(target, Place):
        low.expression(right, OTHER)
        return UNKNOWN
    key_node = left.child_by_field_name("index") if left.type == "subscript_expression" else None
    key = low.expression(key_node, OTHER) if key_node is not None else None
    value = low.expression(right, Fate(FateKind.KEPT, target))
    low.tables.writes.append(Write(target, value, sign, at, low.function, low.region, key))
    return target


def _assign_pattern(low: Lowering, pattern: Node, value: Value, path: tuple[str, ...]) -> None:
    """Destructuring into names that exist already, or into members."""
    for position, child in enumerate(pattern.named_children):
        if child.type == "shorthand_property_identifier_pattern":
            target: Value = low.place_of(low.text(child), child)
            step = low.text(child)
        elif child.type == "pair_pattern":
            target = low.expression(child.child_by_field_name("value"), OTHER)
            step = low.text(child.child_by_field_name("key"))
        elif child.type in ("object_pattern", "array_pattern"):
            _assign_pattern(low, child, value, (*path, str(position)))
            continue
        else:
            target = low.expression(child, OTHER)
            step = str(position)
        if isinstance(target, Place):
            taken = member_value(value, (*path, step))
            low.tables.writes.append(Write(target, taken, "=", extent(child), low.function, low.region))
