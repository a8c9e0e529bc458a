"""The garbage collector, called by hand."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, Place, Root
from memlint.model.finding import Answers, Confidence, Finding
from memlint.semantics.names import words_of
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"gc"})
_HOLDERS = frozenset({"global", "globalThis", "window", "Bun"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    if file.facts.language == "python" or seen.words.any_of("measuring places", words_of(file.facts.path)):
        return
    for call in file.calls_named.get("gc", ()):
        if _is_collector(call):
            name = file.name_of(call.callee)
            frequency = seen.frequencies.of(call.function, call.region)
            yield finding(
                card,
                file,
                call.extent,
                call.function,
                confidence=Confidence.MEDIUM,
                answers=Answers("whoever still refers to it", frequency.phrase, "nothing: it only asks", "nobody"),
                path=(
                    step(file, call.extent, "whoever still refers to it"),
                    step(file, call.extent, f"what {name}() cannot free"),
                ),
                acquire=name,
            )


def _is_collector(call: Call) -> bool:
    """`gc()`, `global.gc()`, `globalThis.gc?.()`, `Bun.gc(true)`; not the method of another object."""
    callee = call.callee
    if not isinstance(callee, Place) or callee.root is not Root.GLOBAL:
        return False
    return not callee.path or (callee.key in _HOLDERS and len(callee.path) == 1)
