"""Python text before it is parsed: its names, its comments, and how deep it nests."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from memlint.languages.directives import parse_directive
from memlint.model.facts import Directive, Extent
from memlint.model.frozen import frozen

MAX_BRACKETS = 100
"""Open brackets at once; CPython itself refuses 200, LibCST 1.9 dies of about 1500."""
MAX_CHAIN = 2000
"""Tokens that can hang on each other; LibCST 1.9 takes square time, and dies of some 10000."""
MAX_PATTERN = 8
"""Open brackets in a `case`: LibCST 1.9 takes at least twice as long for each."""
MAX_BRANCHES = 1000
"""`elif` after `elif`: each is nested in the one before."""
_MAX_FIELD = 4000
"""Bytes of one replacement field of an f-string, which is not looked into."""

_TOKEN = re.compile(
    rb"""
      (?P<comment>\#[^\r\n]*)
    | (?P<string>[A-Za-z]{0,2}(?:
          \"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:\"\"\"|\Z)
        | '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)
        | "[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"?
        | '[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'?))
    | (?P<name>[A-Za-z_\x80-\xff][\w\x80-\xff]*)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<comma>,)
    | (?P<end>;|\r\n?|\n)
    | \\\r?\n
    | (?P<sign>[0-9][\w.]*|\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_MARK = b"\xef\xbb\xbf"
_NAME = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_BRACKET = re.compile(rb"[()\[\]{}]")
_BRANCH = re.compile(rb"^([ \t]*)(if|elif)\b", re.MULTILINE)


@frozen
class Survey:
    """What the text tells without a parser."""

    names_a_word: bool
    too_deep: bool
    comments: tuple[Extent, ...]


def survey(data: bytes, words: frozenset[str]) -> Survey:
    """Whether a word of interest is a name in the code, not only in text or comments, and what a parser will meet."""
    wanted = {word.encode() for word in words}
    named = False
    comments: list[Extent] = []
    held: list[int] = []  # the tokens before each bracket that is open, since the last comma or line
    outer = run = deepest = brackets = patterns = lambdas = 0
    in_case = False
    for match in _TOKEN.finditer(data, len(_MARK) if data.startswith(_MARK) else 0):
        kind = match.lastgroup
        if kind == "name":
            in_case = in_case or (not run and not held and match[0] == b"case")
            run += 1
            lambdas += match[0] == b"lambda"
            named = named or match[0] in wanted
        elif kind == "open":
            held.append(run + 1)
            outer += run + 1
            run = 0
            brackets = max(brackets, len(held))
            patterns = max(patterns, len(held) if in_case else 0)
        elif kind == "close" and held:
            deepest = max(deepest, outer + run)
            run = held.pop()
            outer -= run
            run += 1
        elif kind == "comma" or (kind == "end" and not held):
            deepest = max(deepest, outer + run, lambdas)
            run = 0
            if kind == "end":
                in_case, lambdas = False, 0
        elif kind == "comment":
            comments.append(match.span())
        elif kind == "string":
            run += 1
            text = match[0]
            if _is_formatted(text):
                named = named or not wanted.isdisjoint(_NAME.findall(text))
                brackets = max(brackets, len(held) + _fields_depth(text))
        elif kind == "sign":
            run += 1
    too_deep = (
        brackets > MAX_BRACKETS
        or patterns > MAX_PATTERN
        or max(deepest, outer + run, lambdas) > MAX_CHAIN
        or _branches(data) > MAX_BRANCHES
    )
    return Survey(named, too_deep, tuple(comments))


def directives(data: bytes, comments: Sequence[Extent], lines: Sequence[int]) -> Iterator[Directive]:
    """The comments that speak to memlint."""
    for start, end in comments:
        if data.find(b"memlint-", start, end) >= 0:
            comment = data[start + 1 : end].decode("utf-8", "replace")
            directive = parse_directive(comment, (start, end), bisect_right(lines, start))
            if directive is not None:
                yield directive


def _is_formatted(text: bytes) -> bool:
    """Whether a string literal is an f-string or a template string: code may stand in it."""
    prefix = text[:2].lower()
    return (b"f" in prefix or b"t" in prefix) and prefix[:1] not in b"'\""


def _fields_depth(text: bytes) -> int:
    """How deep brackets nest in the replacement fields of an f-string; beyond all bounds if one is too long to tell."""
    text = text.replace(b"{{", b"").replace(b"}}", b"")
    level = deepest = start = 0
    for bracket in _BRACKET.finditer(text):
        if bracket[0] in b"([{":
            if level or bracket[0] == b"{":
                start = start if level else bracket.start()
                level += 1
                deepest = max(deepest, level)
        elif level:
            level -= 1
            if not level and bracket.start() - start > _MAX_FIELD:
                return MAX_BRACKETS + 1
    return deepest if not level or len(text) - start <= _MAX_FIELD else MAX_BRACKETS + 1


def _branches(data: bytes) -> int:
    """The longest row of `elif`."""
    if data.count(b"elif") <= MAX_BRANCHES:
        return 0
    rows: dict[bytes, int] = {}
    longest = 0
    for indent, word in _BRANCH.findall(data):
        rows[indent] = rows.get(indent, 0) + 1 if word == b"elif" else 0
        longest = max(longest, rows[indent])
    return longest
