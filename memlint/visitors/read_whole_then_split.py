"""A file read whole, only to be cut into pieces: streaming in name alone."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.semantics.work.reads import Reads
from memlint.verdicts.saying import finding_at
from memlint.verdicts.work.reading import large_reads

WORDS = frozenset({"readFile", "readFileSync", "read", "readlines", "read_text", "read_bytes"})
CALLED = True


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    reads = Reads(file, seen.flow, seen.words)
    for read, confidence in large_reads(seen, reads):
        cut = reads.pieces(read)
        if cut is None:
            continue
        call, verb = cut
        yield finding_at(
            card,
            seen,
            read.call,
            confidence=confidence,
            holder="this call, until the last piece",
            lets_go="nothing limits the size",
            path=(
                (read.call.extent, "the whole content"),
                (call.extent, "all of its pieces at once"),
            ),
            acquire=file.name_of(read.call.callee),
            then=verb,
        )
