"""A file of unknown size read whole, in a function that runs again and again."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Confidence, Finding
from memlint.semantics.work.reads import Read, Reads
from memlint.verdicts.saying import finding_at
from memlint.verdicts.work.reading import large_reads

WORDS = frozenset({"readFile", "readFileSync", "read", "readlines", "read_text", "read_bytes", "load"})
CALLED = True


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    reads = Reads(seen.file, seen.flow, seen.words)
    for read, confidence in large_reads(seen, reads):
        if reads.pieces(read) is None:
            yield _finding(card, seen, read, confidence)


def _finding(card: Card, seen: Insight, read: Read, confidence: Confidence) -> Finding:
    file = seen.file
    what = file.name_of(read.path)
    what = "a file" if what == "an expression" or "(" in what else f"`{what}`"
    return finding_at(
        card,
        seen,
        read.call,
        confidence=confidence,
        holder="this call, until the content is done with",
        lets_go="nothing limits the size",
        path=(
            (read.call.extent, file.name_of(read.call.callee)),
            (read.call.extent, f"the whole content of {what.replace('`', '')}"),
        ),
        acquire=file.name_of(read.call.callee),
        what=what,
    )
