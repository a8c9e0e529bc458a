"""Products of a loop that all wait for the last one, in a list or in one long text."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.saying import finding_at
from memlint.verdicts.work.hoarding import hoards

WORDS = frozenset({"push", "end", "send", "write", "writeFile", "writeFileSync", "upload"})
LANGUAGE = "javascript"


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in hoards(seen):
        file = seen.file
        made = file.name_of(one.job.callee)
        yield finding_at(
            card,
            seen,
            one.keeps,
            confidence=one.confidence,
            holder=f"`{one.name}`, until the last one is there",
            often=f"once for each of `{file.name_of(one.items)}`",
            lets_go="nothing before the loop has ended",
            path=((one.keeps.extent, one.name), (one.job.extent, f"all that {made}() has answered so far")),
            near_misses=((one.last, "each is used by itself here"),),
            collection=one.name,
            made=made,
        )
