from __future__ import annotations

import pytest

from memlint.languages.directives import parse_directive
from memlint.model.facts import DirectiveKind


@pytest.mark.parametrize(
    ("comment", "kind", "rules", "reason"),
    [
        (" memlint-disable-next-line MEM101 -- once per page", DirectiveKind.NEXT_LINE, "MEM101", "once per page"),
        ("memlint-disable-line MEM101,MEM102 -- why", DirectiveKind.LINE, "MEM101 MEM102", "why"),
        (" memlint-disable MEM1 uncleared-timer -- why ", DirectiveKind.BLOCK, "MEM1 uncleared-timer", "why"),
        (" memlint-enable", DirectiveKind.ENABLE, "", ""),
        (" memlint-disable-file: growing-collection -- why", DirectiveKind.FILE, "growing-collection", "why"),
        ("*\n * memlint-disable-file MEM1 --\n * long\n *   reason\n ", DirectiveKind.FILE, "MEM1", "long reason"),
        (" memlint-disable-line MEM101", DirectiveKind.LINE, "MEM101", ""),
        (" memlint-disable-line MEM101 -- ...", DirectiveKind.LINE, "MEM101", ""),
        (" memlint-disable-line MEM101 because it is old", DirectiveKind.LINE, "MEM101", ""),
        (" memlint-disable-line MEM101, because -- why", DirectiveKind.LINE, "MEM101 because", "why"),
        (" memlint-disable-line -- why", DirectiveKind.LINE, "", "why"),
        (" memlint-disable-line MEM101 \u2014 why", DirectiveKind.LINE, "MEM101", "why"),
        (" memlint-disable-line MEM101 -- see #12, https://x.example//y -- really", DirectiveKind.LINE, "MEM101", None),
        (" noqa: E501  # memlint-disable-line MEM101 -- why", DirectiveKind.LINE, "MEM101", "why"),
        (" memlint-disable-line MEM101 -- why  # noqa: E501", DirectiveKind.LINE, "MEM101", "why"),
        (" memlint-disable-line MEM101 // leaks: this", DirectiveKind.LINE, "MEM101", ""),
        (" memlint-disable-nextline MEM101 -- why", DirectiveKind.LINE, "memlint-disable-nextline", ""),
        (" memlint-ignore MEM101", DirectiveKind.LINE, "memlint-ignore", ""),
    ],
)
def test_a_comment_is_read(comment: str, kind: DirectiveKind, rules: str, reason: str | None) -> None:
    directive = parse_directive(comment, (3, 9), 7)

    assert directive
    assert (directive.kind, " ".join(directive.rules)) == (kind, rules)
    assert (directive.extent, directive.line) == ((3, 9), 7)
    assert directive.reason == (reason if reason is not None else "see #12, https://x.example//y -- really")


@pytest.mark.parametrize(
    "comment",
    [
        "",
        " eslint-disable-line no-undef -- why",
        " see memlint-disable-line in the manual",
        " memlint-baseline is what we call it",
        " memlint is fine",
        " TODO memlint-disable-line MEM101 -- why",
    ],
)
def test_other_comments_are_none(comment: str) -> None:
    assert parse_directive(comment, (0, 1), 1) is None
