"""The visitor behind every card that names resources: acquired, held by something that lives on, never given back."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.lifetimes import by_fault
from memlint.verdicts.verdict import Fault

WORDS: frozenset[str] = frozenset()  # the resources' own words
MARKS = (b".worker'", b'.worker"', b".worker.js", b".worker.ts", b"?worker", b"worker-loader")
"""What a bundler makes a worker of, under a name of the file's own."""


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    yield from by_fault(card, seen, Fault.FORGOTTEN, card.resources)
