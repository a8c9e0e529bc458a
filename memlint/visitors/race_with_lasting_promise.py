"""Short work raced, again and again, against one promise that stays; or a reaction left on it by each call."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call
from memlint.model.finding import Finding
from memlint.model.value import Value
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.promises import Promises, combined, racers
from memlint.verdicts.release.reactions import left_reactions, tells_of_an_end
from memlint.verdicts.saying import finding_at

WORDS = frozenset(
    {
        "race", "promise", "closed", "aborted", "cancelled", "canceled", "disconnected", "terminated", "destroyed",
        "stopped", "shutdown", "cancellation", "disposed",
    }
)  # fmt: skip


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for call, lasting in (*_races(seen), *left_reactions(seen)):
        name = seen.file.name_of(lasting)
        yield finding_at(
            card,
            seen,
            call,
            holder=f"`{name}`",
            lets_go="nothing takes a reaction off a promise",
            path=(
                (call.extent, name),
                (call.extent, "one reaction for each call"),
                (call.extent, "what the reaction keeps: the promise of a race, and what it settled with"),
            ),
            lasting=name,
        )


def _races(seen: Insight) -> Iterator[tuple[Call, Value]]:
    file = seen.file
    promises = Promises(file, seen.flow)
    for call in combined(file, ("race",)):
        frequency = seen.frequencies.of(call.function, call.region)
        if frequency.rate is Rate.ONCE and not file.in_loop(call.region, call.function):
            continue
        entrants = racers(call)
        lasting = next(
            (one for one in entrants if promises.is_lasting(one, call) or _ends_later(one, call, seen)), None
        )
        if lasting is not None and len(entrants) > 1:
            yield call, lasting


def _ends_later(value: Value, call: Call, seen: Insight) -> bool:
    rate = seen.frequencies.of(call.function, call.region).rate
    return rate >= Rate.CALL and tells_of_an_end(value, call, seen)
