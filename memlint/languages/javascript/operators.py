"""Expressions made of an operator and its operands."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.lowering import DISCARDED, OTHER, TESTED, UNKNOWN, Lowering, operand, operands
from memlint.languages.javascript.members import target
from memlint.languages.javascript.patterns import assign, declare_pattern
from memlint.model.facts import Fate, RegionKind, Write
from memlint.model.value import Compound, Constant, Value

_LOGICAL = frozenset({"&&", "||", "??"})
_THEN = RegionKind.THEN
_ELSE = RegionKind.ELSE


def sequence(low: Lowering, node: Node, fate: Fate) -> Value:
    value: Value = UNKNOWN
    nodes = operands(node)
    for child in nodes:
        value = low.expression(child, fate if child is nodes[-1] else DISCARDED)
    return value


def assignment(low: Lowering, node: Node, fate: Fate) -> Value:
    left, sign, right = _two_sides(node)
    if left is None:
        return low.expression(right, OTHER)
    if sign is None and node.children[0].type == "using":  # how tree-sitter-typescript 0.23 reads `using x = f()`
        declare_pattern(low, left, right, "const", "using", node.byte_range)
        return UNKNOWN
    return assign(low, left, right, sign.type if sign is not None else "=", node.byte_range, fate)


def _two_sides(node: Node) -> tuple[Node | None, Node | None, Node | None]:
    """Left side, operator, right side: the three children, unless a comment or an error stands between them."""
    children = node.children
    if len(children) == 3:
        return children[0], children[1], children[2]
    left, operator = node.child_by_field_name("left"), node.child_by_field_name("operator")
    return left, operator, node.child_by_field_name("right")


def update(low: Lowering, node: Node, _fate: Fate) -> Value:
    """`++` and `--`."""
    argument, sign = node.child_by_field_name("argument"), node.child_by_field_name("operator")
    if argument is None or sign is None:
        return UNKNOWN
    place, key = target(low, argument)
    if place is not None:
        low.tables.writes.append(Write(place, None, sign.type, node.byte_range, low.function, low.region, key))
    return Compound(sign.type, (place or UNKNOWN,))


def unary(low: Lowering, node: Node, _fate: Fate) -> Value:
    sign, argument = node.children[0].type, operand(node)
    if argument is None:
        return UNKNOWN
    if sign == "delete":
        return _delete(low, node, argument)
    if sign == "void":
        low.expression(argument, DISCARDED)
        return Constant(None)
    value = low.expression(argument, OTHER)
    if sign == "-" and isinstance(value, Constant) and isinstance(value.value, int | float):
        return Constant(-value.value)
    if sign == "!" and isinstance(value, Constant) and isinstance(value.value, int | float):
        return Constant(not value.value)  # `!0`, as what makes code small writes `true`
    return Compound("not" if sign == "!" else sign, (value,))


def _delete(low: Lowering, node: Node, argument: Node) -> Value:
    place, key = target(low, argument)
    if place is not None:
        low.tables.writes.append(Write(place, None, "delete", node.byte_range, low.function, low.region, key))
    return UNKNOWN


def binary(low: Lowering, node: Node, fate: Fate) -> Value:
    left, operator, right = _two_sides(node)
    sign = operator.type if operator is not None else ""
    if sign in _LOGICAL:
        return _logical(low, sign, left, right, fate)
    first, second = low.expression(left, OTHER), low.expression(right, OTHER)
    if sign == "+" and isinstance(first, Constant) and isinstance(second, Constant):
        if isinstance(first.value, str) and isinstance(second.value, str):
            return Constant(first.value + second.value)
    return Compound(sign, (first, second))


def _logical(low: Lowering, sign: str, left: Node | None, right: Node | None, fate: Fate) -> Value:
    """`a && b` evaluates `b` in a region of its own, as `if` does."""
    if sign == "&&":
        test = low.expression(left, TESTED)
        return Compound("&&", (test, low.within(_THEN, right, test, fate)))
    test = low.expression(left, fate)
    return Compound("choice", (test, low.within(_ELSE, right, test, fate)))


def ternary(low: Lowering, node: Node, fate: Fate) -> Value:
    test = low.expression(node.child_by_field_name("condition"), TESTED)
    yes = low.within(_THEN, node.child_by_field_name("consequence"), test, fate)
    no = low.within(_ELSE, node.child_by_field_name("alternative"), test, fate)
    return Compound("choice", (yes, no))
