"""Statements: regions that control may enter, and the ways out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tree_sitter import Node

from memlint.languages.javascript import functions, modules
from memlint.languages.javascript.lowering import (
    DISCARDED,
    OTHER,
    RETURNED,
    TESTED,
    Lowering,
    StatementRoom,
    extent,
)
from memlint.languages.javascript.patterns import assign, bind_pattern, declare_pattern
from memlint.languages.javascript.scopes import Scope, hoist_block, text
from memlint.model.facts import Compound, Constant, Exit, ExitKind, Record, RegionKind, Value


def expression_statement(low: Lowering, node: Node) -> None:
    for child in node.named_children:
        if child.type == "internal_module":
            namespace(low, child)
        else:
            low.expression(child, DISCARDED)


def declaration(low: Lowering, node: Node) -> None:
    keyword = text(node.children[0]) if node.children else "let"
    for declarator in node.named_children:
        pattern = declarator.child_by_field_name("name")
        if declarator.type == "variable_declarator" and pattern is not None:
            declare_pattern(low, pattern, declarator.child_by_field_name("value"), keyword, extent(declarator))


def block(low: Lowering, node: Node) -> None:
    low.block(node.named_children, None, extent(node))


def _branch(low: Lowering, node: Node | None, kind: RegionKind, test: Value | None) -> None:
    """A statement that control enters under `test`, in a region and a scope of its own."""
    if node is None:
        return
    statements = node.named_children if node.type in ("statement_block", "else_clause", "finally_clause") else [node]
    if (
        node.type in ("else_clause", "finally_clause")
        and len(statements) == 1
        and statements[0].type == "statement_block"
    ):
        statements = statements[0].named_children
    low.block(statements, kind, extent(node), test)


def if_statement(low: Lowering, node: Node) -> None:
    test = low.expression(node.child_by_field_name("condition"), TESTED)
    _branch(low, node.child_by_field_name("consequence"), RegionKind.THEN, test)
    _branch(low, node.child_by_field_name("alternative"), RegionKind.ELSE, test)


def for_statement(low: Lowering, node: Node) -> None:
    outer = low.scope
    low.scope = Scope(outer, low.function)
    start = node.child_by_field_name("initializer")
    if start is not None:
        hoist_block([start], low.declare)
        low.statement(start)
    condition = node.child_by_field_name("condition")
    test = low.expression(condition, TESTED) if condition is not None else None
    outer_region = low.region
    low.region = low.tables.region(RegionKind.LOOP, outer_region, low.function, extent(node), test)
    step = node.child_by_field_name("increment")
    if step is not None:
        low.expression(step, DISCARDED)
    _inside(low, node.child_by_field_name("body"))
    low.scope, low.region = outer, outer_region


def _inside(low: Lowering, body: Node | None) -> None:
    if body is not None:
        low.block(body.named_children if body.type == "statement_block" else [body], None, extent(body))


def for_in_statement(low: Lowering, node: Node) -> None:
    outer = low.scope
    low.scope = Scope(outer, low.function)
    right = low.expression(node.child_by_field_name("right"), OTHER)
    keyword, left = node.child_by_field_name("kind"), node.child_by_field_name("left")
    outer_region = low.region
    low.region = low.tables.region(RegionKind.LOOP, outer_region, low.function, extent(node), right)
    if left is not None and keyword is not None:
        bind_pattern(low, left, Compound("element", (right,)), (), text(keyword))
    elif left is not None:
        assign(low, left, None, "=", extent(left))
    if any(child.type == "await" for child in node.children):
        low.tables.exits.append(Exit(ExitKind.AWAIT, right, extent(node), low.function, low.region))
    _inside(low, node.child_by_field_name("body"))
    low.scope, low.region = outer, outer_region


def while_statement(low: Lowering, node: Node) -> None:
    outer = low.region
    low.region = low.tables.region(RegionKind.LOOP, outer, low.function, extent(node))
    test = low.expression(node.child_by_field_name("condition"), TESTED)
    low.region = low.tables.region(RegionKind.LOOP, outer, low.function, extent(node), test)
    _inside(low, node.child_by_field_name("body"))
    low.region = outer


def try_statement(low: Lowering, node: Node) -> None:
    _branch(low, node.child_by_field_name("body"), RegionKind.TRY, None)
    handler = node.child_by_field_name("handler")
    if handler is not None:
        _catch(low, handler)
    _branch(low, node.child_by_field_name("finalizer"), RegionKind.FINALLY, None)


def _catch(low: Lowering, handler: Node) -> None:
    outer = low.scope
    low.scope = Scope(outer, low.function)
    parameter = handler.child_by_field_name("parameter")
    if parameter is not None:
        bind_pattern(low, parameter, None, (), "catch")
    body = handler.child_by_field_name("body")
    if body is not None:
        low.block(body.named_children, RegionKind.CATCH, extent(handler))
    low.scope = outer


def switch_statement(low: Lowering, node: Node) -> None:
    subject = low.expression(node.child_by_field_name("value"), TESTED)
    body = node.child_by_field_name("body")
    outer = low.scope
    low.scope = Scope(outer, low.function)
    for case in body.named_children if body is not None else []:
        value = case.child_by_field_name("value")
        test = Compound("===", (subject, low.expression(value, OTHER))) if value is not None else None
        statements = [child for child in case.named_children if value is None or child.id != value.id]
        hoist_block(statements, low.declare)
        outer_region = low.region
        low.region = low.tables.region(RegionKind.CASE, outer_region, low.function, extent(case), test)
        for statement in statements:
            low.statement(statement)
        low.region = outer_region
    low.scope = outer


def return_statement(low: Lowering, node: Node) -> None:
    children = [child for child in node.named_children if child.type != "comment"]
    value = low.expression(children[0], RETURNED) if children else None
    low.tables.exits.append(Exit(ExitKind.RETURN, value, extent(node), low.function, low.region))


def throw_statement(low: Lowering, node: Node) -> None:
    value = low.expression(node.named_children[0], OTHER) if node.named_children else None
    low.tables.exits.append(Exit(ExitKind.THROW, value, extent(node), low.function, low.region))


def labeled_statement(low: Lowering, node: Node) -> None:
    body = node.child_by_field_name("body")
    if body is not None:
        low.statement(body)


def enumeration(low: Lowering, node: Node) -> None:
    """TypeScript: an enum is a constant record; members without a value count up (`Other` is 1 here)."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    index = low.scope.find(text(name)) if name is not None else None
    items: list[tuple[str, Value]] = []
    for member in body.named_children if body is not None else []:
        if member.type == "enum_assignment":
            value = low.expression(member.child_by_field_name("value"), OTHER)
            items.append((low.text(member.child_by_field_name("name")), value))
        elif member.type != "comment":
            items.append((low.text(member).strip("'\""), Constant(float(len(items)))))
    if index is not None:
        low.tables.bindings[index].value = Record(tuple(items))


def namespace(low: Lowering, node: Node) -> None:
    body = node.child_by_field_name("body")
    if body is not None:
        low.block(body.named_children, None, extent(body))


def nothing(_low: Lowering, _node: Node) -> None:
    """Types, comments, `break`: nothing that keeps memory."""


def with_statement(low: Lowering, node: Node) -> None:
    low.expression(node.child_by_field_name("object"), OTHER)
    body = node.child_by_field_name("body")
    if body is not None:
        low.statement(body)


STATEMENTS: Final[Mapping[str, StatementRoom]] = {
    "expression_statement": expression_statement,
    "lexical_declaration": declaration,
    "variable_declaration": declaration,
    "function_declaration": functions.function_declaration,
    "generator_function_declaration": functions.function_declaration,
    "class_declaration": functions.class_declaration,
    "abstract_class_declaration": functions.class_declaration,
    "statement_block": block,
    "if_statement": if_statement,
    "for_statement": for_statement,
    "for_in_statement": for_in_statement,
    "while_statement": while_statement,
    "do_statement": while_statement,
    "try_statement": try_statement,
    "switch_statement": switch_statement,
    "return_statement": return_statement,
    "throw_statement": throw_statement,
    "labeled_statement": labeled_statement,
    "with_statement": with_statement,
    "import_statement": modules.import_statement,
    "export_statement": modules.export_statement,
    "enum_declaration": enumeration,
    "internal_module": namespace,
    "module": namespace,
    "ambient_declaration": nothing,
    "interface_declaration": nothing,
    "type_alias_declaration": nothing,
    "function_signature": nothing,
    "comment": nothing,
    "hash_bang_line": nothing,
    "break_statement": nothing,
    "continue_statement": nothing,
    "debugger_statement": nothing,
    "empty_statement": nothing,
}
