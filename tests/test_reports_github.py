from __future__ import annotations

from dataclasses import replace

from test_reports_formats import FINDING, hostile_report, many, report

from memlint.model.finding import Problem, ProblemKind, Severity, Span
from memlint.reports.github import render
from memlint.wording.terminal import Terminal


def commands(told: str) -> list[str]:
    return [line.split(" ", 1)[0] for line in told.splitlines()]


def test_a_finding_is_an_annotation_on_its_lines() -> None:
    told = render(report(), Terminal())
    assert told.startswith(
        "::warning file=src/toolbar.js,line=3,endLine=3,col=5,endColumn=59,"
        "title=MEM101 A listener that nothing removes::`resize` listener is never removed%0A"
    )
    assert told.endswith("%0Ahelp: Keep the function and remove it.\n")


def test_an_annotation_of_several_lines_has_no_columns() -> None:
    told = render(report(findings=(replace(FINDING, span=Span("a.js", 3, 5, 4, 2)),)), Terminal())
    assert told.startswith("::warning file=a.js,line=3,endLine=4,title=")


def test_the_worst_come_first() -> None:
    findings = tuple(replace(FINDING, severity=severity) for severity in reversed(Severity))
    assert commands(render(report(findings=findings), Terminal())) == ["::error", "::warning", "::notice"]


def test_all_are_told_and_the_ones_not_shown_are_counted() -> None:
    told = render(report(findings=many(25)), Terminal())
    assert commands(told) == ["::warning"] * 25 + ["::notice"]
    assert "::15 more: " in told.splitlines()[-1]


def test_a_file_that_could_not_be_judged_is_told() -> None:
    problems = (Problem("a.js", ProblemKind.TOO_DEEP, "10%"), Problem("", ProblemKind.SYNTAX, "odd"))
    assert render(report(findings=(), problems=problems), Terminal()).splitlines() == [
        "::error file=a.js,title=memlint%3A too deep::10%25",
        "::warning title=memlint%3A syntax::odd",
    ]


def test_a_file_name_can_neither_end_a_property_nor_begin_a_command() -> None:
    told = render(hostile_report(), Terminal())
    assert commands(told) == ["::warning", "::warning"]
    assert "file=src/a␛]0;pwned␇<U+202E>%0A%3A%3Aerror%3A%3A%2C%25[x](1).js,line=1," in told


def test_nothing_is_told_of_a_clean_run() -> None:
    assert render(report(findings=()), Terminal()) == ""
