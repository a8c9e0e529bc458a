"""Products of a loop that all wait in a list for the last one."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.saying import finding_at
from memlint.verdicts.work.hoarding import hoards

WORDS = frozenset({"push"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    if seen.file.facts.language == "python":
        return
    for one in hoards(seen):
        file = seen.file
        place, made = file.name_of(one.keeps.receiver), file.name_of(one.job.callee)
        yield finding_at(
            card,
            seen,
            one.keeps,
            confidence=one.confidence,
            holder=f"`{place}`, until the last one is there",
            often=f"once for each of `{file.name_of(one.items)}`",
            lets_go="nothing before the loop has ended",
            path=((one.keeps.extent, place), (one.job.extent, f"all that {made}() has answered so far")),
            near_misses=((one.last, "each is used by itself here"),),
            collection=place,
            made=made,
        )
