"""Findings about acquisitions, one for each verdict of a kind of fault."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from memlint.ledger import Insight, Lifetime
from memlint.model.card import Card
from memlint.model.facts import FateKind
from memlint.model.finding import Answers, Finding, Step
from memlint.model.value import Place, Root
from memlint.verdicts.release.removals import difference, undone_badly
from memlint.verdicts.saying import finding, retention_path, step
from memlint.verdicts.verdict import Fault, Verdict
from memlint.wording.spelling import with_article

_NOTHING = "nothing ends it"


def by_fault(card: Card, seen: Insight, fault: Fault, kinds: Collection[str] = ()) -> Iterator[Finding]:
    """The findings of a card that answers for a kind of fault; with `kinds`, for those resources only."""
    if not seen.lifetimes:
        return
    from memlint.verdicts.judgement import judge  # noqa: PLC0415 - most of the rooms, and many files acquire nothing

    undone = seen.once(undone_badly)
    told: set[int] = set()
    for life in seen.lifetimes:
        if (kinds and life.resource.kind not in kinds) or life.call.index in undone:
            continue
        verdict = judge(life, seen)
        if verdict is not None and verdict.fault is fault:
            if told.isdisjoint(_before_in_chain(life, seen)):
                yield _of_lifetime(card, life, seen, verdict)
            told.add(life.call.index)


def _before_in_chain(life: Lifetime, seen: Insight) -> Iterator[int]:
    """The calls that a chain began with: one word about `bus.on(…).on(…).on(…)` is enough."""
    receiver = life.call.receiver
    while receiver is not None and receiver.root is Root.RESULT and not receiver.path:
        call = seen.file.facts.calls[int(receiver.key)]
        yield call.index
        receiver = call.receiver


def _of_lifetime(card: Card, life: Lifetime, seen: Insight, verdict: Verdict) -> Finding:
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
        a_noun=with_article(life.resource.noun),
        why=verdict.why,
    )


def _acquired(life: Lifetime, seen: Insight) -> str:
    """The acquisition as the message names it: `window.addEventListener('resize')`, `setInterval`."""
    file = seen.file
    event = file.constant(life.holes.get("$event"))
    name = file.name_of(life.call.callee) if isinstance(life.call.callee, Place) else file.called(life.call)
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
    near = islice((miss for miss in seen.near_misses(life) if miss.hole != life.shape.result), 3)
    steps = [step(file, miss.call.extent, f"ended here, but {difference(miss, life, seen)}") for miss in near]
    steps += [step(file, extent, phrase) for extent, phrase in verdict.ways]
    for end in life.ends[:3] if not verdict.ways else ():
        steps.append(step(file, end.call.extent, "ended here, but not on the way that its owner ends"))
    for function in verdict.teardowns[:2]:
        at = (function.extent[0], function.extent[0] + max(len(function.name), 1))
        steps.append(step(file, at, f"{function.name or 'the returned function'}() ends its owner, and misses this"))
    return steps
