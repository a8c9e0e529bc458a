from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import Any

from test_reports_formats import FINDING, HOSTILE_LINE, HOSTILE_NAME, hostile_report, many, report

from memlint.model.finding import Finding, Problem, ProblemKind, Severity
from memlint.model.report import Report, Skip
from memlint.reports._fingerprint import fingerprints, line_hashes
from memlint.reports.json import render
from memlint.wording.terminal import Terminal


def document(told: Report) -> Any:
    return json.loads(render(told, Terminal()))


def test_a_document_has_a_version_and_always_the_same_keys() -> None:
    keys = ["version", "tool", "summary", "findings", "problems", "skipped"]
    assert list(document(report())) == keys
    assert list(document(report(findings=(), sources={}))) == keys
    assert document(report())["version"] == 1


def test_every_field_of_a_finding_is_there() -> None:
    told = document(report(findings=(FINDING,)))["findings"][0]
    assert told.pop("fingerprint") == fingerprints([FINDING])[0]
    assert told == json.loads(json.dumps(asdict(FINDING)))
    assert set(told) == {field.name for field in fields(Finding)}


def test_a_finding_without_answers_says_so() -> None:
    assert document(report(findings=(replace(FINDING, answers=None),)))["findings"][0]["answers"] is None


def test_problems_and_skips_are_told() -> None:
    told = document(
        report(
            problems=(Problem("a.js", ProblemKind.INTERNAL, "KeyError", "MEM101"),),
            skips=(Skip("b.js", "minified", named=True), Skip("c.js", "minified")),
        )
    )
    assert told["problems"] == [
        {"path": "a.js", "kind": "internal error", "message": "KeyError", "rule": "MEM101", "fatal": True}
    ]
    assert told["skipped"][0] == {"path": "b.js", "reason": "minified", "named": True}
    assert told["summary"]["skipped_by_reason"] == {"minified": 2}


def test_the_summary_counts() -> None:
    findings = (replace(FINDING, severity=Severity.ERROR), FINDING)
    assert document(report(findings=findings, suppressed=3))["summary"] == {
        "checked": 12,
        "findings": 2,
        "by_severity": {"error": 1, "warning": 1, "note": 0},
        "suppressed": 3,
        "problems": 0,
        "skipped": 0,
        "skipped_by_reason": {},
        "seconds": 0.417,
    }


def test_hostile_text_is_ascii_on_the_way_and_itself_at_the_end() -> None:
    assert render(hostile_report(), Terminal()).isascii()
    told = document(hostile_report())["findings"][0]
    assert told["span"]["path"] == HOSTILE_NAME
    assert told["message"] == HOSTILE_LINE


def test_all_findings_are_told_however_many() -> None:
    assert len(document(report(findings=many(6000)))["findings"]) == 6000


def test_a_fingerprint_survives_moved_lines_but_not_another_statement() -> None:
    moved = replace(FINDING, span=replace(FINDING.span, line=90, end_line=90), message="in other words")
    other = replace(FINDING, statement="another()")
    assert fingerprints([moved]) == fingerprints([FINDING])
    assert fingerprints([other]) != fingerprints([FINDING])


def test_equal_findings_of_a_file_are_told_apart_by_their_order() -> None:
    elsewhere = replace(FINDING, span=replace(FINDING.span, path="b.js"))
    first, second, third = fingerprints([FINDING, FINDING, elsewhere])
    assert first != second
    assert third == first


def test_line_hashes_are_those_of_code_scanning() -> None:
    """The values are those that github/codeql-action tests itself with."""
    assert line_hashes(b"", {1}) == {1: "c129715d7a2bc9a3:1"}
    assert line_hashes(b" a\nb\n  \t\tc\n d", {1, 2, 3, 4}) == {
        1: "271789c17abda88f:1",
        2: "54703d4cd895b18:1",
        3: "180aee12dab6264:1",
        4: "a23a3dc5e078b07b:1",
    }


def test_line_hashes_do_not_depend_on_line_ends() -> None:
    expected = {1: "e9496ae3ebfced30:1", 6: "c8e28b0b4002a3a0:1", 7: "c129715d7a2bc9a3:1"}
    for end in (b"\n", b"\r", b"\r\n"):
        data = b" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n".replace(b"\n", end)
        assert line_hashes(data, expected.keys()) == expected


def test_equal_lines_are_counted() -> None:
    assert line_hashes(b"Lorem ipsum dolor sit amet.\n" * 10, {1, 6, 7, 10}) == {
        1: "a7f2ff13bc495cf2:1",
        6: "a7f2ff13bc495cf2:6",
        7: "a7f2ff1481e87703:1",
        10: "cc97dc7b1d7d8f7b:1",
    }


def test_a_line_that_the_file_does_not_have_has_no_hash() -> None:
    assert line_hashes(b"a\n", {9}) == {}
