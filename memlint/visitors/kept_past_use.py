"""Large content that stays with its holder after its last use."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.semantics.work.large import MAKERS
from memlint.verdicts.holder.leftover import leftovers
from memlint.verdicts.saying import finding_at

WORDS = MAKERS
CALLED = True


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in leftovers(seen):
        name = seen.file.name_of(one.write.place)
        yield finding_at(
            card,
            seen,
            one.write,
            confidence=one.confidence,
            holder=one.holder,
            lets_go="nothing sets it to null after its last use",
            path=((one.write.extent, one.holder.replace("`", "")), (one.write.extent, one.size)),
            near_misses=((one.last, "its last use"),),
            place=name,
            size=one.size,
        )
