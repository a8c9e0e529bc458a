from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from memlint.model.card import Card
from memlint.model.finding import Answers, Confidence, Finding, Precision, Problem, ProblemKind, Severity, Span, Step
from memlint.model.report import Report, Skip
from memlint.model.source import Source
from memlint.reports import formats, renderer
from memlint.wording.terminal import Terminal, terminal_of

TOOLBAR = b"""export class Toolbar {
  open() {
    window.addEventListener("resize", () => this.layout());
  }

  close() {
    window.removeEventListener("resize", () => this.layout());
  }
}
"""
CARD = Card(
    name="unremoved-listener",
    id="MEM101",
    title="A listener that nothing removes",
    why="The target holds the listener.",
    message="`{acquire}` is never removed",
    help="Keep the function and remove it.",
    severity=Severity.WARNING,
    precision=Precision.HIGH,
    checklist=("unremoved listeners",),
    resources=("listener",),
    body="The target holds the listener.\n\n## Leaks: it stays\n",
)
FINDING = Finding(
    rule="MEM101",
    span=Span("src/toolbar.js", 3, 5, 3, 59),
    message="`resize` listener is never removed",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    answers=Answers("window", "per instance", "nothing", "nobody"),
    path=(
        Step(Span("src/toolbar.js", 3, 5, 3, 11), "window"),
        Step(Span("src/toolbar.js", 3, 39, 3, 58), "arrow function"),
        Step(Span("src/toolbar.js", 1, 14, 1, 21), "this: Toolbar"),
    ),
    near_misses=(Step(Span("src/toolbar.js", 7, 5, 7, 62), "removed with another function"),),
    help="Keep the function and remove it.",
    scope="Toolbar.open",
    statement='window.addEventListener("resize",()=>this.layout())',
)
HOSTILE_NAME = "src/a\x1b]0;pwned\x07\u202e\n::error::,%[x](1).js"
HOSTILE_LINE = "go() // \x1b[2J\x9b\u2066\u200b"


def report(**changes: Any) -> Report:
    usual = Report(
        findings=(FINDING,),
        problems=(),
        skips=(),
        cards=(CARD,),
        sources={"src/toolbar.js": Source("src/toolbar.js", TOOLBAR)},
        checked=12,
        suppressed=0,
        seconds=0.417,
        root="/home/ada/shop",
    )
    return replace(usual, **changes)


def hostile_report() -> Report:
    span = Span(HOSTILE_NAME, 1, 1, 1, 5)
    step = Step(span, HOSTILE_LINE)
    finding = replace(
        FINDING,
        span=span,
        message=HOSTILE_LINE,
        help=HOSTILE_LINE,
        path=(step, step),
        near_misses=(step,),
        answers=Answers(HOSTILE_LINE, HOSTILE_LINE, HOSTILE_LINE, HOSTILE_LINE),
    )
    return report(
        findings=(finding,),
        problems=(Problem(HOSTILE_NAME, ProblemKind.SYNTAX, HOSTILE_LINE),),
        skips=(Skip(HOSTILE_NAME, HOSTILE_LINE, named=True),),
        sources={HOSTILE_NAME: Source(HOSTILE_NAME, HOSTILE_LINE.encode())},
    )


def many(count: int) -> tuple[Finding, ...]:
    return tuple(replace(FINDING, span=replace(FINDING.span, line=n, end_line=n)) for n in range(1, count + 1))


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_format_is_a_module_of_the_folder() -> None:
    assert {"concise", "github", "json", "sarif", "text"} <= set(formats())
    assert not any(name.startswith("_") for name in formats())


@pytest.mark.parametrize("name", ["_terminal", "nonsense", "../json"])
def test_what_is_no_format_cannot_be_had(name: str) -> None:
    with pytest.raises(LookupError, match="there are concise, "):
        renderer(name)


@pytest.mark.parametrize("name", formats())
def test_every_format_tells_an_empty_run(name: str) -> None:
    told = renderer(name)(report(findings=(), sources={}), Terminal())
    assert told == "" or told.endswith("\n")


@pytest.mark.parametrize("name", formats())
def test_every_format_does_without_the_sources(name: str) -> None:
    assert "MEM101" in renderer(name)(report(sources={}), Terminal())


@pytest.mark.parametrize("name", formats())
def test_every_format_does_with_spans_that_the_source_no_longer_has(name: str) -> None:
    moved = replace(FINDING, span=Span("src/toolbar.js", 900, 70, 901, 3))
    assert "MEM101" in renderer(name)(report(findings=(moved,)), Terminal())


@pytest.mark.parametrize("name", formats())
def test_nothing_from_a_source_reaches_the_terminal_unseen(name: str) -> None:
    told = renderer(name)(hostile_report(), Terminal())
    assert not set(told) & set("\x1b\x07\x9b\u202e\u2066\u200b")
    told.encode("utf-8")


@pytest.mark.parametrize("name", formats())
def test_a_file_name_that_is_not_utf_8_can_be_written(name: str) -> None:
    path = b"src/caf\xe9.js".decode("utf-8", "surrogateescape")
    finding = replace(FINDING, span=replace(FINDING.span, path=path))
    sources = {path: Source(path, TOOLBAR)}
    renderer(name)(report(findings=(finding,), sources=sources), Terminal()).encode("utf-8")


@pytest.mark.parametrize("name", formats())
def test_the_same_report_is_told_in_the_same_words(name: str) -> None:
    assert renderer(name)(hostile_report(), Terminal()) == renderer(name)(hostile_report(), Terminal())


def test_a_pipe_gets_neither_colours_nor_links_nor_folds() -> None:
    assert terminal_of(io.StringIO(), {"TERM": "xterm", "COLUMNS": "40"}) == Terminal()


def test_a_terminal_gets_colours_links_and_its_width() -> None:
    expected = Terminal(colour=True, links=True, width=100)
    assert terminal_of(Screen(), {"TERM": "xterm", "COLUMNS": "100"}) == expected


def test_a_terminal_without_a_size_has_the_usual_one() -> None:
    assert terminal_of(Screen(), {"TERM": "xterm"}).width == 80


@pytest.mark.parametrize(
    ("environment", "colour", "expected"),
    [
        ({"NO_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": ""}, "auto", True),
        ({"TERM": "dumb"}, "auto", False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, "auto", True),
        ({"NO_COLOR": "1"}, "always", True),
        ({"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_the_option_beats_the_environment_which_beats_the_terminal(
    environment: dict[str, str], colour: str, expected: bool
) -> None:
    assert terminal_of(Screen(), environment, colour).colour is expected


def test_links_go_only_to_a_terminal() -> None:
    assert not terminal_of(io.StringIO(), {"FORCE_COLOR": "1"}, "always").links
    assert not terminal_of(Screen(), {"TERM": "dumb"}, "always").links
    assert not terminal_of(Screen(), {"TERM": "xterm"}, "never").links


def test_a_closed_stream_is_no_terminal() -> None:
    closed = io.StringIO()
    closed.close()
    assert terminal_of(closed, {}) == Terminal()
