"""JSX elements: the expressions in them."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.lowering import ELEMENT, REMARKS, Lowering
from memlint.languages.javascript.members import member
from memlint.model.facts import Fate
from memlint.model.value import Compound, Value

_TAGS = frozenset({"jsx_opening_element", "jsx_self_closing_element"})
_PARTS = _TAGS | {"jsx_element", "jsx_attribute", "jsx_fragment"}


def element(low: Lowering, node: Node, _fate: Fate) -> Value:
    """An element: its expressions, wherever they stand; a handler in an attribute is an element of it."""
    parts: list[Value] = []
    stack = [node]
    while stack:
        child = stack.pop()
        kind = child.type
        if kind == "jsx_expression":
            parts += [low.expression(inner, ELEMENT) for inner in child.named_children if inner.type not in REMARKS]
        elif kind in _PARTS:
            if kind in _TAGS:
                _component(low, child.child_by_field_name("name"))
            stack += reversed(child.named_children)
    return Compound("jsx", tuple(parts))


def _component(low: Lowering, name: Node | None) -> None:
    """`<Panel>` and `<ui.Panel>` mention what they name; `<div>` is a tag of the platform."""
    if name is None:
        return
    if name.type == "member_expression":
        member(low, name, ELEMENT)
    elif name.type == "identifier" and not low.text(name)[0].islower():
        low.place_of(name)
