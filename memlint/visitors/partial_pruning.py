"""A collection that is pruned in part: a key stays behind, a sibling is forgotten, or a way out goes around it."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.growth.growth import MARKS, WORDS, growth_finding
from memlint.verdicts.growth.pruning import partial

__all__ = ["MARKS", "WORDS", "visit"]


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for pruning in partial(seen):
        yield growth_finding(card, seen, pruning.collection, pruning.feed, pruning.why, pruning.near, pruning.phrase)
