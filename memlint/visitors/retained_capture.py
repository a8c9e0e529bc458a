"""A callback that lives on by intent, and keeps something large of which it needs little."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Answers, Confidence, Finding
from memlint.semantics.work.large import MAKERS
from memlint.verdicts.holder.capturing import Retained, retained
from memlint.verdicts.saying import finding, step

WORDS = MAKERS
CALLED = True


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in retained(seen):
        yield _finding(card, seen, one)


def _finding(card: Card, seen: Insight, one: Retained) -> Finding:
    file, handed, binding = seen.file, one.handed, one.binding
    callback = file.describe_function(handed.function)
    frequency = seen.frequencies.of(handed.function.parent)
    return finding(
        card,
        file,
        handed.extent,
        handed.function.parent,
        confidence=Confidence.MEDIUM,
        answers=Answers(handed.holder, frequency.phrase, f"nothing lets `{binding.name}` go before", "nobody"),
        path=(
            step(file, handed.extent, handed.holder.replace("`", "")),
            step(file, handed.function.extent, callback),
            step(file, binding.extent, f"{binding.name}: {one.size}"),
        ),
        callback=callback,
        captured=binding.name,
        size=one.size,
        holder=handed.holder,
    )
