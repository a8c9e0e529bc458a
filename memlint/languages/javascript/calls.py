"""Calls and constructions, and what is awaited of them."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript import compiled, functions
from memlint.languages.javascript.kinds import ARGUMENT, RECEIVER, RESULT
from memlint.languages.javascript.lowering import OTHER, UNKNOWN, Lowering, operand, operands
from memlint.languages.javascript.members import climb, descend, unwrapped
from memlint.model.facts import Call, Exit, ExitKind, Extent, Fate
from memlint.model.value import Compound, Constant, Place, Value

_FATELESS = frozenset({"identifier", "member_expression", "string", "number", "this", "true", "false", "null"})
"""Arguments that no fact remembers the fate of: making one for each costs a tenth of a call."""
_FUNCTIONS = frozenset({"function_expression", "arrow_function"})
_BINDERS = frozenset({"bind", "call", "apply"})
_TAKEN = Fate(RECEIVER)


def call(low: Lowering, node: Node, fate: Fate) -> Value:
    """`f(x)`, `a.b?.(x)`, a tagged template."""
    children = node.children
    return _call(low, node, fate, children[0], children[-1], constructs=False)


def construction(low: Lowering, node: Node, fate: Fate) -> Value:
    """`new F(x)`."""
    target, arguments = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
    return _call(low, node, fate, target, arguments, constructs=True)


def _call(
    low: Lowering, node: Node, fate: Fate, target: Node | None, arguments: Node | None, *, constructs: bool
) -> Value:
    """A call's number is known before its arguments, so that their fates can name it."""
    calls = low.tables.calls
    index = len(calls)
    calls.append(None)
    awaited = node.id == low.awaited
    nodes = _argument_nodes(arguments)
    callee, name_extent = _callee(low, target, nodes, index) if target is not None else (UNKNOWN, (0, 0))
    values = tuple([_argument(low, nodes, position, index, callee) for position in range(len(nodes))])
    calls[index] = Call(
        index, callee, values, node.byte_range, low.function, low.region, fate, constructs, awaited, name_extent
    )
    return Place(RESULT, index)


def _argument_nodes(arguments: Node | None) -> list[Node]:
    if arguments is None:
        return []
    if arguments.type == "template_string":
        return [arguments]
    return operands(arguments)


def _argument(low: Lowering, nodes: list[Node], position: int, index: int, callee: Value) -> Value:
    node = nodes[position]
    kind = node.type
    if kind in _FATELESS:
        return low.expression(node, OTHER)
    if kind == "array" and (owner := compiled.described_class(low, callee, nodes, position)) is not None:
        return compiled.described_methods(low, node, owner)
    fate = Fate(ARGUMENT, None, index, position)
    if kind == "function_expression" and any(other.type == "this" for other in nodes[position + 1 :]):
        return functions.function(low, node, fate, receiver=low.receiver)
    return low.expression(node, fate)


def _callee(low: Lowering, target: Node, nodes: list[Node], index: int) -> tuple[Value, Extent]:
    """What is called, and where its name stands."""
    base, steps = descend(low, target)
    if not steps:
        return low.expression(base, Fate(RECEIVER, None, index)), base.byte_range
    name = steps[0]
    if not isinstance(name, str):
        return climb(low, base, steps)[0], target.byte_range
    end = target.end_byte if target.type == "member_expression" else unwrapped(target).end_byte
    at = (end - len(name.encode()), end)
    if name in _BINDERS and base.type in _FUNCTIONS and len(steps) == 1:
        return _function_with_our_this(low, base, name, nodes), at
    return climb(low, base, steps)[0], at


def _function_with_our_this(low: Lowering, node: Node, name: str, nodes: list[Node]) -> Value:
    """`function () {…}.bind(this)`, `.call(this)`, `.apply(this)`: the function shares our `this`."""
    receiver = low.receiver if nodes and nodes[0].type == "this" else None
    value = functions.function(low, node, _TAKEN, receiver=receiver)
    return Compound("member", (value, Constant(name)))


def awaiting(low: Lowering, node: Node, fate: Fate) -> Value:
    inner = operand(node)
    if inner is not None:
        low.awaited = inner.id
    value = low.expression(inner, fate)
    low.tables.exits.append(Exit(ExitKind.AWAIT, value, node.byte_range, low.function, low.region))
    return Compound("await", (value,))


def yielding(low: Lowering, node: Node, _fate: Fate) -> Value:
    inner = operand(node)
    value = low.expression(inner, OTHER) if inner is not None else None
    low.tables.exits.append(Exit(ExitKind.YIELD, value, node.byte_range, low.function, low.region))
    return UNKNOWN
