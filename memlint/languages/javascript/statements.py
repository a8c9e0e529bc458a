"""Statements, each with its room: the simple ones here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tree_sitter import Node

from memlint.languages.javascript import branches, classes, functions, modules, wrappers
from memlint.languages.javascript.lowering import DISCARDED, OTHER, RETURNED, Lowering, StatementRoom, named, operand
from memlint.languages.javascript.patterns import declare_pattern, key_name
from memlint.model.facts import MODULE, Exit, ExitKind
from memlint.model.value import Constant, Record, Value

_RETURN = ExitKind.RETURN


def expression_statement(low: Lowering, node: Node) -> None:
    for child in named(node):
        if child.type == "internal_module":
            namespace(low, child)
        elif not wrappers.wrapped(low, child):
            low.expression(child, DISCARDED)


def declaration(low: Lowering, node: Node) -> None:
    """`var`, `let`, `const`."""
    keyword = node.children[0].type
    _declare(low, node, keyword, "declare")


def using_declaration(low: Lowering, node: Node) -> None:
    """`using`, `await using`."""
    _declare(low, node, "const", "using")


def _declare(low: Lowering, node: Node, kind: str, operator: str) -> None:
    for declarator in node.named_children:
        if declarator.type == "variable_declarator":
            parts = declarator.children
            is_plain = len(parts) == 3 and parts[1].type == "="
            value = parts[2] if is_plain else declarator.child_by_field_name("value")
            declare_pattern(low, parts[0], value, kind, operator, declarator.byte_range)


def block(low: Lowering, node: Node) -> None:
    low.block(named(node), None, node.byte_range)


def return_statement(low: Lowering, node: Node) -> None:
    inner = operand(node)
    if low.function == MODULE and inner is not None:
        modules.export_answer(low, inner)
        return
    value = low.expression(inner, RETURNED) if inner is not None else None
    low.tables.exits.append(Exit(_RETURN, value, node.byte_range, low.function, low.region))


def throw_statement(low: Lowering, node: Node) -> None:
    value = low.expression(operand(node), OTHER)
    low.tables.exits.append(Exit(ExitKind.THROW, value, node.byte_range, low.function, low.region))


def labeled_statement(low: Lowering, node: Node) -> None:
    body = node.child_by_field_name("body")
    if body is not None:
        low.statement(body)


def with_statement(low: Lowering, node: Node) -> None:
    low.expression(node.child_by_field_name("object"), OTHER)
    labeled_statement(low, node)


def enumeration(low: Lowering, node: Node) -> None:
    """TypeScript: an enum is a constant record; members without a value count on from the one before."""
    index, body = low.binding_at(node.child_by_field_name("name")), node.child_by_field_name("body")
    items: list[tuple[str, Value]] = []
    following = 0.0
    for member in body.named_children if body is not None else []:
        if member.type == "enum_assignment":
            value = low.expression(member.child_by_field_name("value"), OTHER)
            items.append((key_name(low, member.child_by_field_name("name")), value))
            known = value.value if isinstance(value, Constant) else None
            following = known + 1 if isinstance(known, int | float) else following + 1
        elif member.type != "comment":
            items.append((key_name(low, member), Constant(following)))
            following += 1
    if index is not None:
        low.tables.bindings[index].value = Record(tuple(items))


def namespace(low: Lowering, node: Node) -> None:
    """TypeScript: what a namespace exports are its members, not the module's."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    exports = low.tables.exports
    first = len(exports)
    if body is not None:
        low.block(body.named_children, None, node.byte_range)
    members = Record(tuple([(one.name, one.value) for one in exports[first:] if one.value is not None]))
    del exports[first:]
    if name is not None and name.type == "identifier":
        low.tables.bindings[low.declare(name, "const")].value = members


def nothing(_low: Lowering, _node: Node) -> None:
    """Types, comments, `break`: nothing that keeps memory."""


STATEMENTS: Final[Mapping[str, StatementRoom]] = {
    "expression_statement": expression_statement,
    "lexical_declaration": declaration,
    "variable_declaration": declaration,
    "using_declaration": using_declaration,
    "function_declaration": functions.function_declaration,
    "generator_function_declaration": functions.function_declaration,
    "class_declaration": classes.class_declaration,
    "abstract_class_declaration": classes.class_declaration,
    "statement_block": block,
    "if_statement": branches.if_statement,
    "for_statement": branches.for_statement,
    "for_in_statement": branches.for_in_statement,
    "while_statement": branches.while_statement,
    "do_statement": branches.while_statement,
    "try_statement": branches.try_statement,
    "switch_statement": branches.switch_statement,
    "return_statement": return_statement,
    "throw_statement": throw_statement,
    "labeled_statement": labeled_statement,
    "with_statement": with_statement,
    "export_statement": modules.export_statement,
    "enum_declaration": enumeration,
    "internal_module": namespace,
    "module": namespace,
    "import_statement": nothing,  # hoisted: lowered before the module's other statements
    "import_alias": nothing,
    "ambient_declaration": nothing,
    "interface_declaration": nothing,
    "type_alias_declaration": nothing,
    "function_signature": nothing,
    "comment": nothing,
    "html_comment": nothing,
    "hash_bang_line": nothing,
    "break_statement": nothing,
    "continue_statement": nothing,
    "debugger_statement": nothing,
    "empty_statement": nothing,
}
