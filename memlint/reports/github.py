"""Workflow commands: annotations on the changed lines of a pull request, without any upload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memlint.model.finding import Finding, Problem, Severity
from memlint.model.report import Report
from memlint.reports._retention import chain
from memlint.reports._worst import worst_first
from memlint.wording.terminal import Terminal
from memlint.wording.visible import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SHOWN_PER_LEVEL = 10


def render(report: Report, _terminal: Terminal) -> str:
    """One command per finding, the worst first, since only the first of each level are shown; then the problems."""
    titles = {card.id: card.title for card in report.cards}
    commands = [_finding(report.findings[at], titles) for at in worst_first(report.findings)]
    commands += [_problem(problem) for problem in report.problems]
    return "".join(f"{command}\n" for command in [*commands, *_hidden(report)])


def _finding(finding: Finding, titles: Mapping[str, str]) -> str:
    span = finding.span
    where = {"file": span.path, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:  # columns are refused on an annotation of several lines
        where |= {"col": str(span.column), "endColumn": str(span.end_column)}
    title = f"{finding.rule} {titles.get(finding.rule, '')}".rstrip()
    told = [finding.message, chain(finding), f"help: {finding.help}" if finding.help else ""]
    return _command(_COMMANDS[finding.severity], {**where, "title": title}, "\n".join(filter(None, told)))


def _problem(problem: Problem) -> str:
    where = {"file": problem.path} if problem.path else {}
    level = "error" if problem.fatal else "warning"
    return _command(level, {**where, "title": f"memlint: {problem.kind}"}, problem.message)


def _hidden(report: Report) -> Iterator[str]:
    more = sum(max(0, report.count(severity) - _SHOWN_PER_LEVEL) for severity in Severity)
    if more:
        text = f"{more} more: GitHub shows {_SHOWN_PER_LEVEL} annotations of each level; the log has all of them"
        yield _command("notice", {"title": "memlint"}, text)


def _command(name: str, properties: Mapping[str, str], message: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}"


def _data(text: str) -> str:
    return visible(text.replace("%", "%25"), keep="\r\n").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
