"""Strings and numbers."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

import libcst as cst

from memlint.languages.python.draft import OTHER, UNKNOWN, Draft, Here, ValueRoom
from memlint.model.facts import Fate
from memlint.model.value import Compound, Constant, Value


def _evaluated(source: str) -> Value:
    try:
        value = ast.literal_eval(source)
    except (ValueError, SyntaxError):  # a number of more digits than Python converts, an escape that is none
        return UNKNOWN
    if isinstance(value, bytes):
        return Constant(value.decode("latin-1"))
    return Constant(value) if isinstance(value, str | int | float) else UNKNOWN


def number(_draft: Draft, node: cst.Integer | cst.Float, _fate: Fate, _here: Here) -> Value:
    return _evaluated(node.value)


def text(_draft: Draft, node: cst.SimpleString, _fate: Fate, _here: Here) -> Value:
    source = node.value
    if "\\" in source or source[0] not in "'\"":
        return _evaluated(source)
    quotes = 3 if source[:3] in ('"""', "'''") else 1
    return Constant(source[quotes:-quotes])


def joined(draft: Draft, node: cst.ConcatenatedString, _fate: Fate, here: Here) -> Value:
    """`"a" "b"`: one text, or a template if one of them is an f-string."""
    parts: list[Value] = []
    right: cst.BaseExpression = node
    while isinstance(right, cst.ConcatenatedString):
        parts.append(draft.value(right.left, OTHER, here))
        right = right.right
    parts.append(draft.value(right, OTHER, here))
    texts = [part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str)]
    return Constant("".join(texts)) if len(texts) == len(parts) else Compound("template", tuple(parts))


def formatted(draft: Draft, node: cst.FormattedString, _fate: Fate, here: Here) -> Value:
    if all(isinstance(part, cst.FormattedStringText) for part in node.parts):
        return Constant("".join(part.value for part in node.parts if isinstance(part, cst.FormattedStringText)))
    return Compound("template", tuple(_contents(draft, node.parts, here)))


def _contents(draft: Draft, parts: Sequence[cst.BaseFormattedStringContent], here: Here) -> list[Value]:
    values: list[Value] = []
    for part in parts:
        if isinstance(part, cst.FormattedStringText):
            values.append(Constant(part.value))
        elif isinstance(part, cst.FormattedStringExpression):
            values.append(draft.value(part.expression, OTHER, here))
            values += _contents(draft, part.format_spec or (), here)
    return values


def nothing(_draft: Draft, _node: cst.CSTNode, _fate: Fate, _here: Here) -> Value:
    return UNKNOWN


LITERALS: Final[Mapping[type[cst.CSTNode], ValueRoom]] = {
    cst.ConcatenatedString: joined,
    cst.Ellipsis: nothing,
    cst.Float: number,
    cst.FormattedString: formatted,
    cst.Imaginary: nothing,
    cst.Integer: number,
    cst.SimpleString: text,
}
