"""Names, `this`, and members taken of values."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript import receivers
from memlint.languages.javascript.literals import property_name
from memlint.languages.javascript.lowering import OTHER, Lowering, operand
from memlint.languages.javascript.making import GLOBAL, RECEIVER, new_compound, new_constant, new_fate, new_place
from memlint.model.facts import Compound, Constant, Fate, Place, Value

_TAKEN = new_fate(RECEIVER)
_WRAPPERS = frozenset(
    {"parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression"},
)
_CONSTANT_KEYS = frozenset({"string", "number", "template_string"})


def unwrapped(node: Node) -> Node:
    """What stands in parentheses or behind a cast."""
    while node.type in _WRAPPERS:
        inner = operand(node)
        if inner is None:
            break
        node = inner
    return node


def identifier(low: Lowering, node: Node, _fate: Fate) -> Value:
    return low.place_of(node)


def this(low: Lowering, _node: Node, _fate: Fate) -> Value:
    return receivers.present(low)


def special(low: Lowering, node: Node, _fate: Fate) -> Value:
    """`super`, `import`, `import.meta`, `new.target`."""
    return new_place(GLOBAL, low.text(node))


def transparent(low: Lowering, node: Node, fate: Fate) -> Value:
    """Parentheses, casts and assertions leave a value what it is."""
    inner = operand(node)
    if inner is not None and node.id == low.awaited:
        low.awaited = inner.id
    return low.expression(inner, fate)


def assertion(low: Lowering, node: Node, fate: Fate) -> Value:
    """`<Type>value`."""
    return low.expression(node.named_children[-1] if node.named_children else None, fate)


def member(low: Lowering, node: Node, _fate: Fate) -> Value:
    return reach(low, node)[0]


def reach(low: Lowering, node: Node) -> tuple[Value, Value | None]:
    """`a.b.c` and `a[k]`: the member, and the key if it is taken by one.

    Walks down to the root without recursion, so that a use is recorded with its whole path.
    """
    steps: list[str | Node | None] = []
    here = unwrapped(node)
    last = here.type
    while True:
        kind = here.type
        if kind == "member_expression":
            children = here.children
            steps.append(low.text(children[-1]))
            here = children[0]
        elif kind == "subscript_expression":
            steps.append(here.child_by_field_name("index"))
            here = here.children[0]
        elif kind in _WRAPPERS and (inner := operand(here)) is not None:
            here = inner
        else:
            break
    steps.reverse()
    path: list[str] = []
    key: Value | None = None
    for step in steps:
        if isinstance(step, str):
            path.append(step)
        else:
            key = low.expression(step, OTHER)
            path.append(property_name(key) if _is_constant(step, key) and isinstance(key, Constant) else "[]")
    return member_of(low, here, tuple(path)), key if last == "subscript_expression" else None


def _is_constant(step: Node | None, key: Value) -> bool:
    return step is not None and step.type in _CONSTANT_KEYS and isinstance(key, Constant)


def member_of(low: Lowering, base: Node, path: tuple[str, ...]) -> Value:
    """The member at `path` of what `base` evaluates to."""
    if base.type == "identifier":
        return low.place_of(base, path)
    return taken(low.expression(base, _TAKEN), path)


def taken(value: Value, path: tuple[str, ...]) -> Value:
    """The member at `path` of a value; awaited or not, it is the same place."""
    if not path:
        return value
    inner = value.parts[0] if isinstance(value, Compound) and value.operator == "await" else value
    if isinstance(inner, Place):
        return new_place(inner.root, inner.key, inner.path + path)
    for name in path:
        value = new_compound("member", (value, new_constant(name)))
    return value


def target(low: Lowering, node: Node) -> tuple[Place | None, Value | None]:
    """What is written by an assignment, `delete` or `++`: the place, if it is one, and the key it is taken by."""
    value, key = reach(low, node)
    return (value, key) if isinstance(value, Place) else (None, key)


