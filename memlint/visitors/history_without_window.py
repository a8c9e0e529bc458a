"""A list of past states, kept to go back to, that has no limit."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.semantics.growth.putting import LENGTHENS
from memlint.verdicts.growth.growth import MARKS
from memlint.verdicts.growth.windows import histories, history_finding

__all__ = ["MARKS", "WORDS", "visit"]

WORDS = LENGTHENS | {"concat"}


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for history in histories(seen):
        yield history_finding(card, seen, history)
