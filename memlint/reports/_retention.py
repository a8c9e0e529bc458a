"""Who retains what, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.model.finding import Answers, Finding, Span, Step
from memlint.wording.visible import visible

_HELD_BY = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


def ends(steps: Sequence[Step], limit: int) -> tuple[Sequence[Step], int, Sequence[Step]]:
    """First steps, how many are left out, last steps: never more than `limit`, the gap counted as one."""
    if len(steps) <= limit:
        return steps, 0, ()
    last = limit // 2
    first = limit - 1 - last
    return steps[:first], len(steps) - first - last, steps[-last:]


def chain(finding: Finding, limit: int = 12) -> str:
    """All retainers, from the root to what is kept: phrases, with the line where it is not the finding's own."""
    first, omitted, last = ends(finding.path, limit)
    gap = [f"… {omitted} more …"] if omitted else []
    return _HELD_BY.join([*(_named(s, finding.span) for s in first), *gap, *(_named(s, finding.span) for s in last)])


def whereabouts(span: Span, near: Span) -> str:
    """`span` as told beside `near`: `line 40` in the same file, `lib/timers.js:40` in another."""
    return f"line {span.line}" if span.path == near.path else f"{visible(span.path)}:{span.line}"


def answered(answers: Answers) -> str:
    """Four answers, told after the words `held by`: `window · runs per instance · lets go: nothing · duty: nobody`."""
    told = f"{answers.holder} · runs {answers.how_often} · lets go: {answers.lets_go} · duty: {answers.duty}"
    return visible(told)


def _named(step: Step, near: Span) -> str:
    if (step.span.path, step.span.line) == (near.path, near.line):
        return visible(step.phrase)
    name = step.span.path.rpartition("/")[2] if step.span.path == near.path else step.span.path
    return visible(f"{step.phrase} ({name}:{step.span.line})")
