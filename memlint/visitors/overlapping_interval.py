"""An interval whose work may take longer than its period."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, ExitKind, RegionKind
from memlint.model.finding import Confidence, Finding
from memlint.model.value import Constant
from memlint.semantics.work.work import Job, Work
from memlint.verdicts.saying import finding_at

WORDS = frozenset({"setInterval"})
_LONG = 60_000
"""Milliseconds from which on a period leaves time for almost anything."""


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    work = Work(file, seen.flow, seen.vocabulary, seen.words)
    for call in file.calls_named.get("setInterval", ()):
        callback = file.function_at(call.arguments[0]) if len(call.arguments) > 1 else None
        period = file.constant(call.arguments[1]) if callback is not None else None
        if callback is None or period is None or not isinstance(period.value, int | float):
            continue
        if period.value >= _LONG:
            continue
        for function in (callback, *_called_alone(callback, seen)):
            job = _awaited_job(function, seen, work)
            if job is not None and not _is_guarded(function, seen) and not work.is_limited(function):
                yield _finding(card, seen, call, job, float(period.value))
                break


def _called_alone(callback: int, seen: Insight) -> list[int]:
    """The function of this file that is all that a callback runs: `() => this.save()`."""
    calls = seen.file.calls_in.get(callback, [])
    target = seen.file.target_of(calls[0]) if len(calls) == 1 else None
    return [target] if target is not None else []


def _awaited_job(function: int, seen: Insight, work: Work) -> Job | None:
    """The work that an async function waits for; what is only computed, or not waited for, is another matter."""
    if not seen.file.facts.functions[function].is_async:
        return None
    awaited = any(call.awaited for call in seen.file.calls_in.get(function, ()))
    return work.job_of(function) if awaited else None


def _is_guarded(function: int, seen: Insight) -> bool:
    """Whether a flag keeps the next turn out: it is tested before, and set, in the function."""
    file = seen.file
    if any(
        isinstance(write.value, Constant) and isinstance(write.value.value, bool) for write in file.writes_in[function]
    ):
        return True
    leaves = {exit_.region for exit_ in file.exits_of.get(function, ()) if exit_.kind is ExitKind.RETURN}
    if any(file.facts.regions[index].kind is RegionKind.THEN for index in leaves):
        return True
    return any(file.called(call) == "clearInterval" for call in file.calls_in.get(function, ()))


def _finding(card: Card, seen: Insight, call: Call, job: Job, period: float) -> Finding:
    name = seen.file.name_of(job.call.callee)
    frequency = seen.frequencies.of(call.function, call.region)
    return finding_at(
        card,
        seen,
        call,
        confidence=Confidence.MEDIUM,
        holder="every turn that is under way",
        often=f"every {period:g} ms",
        lets_go="no turn waits for the last one",
        path=(
            (call.extent, f"an interval of {period:g} ms ({frequency.phrase})"),
            (job.call.extent, f"{name}(), as often as turns have piled up"),
        ),
        job=name,
        period=f"{period:g}",
    )
