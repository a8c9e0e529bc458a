"""A Map or Set that keeps the objects it is keyed by, where a weak one would let go."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.growth.growth import MARKS, WORDS, growing, growth_finding

__all__ = ["MARKS", "WORDS", "visit"]


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for collection, feed, weak in growing(seen):
        if weak:
            key = seen.file.name_of(feed.key)
            yield growth_finding(card, seen, collection, feed, key=f"`{key}`", weak=f"Weak{collection.kind}")
