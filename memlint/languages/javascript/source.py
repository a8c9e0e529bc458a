"""From bytes to facts: parse, lower, and say what could not be read."""

from __future__ import annotations

import sys
from functools import cache

from tree_sitter import Node, Parser

from memlint.languages.javascript import commonjs, parsing
from memlint.languages.javascript.expressions import EXPRESSIONS
from memlint.languages.javascript.lowering import (
    MAX_DEPTH,
    OTHER,
    ExpressionRoom,
    Lowering,
    StatementRoom,
    TooDeepError,
)
from memlint.languages.javascript.modules import import_statement
from memlint.languages.javascript.statements import STATEMENTS
from memlint.model.facts import MODULE, Directive, Facts, Function, FunctionKind, RegionKind
from memlint.model.finding import Problem, ProblemKind
from memlint.model.source import line_starts, wide_lines

_FRAMES_PER_LEVEL = 5


def lower(path: str, data: bytes, _words: frozenset[str]) -> tuple[Facts, tuple[Problem, ...]]:
    """The facts of a file, and what kept them from being complete. Never raises for what the file contains."""
    try:
        tree = parsing.parse(path, data)
    except parsing.TooSlowError:
        problem = Problem(path, ProblemKind.TOO_SLOW, f"parsing took over {parsing.TIME_LIMIT:.0f} seconds")
        return _facts(path, _opened(path, data), ()), (problem,)
    problems: list[Problem] = []
    if tree.root_node.has_error:
        line = parsing.line_not_understood(tree)
        message = f"line {line} is not understood; the rest of the file was analysed"
        problems.append(Problem(path, ProblemKind.SYNTAX, message))
    low = _opened(path, data)
    try:
        _lower_module(low, tree.root_node)
    except (TooDeepError, RecursionError):
        problems.append(Problem(path, ProblemKind.TOO_DEEP, f"nested deeper than {MAX_DEPTH} levels"))
        low = _opened(path, data)
    return _facts(path, low, parsing.directives(data, tree)), tuple(problems)


def _opened(path: str, data: bytes) -> Lowering:
    """A lowering that knows of the module itself, and of nothing in it."""
    low = Lowering(data, *_rooms(parsing.parser_of(path, data)))
    at = (0, len(data))
    region = low.tables.region(RegionKind.BODY, -1, MODULE, at)
    low.tables.functions.append(Function(MODULE, "", FunctionKind.MODULE, at, -1, -1, region, region, OTHER))
    return low


@cache
def _rooms(parser: Parser) -> tuple[dict[int, ExpressionRoom], dict[int, StatementRoom]]:
    """The rooms by the kind's number in a grammar."""
    kinds = parsing.kinds_of(parser)
    return (
        {kind: EXPRESSIONS[name] for kind, name in kinds.items() if name in EXPRESSIONS},
        {kind: STATEMENTS[name] for kind, name in kinds.items() if name in STATEMENTS},
    )


def _lower_module(low: Lowering, root: Node) -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MAX_DEPTH * _FRAMES_PER_LEVEL + limit))
    try:
        low.object_types |= _declared_types(low, root)
        for statement in root.named_children:
            if statement.type == "import_statement":
                import_statement(low, statement)
        low.body(root)
    finally:
        sys.setrecursionlimit(limit)


def _declared_types(low: Lowering, root: Node) -> frozenset[str]:
    """The interfaces that the file declares at its top level: their values are objects."""
    found = set()
    for outer in root.named_children:
        node = outer.child_by_field_name("declaration") if outer.type == "export_statement" else outer
        if node is not None and node.type == "interface_declaration":
            found.add(low.text(node.child_by_field_name("name")))
    return frozenset(found)


def _facts(path: str, low: Lowering, directives: tuple[Directive, ...]) -> Facts:
    tables = low.tables
    bindings = tuple([binding.closed() for binding in tables.bindings])
    calls = tuple([call for call in tables.calls if call is not None])
    starts = line_starts(low.data)
    return Facts(
        path,
        "javascript",
        tuple([function for function in tables.functions if function is not None]),
        tuple(tables.regions),
        bindings,
        tuple([unit.closed() for unit in tables.units]),
        calls,
        tuple(tables.writes),
        tuple(tables.exits),
        tuple(tables.uses),
        (*tables.imports, *commonjs.imports(bindings, calls)),
        (*tables.exports, *commonjs.exports(tables.writes)),
        directives,
        starts,
        wide_lines(low.data, starts),
    )
