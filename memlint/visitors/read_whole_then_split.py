"""A file read whole, only to be cut into pieces: streaming in name alone."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Answers, Finding
from memlint.semantics.reads import Reads
from memlint.verdicts.reading import large_reads
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"readFile", "readFileSync", "read", "readlines", "read_text", "read_bytes"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    reads = Reads(file, seen.flow, seen.words)
    for read, confidence in large_reads(seen, reads):
        cut = reads.pieces(read)
        if cut is None:
            continue
        call, verb = cut
        frequency = seen.frequencies.of(read.call.function, read.call.region)
        yield finding(
            card,
            file,
            read.call.extent,
            read.call.function,
            confidence=confidence,
            answers=Answers("this call, until the last piece", frequency.phrase, "nothing limits the size", "nobody"),
            path=(
                step(file, read.call.extent, "the whole content"),
                step(file, call.extent, "all of its pieces at once"),
            ),
            acquire=file.name_of(read.call.callee),
            then=verb,
        )
