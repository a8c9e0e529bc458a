"""Inline suppressions, as any language's comments write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from memlint.model.facts import Directive, DirectiveKind, Extent

WORDS: Mapping[str, DirectiveKind] = {
    "memlint-disable-line": DirectiveKind.LINE,
    "memlint-disable-next-line": DirectiveKind.NEXT_LINE,
    "memlint-disable": DirectiveKind.BLOCK,
    "memlint-enable": DirectiveKind.ENABLE,
    "memlint-disable-file": DirectiveKind.FILE,
}
_NEXT_REMARK = re.compile(r"(?:^|\s)(?://|#)\s")
_DIRECTIVE = re.compile(r"[\s*!]*(memlint-[\w-]+):?(?=[\s,]|$)(.*)", re.DOTALL)
_REASON = re.compile(r"(?:^|\s)(?:--+|[\u2013\u2014])(?:\s|$)")
_RULE = re.compile(r"\s*(,)?\s*([^\s,]+)")
_LOOKS_LIKE_A_RULE = re.compile(r"[A-Z]+\d+|[a-z]+(?:-[a-z]+)+")


def parse_directive(comment: str, extent: Extent, line: int) -> Directive | None:
    """Read a comment, given without its signs, as a suppression; lines count from 1.

    Another tool's remark may stand before or behind: `# noqa: E501  # memlint-disable-line MEM101 -- one per run`.
    A misspelt directive names itself as its rule, so that `silence.settle` reports it as unknown.

    >>> parse_directive(" memlint-disable-next-line MEM101, MEM102 -- lives as long as the page", (0, 70), 3).rules
    ('MEM101', 'MEM102')
    """
    if "memlint-" not in comment:
        return None
    found = next(filter(None, map(_DIRECTIVE.match, _NEXT_REMARK.split(comment))), None)
    if not found:
        return None
    word, rest = found.groups()
    dashes = _REASON.search(rest)
    rules = tuple(_rules(rest[: dashes.start()] if dashes else rest))
    if word not in WORDS:
        meant = word.startswith(("memlint-dis", "memlint-en")) or any(map(_LOOKS_LIKE_A_RULE.fullmatch, rules))
        return Directive(DirectiveKind.LINE, (word,), "", extent, line) if meant else None
    reason = re.sub(r"\s*\n[\s*]*|\s+", " ", rest[dashes.end() :]).strip(" *") if dashes else ""
    return Directive(WORDS[word], rules, reason if any(map(str.isalnum, reason)) else "", extent, line)


def _rules(text: str) -> Iterator[str]:
    """List the rules: the first word, every word behind a comma, and words that look like one; prose ends the list."""
    for number, found in enumerate(_RULE.finditer(text.strip(" \t\r\n*"))):
        comma, word = found.groups()
        if number and not comma and not _LOOKS_LIKE_A_RULE.fullmatch(word):
            return
        yield word
