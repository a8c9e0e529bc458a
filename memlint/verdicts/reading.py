"""Which reads of a whole file are worth a finding, shared by the cards that speak about them."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.semantics.frequency import Rate
from memlint.semantics.reads import Read, Reads


def large_reads(seen: Insight, reads: Reads) -> Iterator[Read]:
    """Reads whose file nobody has measured, and whose name does not say that it is small."""
    for read in reads.found():
        frequency = seen.frequencies.of(read.call.function, read.call.region)
        if frequency.rate is Rate.ONCE or reads.names.is_small(read.path) or reads.is_measured(read):
            continue
        if reads.is_own_state(read) or reads.is_parsed_whole(read):
            continue
        if not reads.names.is_of_the_program(read.path):
            yield read
