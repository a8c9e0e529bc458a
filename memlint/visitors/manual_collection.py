"""The garbage collector, called by hand."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call
from memlint.model.finding import Confidence, Finding
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.verdicts.saying import finding_at

WORDS = frozenset({"gc"})
_HOLDERS = frozenset({"global", "globalThis", "window", "Bun"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    if file.facts.language == "python" or seen.words.any_of("measuring places", words_of(file.facts.path)):
        return
    for call in file.calls_named.get("gc", ()):
        if _is_collector(call):
            name = file.name_of(call.callee)
            yield finding_at(
                card,
                seen,
                call,
                confidence=Confidence.MEDIUM,
                holder="whoever still refers to it",
                lets_go="nothing: it only asks",
                path=(
                    (call.extent, "whoever still refers to it"),
                    (call.extent, f"what {name}() cannot free"),
                ),
                acquire=name,
            )


def _is_collector(call: Call) -> bool:
    """`gc()`, `global.gc()`, `globalThis.gc?.()`, `Bun.gc(true)`; not the method of another object."""
    callee = call.callee
    if not isinstance(callee, Place) or callee.root is not Root.GLOBAL:
        return False
    return not callee.path or (callee.key in _HOLDERS and len(callee.path) == 1)
