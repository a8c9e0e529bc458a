"""From bytes to facts: parse, lower, and say what could not be read."""

from __future__ import annotations

import sys
import time
from functools import cache

from tree_sitter import Language, Node, Parser, Tree

from memlint.languages.directives import parse_directive
from memlint.languages.javascript.expressions import EXPRESSIONS
from memlint.languages.javascript.lowering import MAX_DEPTH, Lowering, TooDeepError
from memlint.languages.javascript.modules import commonjs_exports, commonjs_imports
from memlint.languages.javascript.statements import STATEMENTS
from memlint.model.facts import Directive, Facts, Fate, FateKind, Function, FunctionKind, RegionKind
from memlint.model.finding import Problem, ProblemKind
from memlint.model.source import line_starts, wide_lines

_FRAMES_PER_LEVEL = 5
_BIG = 100_000
"""Bytes above which a parse is bounded in time: the bound makes parsing 1.05 times as slow."""
_TIME_LIMIT = 10.0


@cache
def _parser(suffix: str) -> Parser:
    """The parser for a file's suffix; JSX is part of the JavaScript grammar."""
    if suffix in (".ts", ".mts", ".cts", ".tsx"):
        import tree_sitter_typescript as typescript  # noqa: PLC0415 - loaded only for the first TypeScript file

        capsule = typescript.language_tsx() if suffix == ".tsx" else typescript.language_typescript()
        return Parser(Language(capsule))
    import tree_sitter_javascript as javascript  # noqa: PLC0415 - loaded only for the first JavaScript file

    return Parser(Language(javascript.language()))


def lower(path: str, data: bytes, _words: frozenset[str]) -> tuple[Facts, tuple[Problem, ...]]:
    """The facts of a file, and what kept them from being complete. Never raises for what the file contains."""
    problems: list[Problem] = []
    low = Lowering(data, EXPRESSIONS, STATEMENTS)
    directives: tuple[Directive, ...] = ()
    starts = line_starts(data)
    try:
        tree = _parse(path, data)
    except ValueError:
        problems.append(Problem(path, ProblemKind.TOO_SLOW, f"parsing took over {_TIME_LIMIT:.0f} seconds"))
    else:
        directives = _directives(data, tree, starts)
        if tree.root_node.has_error:
            problems.append(_syntax_problem(path, tree))
        try:
            _lower_module(low, tree.root_node)
        except (TooDeepError, RecursionError):
            problems.append(Problem(path, ProblemKind.TOO_DEEP, f"nested deeper than {MAX_DEPTH} levels"))
            low = Lowering(data, EXPRESSIONS, STATEMENTS)
            _lower_module(low, None)
    if not low.tables.functions:
        _lower_module(low, None)
    return _facts(path, low, directives, starts, wide_lines(data, starts)), tuple(problems)


def _parse(path: str, data: bytes) -> Tree:
    suffix = path[path.rfind(".") :] if "." in path else ".js"
    parser = _parser(suffix)
    if len(data) < _BIG:
        return parser.parse(data)
    end = time.monotonic() + _TIME_LIMIT
    return parser.parse(
        lambda offset, _point: data[offset : offset + 65536],
        progress_callback=lambda _offset, _error: time.monotonic() > end,
    )


def _lower_module(low: Lowering, root: Node | None) -> None:
    tables = low.tables
    at = (0, len(low.data))
    tables.functions.append(
        Function(0, "", FunctionKind.MODULE, at, -1, -1, 0, 0, Fate(FateKind.OTHER)),
    )
    tables.region(RegionKind.BODY, -1, 0, at)
    if root is None:
        return
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MAX_DEPTH * _FRAMES_PER_LEVEL))
    try:
        low.object_types |= _declared_types(root)
        low.body(root)
    finally:
        sys.setrecursionlimit(limit)


def _declared_types(root: Node) -> frozenset[str]:
    """The interfaces and classes that the file declares at its top level: their values are objects."""
    found = set()
    for outer in root.named_children:
        node = outer.child_by_field_name("declaration") if outer.type == "export_statement" else outer
        if node is not None and node.type in ("interface_declaration", "class_declaration", "abstract_class_declaration"):
            name = node.child_by_field_name("name")
            found.add((name.text or b"").decode() if name is not None else "")
    return frozenset(found)


def _syntax_problem(path: str, tree: Tree) -> Problem:
    cursor = tree.walk()
    line = 0
    while True:
        node = cursor.node
        if node is None or node.is_error or node.is_missing or not cursor.goto_first_child():
            break
        while cursor.node is not None and not cursor.node.has_error and cursor.goto_next_sibling():
            pass
    if cursor.node is not None:
        line = cursor.node.start_point.row + 1
    return Problem(path, ProblemKind.SYNTAX, f"line {line} is not understood; the rest of the file was analysed")


def _directives(data: bytes, tree: Tree, starts: tuple[int, ...]) -> tuple[Directive, ...]:
    """The comments that speak to memlint."""
    found: list[Directive] = []
    at = data.find(b"memlint-")
    while at >= 0:
        node = tree.root_node.descendant_for_byte_range(at, at)
        if node is not None and node.type == "comment":
            source = data[node.start_byte : node.end_byte].decode("utf-8", "replace")
            comment = source[2:].removesuffix("*/") if source.startswith("/*") else source[2:]
            line = node.start_point.row + 1
            directive = parse_directive(comment, (node.start_byte, node.end_byte), line)
            if directive is not None and directive not in found:
                found.append(directive)
            at = node.end_byte
        at = data.find(b"memlint-", at + 1)
    return tuple(found)


def _facts(
    path: str, low: Lowering, directives: tuple[Directive, ...], starts: tuple[int, ...], wide: dict[int, bytes]
) -> Facts:
    tables = low.tables
    bindings = tuple([binding.closed() for binding in tables.bindings])
    calls = tuple([call for call in tables.calls if call is not None])
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
        (*tables.imports, *commonjs_imports(bindings, calls)),
        (*tables.exports, *commonjs_exports(tables.writes)),
        directives,
        starts,
        wide,
    )
