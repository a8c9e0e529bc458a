"""Values that the source spells out: strings, numbers, templates, arrays."""

from __future__ import annotations

import re

from tree_sitter import Node

from memlint.languages.javascript.lowering import ELEMENT, OTHER, UNKNOWN, Lowering, operand, operands
from memlint.model.facts import Fate
from memlint.model.value import Compound, Constant, Sequence, Value

_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r\n|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_TEXT = frozenset({"string_fragment", "escape_sequence"})
_KEYWORDS = {"true": Constant(True), "false": Constant(False)}
_NOTHING = Constant(None)


def unescape(source: str) -> str:
    """The text that a string literal's inside stands for (ECMA-262, 12.9.4)."""
    if "\\" not in source:
        return source

    def replace(match: re.Match[str]) -> str:
        digits = match[2] or match[3] or match[4]
        if digits:
            code = int(digits, 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return _SIMPLE.get(match[1], match[1])

    return _ESCAPE.sub(replace, source)


def string(low: Lowering, node: Node, _fate: Fate) -> Constant:
    return Constant(unescape(low.text(node)[1:-1]))


def number(low: Lowering, node: Node, _fate: Fate) -> Constant:
    """`1_000`, `0x1f`, `.5`; a BigInt keeps its spelling."""
    source = low.text(node).replace("_", "")
    try:
        return Constant(float(source))
    except ValueError:
        pass
    try:
        return Constant(int(source, 0))
    except ValueError:
        return Constant(source)


def keyword(_low: Lowering, node: Node, _fate: Fate) -> Constant:
    """`true`, `false`, `null`, `undefined`."""
    return _KEYWORDS.get(node.type, _NOTHING)


def template(low: Lowering, node: Node, _fate: Fate) -> Value:
    parts = operands(node)
    if all(child.type in _TEXT for child in parts):
        return Constant(unescape(low.text(node)[1:-1]))
    return Compound(
        "template",
        tuple(
            [
                Constant(unescape(low.text(child))) if child.type in _TEXT else low.expression(operand(child), OTHER)
                for child in parts
            ]
        ),
    )


def array(low: Lowering, node: Node, _fate: Fate) -> Value:
    return Sequence(tuple([low.expression(child, ELEMENT) for child in operands(node)]))


def spread(low: Lowering, node: Node, _fate: Fate) -> Value:
    return low.parts(node, "spread")


def nothing(_low: Lowering, _node: Node, _fate: Fate) -> Value:
    return UNKNOWN


def property_name(key: Constant) -> str:
    """The member that a constant key names: `a["x"]` is `a.x`, `a[1]` is `a["1"]`."""
    value = key.value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
