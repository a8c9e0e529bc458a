"""From bytes to a syntax tree, in bounded time; and what the tree says about itself: errors, comments."""

from __future__ import annotations

import re
import time
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from posixpath import splitext
from types import ModuleType

from tree_sitter import Language, Node, Parser, Tree

from memlint.languages.directives import parse_directive
from memlint.languages.javascript.lowering import REMARKS
from memlint.model.facts import Directive

TIME_LIMIT = 10.0
"""Seconds that one file may take to parse."""
_BIG = 100_000
"""Bytes above which a parse is bounded in time: the bound makes parsing 1.05 times as slow."""
_WORD = b"memlint-"
_LET_ALONE = re.compile(rb"(?m)^([ \t]*)let(?=[ \t]*(?:\r?$|/\*))")
"""`let` before a line break or a comment: the grammar takes it for a name, and what it declares for assignments."""
_MAY_STAND_ALONE = re.compile(rb"let[ \t]*(?:[\r\n]|/\*)")
"""The same, found soon: it begins with what few files hold."""

_SCRIPTS = frozenset({".js", ".jsx", ".mjs", ".cjs"})
_FLOW = b"@flow"
"""What the comment at the head of a script says that holds types (Flow, "Annotate your files")."""
_HEAD = 2048


class TooSlowError(Exception):
    """Parsing took longer than `TIME_LIMIT`."""


def parser_of(path: str, data: bytes) -> Parser:
    """The parser for a file, by its suffix; types in a script are those of Flow, written nearly as TypeScript's are."""
    suffix = splitext(path)[1].lower()
    return _parser(".tsx" if suffix in _SCRIPTS and _FLOW in data[:_HEAD] else suffix)


def kinds_of(parser: Parser) -> dict[int, str]:
    """The named kinds of nodes of a parser's grammar by their numbers; several may have one name."""
    language = parser.language
    if language is None:
        return {}
    return {
        kind: language.node_kind_for_id(kind) or ""
        for kind in range(language.node_kind_count)
        if language.node_kind_is_named(kind)
    }


@cache
def _parser(suffix: str) -> Parser:
    """JSX is part of the JavaScript grammar, but not of TypeScript's."""
    if suffix in (".ts", ".mts", ".cts", ".tsx"):
        typescript = _grammar("tree_sitter_typescript")
        capsule = typescript.language_tsx() if suffix == ".tsx" else typescript.language_typescript()
        return Parser(Language(capsule))
    return Parser(Language(_grammar("tree_sitter_javascript").language()))


def _grammar(package: str) -> ModuleType:
    """The compiled part of a grammar's package: the rest loads `importlib.resources`, for files that we never ask for.

    The package itself, should a later one of these be made otherwise.
    """
    outer = PathFinder.find_spec(package)
    places = outer.submodule_search_locations if outer is not None else None
    inner = PathFinder.find_spec(f"{package}._binding", places) if places else None
    if inner is None or inner.loader is None:
        return import_module(package)
    module = module_from_spec(inner)
    inner.loader.exec_module(module)
    return module


def parse(path: str, data: bytes) -> Tree:
    """The file's tree; raises `TooSlowError`."""
    parser = parser_of(path, data)
    data = _LET_ALONE.sub(rb"\1var", data) if _MAY_STAND_ALONE.search(data) else data
    if len(data) < _BIG:
        return parser.parse(data)
    end = time.monotonic() + TIME_LIMIT
    try:
        return parser.parse(
            lambda offset, _point: data[offset : offset + 65536],
            progress_callback=lambda _offset, _error: time.monotonic() > end,
        )
    except ValueError:
        parser.reset()  # or it would go on with this file where it stopped, when it is given the next one
        raise TooSlowError from None


def line_not_understood(tree: Tree) -> int:
    """The line of the first syntax error, from 1."""
    cursor = tree.walk()
    node: Node | None = tree.root_node
    while node is not None and not (node.is_error or node.is_missing) and cursor.goto_first_child():
        while cursor.node is not None and not cursor.node.has_error and cursor.goto_next_sibling():
            pass
        node = cursor.node
    return node.start_point.row + 1 if node is not None else 0


def directives(data: bytes, tree: Tree) -> tuple[Directive, ...]:
    """The comments that speak to memlint."""
    found: list[Directive] = []
    at = data.find(_WORD)
    while at >= 0:
        node = tree.root_node.descendant_for_byte_range(at, at)
        if node is not None and node.type in REMARKS:
            directive = parse_directive(_inside(data, node), node.byte_range, node.start_point.row + 1)
            if directive is not None:
                found.append(directive)
            at = node.end_byte - 1
        at = data.find(_WORD, at + 1)
    return tuple(found)


def _inside(data: bytes, node: Node) -> str:
    """A comment's text, without its signs."""
    source = data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    return source[2:].removesuffix("*/") if source.startswith("/*") else source[2:]
