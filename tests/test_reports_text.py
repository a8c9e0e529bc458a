from __future__ import annotations

from dataclasses import replace

import pytest
from test_reports_formats import FINDING, TOOLBAR, many, report

from memlint.model.finding import Finding, Problem, ProblemKind, Severity, Span, Step
from memlint.model.report import Skip
from memlint.model.source import Source
from memlint.reports.concise import render as concise
from memlint.reports.text import render
from memlint.wording.terminal import Terminal
from memlint.wording.visible import cells, head, tail, visible

HELD_BY = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"


def told_of(line: str, start: int, end: int, terminal: Terminal | None = None) -> list[str]:
    """What is told of a one-line file; the columns are of the span."""
    finding = Finding("MEM101", Span("a.js", 1, start, 1, end), "x", Severity.WARNING, FINDING.confidence)
    sources = {"a.js": Source("a.js", line.encode())}
    return render(report(findings=(finding,), sources=sources), terminal or Terminal()).splitlines()


def underlined(line: str, start: int, end: int, terminal: Terminal | None = None) -> str:
    """The part of the shown line that stands above the marks."""
    _, source, marks, *_ = told_of(line, start, end, terminal)
    first, last = cells(marks[: marks.index("^")]), cells(marks)
    at, part = 0, ""
    for char in source:
        if first <= at < last:
            part += char
        at += cells(char)
    return part


def test_a_finding_is_told_with_its_source_its_answers_and_its_retention_path() -> None:
    assert render(report(), Terminal()).splitlines() == [
        "src/toolbar.js:3:5 MEM101[warning] `resize` listener is never removed",
        "    2 │   open() {",
        '    3 │     window.addEventListener("resize", () => this.layout());',
        "      │     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "      ├ held by window · runs per instance · lets go: nothing · duty: nobody",
        f"      ├ window {HELD_BY} arrow function {HELD_BY} this: Toolbar (toolbar.js:1)",
        "      ├ near miss at line 7: removed with another function",
        "      ╰ help: Keep the function and remove it.",
        "",
        "1 warning · 12 files checked · 0.42 s",
    ]


def test_a_clean_run_is_one_friendly_line() -> None:
    assert render(report(findings=()), Terminal()) == "✓ no leaks found · 12 files checked · 0.42 s\n"


def test_the_last_line_sums_up_the_run() -> None:
    run = report(
        findings=(replace(FINDING, severity=Severity.ERROR), FINDING, FINDING),
        skips=(Skip("a.min.js", "minified"), Skip("b.test.js", "test file"), Skip("c.min.js", "minified")),
        problems=(Problem("d.js", ProblemKind.TOO_DEEP, "deep"),),
        suppressed=4,
    )
    assert render(run, Terminal()).splitlines()[-1] == (
        "1 error, 2 warnings · 12 files checked · 3 skipped (2 minified, 1 test file) · 1 problem (1 too deep)"
        " · 4 suppressed · 0.42 s"
    )


def test_a_span_of_several_lines_underlines_its_first() -> None:
    finding = replace(FINDING, span=Span("src/toolbar.js", 2, 3, 4, 4))
    told = render(report(findings=(finding,)), Terminal()).splitlines()
    assert told[2:4] == ["    2 │   open() {", "      │   ^^^^^^^^"]


def test_an_empty_span_has_one_mark() -> None:
    assert told_of("let a;", 5, 5)[2] == "      │     ^"


def test_a_place_in_another_file_is_told_with_its_path() -> None:
    other = Span("lib/close.js", 9, 1, 9, 2)
    finding = replace(FINDING, path=(Step(other, "socket"), *FINDING.path), near_misses=(Step(other, "too late"),))
    told = render(report(findings=(finding,)), Terminal())
    assert "socket (lib/close.js:9) " in told
    assert "near miss at lib/close.js:9: too late" in told


def test_a_long_retention_path_keeps_its_ends() -> None:
    steps = tuple(Step(FINDING.span, f"step {n}") for n in range(2000))
    told = render(report(findings=(replace(FINDING, path=steps),)), Terminal())
    assert "step 0 " in told
    assert " step 1999\n" in told
    assert "… 1989 more …" in told


@pytest.mark.parametrize(
    ("line", "start", "end", "expected"),
    [
        ("\tif (a) {\tgo(); }", 11, 15, "go()"),
        ("x = '日本語'; go();", 12, 16, "go()"),
        ("x = '😀'; go();", 11, 15, "go()"),
        ("x = 'e\u0301'; go();", 11, 15, "go()"),
        ("x = '\x1b[2J'; go();", 13, 17, "go()"),
        ("x = '\u202e'; go();", 10, 14, "go()"),
        ("\ufeffgo();", 1, 5, "go()"),
    ],
)
def test_the_marks_stand_under_the_span(line: str, start: int, end: int, expected: str) -> None:
    assert underlined(line, start, end) == expected


def test_marks_on_wide_characters_cover_their_cells() -> None:
    assert told_of("f('日本')", 3, 7)[2] == "      │   ^^^^^^"


@pytest.mark.parametrize("start", [1, 100_001, 199_997])
def test_a_minified_line_is_cut_around_the_span(start: int) -> None:
    line = "x" * (start - 1) + "go()" + "y" * (199_996 - start + 1)
    _, source, _, *_ = told_of(line, start, start + 4, Terminal(width=80))
    assert cells(source) <= 80
    assert underlined(line, start, start + 4, Terminal(width=80)) == "go()"
    assert source.count("…") == (start > 1) + (start < 199_997)


def test_a_span_wider_than_the_terminal_is_cut() -> None:
    _, source, marks, *_ = told_of("z" * 5000, 1000, 4000, Terminal(width=80))
    assert cells(source) <= 80
    assert cells(marks) <= 80


def test_sentences_are_folded_on_a_terminal_only() -> None:
    finding = replace(FINDING, help="word " * 60 + "end")
    assert max(map(cells, render(report(findings=(finding,)), Terminal(width=72)).splitlines()[1:-1])) <= 72
    assert "word " * 60 + "end\n" in render(report(findings=(finding,)), Terminal())


def test_colours_are_those_of_the_severity() -> None:
    told = render(report(), Terminal(colour=True))
    assert "\x1b[1;33mMEM101[warning]\x1b[0m" in told
    assert "\x1b[1;33m^^^" in told
    assert "\x1b[" not in render(report(), Terminal())


def test_a_link_leads_to_the_file() -> None:
    finding = replace(FINDING, span=replace(FINDING.span, path="src/my bar.js"))
    told = render(report(findings=(finding,)), Terminal(links=True))
    assert told.startswith("\x1b]8;;file:///home/ada/shop/src/my%20bar.js\x1b\\src/my bar.js:3:5\x1b]8;;\x1b\\ ")


def test_the_worst_thousand_are_shown_in_the_order_of_the_file() -> None:
    findings = (*many(5999), replace(FINDING, severity=Severity.ERROR, span=replace(FINDING.span, line=7000)))
    told = render(report(findings=findings), Terminal())
    headlines = [line for line in told.splitlines() if "MEM101[" in line]
    assert len(headlines) == 1000
    assert headlines[0].startswith("src/toolbar.js:1:5 ")
    assert headlines[-1].startswith("src/toolbar.js:7000:5 MEM101[error]")
    assert "\n\n… and 5000 more\n\n1 error, 5999 warnings · " in told


def test_concise_is_a_line_per_finding_and_nothing_else() -> None:
    assert concise(report(), Terminal()) == "src/toolbar.js:3:5: MEM101[warning] `resize` listener is never removed\n"
    assert concise(report(findings=()), Terminal()) == ""
    assert concise(report(findings=many(6000)), Terminal()).count("\n") == 6000


def test_what_is_hidden_becomes_visible() -> None:
    assert visible("a\x1b\x7f\n") == "a␛␡␊"
    assert visible("\u202e\u200b\u2028\u3164\x9b") == "<U+202E><U+200B><U+2028><U+3164><U+009B>"
    assert visible("caf\udce9") == "caf\\xe9"
    assert visible("naïve 日本語 😀") == "naïve 日本語 😀"


def test_text_is_cut_at_cells() -> None:
    assert head("日本語", 5) == "日本…"
    assert tail("日本語", 4) == "…語"
    assert head("abc", 3) == "abc"
    assert head("abcd", 3) == "ab…"


def test_a_source_in_another_encoding_is_still_framed() -> None:
    sources = {"src/toolbar.js": Source("src/toolbar.js", TOOLBAR.replace(b"resize", b"r\xe9size"))}
    assert 'window.addEventListener("r\ufffdsize"' in render(report(sources=sources), Terminal())
