"""Objects with an end of their own that the end of their owner does not reach."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.holder.owned_children import Forgotten, forgotten
from memlint.verdicts.saying import finding_at

WORDS = frozenset(
    {
        "dispose", "destroy", "terminate", "teardown", "shutdown", "disconnect", "stop", "close",
        "Disposable", "_register", "register",
    }
)  # fmt: skip


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in forgotten(seen):
        yield _finding(card, one, seen)


def _finding(card: Card, one: Forgotten, seen: Insight) -> Finding:
    file, call = seen.file, one.child.call
    kept = file.name_of(one.child.write.place)
    made = f"new {file.name_of(call.callee)}()" if call.constructs else f"{file.name_of(call.callee)}()"
    names = " and ".join(f"{function.name or 'the returned function'}()" for function in one.teardowns[:2])
    misses = [(one.evidence, one.why)] if one.evidence is not None else []
    for function in one.teardowns[:2]:
        at = (function.extent[0], function.extent[0] + max(len(function.name), 1))
        misses.append((at, f"{function.name or 'the returned function'}() ends its owner, and misses this"))
    return finding_at(
        card,
        seen,
        call,
        confidence=one.confidence,
        holder=f"what {made} has begun, and has not ended",
        often=seen.frequencies.of_call(call).phrase,
        lets_go=f"nothing, {names} {'misses' if len(one.teardowns) < 2 else 'miss'} it" if names else "nothing",
        duty=f"kept in {kept}, which nothing ends",
        path=(
            (call.extent, made),
            (one.child.write.extent, f"kept in {kept}"),
        ),
        near_misses=misses,
        made=made,
        kept=kept,
        why=one.why,
    )
