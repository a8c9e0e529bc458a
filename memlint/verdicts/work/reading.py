"""Which reads of a whole file are worth a finding, shared by the cards that speak about them."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.finding import Confidence
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.work.reads import Read, Reads


def large_reads(seen: Insight, reads: Reads) -> Iterator[tuple[Read, Confidence]]:
    """Reads of files that nobody has measured: sure only where something tells that they may be large.

    Most files that a program reads whole are its own, or its author's, and small. That a file may be large is told by
    what it is called, by who names it, or by what becomes of it: content that goes on as it is needs no memory at all.
    """
    for read in reads.found():
        frequency = seen.frequencies.of(read.call.function, read.call.region)
        given = reads.names.is_given(read.path) and reads.pieces(read) is not None
        if (frequency.rate is Rate.ONCE and not given) or reads.names.is_small(read.path) or reads.is_measured(read):
            continue
        if reads.is_own_state(read) or reads.is_parsed_whole(read) or reads.names.is_of_the_program(read.path):
            continue
        known = given or reads.is_named_large(read) or reads.is_handed_out(read)
        known = known or (reads.is_passed_on(read) and not reads.is_of_small(read))
        known = known or reads.is_of_many(read) or frequency.is_served
        known = known and not reads.names.is_of_own_making(read.path)
        yield read, Confidence.HIGH if known else Confidence.LOW
