"""Heavy work started for every item of a list at once."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Compound, Place
from memlint.model.finding import Answers, Finding
from memlint.verdicts.fanning import Fan, fans
from memlint.verdicts.gathering import gathered
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"Promise", "forEach", "async", "each", "parallel", "gather", "Thread", "Process", "as_completed"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    found = gathered(seen) if seen.file.facts.language == "python" else fans(seen)
    for fan in found:
        yield _finding(card, seen, fan)


def _finding(card: Card, seen: Insight, fan: Fan) -> Finding:
    file, call = seen.file, fan.call
    frequency = seen.frequencies.of(call.function, call.region)
    listed = file.name_of(fan.items)
    name = file.name_of(fan.job.callee)
    acquired = file.name_of(call.callee) if isinstance(call.callee, Place) else call.name
    return finding(
        card,
        file,
        call.extent,
        call.function,
        confidence=fan.confidence,
        answers=Answers(
            "every job that is under way", frequency.phrase, "nothing limits how many run at once", "nobody"
        ),
        path=(
            step(file, call.extent, f"{acquired}()"),
            step(file, fan.job.extent, f"{name}() for each of {listed}"),
            step(file, fan.job.extent, "all that one job holds"),
        ),
        acquire=acquired,
        what=f"`{name}`",
        list=f"`{listed}`" if not isinstance(fan.items, Compound) else "a list",
    )
