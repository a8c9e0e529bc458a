"""Pieces written to a stream one after the other, by somebody who never asks whether it is full."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import FateKind
from memlint.model.finding import Confidence, Finding
from memlint.semantics.work.streams import Streams
from memlint.verdicts.saying import finding_at

WORDS = frozenset({"write"})
LANGUAGE = "javascript"


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    streams = Streams(file, seen.flow, seen.words)
    for call in file.calls_named.get("write", ()):
        if call.receiver is None or call.fate.kind is not FateKind.DISCARDED or call.awaited or not call.arguments:
            continue
        if file.constant(call.arguments[0]) is not None:
            continue
        source = streams.source_of(call)
        if not source or not streams.is_writable(call.receiver) or streams.is_held_back(call):
            continue
        if streams.answers_itself(call):
            continue
        name = file.name_of(call.receiver)
        yield finding_at(
            card,
            seen,
            call,
            confidence=Confidence.MEDIUM,
            holder=f"`{name}`",
            lets_go="nobody waits until it has drained",
            path=(
                (call.extent, name),
                (call.extent, "its queue of what is not written yet"),
                (call.extent, file.name_of(call.arguments[0])),
            ),
            acquire=f"{name}.write",
            source=source,
        )
