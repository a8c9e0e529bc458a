"""MEM107: of two listeners only one is meant to fire, and the other stays."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.card import Card
from memlint.model.finding import Answers, Confidence, Finding
from memlint.verdicts.release.once import races
from memlint.verdicts.saying import finding, retention_path, step

WORDS = frozenset({"once", "one", "prependOnceListener"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for loser, winner in races(seen):
        yield finding(
            card,
            seen.file,
            loser.call.extent,
            loser.call.function,
            confidence=Confidence.HIGH if loser.origin.sure else Confidence.MEDIUM,
            answers=Answers(
                loser.origin.phrase, loser.frequency.phrase, f"nothing, once {_named(winner, seen)} has fired", "nobody"
            ),
            path=retention_path(loser, seen),
            near_misses=(step(seen.file, winner.call.extent, "this one fires instead, and leaves the other"),),
            loser=_named(loser, seen),
            winner=_named(winner, seen),
        )


def _named(life: Lifetime, seen: Insight) -> str:
    event = seen.file.constant(life.holes.get("$event"))
    return f"'{event.value}'" if event is not None else f"`{seen.file.name_of(life.holes.get('$event'))}`"
