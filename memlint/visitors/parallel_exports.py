"""Heavy work started for every item of a list at once."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.model.value import Compound, Place
from memlint.verdicts.saying import finding_at
from memlint.verdicts.work.fanning import Fan, fans
from memlint.verdicts.work.gathering import gathered

WORDS = frozenset({"Promise", "forEach", "async", "each", "parallel", "gather", "Thread", "Process", "as_completed"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    found = gathered(seen) if seen.file.facts.language == "python" else fans(seen)
    for fan in found:
        yield _finding(card, seen, fan)


def _finding(card: Card, seen: Insight, fan: Fan) -> Finding:
    file, call = seen.file, fan.call
    listed = file.name_of(fan.items)
    name = file.name_of(fan.job.callee)
    acquired = file.name_of(call.callee) if isinstance(call.callee, Place) else call.name
    return finding_at(
        card,
        seen,
        call,
        confidence=fan.confidence,
        holder="every job that is under way",
        lets_go="nothing limits how many run at once",
        path=(
            (call.extent, f"{acquired}()"),
            (fan.job.extent, f"{name}() for each of {listed}"),
            (fan.job.extent, "all that one job holds"),
        ),
        acquire=acquired,
        what=f"`{name}`",
        list=f"`{listed}`" if not isinstance(fan.items, Compound) else "a list",
    )
