"""Lexical scopes: where a name is bound (ECMA-262, 9.1 and 14.2 to 14.15 on hoisting)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tree_sitter import Node

Declare = Callable[[Node, str], int]
"""Binds the name that a node spells, with a kind; returns the binding's index."""

NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
"""The nodes that stand for a bound name in a pattern."""

_BLOCKS = frozenset(
    {
        "statement_block", "if_statement", "else_clause", "for_statement", "for_in_statement", "while_statement",
        "do_statement", "try_statement", "catch_clause", "finally_clause", "switch_statement", "switch_body",
        "switch_case", "switch_default", "labeled_statement", "export_statement", "with_statement",
    }
)  # fmt: skip
_NAMED = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "enum_declaration": "const",
}
_INSIDE = {
    "assignment_pattern": "left",
    "object_assignment_pattern": "left",
    "pair_pattern": "value",
    "required_parameter": "pattern",
    "optional_parameter": "pattern",
}
"""The field of a pattern that holds what it binds."""


class Scope:
    """Names bound in one block, and the block around it.

    `function` is the function whose body it belongs to, `home` the scope of that body: where its `var`s are bound.
    """

    __slots__ = ("function", "home", "names", "parent")

    def __init__(self, parent: Scope | None, function: int, home: Scope | None = None) -> None:
        self.parent = parent
        self.function = function
        self.home = home or self
        self.names: dict[str, int] = {}

    def block(self) -> Scope:
        """A scope for a block in this one."""
        return Scope(self, self.function, self.home)

    def find(self, name: str) -> int | None:
        """The binding that `name` means here; None if nothing in the file binds it."""
        scope: Scope | None = self
        while scope is not None:
            index = scope.names.get(name)
            if index is not None:
                return index
            scope = scope.parent
        return None


def pattern_names(pattern: Node | None) -> list[Node]:
    """Every identifier that a binding pattern binds, in source order."""
    found: list[Node] = []
    stack = [pattern]
    while stack:
        node = stack.pop()
        if node is None:
            continue
        kind = node.type
        if kind in NAMES:
            found.append(node)
        elif kind in _INSIDE:
            stack.append(node.child_by_field_name(_INSIDE[kind]))
        elif kind in ("object_pattern", "array_pattern", "rest_pattern"):
            stack += reversed(node.named_children)
    return found


def hoist_block(statements: Iterable[Node], declare: Declare) -> None:
    """Binds what a block's own statements declare: `let`, `const`, `using`, classes, functions, enums."""
    for outer in statements:
        statement: Node | None = outer
        kind = outer.type
        if kind == "export_statement":
            statement = outer.child_by_field_name("declaration")
            kind = statement.type if statement is not None else ""
        if statement is None:
            continue
        if kind in _NAMED:
            name = statement.child_by_field_name("name")
            if name is not None:
                declare(name, _NAMED[kind])
        elif kind == "lexical_declaration":
            _hoist_declaration(statement, statement.children[0].type, declare)
        elif kind == "using_declaration":
            _hoist_declaration(statement, "const", declare)


def hoist_var(body: Node, declare: Declare) -> None:
    """Binds the `var` declarations of a function body, however deep in its blocks."""
    stack = [body]
    while stack:
        node = stack.pop()
        kind = node.type
        if kind == "variable_declaration":
            _hoist_declaration(node, "var", declare)
        elif kind in _BLOCKS or node is body:
            if kind == "for_in_statement":
                _hoist_for_in(node, declare)
            stack += reversed(node.named_children)


def _hoist_declaration(node: Node, kind: str, declare: Declare) -> None:
    for declarator in node.named_children:
        if declarator.type == "variable_declarator":
            pattern = declarator.children[0]
            for name in [pattern] if pattern.type == "identifier" else pattern_names(pattern):
                declare(name, kind)


def _hoist_for_in(node: Node, declare: Declare) -> None:
    keyword = node.child_by_field_name("kind")
    if keyword is not None and keyword.type == "var":
        for name in pattern_names(node.child_by_field_name("left")):
            declare(name, "var")
