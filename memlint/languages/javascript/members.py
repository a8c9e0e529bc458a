"""Names, `this`, and members taken of values."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript import receivers
from memlint.languages.javascript.kinds import GLOBAL, RECEIVER
from memlint.languages.javascript.literals import property_name
from memlint.languages.javascript.lowering import OTHER, Lowering, operand
from memlint.model.facts import Fate
from memlint.model.value import Compound, Constant, Place, Value

_TAKEN = Fate(RECEIVER)
_WRAPPERS = frozenset(
    {"parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression"},
)
_Step = str | Node | None
"""A member's name, or the node of the key in brackets."""

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
    return Place(GLOBAL, low.text(node))


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
    base, steps = descend(low, node)
    return climb(low, base, steps)[0]


def descend(low: Lowering, node: Node) -> tuple[Node, list[_Step]]:
    """`a.b[k].c`: the root `a`, and the steps taken from it, the last one first. Lowers nothing, recurses nowhere."""
    steps: list[_Step] = []
    here = node
    while True:
        kind = here.type
        inner = None
        if kind == "member_expression":
            inner = here.child(0)
            if inner is not None:
                steps.append(_name(low, here, inner))
        elif kind == "subscript_expression":
            inner = here.child(0)
            steps.append(here.child_by_field_name("index"))
        elif kind in _WRAPPERS:
            inner = operand(here)
        if inner is None:
            return here, steps
        here = inner


def _name(low: Lowering, node: Node, inner: Node) -> str:
    """The member's name: what is left behind `inner` and the dot, so that no nodes need be made for the two."""
    name = low.between(inner.end_byte, node.end_byte).lstrip("?. \t\r\n")
    return name if "/" not in name and name.isascii() else low.text(node.children[-1])


def climb(low: Lowering, base: Node, steps: list[_Step]) -> tuple[Value, Value | None]:
    """The member of `base` at these steps, and the key if the last step is one. A use has its whole path."""
    path: list[str] = []
    key: Value | None = None
    for step in reversed(steps):
        if isinstance(step, str):
            path.append(step)
            key = None
        else:
            key = low.expression(step, OTHER)
            is_known = isinstance(key, Constant) and step is not None and step.type in _CONSTANT_KEYS
            path.append(property_name(key) if is_known and isinstance(key, Constant) else "[]")
    return _member_of(low, base, tuple(path)), key


def _member_of(low: Lowering, base: Node, path: tuple[str, ...]) -> Value:
    kind = base.type
    if kind == "identifier":
        return low.place_of(base, path)
    return taken(receivers.present(low) if kind == "this" else low.expression(base, _TAKEN), path)


def taken(value: Value, path: tuple[str, ...]) -> Value:
    """The member at `path` of a value; awaited or not, it is the same place."""
    if not path:
        return value
    inner = value.parts[0] if isinstance(value, Compound) and value.operator == "await" else value
    if isinstance(inner, Place):
        return Place(inner.root, inner.key, inner.path + path)
    for name in path:
        value = Compound("member", (value, Constant(name)))
    return value


def target(low: Lowering, node: Node) -> tuple[Place | None, Value | None]:
    """What is written by an assignment, `delete` or `++`: the place, if it is one, and the key it is taken by."""
    base, steps = descend(low, node)
    value, key = climb(low, base, steps)
    return (value, key) if isinstance(value, Place) else (None, key)
