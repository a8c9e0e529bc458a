"""Short work raced, again and again, against one promise that stays."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.promises import Promises, combined, racers
from memlint.verdicts.saying import finding_at

WORDS = frozenset({"race"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    promises = Promises(file, seen.flow)
    for call in combined(file, ("race",)):
        frequency = seen.frequencies.of(call.function, call.region)
        if frequency.rate is Rate.ONCE and not file.in_loop(call.region, call.function):
            continue
        entrants = racers(call)
        lasting = next((racer for racer in entrants if promises.is_lasting(racer, call)), None)
        if lasting is None or len(entrants) < 2:
            continue
        name = file.name_of(lasting)
        yield finding_at(
            card,
            seen,
            call,
            holder=f"`{name}`",
            lets_go="nothing takes a reaction off a promise",
            path=(
                (call.extent, name),
                (call.extent, "one reaction for each race"),
                (call.extent, "the promise of that race, and what it settled with"),
            ),
            lasting=name,
        )
