"""A removal that cannot work: another function, event, target, flag or handle, or `on` where `off` was meant."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.card import Card
from memlint.model.facts import Call
from memlint.model.finding import Answers, Confidence, Finding
from memlint.verdicts.release.removals import added_again, faults
from memlint.verdicts.saying import finding, retention_path, step

WORDS = frozenset(
    {
        "removeEventListener", "off", "removeListener", "clearInterval", "clearTimeout", "cancelAnimationFrame", "on",
        "addEventListener", "close", "disconnect", "shutdown", "revokeObjectURL",
    }
)  # fmt: skip


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    said: set[int] = set()
    for life, call, why in seen.once(faults):
        if call.index not in said:
            said.add(call.index)
            yield _finding(card, life, seen, call, why)
    for call, again, why in seen.once(added_again):
        if again.index not in said:
            said.add(again.index)
            yield _of_repetition(card, seen, call, again, why)


def _of_repetition(card: Card, seen: Insight, call: Call, again: Call, why: str) -> Finding:
    """A teardown that listens once more: what it was added to keeps the function, and what that mentions."""
    file, target = seen.file, call.receiver
    kept = file.function_at(call.arguments[-1])
    handler = file.facts.functions[kept].extent if kept is not None else call.extent
    path = (
        step(file, call.extent, file.name_of(target)),
        step(file, again.extent, "the listener, added once more"),
        step(file, handler, file.name_of(call.arguments[-1])),
    )
    answers = Answers(f"`{file.name_of(target)}`", "each time its owner ends", f"nothing, {why}", "nobody")
    misses = (step(file, call.extent, "added here"),)
    return finding(card, file, again.extent, again.function, answers=answers, path=path, near_misses=misses, why=why)


def _finding(card: Card, life: Lifetime, seen: Insight, call: Call, why: str) -> Finding:
    return finding(
        card,
        seen.file,
        call.extent,
        call.function,
        confidence=Confidence.HIGH,
        answers=Answers(life.origin.phrase, life.frequency.phrase, f"nothing, {why}", "nobody"),
        path=retention_path(life, seen),
        near_misses=(step(seen.file, life.call.extent, "added here"),),
        why=why,
    )
