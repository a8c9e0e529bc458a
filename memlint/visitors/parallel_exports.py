"""Heavy work started for every item of a list at once."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, Compound, FateKind, Place, RegionKind, Root, Value
from memlint.model.finding import Answers, Finding
from memlint.semantics.file import unwrapped
from memlint.semantics.frequency import Rate
from memlint.semantics.work import Work
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"Promise", "forEach", "async"})
_WAITS = frozenset({"all", "allSettled", "any"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    if seen.file.facts.language == "python":
        return
    work = Work(seen.file, seen.vocabulary)
    for call in seen.file.facts.calls:
        if seen.frequencies.of(call.function, call.region).rate is Rate.ONCE:
            continue
        fanned = _waited(call, seen, work) or _each(call, seen, work) or _floating(call, seen, work)
        if fanned is not None:
            yield _finding(card, seen, call, *fanned)


def _waited(call: Call, seen: Insight, work: Work) -> tuple[Call, Value] | None:
    """`Promise.all(list.map(async …))`, or of promises that a loop has collected."""
    if call.receiver != Place(Root.GLOBAL, "Promise") or call.name not in _WAITS or not call.arguments:
        return None
    mapped = work.mapped(call.arguments[0])
    if mapped is None:
        return _collected(call.arguments[0], seen, work)
    _, items, callback = mapped
    if seen.lists.is_short(items) or work.is_limited(callback) or work.is_only_closing(callback):
        return None
    heavy = work.heavy_call(callback)
    return (heavy, items) if heavy is not None else None


def _collected(value: Value, seen: Insight, work: Work) -> tuple[Call, Value] | None:
    """Promises pushed in a loop over a list that nothing limits."""
    file = seen.file
    place = seen.flow.canonical(value)
    if place is None:
        return None
    for push in file.calls_named.get("push", ()):
        if push.receiver is None or seen.flow.canonical(push.receiver) != place or not push.arguments:
            continue
        items = _looped(push, seen)
        made = file.call_of(push.arguments[-1])
        if items is None or seen.lists.is_short(items) or made is None or made.awaited:
            continue
        if _is_heavy(made, seen, work):
            return made, items
    return None


def _is_heavy(call: Call, seen: Insight, work: Work) -> bool:
    target = seen.file.target_of(call)
    if target is not None:
        return work.heavy_call(target) is not None
    return work.is_heavy_name(call)


def _looped(call: Call, seen: Insight) -> Value | None:
    """What the innermost loop around a call walks over."""
    for index in seen.file.regions_of(call.region):
        region = seen.file.facts.regions[index]
        if region.kind is RegionKind.LOOP:
            test = unwrapped(region.test)
            return test if isinstance(test, Place) else None
    return None


def _each(call: Call, seen: Insight, work: Work) -> tuple[Call, Value] | None:
    """`list.forEach(async …)` with an `await` of heavy work in it."""
    if seen.file.called(call) != "forEach" or call.receiver is None or not call.arguments:
        return None
    callback = seen.file.function_at(call.arguments[0])
    if callback is None or not seen.file.facts.functions[callback].is_async or seen.lists.is_short(call.receiver):
        return None
    if work.is_limited(callback) or work.is_only_closing(callback):
        return None
    heavy = work.heavy_call(callback)
    return (heavy, call.receiver) if heavy is not None else None


def _floating(call: Call, seen: Insight, work: Work) -> tuple[Call, Value] | None:
    """A call of an own async function, in a loop, that nobody awaits."""
    if call.awaited or call.fate.kind is not FateKind.DISCARDED:
        return None
    started = call
    if seen.file.called(call) in ("catch", "then", "finally") and call.receiver is not None:
        inner = seen.file.call_of(call.receiver)
        if inner is None or inner.function != call.function:
            return None
        started = inner
    target = seen.file.target_of(started)
    if target is None or not seen.file.facts.functions[target].is_async or started.awaited:
        return None
    items = _looped(call, seen)
    if items is None or seen.lists.is_short(items) or work.is_limited(target):
        return None
    heavy = work.heavy_call(target)
    return (heavy, items) if heavy is not None else None


def _finding(card: Card, seen: Insight, call: Call, heavy: Call, items: Value) -> Finding:
    file = seen.file
    frequency = seen.frequencies.of(call.function, call.region)
    listed = file.name_of(items)
    name = file.name_of(heavy.callee)
    acquired = file.name_of(call.callee) if isinstance(call.callee, Place) else call.name
    return finding(
        card,
        file,
        call.extent,
        call.function,
        answers=Answers(
            "every job that is under way", frequency.phrase, "nothing limits how many run at once", "nobody"
        ),
        path=(
            step(file, call.extent, f"{acquired}()"),
            step(file, heavy.extent, f"{name}() for each of {listed}"),
            step(file, heavy.extent, "all that one job holds"),
        ),
        acquire=acquired,
        what=f"`{name}`",
        list=f"`{listed}`" if not isinstance(items, Compound) else "a list",
    )
