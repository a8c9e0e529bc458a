"""Statements: regions that control may enter, and the ways out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import libcst as cst

from memlint.languages.python.cases import match
from memlint.languages.python.draft import (
    DISCARDED,
    OTHER,
    RETURNED,
    TESTED,
    Draft,
    Here,
    StatementRoom,
    kept,
    unawaited,
)
from memlint.languages.python.functions import class_definition, definition
from memlint.languages.python.modules import import_from, import_modules
from memlint.languages.python.targets import assign, delete, give
from memlint.model.facts import ExitKind, RegionKind
from memlint.model.frozen import replace
from memlint.model.value import Compound, Place, Root, Value


def block(draft: Draft, node: cst.BaseSuite | cst.SimpleStatementLine, here: Here) -> None:
    for statement in node.body:
        draft.statement(statement, here)


def expression(draft: Draft, node: cst.Expr, here: Here) -> None:
    draft.value(node.value, DISCARDED, here)


def assignment(draft: Draft, node: cst.Assign, here: Here) -> None:
    """`a = b = value`: the last target is where the value is kept; the others receive it as well."""
    *others, last = node.targets
    value = assign(draft, last.target, node.value, node, here)
    for other in others:
        give(draft, other.target, value, node, here)


def annotated(draft: Draft, node: cst.AnnAssign, here: Here) -> None:
    if node.value is not None:
        assign(draft, node.target, node.value, node, here)


def augmented(draft: Draft, node: cst.AugAssign, here: Here) -> None:
    """`a += value`: the target is read, too."""
    if isinstance(node.target, cst.Name):
        draft.place(node.target, here)
    assign(draft, node.target, node.value, node, here, _SIGNS[type(node.operator)])


_SIGNS: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.AddAssign: "+=", cst.SubtractAssign: "-=", cst.MultiplyAssign: "*=", cst.DivideAssign: "/=",
    cst.FloorDivideAssign: "//=", cst.ModuloAssign: "%=", cst.PowerAssign: "**=", cst.MatrixMultiplyAssign: "@=",
    cst.LeftShiftAssign: "<<=", cst.RightShiftAssign: ">>=", cst.BitAndAssign: "&=", cst.BitOrAssign: "|=",
    cst.BitXorAssign: "^=",
}  # fmt: skip


def deletion(draft: Draft, node: cst.Del, here: Here) -> None:
    delete(draft, node.target, here)


def return_statement(draft: Draft, node: cst.Return, here: Here) -> None:
    value = draft.value(node.value, RETURNED, here) if node.value is not None else None
    draft.exit(ExitKind.RETURN, value, node, here)


def raise_statement(draft: Draft, node: cst.Raise, here: Here) -> None:
    value = draft.value(node.exc, OTHER, here) if node.exc is not None else None
    if node.cause is not None:
        draft.value(node.cause.item, OTHER, here)
    draft.exit(ExitKind.THROW, value, node, here)


def assertion(draft: Draft, node: cst.Assert, here: Here) -> None:
    draft.value(node.test, TESTED, here)
    if node.msg is not None:
        draft.value(node.msg, OTHER, here)


def if_statement(draft: Draft, node: cst.If, here: Here) -> None:
    test = draft.value(node.test, TESTED, here)
    draft.statement(node.body, draft.region(RegionKind.THEN, node.body, here, test))
    _otherwise(draft, node.orelse, here, test)


def _otherwise(draft: Draft, node: cst.If | cst.Else | None, here: Here, test: Value | None) -> None:
    if node is not None:
        inner = draft.region(RegionKind.ELSE, node, here, test)
        draft.statement(node if isinstance(node, cst.If) else node.body, inner)


def while_statement(draft: Draft, node: cst.While, here: Here) -> None:
    """The test runs in every turn, so it stands in the loop's region, which is there before it."""
    inner = draft.region(RegionKind.LOOP, node, here)
    test = draft.value(node.test, TESTED, inner)
    draft.regions[inner.region] = replace(draft.regions[inner.region], test=test)
    draft.statement(node.body, inner)
    _otherwise(draft, node.orelse, here, test)


def for_statement(draft: Draft, node: cst.For, here: Here) -> None:
    iterated = draft.value(node.iter, OTHER, here)
    inner = draft.region(RegionKind.LOOP, node, here, iterated)
    if node.asynchronous is not None:
        draft.exit(ExitKind.AWAIT, iterated, node, inner)
    give(draft, node.target, Compound("element", (iterated,)), node.target, inner)
    draft.statement(node.body, inner)
    _otherwise(draft, node.orelse, here, iterated)


def try_statement(draft: Draft, node: cst.Try | cst.TryStar, here: Here) -> None:
    draft.statement(node.body, draft.region(RegionKind.TRY, node.body, here))
    for handler in node.handlers:
        test = draft.value(handler.type, OTHER, here) if handler.type is not None else None
        draft.statement(handler.body, draft.region(RegionKind.CATCH, handler, here, test))
    _otherwise(draft, node.orelse, here, None)
    if node.finalbody is not None:
        draft.statement(node.finalbody.body, draft.region(RegionKind.FINALLY, node.finalbody, here))


def with_statement(draft: Draft, node: cst.With, here: Here) -> None:
    for item in node.items:
        value = _managed(draft, item, here)
        if node.asynchronous is not None:
            draft.exit(ExitKind.AWAIT, value, item, here)
    draft.statement(node.body, here)


def _managed(draft: Draft, item: cst.WithItem, here: Here) -> Value:
    """Tells by a write with the operator `with` that a value is given back when the block is left."""
    if item.asname is not None:
        return assign(draft, item.asname.name, item.item, item, here, "with")
    value = unawaited(draft.value(item.item, kept(Place(Root.RESULT, len(draft.calls))), here))
    if isinstance(value, Place):
        draft.write(value, value, "with", item, here)
    return value


STATEMENTS: Final[Mapping[type[cst.CSTNode], StatementRoom]] = {
    cst.AnnAssign: annotated,
    cst.Assert: assertion,
    cst.Assign: assignment,
    cst.AugAssign: augmented,
    cst.ClassDef: class_definition,
    cst.Del: deletion,
    cst.Expr: expression,
    cst.For: for_statement,
    cst.FunctionDef: definition,
    cst.If: if_statement,
    cst.Import: import_modules,
    cst.ImportFrom: import_from,
    cst.IndentedBlock: block,
    cst.Match: match,
    cst.Raise: raise_statement,
    cst.Return: return_statement,
    cst.SimpleStatementLine: block,
    cst.SimpleStatementSuite: block,
    cst.Try: try_statement,
    cst.TryStar: try_statement,
    cst.While: while_statement,
    cst.With: with_statement,
}
