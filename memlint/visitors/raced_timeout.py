"""A timeout set against an outcome, and still there when the outcome has come."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.lifetimes import by_fault
from memlint.verdicts.verdict import Fault

WORDS = frozenset({"setTimeout"})
OF_ROWS = True


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    yield from by_fault(card, seen, Fault.RACED)
