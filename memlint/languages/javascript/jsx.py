"""JSX elements: the expressions in them."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.lowering import ELEMENT, REMARKS, Lowering
from memlint.languages.javascript.members import member
from memlint.model.facts import Fate
from memlint.model.value import Compound, Record, Value

_TAGS = frozenset({"jsx_opening_element", "jsx_self_closing_element"})
_PARTS = _TAGS | {"jsx_element", "jsx_fragment"}


def element(low: Lowering, node: Node, _fate: Fate) -> Value:
    """An element: its expressions, wherever they stand, those of an attribute under its name."""
    parts: list[Value] = []
    stack = [node]
    while stack:
        child = stack.pop()
        kind = child.type
        if kind == "jsx_expression":
            parts += _expressions(low, child)
        elif kind == "jsx_attribute":
            parts += _attribute(low, child)
        elif kind in _PARTS:
            if kind in _TAGS:
                _component(low, child.child_by_field_name("name"))
            stack += reversed(child.named_children)
    return Compound("jsx", tuple(parts))


def _expressions(low: Lowering, node: Node) -> list[Value]:
    return [low.expression(inner, ELEMENT) for inner in node.named_children if inner.type not in REMARKS]


def _attribute(low: Lowering, node: Node) -> list[Value]:
    """`src={url}`; an attribute whose value is an element is one more element."""
    name, *given = node.named_children
    values = [value for child in given if child.type == "jsx_expression" for value in _expressions(low, child)]
    values += [element(low, child, ELEMENT) for child in given if child.type in _PARTS]
    return [Record(tuple((low.text(name), value) for value in values))] if values else []


def _component(low: Lowering, name: Node | None) -> None:
    """`<Panel>` and `<ui.Panel>` mention what they name; `<div>` is a tag of the platform."""
    if name is None:
        return
    if name.type == "member_expression":
        member(low, name, ELEMENT)
    elif name.type == "identifier" and not low.text(name)[0].islower():
        low.place_of(name)
