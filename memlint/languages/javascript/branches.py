"""Statements that control may enter, leave or repeat: `if`, loops, `try`, `switch`."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.lowering import DISCARDED, OTHER, TESTED, Lowering, named, operands
from memlint.languages.javascript.patterns import assign_value, bind_pattern
from memlint.languages.javascript.scopes import hoist_block
from memlint.model.facts import Exit, ExitKind, RegionKind
from memlint.model.value import Compound, Value

_CLAUSES = frozenset({"else_clause", "finally_clause"})


def _statements(node: Node) -> list[Node]:
    """What a branch consists of: the inside of its block, or the one statement."""
    kind = node.type
    if kind == "statement_block":
        return named(node)
    if kind not in _CLAUSES:
        return [node]
    inside = operands(node)
    return _statements(inside[0]) if len(inside) == 1 else inside


def _branch(low: Lowering, node: Node | None, kind: RegionKind, test: Value | None) -> None:
    """A statement that control enters under `test`, in a region and a scope of its own."""
    if node is not None:
        low.block(_statements(node), kind, node.byte_range, test)


def if_statement(low: Lowering, node: Node) -> None:
    test = low.expression(node.child_by_field_name("condition"), TESTED)
    _branch(low, node.child_by_field_name("consequence"), RegionKind.THEN, test)
    _branch(low, node.child_by_field_name("alternative"), RegionKind.ELSE, test)


def for_statement(low: Lowering, node: Node) -> None:
    scope, region = low.scope, low.region
    low.scope = scope.block()
    start, condition = node.child_by_field_name("initializer"), node.child_by_field_name("condition")
    if start is not None:
        low.statements([start])
    _enter_loop(low, node, condition)
    step = node.child_by_field_name("increment")
    if step is not None:
        low.expression(step, DISCARDED)
    _inside(low, node)
    low.scope, low.region = scope, region


def _enter_loop(low: Lowering, node: Node, condition: Node | None) -> None:
    """A loop's region; its test is evaluated in it, on every turn."""
    low.region = low.tables.region(RegionKind.LOOP, low.region, low.function, node.byte_range)
    if condition is not None and condition.type != "empty_statement":
        low.tables.tested(low.region, low.expression(condition, TESTED))


def _inside(low: Lowering, loop: Node) -> None:
    body = loop.child_by_field_name("body")
    if body is not None:
        low.block(_statements(body), None, body.byte_range)


def for_in_statement(low: Lowering, node: Node) -> None:
    """`for (x of xs)`, `for (x in xs)`, `for await`: `x` is an element of `xs`."""
    scope, region = low.scope, low.region
    low.scope = scope.block()
    right = low.expression(node.child_by_field_name("right"), OTHER)
    keyword, left = node.child_by_field_name("kind"), node.child_by_field_name("left")
    low.region = low.tables.region(RegionKind.LOOP, region, low.function, node.byte_range, right)
    element = Compound("element", (right,))
    if left is not None and keyword is not None:
        bind_pattern(low, left, element, keyword.type)
    elif left is not None:
        assign_value(low, left, element)
    if any(child.type == "await" for child in node.children):
        low.tables.exits.append(Exit(ExitKind.AWAIT, right, node.byte_range, low.function, low.region))
    _inside(low, node)
    low.scope, low.region = scope, region


def while_statement(low: Lowering, node: Node) -> None:
    """`while` and `do`."""
    region = low.region
    _enter_loop(low, node, node.child_by_field_name("condition"))
    _inside(low, node)
    low.region = region


def try_statement(low: Lowering, node: Node) -> None:
    _branch(low, node.child_by_field_name("body"), RegionKind.TRY, None)
    handler = node.child_by_field_name("handler")
    if handler is not None:
        _catch(low, handler)
    _branch(low, node.child_by_field_name("finalizer"), RegionKind.FINALLY, None)


def _catch(low: Lowering, handler: Node) -> None:
    scope = low.scope
    low.scope = scope.block()
    parameter, body = handler.child_by_field_name("parameter"), handler.child_by_field_name("body")
    if parameter is not None:
        bind_pattern(low, parameter, None, "catch")
    if body is not None:
        low.block(named(body), RegionKind.CATCH, handler.byte_range)
    low.scope = scope


def switch_statement(low: Lowering, node: Node) -> None:
    """All cases share one scope, and each is a region under its own test."""
    scope, region = low.scope, low.region
    subject = low.expression(node.child_by_field_name("value"), TESTED)
    body = node.child_by_field_name("body")
    low.scope = scope.block()
    cases = body.named_children if body is not None else []
    for case in cases:
        hoist_block(case.named_children, low.declare)
    for case in cases:
        value = case.child_by_field_name("value")
        test = Compound("===", (subject, low.expression(value, OTHER))) if value is not None else None
        low.region = low.tables.region(RegionKind.CASE, region, low.function, case.byte_range, test)
        for statement in case.named_children:
            if value is None or statement.id != value.id:
                low.statement(statement)
        low.region = region
    low.scope = scope
