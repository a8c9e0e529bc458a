"""A collection that outlives the calls that feed it, and that nothing empties."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.growth.growth import MARKS, WORDS, growing, growth_finding
from memlint.verdicts.growth.swelling import swelling

__all__ = ["MARKS", "WORDS", "visit"]


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for collection, feed, weak in growing(seen):
        if not weak:
            yield growth_finding(card, seen, collection, feed, drains=collection.drains)
    for collection, feed in swelling(seen):
        yield growth_finding(card, seen, collection, feed, "each call adds to the list that all of them share")
