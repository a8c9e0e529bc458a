"""Teardowns that stand in for the one of a base class, and do not call it."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Answers, Finding
from memlint.verdicts.release.overrides import overrides
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"extends", "dispose", "destroy", "stop", "close", "teardown", "disconnect"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    for one in overrides(seen):
        method, name = one.method, one.method.name
        at = (method.extent[0], method.extent[0] + max(len(name), 1))
        yield finding(
            card,
            file,
            at,
            method.index,
            confidence=one.confidence,
            answers=Answers(
                one.holds, f"once per instance of {one.unit.name}", f"nothing, {name}() hides it", "nobody"
            ),
            path=(step(file, one.evidence, one.holds), step(file, one.unit.extent, f"this: {one.unit.name}")),
            method=f"{one.unit.name}.{name}()",
            base=one.base,
            name=name,
        )
