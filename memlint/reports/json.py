"""The whole report as one JSON document; `version` changes when a key changes its meaning or goes."""

from __future__ import annotations

import json
from collections import Counter

from memlint import __version__
from memlint.model.finding import Answers, Finding, Problem, Severity, Span, Step
from memlint.model.report import Report, Skip
from memlint.reports._fingerprint import fingerprints
from memlint.wording.terminal import Terminal

VERSION = 1


def render(report: Report, _terminal: Terminal) -> str:
    """One line of ASCII: whatever a name or a message holds is escaped, and read back as it was."""
    prints = fingerprints(report.findings)
    document = {
        "version": VERSION,
        "tool": {"name": "memlint", "version": __version__},
        "summary": _summary(report),
        "findings": [_finding(f, fingerprint) for f, fingerprint in zip(report.findings, prints, strict=True)],
        "problems": [_problem(problem) for problem in report.problems],
        "skipped": [_skip(skip) for skip in report.skips],
    }
    return json.dumps(document, ensure_ascii=True) + "\n"


def _summary(report: Report) -> dict[str, object]:
    return {
        "checked": report.checked,
        "findings": len(report.findings),
        "by_severity": {severity.value: report.count(severity) for severity in Severity},
        "suppressed": report.suppressed,
        "problems": len(report.problems),
        "skipped": len(report.skips),
        "skipped_by_reason": dict(Counter(skip.reason for skip in report.skips).most_common()),
        "seconds": round(report.seconds, 3),
    }


def _finding(finding: Finding, fingerprint: str) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "span": _span(finding.span),
        "answers": _answers(finding.answers) if finding.answers else None,
        "path": [_step(step) for step in finding.path],
        "near_misses": [_step(step) for step in finding.near_misses],
        "help": finding.help,
        "scope": finding.scope,
        "statement": finding.statement,
        "fingerprint": fingerprint,
    }


def _span(span: Span) -> dict[str, object]:
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _answers(answers: Answers) -> dict[str, object]:
    return {
        "holder": answers.holder,
        "how_often": answers.how_often,
        "lets_go": answers.lets_go,
        "duty": answers.duty,
    }


def _step(step: Step) -> dict[str, object]:
    return {"span": _span(step.span), "phrase": step.phrase}


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.path,
        "kind": problem.kind.value,
        "message": problem.message,
        "rule": problem.rule,
        "fatal": problem.fatal,
    }


def _skip(skip: Skip) -> dict[str, object]:
    return {"path": skip.path, "reason": skip.reason, "named": skip.named}
