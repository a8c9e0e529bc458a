"""Expressions: values, places, calls, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import libcst as cst

from memlint.languages.python.draft import (
    ELEMENT,
    OTHER,
    TESTED,
    UNKNOWN,
    Draft,
    Here,
    ValueRoom,
    kept,
    member_of,
)
from memlint.languages.python.literals import LITERALS
from memlint.languages.python.targets import give, key_text, subscript_key
from memlint.model.facts import Call, ExitKind, Fate, FateKind, RegionKind
from memlint.model.value import Compound, Constant, Place, Record, Root, Sequence, Value

_CONSTANTS = {"None": None, "True": True, "False": False}
_SIGNS: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%",
    cst.Power: "**", cst.MatrixMultiply: "@", cst.LeftShift: "<<", cst.RightShift: ">>", cst.BitAnd: "&",
    cst.BitOr: "|", cst.BitXor: "^", cst.LessThan: "<", cst.GreaterThan: ">", cst.LessThanEqual: "<=",
    cst.GreaterThanEqual: ">=", cst.Equal: "==", cst.NotEqual: "!=", cst.Is: "===", cst.IsNot: "!==", cst.In: "in",
    cst.NotIn: "in", cst.Minus: "-", cst.Plus: "+", cst.BitInvert: "~",
}  # fmt: skip
"""Signs as the facts write them: identity is `===` in every language."""


def name(draft: Draft, node: cst.Name, _fate: Fate, here: Here) -> Value:
    if node.value in _CONSTANTS:
        return Constant(_CONSTANTS[node.value])
    return draft.place(node, here)


def member(draft: Draft, node: cst.Attribute | cst.Subscript, _fate: Fate, here: Here, call: int = -1) -> Value:
    """`a.b.c` and `a[k]`: walks down to the root without recursion, so that a use is noted with its whole path."""
    path: list[str] = []
    base: cst.BaseExpression = node
    while True:
        if isinstance(base, cst.Attribute):
            path.append(base.attr.value)
        elif isinstance(base, cst.Subscript) and not _is_slice(base):
            path.append(key_text(subscript_key(draft, base, here)))
        else:
            break
        base = base.value
    steps = tuple(reversed(path))
    if isinstance(base, cst.Name) and base.value not in _CONSTANTS:
        return draft.place(base, here, steps)
    how = Fate(FateKind.RECEIVER, call=call if len(steps) <= 1 else -1)
    if isinstance(base, cst.Subscript):
        inner = draft.value(base.value, Fate(FateKind.RECEIVER), here)
        bounds = subscript_key(draft, base, here)
        sliced = Compound("slice", (inner, *(bounds.parts if isinstance(bounds, Compound) else (bounds,))))
        return member_of(sliced, steps)
    return member_of(draft.value(base, how, here), steps)


def _is_slice(node: cst.Subscript) -> bool:
    return len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice)


def call(draft: Draft, node: cst.Call, fate: Fate, here: Here, *, awaited: bool = False) -> Value:
    """A call or construction. Its number is known before its arguments, so that their fates can name it."""
    named: cst.CSTNode = node.func
    if isinstance(named, cst.Name) and named.value == "super" and draft.scopes.find("super", here.scope) is None:
        for argument in node.args:
            draft.value(argument.value, OTHER, here)
        return Place(Root.GLOBAL, "super")
    index = len(draft.calls)
    draft.calls.append(None)
    if isinstance(named, cst.Attribute | cst.Subscript):
        callee = member(draft, named, OTHER, here, index)
    else:
        callee = draft.value(named, Fate(FateKind.RECEIVER, call=index), here)
    if isinstance(named, cst.Attribute):
        named = named.attr
    label = named.value if isinstance(named, cst.Name) else ""
    draft.calls[index] = Call(
        index,
        callee,
        _arguments(draft, node, index, here),
        draft.extent(node),
        here.function,
        here.region,
        fate,
        label.lstrip("_")[:1].isupper() or (isinstance(callee, Place) and callee.root is Root.SELF and not callee.path),
        awaited,
        draft.extent(named),
    )
    return Place(Root.RESULT, index)


def _arguments(draft: Draft, node: cst.Call, index: int, here: Here) -> tuple[Value, ...]:
    """Positional arguments in order; those with a keyword follow as one record."""
    values: list[Value] = []
    items: list[tuple[str, Value]] = []
    for argument in node.args:
        if argument.keyword is not None:
            items.append((argument.keyword.value, draft.value(argument.value, ELEMENT, here)))
        elif argument.star == "**":
            items.append(("[]", Compound("spread", (draft.value(argument.value, OTHER, here),))))
        elif argument.star == "*":
            values.append(Compound("spread", (draft.value(argument.value, OTHER, here),)))
        else:
            how = Fate(FateKind.ARGUMENT, call=index, position=len(values))
            values.append(draft.value(argument.value, how, here))
    if items:
        values.append(Record(tuple(items)))
    return tuple(values)


def awaiting(draft: Draft, node: cst.Await, fate: Fate, here: Here) -> Value:
    inner = node.expression
    if isinstance(inner, cst.Call):
        value = call(draft, inner, fate, here, awaited=True)
    else:
        value = draft.value(inner, fate, here)
    draft.exit(ExitKind.AWAIT, value, node, here)
    return Compound("await", (value,))


def yielding(draft: Draft, node: cst.Yield, _fate: Fate, here: Here) -> Value:
    inner = node.value.item if isinstance(node.value, cst.From) else node.value
    draft.exit(ExitKind.YIELD, draft.value(inner, OTHER, here) if inner is not None else None, node, here)
    return UNKNOWN


def boolean(draft: Draft, node: cst.BooleanOperation, fate: Fate, here: Here) -> Value:
    """`or` is a choice; what stands on the right is evaluated only if the left says so."""
    is_and = isinstance(node.operator, cst.And)
    left = draft.value(node.left, TESTED if is_and else fate, here)
    inner = draft.region(RegionKind.THEN if is_and else RegionKind.ELSE, node.right, here, left)
    return Compound("&&" if is_and else "choice", (left, draft.value(node.right, fate, inner)))


def conditional(draft: Draft, node: cst.IfExp, fate: Fate, here: Here) -> Value:
    test = draft.value(node.test, TESTED, here)
    yes = draft.value(node.body, fate, draft.region(RegionKind.THEN, node.body, here, test))
    no = draft.value(node.orelse, fate, draft.region(RegionKind.ELSE, node.orelse, here, test))
    return Compound("choice", (yes, no))


def unary(draft: Draft, node: cst.UnaryOperation, _fate: Fate, here: Here) -> Value:
    value = draft.value(node.expression, OTHER, here)
    if isinstance(node.operator, cst.Not):
        return Compound("not", (value,))
    sign = _SIGNS[type(node.operator)]
    if sign == "-" and isinstance(value, Constant) and isinstance(value.value, int | float):
        return Constant(-value.value)
    return Compound(sign, (value,))


def binary(draft: Draft, node: cst.BinaryOperation, _fate: Fate, here: Here) -> Value:
    left, right = draft.value(node.left, OTHER, here), draft.value(node.right, OTHER, here)
    sign = _SIGNS[type(node.operator)]
    both = (left.value, right.value) if isinstance(left, Constant) and isinstance(right, Constant) else (None, None)
    if sign == "+" and isinstance(both[0], str) and isinstance(both[1], str):
        return Constant(both[0] + both[1])
    return Compound(sign, (left, right))


def comparison(draft: Draft, node: cst.Comparison, _fate: Fate, here: Here) -> Value:
    """`a < b < c` is `a < b` and `b < c`."""
    left = draft.value(node.left, OTHER, here)
    whole: Value | None = None
    for target in node.comparisons:
        right = draft.value(target.comparator, OTHER, here)
        link: Value = Compound(_SIGNS[type(target.operator)], (left, right))
        if isinstance(target.operator, cst.NotIn):
            link = Compound("not", (link,))
        whole = link if whole is None else Compound("&&", (whole, link))
        left = right
    return UNKNOWN if whole is None else whole


def sequence(draft: Draft, node: cst.Tuple | cst.List | cst.Set, _fate: Fate, here: Here) -> Value:
    return Sequence(tuple([_element(draft, element, here) for element in node.elements]))


def _element(draft: Draft, element: cst.BaseElement, here: Here) -> Value:
    if isinstance(element, cst.StarredElement):
        return Compound("spread", (draft.value(element.value, OTHER, here),))
    return draft.value(element.value, ELEMENT, here)


def dictionary(draft: Draft, node: cst.Dict, _fate: Fate, here: Here) -> Value:
    items: list[tuple[str, Value]] = []
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            key = key_text(draft.value(element.key, OTHER, here))
            items.append((key, draft.value(element.value, ELEMENT, here)))
        else:
            items.append(("[]", Compound("spread", (draft.value(element.value, OTHER, here),))))
    return Record(tuple(items))


def comprehension(
    draft: Draft, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp, _fate: Fate, here: Here
) -> Value:
    """What is iterated, outermost first, then what is collected: a dictionary's key before its value."""
    scope = draft.scopes.of[node]
    values: list[Value] = []
    inner = here
    loop: cst.CompFor | None = node.for_in
    while loop is not None:
        iterated = draft.value(loop.iter, OTHER, inner)
        values.append(iterated)
        inner = draft.region(RegionKind.LOOP, node, Here(inner.function, inner.region, scope), iterated)
        if loop.asynchronous is not None:
            draft.exit(ExitKind.AWAIT, iterated, loop, inner)
        give(draft, loop.target, Compound("element", (iterated,)), loop.target, inner)
        for condition in loop.ifs:
            inner = draft.region(RegionKind.THEN, node, inner, draft.value(condition.test, TESTED, inner))
        loop = loop.inner_for_in
    collected = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)
    values += [draft.value(element, ELEMENT, inner) for element in collected]
    return Compound("generator" if isinstance(node, cst.GeneratorExp) else "comprehension", tuple(values))


def walrus(draft: Draft, node: cst.NamedExpr, _fate: Fate, here: Here) -> Value:
    """`(x := y)` binds outside of comprehensions, but is evaluated here."""
    if not isinstance(node.target, cst.Name):
        return draft.value(node.value, OTHER, here)
    outer = Here(here.function, here.region, here.scope.body)
    place, _ = draft.target(node.target, outer)
    value = draft.value(node.value, kept(place), here)
    give(draft, node.target, value, node, outer)
    return place


EXPRESSIONS: Final[Mapping[type[cst.CSTNode], ValueRoom]] = {
    **LITERALS,
    cst.Attribute: member,
    cst.Await: awaiting,
    cst.BinaryOperation: binary,
    cst.BooleanOperation: boolean,
    cst.Call: call,
    cst.Comparison: comparison,
    cst.Dict: dictionary,
    cst.DictComp: comprehension,
    cst.GeneratorExp: comprehension,
    cst.IfExp: conditional,
    cst.List: sequence,
    cst.ListComp: comprehension,
    cst.Name: name,
    cst.NamedExpr: walrus,
    cst.Set: sequence,
    cst.SetComp: comprehension,
    cst.Subscript: member,
    cst.Tuple: sequence,
    cst.UnaryOperation: unary,
    cst.Yield: yielding,
}
