"""A file that is piped into an answer, and stays open when the answer is broken off."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Confidence, Finding
from memlint.verdicts.release.piping import Piped, left_open
from memlint.verdicts.saying import finding_at

WORDS = frozenset({"createReadStream"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in left_open(seen):
        yield _finding(card, seen, one)


def _finding(card: Card, seen: Insight, one: Piped) -> Finding:
    file = seen.file
    target = file.name_of(one.pipe.arguments[0])
    return finding_at(
        card,
        seen,
        one.pipe,
        confidence=Confidence.MEDIUM,
        holder="the process, which has the file open",
        often="for each request that is broken off",
        lets_go=f"nothing, when `{target}` is closed first",
        path=(
            (one.handler.extent, f"{file.describe_function(one.handler)}, once for each request"),
            (one.made.extent, f"{file.name_of(one.made.callee)}(): a file is opened"),
            (one.pipe.extent, f"pipe() stops when {target} is closed, and closes nothing"),
        ),
        target=target,
    )
