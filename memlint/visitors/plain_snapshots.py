"""Versions of a document, stored as they are."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Confidence, Finding
from memlint.verdicts.growth.snapshots import plain_snapshots
from memlint.verdicts.saying import finding_at

WORDS = frozenset({"stringify", "dumps", "serialize", "toJSON", "getContents", "toXML", "toHTML"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for collection, feed in plain_snapshots(seen):
        yield finding_at(
            card,
            seen,
            feed.source,
            confidence=Confidence.MEDIUM,
            holder=collection.holder,
            often=feed.frequency.phrase,
            lets_go="its window, and whole states until then",
            path=(
                (collection.born, collection.holder.replace("`", "")),
                (feed.source.extent, "the whole state as text, in each entry"),
            ),
            collection=collection.name,
        )
