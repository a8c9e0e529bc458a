"""A timeout or a watch set against an outcome, and still there when the outcome has come."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.lifetimes import by_fault
from memlint.verdicts.release.polling import Polling, raced_watches
from memlint.verdicts.saying import finding_at
from memlint.verdicts.verdict import Fault

WORDS = frozenset({"setTimeout", "race"})
OF_ROWS = True


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    yield from by_fault(card, seen, Fault.RACED)
    for one in raced_watches(seen):
        yield _of_watch(card, one, seen)


def _of_watch(card: Card, one: Polling, seen: Insight) -> Finding:
    name = f"{seen.file.name_of(one.watch.callee)}()"
    return finding_at(
        card,
        seen,
        one.race,
        holder="the watch itself, which waits for its next look",
        lets_go="nothing tells it that the race is over",
        path=(
            (one.watch.extent, f"{name} begins to look"),
            (one.again, "it looks once more"),
            (one.race.extent, "the race, which the other may win"),
        ),
        acquire=name,
    )
