"""Where values go: names, members and subscripts that are assigned to, and what is taken apart on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import libcst as cst

from memlint.languages.python.draft import OTHER, RECEIVER, Draft, Here, kept, member_of, unawaited
from memlint.languages.python.scopes import Symbol
from memlint.model.value import Compound, Constant, Place, Sequence, Value

REST = "..."
"""The path element of a starred target."""

_DECLARING = frozenset({"=", "with"})


def key_text(key: Value) -> str:
    """The path element of a subscript: a constant's text, or `[]`."""
    if isinstance(key, Constant) and isinstance(key.value, str | int | float) and not isinstance(key.value, bool):
        return str(key.value)
    return "[]"


def subscript_key(draft: Draft, node: cst.Subscript, here: Here) -> Value:
    """What stands between the brackets: a key, a slice, or several of both."""
    keys = [_index(draft, element.slice, here) for element in node.slice]
    return keys[0] if len(keys) == 1 else Sequence(tuple(keys))


def _index(draft: Draft, node: cst.BaseSlice, here: Here) -> Value:
    if isinstance(node, cst.Slice):
        bounds = (node.lower, node.upper) if node.step is None else (node.lower, node.upper, node.step)
        return Compound(
            "slice", tuple([Constant(None) if bound is None else draft.value(bound, OTHER, here) for bound in bounds])
        )
    return draft.value(node.value, OTHER, here) if isinstance(node, cst.Index) else Constant(None)


def place_of(draft: Draft, node: cst.CSTNode, here: Here) -> tuple[Place | None, Value | None, Symbol | None]:
    """The place that a target is, its computed key, and the name it is, if it is one."""
    room = _PLACES.get(type(node))
    return room(draft, node, here) if room is not None else (None, None, None)


def _name(draft: Draft, node: cst.Name, here: Here) -> tuple[Place | None, Value | None, Symbol | None]:
    place, symbol = draft.target(node, here)
    return place, None, symbol


def _attribute(draft: Draft, node: cst.Attribute, here: Here) -> tuple[Place | None, Value | None, Symbol | None]:
    value = draft.value(node, OTHER, here)
    return (value if isinstance(value, Place) else None), None, None


def _subscript(draft: Draft, node: cst.Subscript, here: Here) -> tuple[Place | None, Value | None, Symbol | None]:
    base = draft.value(node.value, RECEIVER, here)
    key = subscript_key(draft, node, here)
    value = member_of(base, (key_text(key),))
    return (value if isinstance(value, Place) else None), key, None


_PLACES: Final[Mapping[type[cst.CSTNode], Callable[..., tuple[Place | None, Value | None, Symbol | None]]]] = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Subscript: _subscript,
}


def assign(
    draft: Draft, target: cst.CSTNode, source: cst.CSTNode, at: cst.CSTNode, here: Here, operator: str = "="
) -> Value:
    """`target = source`: lowers both; answers the value."""
    if isinstance(target, cst.Tuple | cst.List):
        pairs = _pairs(target, source)
        if pairs:
            return Sequence(tuple([assign(draft, one, other, one, here, operator) for one, other in pairs]))
        value = draft.value(source, OTHER, here)
        give(draft, target, value, at, here, operator)
        return value
    place, key, symbol = place_of(draft, target, here)
    value = draft.value(source, kept(place) if place is not None else OTHER, here)
    if operator == "with":
        value = unawaited(value)
    if place is not None:
        _write(draft, place, key, symbol, value, (), at, here, operator)
    return value


def _pairs(target: cst.Tuple | cst.List, source: cst.CSTNode) -> list[tuple[cst.CSTNode, cst.CSTNode]]:
    """`a, b = x, y` as two assignments, if it is as plain as that."""
    if not isinstance(source, cst.Tuple | cst.List) or len(source.elements) != len(target.elements):
        return []
    if any(isinstance(element, cst.StarredElement) for element in (*target.elements, *source.elements)):
        return []
    return [(one.value, other.value) for one, other in zip(target.elements, source.elements, strict=True)]


def give(
    draft: Draft,
    target: cst.CSTNode,
    value: Value,
    at: cst.CSTNode,
    here: Here,
    operator: str = "=",
    path: tuple[str, ...] = (),
) -> None:
    """The target receives the member at `path` of a value that is lowered already."""
    if isinstance(target, cst.Tuple | cst.List):
        for position, element in enumerate(target.elements):
            step = REST if isinstance(element, cst.StarredElement) else str(position)
            give(draft, element.value, value, element.value, here, operator, (*path, step))
        return
    place, key, symbol = place_of(draft, target, here)
    if place is not None:
        _write(draft, place, key, symbol, value, path, at, here, operator)


def _write(
    draft: Draft,
    place: Place,
    key: Value | None,
    symbol: Symbol | None,
    value: Value,
    path: tuple[str, ...],
    at: cst.CSTNode,
    here: Here,
    operator: str,
) -> None:
    if symbol is not None and symbol.index < 0 and place.path and operator == "=":
        operator = "static field"
    elif symbol is not None and operator in _DECLARING and _is_first(symbol, here):
        symbol.declared = True
        symbol.value, symbol.member = value, path
        operator = "declare" if operator == "=" else operator
    draft.write(place, member_of(value, path), operator, at, here, key)


def _is_first(symbol: Symbol, here: Here) -> bool:
    """Whether this is the declaration of an ordinary name, as far as Python has one."""
    return symbol.kind == "let" and symbol.index >= 0 and symbol.function == here.function and not symbol.declared


def delete(draft: Draft, target: cst.CSTNode, here: Here) -> None:
    """`del target`."""
    if isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            delete(draft, element.value, here)
        return
    place, key, _ = place_of(draft, target, here)
    if place is not None:
        draft.write(place, None, "delete", target, here, key)
