"""Removers that are lost: the project's own, those of siblings, and those kept under their name and never called."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import REMOVER, Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.model.frozen import replace
from memlint.verdicts.duty.dropped import dropped
from memlint.verdicts.duty.lost import Dropped
from memlint.verdicts.saying import finding_at
from memlint.visitors import lifetime

WORDS = frozenset(
    {"_register", "register", "subscribe", "listen", "watch", "observe", "delete", "splice", "filter", "bind"}
)
MARKS = (
    b"ispos",
    b"onDid",
    b"onWill",
    b"Listener",
    b"addObserver",
    b"Callback",
    b"addHandler",
    b"unsub",
    b"unlisten",
    b"unwatch",
    b"unregister",
)


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    yield from lifetime.visit(replace(card, resources=(REMOVER,)), seen)
    for one in dropped(seen):
        yield _finding(card, one, seen)


def _finding(card: Card, one: Dropped, seen: Insight) -> Finding:
    call = one.call
    name = seen.file.name_of(call.callee)
    origin = seen.origins.of(call.receiver) if call.receiver is not None else None
    holder = origin.phrase if origin is not None else f"what `{name}` keeps"
    return finding_at(
        card,
        seen,
        call,
        confidence=one.confidence,
        holder=holder,
        often=seen.frequencies.of_call(call).phrase,
        lets_go=f"nothing, {one.why}",
        path=(
            (call.extent, holder.replace("`", "")),
            (call.extent, "what was handed in"),
        ),
        near_misses=((one.evidence, one.why),),
        acquire=name,
        noun="subscription",
    )
