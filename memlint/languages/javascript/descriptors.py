"""Property descriptors (ECMA-262, 6.2.6): `{value: function () {…}}`, `{get: function () {…}}`."""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from memlint.languages.javascript.functions import FUNCTIONS
from memlint.languages.javascript.lowering import Lowering, operands
from memlint.model.facts import FunctionKind

KINDS = {"value": FunctionKind.METHOD, "get": FunctionKind.GETTER, "set": FunctionKind.SETTER}
_KEYS = frozenset({*KINDS, "writable", "enumerable", "configurable"})


def is_descriptor(low: Lowering, members: Sequence[Node]) -> bool:
    """Whether an object literal says nothing but what a descriptor says, a function among it."""
    pairs = [child for child in members if child.type == "pair"]
    return (
        0 < len(pairs) == len(members)
        and all(_key(low, pair) in _KEYS for pair in pairs)
        and any(_key(low, pair) in KINDS and pair.children[-1].type in FUNCTIONS for pair in pairs)
    )


def described(low: Lowering, pair: Node) -> tuple[Node, FunctionKind] | None:
    """The function of the only member that a pair describes: `render: {value: function () {…}}`, and what it is."""
    value = pair.children[-1]
    members = operands(value) if pair.type == "pair" and value.type == "object" else []
    if not is_descriptor(low, members):
        return None
    functions = [child for child in members if child.children[-1].type in FUNCTIONS]
    return (functions[0].children[-1], KINDS[_key(low, functions[0])]) if len(functions) == 1 else None


def _key(low: Lowering, pair: Node) -> str:
    key = pair.child_by_field_name("key")
    return low.text(key) if key is not None else ""
