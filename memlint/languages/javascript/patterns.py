"""Where values go: declarations, assignments and destructuring."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from memlint.languages.javascript.kinds import BINDING, GLOBAL, KEPT
from memlint.languages.javascript.literals import property_name, string
from memlint.languages.javascript.lowering import OTHER, UNKNOWN, Lowering, operand
from memlint.languages.javascript.members import taken, target, unwrapped
from memlint.languages.javascript.scopes import NAMES
from memlint.model.facts import Extent, Fate, Write
from memlint.model.value import Constant, Place, Value

_PATTERNS = frozenset({"object_pattern", "array_pattern"})
_Path = tuple[str, ...]
_Receive = Callable[[Node, _Path], None]
"""Takes a name or member of a pattern, and the path of what it gets."""


def declare_pattern(
    low: Lowering, pattern: Node, value_node: Node | None, kind: str, operator: str, at: Extent
) -> None:
    """`const pattern = value`: the names are bound already (hoisted); now they get their value."""
    if pattern.type != "identifier":
        value = low.expression(value_node, OTHER)
        bind_pattern(low, pattern, value, kind)
        return
    index = low.declare(pattern, kind)
    if value_node is None:
        return
    place = Place(BINDING, index)
    value = low.expression(value_node, Fate(KEPT, place))
    low.tables.bindings[index].value = value
    low.tables.writes.append(Write(place, value, operator, at, low.function, low.region))


def bind_pattern(low: Lowering, pattern: Node, value: Value | None, kind: str) -> None:
    """Gives every name of a pattern the member of `value` that it takes."""

    def receive(leaf: Node, path: _Path) -> None:
        if leaf.type not in NAMES:
            low.expression(leaf, OTHER)
            return
        index = low.declare(leaf, kind)
        binding = low.tables.bindings[index]
        binding.value, binding.member = value, path
        if value is not None:
            place = Place(BINDING, index)
            at = leaf.byte_range
            low.tables.writes.append(Write(place, taken(value, path), "declare", at, low.function, low.region))

    take_apart(low, pattern, (), receive)


def assign(low: Lowering, left: Node, right: Node | None, sign: str, at: Extent, fate: Fate) -> Value:
    """`left = right`, whatever the sign; answers the place that was written, or the value.

    `var Store = module.exports = function () {}` is a function kept as `Store`: what is exported has no other name.
    """
    left = unwrapped(left)
    if left.type in _PATTERNS:
        value = low.expression(right, OTHER)
        assign_value(low, left, value)
        return value
    place, key = target(low, left)
    if place is None:
        low.expression(right, OTHER)
        return UNKNOWN
    named = fate.kind is KEPT and place.root is GLOBAL and place.key in ("module", "exports")
    value = low.expression(right, fate if named else Fate(KEPT, place))
    low.tables.writes.append(Write(place, value, sign, at, low.function, low.region, key))
    return place


def assign_value(low: Lowering, pattern: Node, value: Value) -> None:
    """Gives a value to places that exist already: `[a, b.c] = value`, `for (a.b of …)`."""

    def receive(leaf: Node, path: _Path) -> None:
        place, key = (low.place_of(leaf), None) if leaf.type in NAMES else target(low, leaf)
        if place is not None:
            at = leaf.byte_range
            low.tables.writes.append(Write(place, taken(value, path), "=", at, low.function, low.region, key))

    take_apart(low, pattern, (), receive)


def take_apart(low: Lowering, pattern: Node, path: _Path, receive: _Receive) -> None:
    """Hands out the leaves of a pattern, in order, each with its path; defaults and computed keys are lowered."""
    kind = pattern.type
    if kind == "object_pattern":
        for child in pattern.named_children:
            _take_property(low, child, path, receive)
    elif kind == "array_pattern":
        _take_elements(low, pattern, path, receive)
    elif kind in ("assignment_pattern", "object_assignment_pattern"):
        left = pattern.child_by_field_name("left")
        if left is not None:
            take_apart(low, left, path, receive)
        note_default(low, left, low.expression(pattern.child_by_field_name("right"), OTHER))
    elif kind == "rest_pattern":
        inner = operand(pattern)
        if inner is not None:
            take_apart(low, inner, (*path, "..."), receive)
    elif kind not in ("comment", "html_comment"):
        receive(pattern, path)


def note_default(low: Lowering, pattern: Node | None, value: Value | None) -> None:
    """A name keeps what it is if nobody gives it a value."""
    index = low.binding_at(pattern) if pattern is not None and pattern.type in NAMES else None
    if index is not None:
        low.tables.bindings[index].default = value


def _take_property(low: Lowering, child: Node, path: _Path, receive: _Receive) -> None:
    kind = child.type
    if kind == "pair_pattern":
        key, inner = child.child_by_field_name("key"), child.child_by_field_name("value")
        if key is not None and inner is not None:
            take_apart(low, inner, (*path, key_name(low, key)), receive)
    elif kind == "shorthand_property_identifier_pattern":
        receive(child, (*path, low.text(child)))
    elif kind == "object_assignment_pattern":
        take_apart(low, child, (*path, low.text(child.child_by_field_name("left"))), receive)
    else:
        take_apart(low, child, path, receive)


def _take_elements(low: Lowering, pattern: Node, path: _Path, receive: _Receive) -> None:
    position = 0
    for child in pattern.children:
        if child.type == ",":
            position += 1
        elif child.is_named:
            is_rest = child.type == "rest_pattern"
            take_apart(low, child, path if is_rest else (*path, str(position)), receive)


def key_name(low: Lowering, key: Node | None) -> str:
    """A member's name where it is declared; a computed one is lowered: its constant, `[Symbol.x]`, or else `[]`."""
    if key is None:
        return ""
    kind = key.type
    if kind == "computed_property_name":
        inner = operand(key)
        value = low.expression(inner, OTHER)
        if isinstance(value, Constant):
            return property_name(value)
        source = low.text(key)
        return source if source.startswith("[Symbol.") else "[]"
    if kind == "string":
        return str(string(low, key, OTHER).value)
    return low.text(key)
