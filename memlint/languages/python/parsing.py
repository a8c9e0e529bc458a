"""From bytes to LibCST's tree, with the byte offsets of its nodes; or the reason why not."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper

from memlint.model.facts import Extent
from memlint.model.finding import Problem, ProblemKind
from memlint.model.frozen import frozen

_MARK = "\ufeff"
_FRAMES = 20_000
"""Python frames that the longest chain `text.survey` lets through may take; they are on the heap, not on the stack."""
_CODING = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_PAGE = re.compile(r"^\f", re.MULTILINE)


@frozen
class Tree:
    """A parsed file."""

    module: cst.Module
    spans: Mapping[cst.CSTNode, CodeSpan]
    shift: int
    """Bytes before the text that LibCST was given: a byte order mark."""

    def extent(self, node: cst.CSTNode) -> Extent:
        """The node's byte offsets in the file, without white space and parentheses around it."""
        span = self.spans[node]
        start = span.start + self.shift
        return (start, start + span.length)


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for long chains: LibCST's own walks, and ours, recurse."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def parse(path: str, data: bytes) -> Tree | Problem:
    """The tree of a file whose text `text.survey` found fit to parse."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Problem(path, ProblemKind.ENCODING, f"not UTF-8 at byte {error.start}")
    coding = _declared(text)
    if coding and not data.isascii():
        return Problem(path, ProblemKind.ENCODING, f"declares the encoding {coding}; only UTF-8 is read")
    shift = len(_MARK.encode()) if text.startswith(_MARK) else 0
    text = _as_written_for_libcst(text.removeprefix(_MARK))
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return Problem(path, ProblemKind.UNPARSED, f"{_fault(text, error)}; nothing in it was judged")
    # Straight from the parser no node stands twice in the tree, so the copy that costs as much as the parse is spared.
    spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
    if spans[module].length != len(text.encode()):
        return Problem(
            path, ProblemKind.UNPARSED, "LibCST does not give this text back as it is, so no place in it can be told"
        )
    return Tree(module, spans, shift)


def _declared(text: str) -> str:
    """The encoding that the first two lines declare, unless it is UTF-8 (PEP 263)."""
    for line in text.split("\n", 2)[:2]:
        match = _CODING.match(line.removeprefix(_MARK))
        if match:
            return "" if match[1].lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig") else match[1]
        if line.strip() and not line.lstrip().startswith("#"):
            break
    return ""


def _as_written_for_libcst(text: str) -> str:
    """The text as LibCST 1.9 gives it back whole; every place in it stays where it was.

    LibCST drops lone CRs and form feeds before a line, and counts a newline at the end of the last line in any case.
    """
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    if "\f" in text:
        text = _PAGE.sub("\n", text)
    return text if text.endswith("\n") or not text else text + "\n"


def _fault(text: str, error: cst.ParserSyntaxError) -> str:
    """Where and why, in a line; in CPython's words if it refuses the text too, since LibCST loses some lines."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as fault:
        return f"line {fault.lineno or 1}: {fault.msg}"
    except (ValueError, RecursionError, MemoryError):
        pass
    return f"line {error.raw_line}: {error.message.split(': expected one of')[0]}"
