"""The report for people: each finding with its source, its answers and its retention path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from memlint.model.finding import Finding, Severity
from memlint.model.report import Report
from memlint.reports._frame import Frame, frame
from memlint.reports._headline import STYLES, badge, place
from memlint.reports._lines import lines_of
from memlint.reports._retention import answered, chain, whereabouts
from memlint.reports._worst import worst_first
from memlint.wording.terminal import Terminal
from memlint.wording.visible import cells, visible

LIMIT = 1000
_NEAR_MISSES = 5
_GUTTER = 5
_UNFOLDED = 140
_NARROWEST = 20
_DIM, _GOOD = "2", "32"


def render(report: Report, terminal: Terminal) -> str:
    """`LIMIT` worst findings in the order of the files, and one line that sums up the run."""
    shown = [report.findings[at] for at in sorted(worst_first(report.findings)[:LIMIT])]
    lines = lines_of(report, (finding.span for finding in shown))
    parts = ["\n".join(_told(finding, lines.get(finding.span.path, ()), report.root, terminal)) for finding in shown]
    if more := len(report.findings) - len(shown):
        parts.append(f"… and {more} more")
    return "\n\n".join([*parts, summary(report, terminal)]) + "\n"


def summary(report: Report, terminal: Terminal) -> str:
    """`2 errors, 1 note · 12 files checked · 3 skipped (2 minified, 1 test file) · 1 suppressed · 0.42 s`."""
    counts = [_many(report.count(severity), severity) for severity in Severity if report.count(severity)]
    worst = next((severity for severity in Severity if report.count(severity)), None)
    whole = report.checked and not report.problems
    clean = "✓ no leaks found" if whole else "no leaks found in what could be judged"
    style = STYLES[worst] if worst else _GOOD if whole else STYLES[Severity.WARNING]
    verdict = terminal.paint(", ".join(counts) or clean, style)
    facts = [f"{_many(report.checked, 'file')} checked"]
    if report.skips:
        facts.append(f"{len(report.skips)} skipped ({_tally(skip.reason for skip in report.skips)})")
    if report.problems:
        tally = _tally(problem.kind for problem in report.problems)
        facts.append(f"{_many(len(report.problems), 'problem')} ({tally})")
    if report.suppressed:
        facts.append(f"{report.suppressed} suppressed")
    return " · ".join([verdict, *facts, f"{report.seconds:.2f} s"])


def _told(finding: Finding, lines: Sequence[str], root: str, terminal: Terminal) -> Iterator[str]:
    yield f"{place(finding.span, root, terminal)} {badge(finding, terminal)} {visible(finding.message)}"
    margin = max(_GUTTER, len(str(finding.span.line)))
    room = max(_NARROWEST, (terminal.width or _UNFOLDED) - margin - 3)
    if drawn := frame(lines, finding.span, room):
        yield from _framed(drawn, finding, margin, terminal)
    notes = list(_notes(finding))
    for at, (label, text) in enumerate(notes, start=1):
        yield from _noted(label, text, at == len(notes), margin, terminal)


def _framed(drawn: Frame, finding: Finding, margin: int, terminal: Terminal) -> Iterator[str]:
    line = finding.span.line
    if drawn.before:
        yield f"{_gutter(line - 1, '│', margin, terminal)} {drawn.before}"
    yield f"{_gutter(line, '│', margin, terminal)} {drawn.line}"
    marks = terminal.paint("^" * drawn.length, STYLES[finding.severity])
    yield f"{_gutter('', '│', margin, terminal)} {' ' * drawn.indent}{marks}"


def _notes(finding: Finding) -> Iterator[tuple[str, str]]:
    """Everything under the frame, each with the label that opens it."""
    if finding.answers:
        yield "held by", answered(finding.answers)
    if len(finding.path) > 1:
        yield "", chain(finding)
    for miss in finding.near_misses[:_NEAR_MISSES]:
        yield f"near miss at {whereabouts(miss.span, finding.span)}:", visible(miss.phrase)
    if more := len(finding.near_misses[_NEAR_MISSES:]):
        yield "near misses:", f"… and {more} more"
    if finding.help:
        yield "help:", visible(finding.help)


def _noted(label: str, text: str, last: bool, margin: int, terminal: Terminal) -> Iterator[str]:
    room = max(_NARROWEST, terminal.width - margin - 3) if terminal.width else 0
    first, *others = _folded(f"{label} {text}".lstrip(), room)
    painted = terminal.paint(label, _DIM) + first.removeprefix(label)
    yield f"{_gutter('', '╰' if last else '├', margin, terminal)} {painted}"
    for other in others:
        yield f"{_gutter('', ' ' if last else '│', margin, terminal)}   {other}"


def _gutter(number: int | str, line: str, margin: int, terminal: Terminal) -> str:
    return terminal.paint(f"{number:>{margin}} {line}", _DIM)


def _folded(text: str, room: int) -> list[str]:
    """`text` in lines of `room` cells, the later ones two cells shorter; a room of 0 folds nothing."""
    if not room:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and cells(line) + 1 + cells(word) > room - (2 if lines else 0):
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _tally(reasons: Iterable[str]) -> str:
    """`2 minified, 1 test file`: the most frequent reason first."""
    return ", ".join(f"{count} {visible(str(reason))}" for reason, count in Counter(reasons).most_common())
