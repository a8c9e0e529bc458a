"""The visitor behind every card that names resources: acquired, held by something that lives on, never given back."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.card import Card
from memlint.model.facts import (
    FateKind,
    Place,
)
from memlint.model.finding import Answers, Confidence, Finding, Step
from memlint.semantics.frequency import Rate
from memlint.verdicts.duty import OWNED, is_handed_over
from memlint.verdicts.ends import judge_ends, judge_overwritten
from memlint.verdicts.handles import judge_handle
from memlint.verdicts.holding import outlived_by
from memlint.verdicts.owned import is_completed, judge_owned
from memlint.verdicts.rearming import judge_rearming
from memlint.verdicts.removals import undone_badly
from memlint.verdicts.saying import finding, retention_path, step
from memlint.verdicts.verdict import Verdict

_NOTHING = "nothing ends it"
WORDS: frozenset[str] = frozenset()  # the resources' own words


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    undone = undone_badly(seen)
    for life in seen.lifetimes:
        if life.resource.kind in card.resources and life.call.index not in undone:
            verdict = _judge(life, seen)
            if verdict is not None:
                yield _finding(card, life, seen, verdict)


def _judge(life: Lifetime, seen: Insight) -> Verdict | None:
    """The verdict on one acquisition; None if something lets go of it, or may."""
    if life.frequency.rate is Rate.ONCE or is_handed_over(life, seen):
        return None
    if life.resource.holder in OWNED:
        return None if is_completed(life, seen) else judge_owned(life, seen)
    if life.resource.holder == "self":
        if _is_a_guess(life, seen):
            return None
        return judge_handle(life, seen) or judge_overwritten(
            life, seen, Confidence.MEDIUM, seen.reach.teardowns(life.call.function)
        )
    if life.resource.fires_once:
        return judge_rearming(life, seen)
    confidence = outlived_by(life, seen)
    return judge_ends(life, seen, confidence) if confidence is not None else None


def _is_a_guess(life: Lifetime, seen: Insight) -> bool:
    """A lender that is known by its name alone, in a file that never gives anything back: it may lend nothing."""
    return bool(life.shape.named) and not any(seen.file.calls_named.get(end.name) for end in life.resource.release)


def _finding(card: Card, life: Lifetime, seen: Insight, verdict: Verdict) -> Finding:
    file = seen.file
    acquired = _acquired(life, seen)
    return finding(
        card,
        file,
        life.call.extent,
        life.call.function,
        confidence=verdict.confidence,
        answers=Answers(
            life.origin.phrase,
            life.frequency.phrase,
            _lets_go(verdict),
            "nobody"
            if life.call.fate.kind is not FateKind.KEPT
            else f"kept in {file.name_of(life.call.fate.place)}, which nothing ends",
        ),
        path=retention_path(life, seen),
        near_misses=_misses(life, seen, verdict),
        acquire=acquired,
        noun=life.resource.noun,
    )


def _acquired(life: Lifetime, seen: Insight) -> str:
    """The acquisition as the message names it: `window.addEventListener('resize')`, `setInterval`."""
    file = seen.file
    event = file.constant(life.holes.get("$event"))
    name = file.name_of(life.call.callee) if isinstance(life.call.callee, Place) else life.call.name
    name = f"new {name}" if life.call.constructs and file.facts.language == "javascript" else name
    return f"{name}('{event.value}')" if event is not None else name


def _lets_go(verdict: Verdict) -> str:
    """What lets go, in a phrase: nothing, or what was seen of it."""
    names = [f"{function.name or 'the returned function'}()" for function in verdict.teardowns[:2]]
    if not names:
        return "nothing" if verdict.why == _NOTHING else f"nothing, {verdict.why}"
    if verdict.why == _NOTHING:
        return f"nothing, {' and '.join(names)} {'misses' if len(names) == 1 else 'miss'} it"
    return f"{verdict.why}: not in {' or '.join(names)}"


def _misses(life: Lifetime, seen: Insight, verdict: Verdict) -> list[Step]:
    file = seen.file
    near = [miss for miss in life.near_misses if miss.hole != life.shape.result]
    steps = [step(file, miss.call.extent, f"ended here, but {miss.why}") for miss in near[:3]]
    for end in life.ends[:3]:
        steps.append(step(file, end.call.extent, "ended here, but not on the way that its owner ends"))
    for function in verdict.teardowns[:2]:
        at = (function.extent[0], function.extent[0] + max(len(function.name), 1))
        steps.append(step(file, at, f"{function.name or 'the returned function'}() ends its owner, and misses this"))
    return steps
