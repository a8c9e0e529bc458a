from __future__ import annotations

import re
from pathlib import Path

import pytest

from memlint.config.settings import Settings
from memlint.languages.directives import parse_directive
from memlint.model.card import Card
from memlint.model.facts import Directive, Extent
from memlint.model.finding import Confidence, Finding, Precision, Severity, Span
from memlint.model.source import line_starts, span_of
from memlint.silence import Settled, settle

MESSAGE = "`{directive}` {fault}"
_COMMENT = re.compile(r"/\*(.*?)\*/|//([^\n]*)|#([^\n]*)", re.DOTALL)


def card(id_: str, name: str) -> Card:
    return Card(name, id_, name, "", MESSAGE, "", Severity.WARNING, Precision.HIGH, (), (), "")


CARDS = [
    card("MEM001", "unused-suppression"),
    card("MEM002", "reasonless-suppression"),
    card("MEM003", "unknown-suppression"),
    card("MEM101", "unremoved-listener"),
    card("MEM102", "uncleared-timer"),
    card("MEM201", "growing-collection"),
]


def comments(text: str) -> tuple[Directive, ...]:
    found = []
    for match in _COMMENT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        directive = parse_directive(match[1] or match[2] or match[3] or "", match.span(), line)
        found += [directive] if directive else []
    return tuple(found)


def leak(line: int, rule: str = "MEM102", confidence: Confidence = Confidence.HIGH) -> Finding:
    return Finding(rule, Span("a.js", line, 1, line, 9), "leaks", Severity.WARNING, confidence)


def settled(text: str, *findings: Finding, settings: Settings | None = None, partly: tuple[str, ...] = ()) -> Settled:
    starts = line_starts(text.encode())

    def place_of(path: str, extent: Extent) -> Span:
        return span_of(path, extent, starts, {})

    directives = {"a.js": comments(text)}
    return settle(findings, directives, CARDS, settings or Settings(Path.cwd()), place_of, partly=partly)


def told(outcome: Settled) -> list[str]:
    return [f"{finding.span.line} {finding.rule}" for finding in outcome.findings]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("leak() // memlint-disable-line MEM102 -- why\nleak()", [1]),
        ("// memlint-disable-next-line MEM102 -- why\nleak()\nleak()", [2]),
        ("/* memlint-disable-next-line MEM102 --\n why\n*/\nleak()\nleak()", [4]),
        ("// memlint-disable-file uncleared-timer -- why\nleak()\nleak()", [1, 2, 3]),
        ("leak()\n// memlint-disable-file MEM1 -- why", [1, 2]),
        ("leak()\n/* memlint-disable MEM102 -- why */\nleak()\n/* memlint-enable MEM102 */\nleak()", [2, 3]),
        ("/* memlint-disable MEM102 -- why */\nleak()\n/* memlint-enable */\nleak()", [1, 2]),
        ("/* memlint-disable MEM1 -- why */\nleak()\n/* memlint-enable MEM101 */\nleak()", [1, 2, 3, 4]),
        ("/* memlint-disable MEM102 -- why */\nleak()\nleak()", [1, 2, 3]),
        ("# memlint-disable-next-line MEM102 -- why\n# memlint-disable-next-line MEM101 -- why\nleak()", [2, 3]),
    ],
)
def test_lines_that_are_covered(text: str, lines: list[int]) -> None:
    def is_silenced(line: int) -> bool:
        outcome = settled(text, leak(line))
        return outcome.suppressed == 1 and f"{line} MEM102" not in told(outcome)

    assert [line for line in range(1, text.count("\n") + 2) if is_silenced(line)] == lines


def test_only_the_named_rules_are_silenced() -> None:
    outcome = settled("x // memlint-disable-line MEM102 -- why", leak(1), leak(1, "MEM201"))

    assert (told(outcome), outcome.suppressed) == (["1 MEM201"], 1)


def test_an_idle_suppression_is_a_finding() -> None:
    (finding,) = settled("\nfine() // memlint-disable-line MEM102 -- why\n").findings

    assert (finding.rule, finding.message) == (
        "MEM001",
        "`memlint-disable-line MEM102` silences nothing: no finding of MEM102 on this line",
    )
    assert finding.span == Span("a.js", 2, 8, 2, 45)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.HIGH)


def test_only_the_idle_rules_are_named() -> None:
    (finding,) = settled("x // memlint-disable-line MEM101, MEM102, MEM2 -- why", leak(1)).findings

    assert finding.message.endswith("no finding of MEM101 or MEM2 on this line")


def test_an_end_without_a_beginning_is_a_finding() -> None:
    text = "/* memlint-disable MEM102 -- why */\nx\n/* memlint-enable MEM201 */"

    (finding,) = settled(text, leak(2)).findings
    assert finding.message == "`memlint-enable MEM201` ends nothing: no `memlint-disable` of this is open"


def test_a_suppression_without_a_reason_does_nothing_and_is_a_finding() -> None:
    outcome = settled("x // memlint-disable-line MEM102", leak(1))

    assert (told(outcome), outcome.suppressed) == (["1 MEM102", "1 MEM002"], 0)
    assert told(settled("x // memlint-disable-line MEM102")) == ["1 MEM002"]


def test_reasons_need_not_be_given() -> None:
    settings = Settings(Path.cwd(), require_reason=False)

    assert settled("x // memlint-disable-line MEM102", leak(1), settings=settings) == Settled((), 1)


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("memlint-disable-line -- why", "`memlint-disable-line` names no rule, so it silences nothing"),
        ("memlint-disable-line", "`memlint-disable-line` names no rule, so it silences nothing"),
        (
            "memlint-disable-line MME102 -- why",
            '`memlint-disable-line MME102` names "MME102", which is no rule; did you mean "MEM102"?',
        ),
        (
            "memlint-disable-line growing-colection -- why",
            '`memlint-disable-line growing-colection` names "growing-colection", which is no rule; did you mean "grow',
        ),
        ("memlint-disable-line MEM001 -- why", "`memlint-disable-line MEM001` names MEM001, which no comment silences"),
        ("memlint-disable-line MEM0 -- why", "`memlint-disable-line MEM0` names MEM0, which no comment silences"),
        (
            "memlint-disable-lines MEM102 -- why",
            '`memlint-disable-lines` is no word of memlint; did you mean "memlint-disable-line"?',
        ),
        ("memlint-enable MEM999", '`memlint-enable MEM999` names "MEM999", which is no rule'),
    ],
)
def test_unknown_rules_are_findings(comment: str, message: str) -> None:
    outcome = settled(f"x // {comment}", leak(1))

    assert told(outcome) == ["1 MEM102", "1 MEM003"]
    assert outcome.findings[1].message.startswith(message)


def test_what_is_known_works_beside_what_is_not() -> None:
    outcome = settled("x // memlint-disable-line MEM102, MEM999 -- why", leak(1))

    assert (told(outcome), outcome.suppressed) == (["1 MEM003"], 1)


def test_own_findings_cannot_be_silenced_by_comments() -> None:
    text = "// memlint-disable-file MEM -- why\nx // memlint-disable-line MEM201 -- why"

    assert told(settled(text, leak(2))) == ["2 MEM001"]


def test_own_findings_can_be_silenced_by_settings() -> None:
    settings = Settings(Path.cwd(), ignore=("MEM001",))

    assert settled("x // memlint-disable-line MEM201 -- why", settings=settings) == Settled((), 0)


def test_the_settings_hide_findings() -> None:
    settings = Settings(Path.cwd(), ignore=("MEM201",), per_file_ignores=(("a.js", ("MEM101",)),))
    findings = [leak(1), leak(2, "MEM201"), leak(3, "MEM101"), leak(4, confidence=Confidence.LOW)]

    assert told(settled("", *findings, settings=settings)) == ["1 MEM102"]
    strict = Settings(Path.cwd(), min_severity=Severity.ERROR)
    assert told(settled("", *findings, settings=strict)) == []
    curious = Settings(Path.cwd(), min_confidence=Confidence.LOW)
    assert told(settled("", *findings, settings=curious)) == ["1 MEM102", "2 MEM201", "3 MEM101", "4 MEM102"]


def test_a_hidden_finding_is_use_enough_but_not_counted() -> None:
    doubtful = leak(1, confidence=Confidence.LOW)

    assert settled("x // memlint-disable-line MEM102 -- why", doubtful) == Settled((), 0)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(Path.cwd(), select=("MEM0", "MEM2")),
        Settings(Path.cwd(), ignore=("MEM101",)),
        Settings(Path.cwd(), per_file_ignores=(("*.js", ("MEM102",)),)),
    ],
)
def test_rules_that_did_not_run_are_not_judged(settings: Settings) -> None:
    assert settled("x // memlint-disable-line MEM1 -- why", settings=settings) == Settled((), 0)


def test_files_that_were_not_read_to_the_end_are_not_judged() -> None:
    text = "x // memlint-disable-line MEM102 -- why\ny // memlint-disable-line MEM999 -- why"

    assert told(settled(text, partly=("a.js",))) == ["2 MEM003"]


def test_findings_come_in_order() -> None:
    outcome = settled("x // memlint-disable-line MEM201 -- why\ny", leak(2), leak(1), leak(2, "MEM101"))

    assert told(outcome) == ["1 MEM102", "1 MEM001", "2 MEM101", "2 MEM102"]
