"""Lexical scopes: where a name is bound (ECMA-262, 9.1 and 14.2–14.15 on hoisting)."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

Declare = Callable[[str, str, Node], int]
"""Binds a name of a kind at a node and returns the binding's index."""

_BLOCKS = frozenset(
    {
        "statement_block", "if_statement", "else_clause", "for_statement", "for_in_statement", "while_statement",
        "do_statement", "try_statement", "catch_clause", "finally_clause", "switch_statement", "switch_body",
        "switch_case", "switch_default", "labeled_statement", "export_statement",
    }
)  # fmt: skip
_NAMED = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "enum_declaration": "const",
}


class Scope:
    """Names bound in one block, and the block around it; `function` is the function whose body it belongs to."""

    __slots__ = ("function", "names", "parent")

    def __init__(self, parent: Scope | None, function: int) -> None:
        self.parent = parent
        self.function = function
        self.names: dict[str, int] = {}

    def find(self, name: str) -> int | None:
        """The binding that `name` means here; None if nothing in the file binds it."""
        scope: Scope | None = self
        while scope is not None:
            index = scope.names.get(name)
            if index is not None:
                return index
            scope = scope.parent
        return None


def text(node: Node) -> str:
    """The node's source text."""
    return (node.text or b"").decode("utf-8", "replace")


def pattern_names(pattern: Node) -> list[Node]:
    """Every identifier that a binding pattern binds, in source order."""
    found: list[Node] = []
    stack = [pattern]
    while stack:
        node = stack.pop()
        kind = node.type
        if kind in ("identifier", "shorthand_property_identifier_pattern"):
            found.append(node)
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            stack += [child for child in (node.child_by_field_name("left"),) if child]
        elif kind == "pair_pattern":
            stack += [child for child in (node.child_by_field_name("value"),) if child]
        elif kind in ("required_parameter", "optional_parameter"):
            stack += [child for child in (node.child_by_field_name("pattern"),) if child]
        elif kind in ("object_pattern", "array_pattern", "rest_pattern"):
            stack += reversed(node.named_children)
    return found


def hoist_block(statements: list[Node], declare: Declare) -> None:
    """Binds what a block's own statements declare: `let`, `const`, classes, functions, enums, namespaces."""
    for outer in statements:
        statement = outer
        if statement.type == "export_statement":
            inner = statement.child_by_field_name("declaration")
            if inner is None:
                continue
            statement = inner
        kind = statement.type
        if kind in _NAMED:
            name = statement.child_by_field_name("name")
            if name is not None:
                declare(text(name), _NAMED[kind], name)
        elif kind == "lexical_declaration":
            keyword = statement.child_by_field_name("kind")
            for declarator in statement.named_children:
                pattern = declarator.child_by_field_name("name")
                if pattern is not None:
                    for name in pattern_names(pattern):
                        declare(text(name), text(keyword) if keyword else "let", name)


def hoist_var(body: Node, declare: Declare) -> None:
    """Binds the `var` declarations of a function body, however deep in its blocks."""
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type == "variable_declaration":
            for declarator in node.named_children:
                pattern = declarator.child_by_field_name("name")
                if pattern is not None:
                    for name in pattern_names(pattern):
                        declare(text(name), "var", name)
        elif node.type == "for_in_statement":
            _hoist_for_in(node, declare)
            stack += reversed(node.named_children)
        elif node.type in _BLOCKS or node is body:
            stack += reversed(node.named_children)


def _hoist_for_in(node: Node, declare: Declare) -> None:
    keyword = node.child_by_field_name("kind")
    pattern = node.child_by_field_name("left")
    if keyword is not None and pattern is not None and keyword.type == "var":
        for name in pattern_names(pattern):
            declare(text(name), "var", name)
