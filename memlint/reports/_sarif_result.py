"""A finding as a SARIF result: message, regions, retention path, near misses, fingerprints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sarif_om

from memlint.model.finding import Finding, Span, Step
from memlint.model.report import Report
from memlint.reports._fingerprint import fingerprints, line_hashes
from memlint.reports._lines import lines_of
from memlint.reports._retention import answered, ends
from memlint.reports._sarif_place import Lines, location, message, unlinked
from memlint.wording.visible import visible

_STEPS = 1000
_NEAR_MISSES = 100
_LINKS = 3


def results(report: Report, kept: Sequence[int], rules: Mapping[str, int]) -> list[sarif_om.Result]:
    """One for each position in `kept`; `rules` has the index of each rule in the log."""
    findings = [report.findings[at] for at in kept]
    prints = fingerprints(report.findings)
    hashes = _hashes(report, findings)
    lines = lines_of(report, (span for finding in findings for span in _spans(finding)))
    return [
        _result(
            finding,
            _partial_fingerprints(hashes.get((finding.span.path, finding.span.line)), prints[at]),
            rules.get(finding.rule, -1),
            lines,
            report.root,
        )
        for at, finding in zip(kept, findings, strict=True)
    ]


def _result(
    finding: Finding, partial_fingerprints: Mapping[str, str], rule_index: int, lines: Lines, root: str
) -> sarif_om.Result:
    near_misses = finding.near_misses[:_NEAR_MISSES]
    return sarif_om.Result(
        rule_id=finding.rule,
        rule_index=rule_index,
        level=finding.severity.value,
        kind="fail",
        message=message(_message(finding)),
        locations=[location(finding.span, lines, root)],
        code_flows=[_code_flow(finding.path, lines, root)] if finding.path else None,
        related_locations=[
            location(miss.span, lines, root, f"near miss: {miss.phrase}", number)
            for number, miss in enumerate(near_misses, start=1)
        ]
        or None,
        partial_fingerprints=partial_fingerprints,
        properties=_properties(finding),
    )


def _message(finding: Finding) -> str:
    """Message, answers, links to the near misses, advice: a sentence each, the first one by itself enough."""
    links = [f"[{unlinked(miss.phrase)}]({n})" for n, miss in enumerate(finding.near_misses[:_LINKS], start=1)]
    sentences = [
        unlinked(finding.message),
        unlinked(f"Held by {answered(finding.answers)}") if finding.answers else "",
        f"Near miss: {', '.join(links)}" if links else "",
        unlinked(finding.help),
    ]
    return " ".join(_sentence(text) for text in sentences if text)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _properties(finding: Finding) -> dict[str, str]:
    told = {"confidence": finding.confidence.value}
    if answers := finding.answers:
        told |= {"heldBy": answers.holder, "runs": answers.how_often, "letGoBy": answers.lets_go, "duty": answers.duty}
    return {question: visible(answer) for question, answer in told.items()}


def _code_flow(steps: Sequence[Step], lines: Lines, root: str) -> sarif_om.CodeFlow:
    """Retention path from the root to what is kept; one too long for viewers has a gap in its middle."""
    first, omitted, last = ends(steps, _STEPS)
    gap = [Step(last[0].span, f"… {omitted} more …")] if omitted else []
    shown = [*first, *gap, *last]
    flow = [
        sarif_om.ThreadFlowLocation(
            location=location(step.span, lines, root, step.phrase),
            importance="essential" if at in (0, len(shown) - 1) else "important",
        )
        for at, step in enumerate(shown)
    ]
    return sarif_om.CodeFlow(thread_flows=[sarif_om.ThreadFlow(locations=flow)])


def _partial_fingerprints(line_hash: str | None, fingerprint: str) -> dict[str, str]:
    own = {"memlint/v1": fingerprint}
    return {"primaryLocationLineHash": line_hash, **own} if line_hash else own


def _hashes(report: Report, findings: Sequence[Finding]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        wanted.setdefault(finding.span.path, set()).add(finding.span.line)
    return {
        (path, number): value
        for path, numbers in wanted.items()
        if path in report.sources
        for number, value in line_hashes(report.sources[path].data, numbers).items()
    }


def _spans(finding: Finding) -> Iterator[Span]:
    yield finding.span
    yield from (step.span for step in finding.path)
    yield from (miss.span for miss in finding.near_misses)
