"""The lines that spans point into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from memlint.model.finding import Span
from memlint.model.report import Report


def lines_of(report: Report, spans: Iterable[Span]) -> dict[str, list[str]]:
    """Lines by path, of the files that `spans` point into and that the report has."""
    paths = {span.path for span in spans}
    return {path: report.sources[path].lines() for path in sorted(paths & report.sources.keys())}


def index_of(line: str, column: int) -> int:
    """Where a column, counted from 1 in UTF-16 units, is in a Python string."""
    units = max(column - 1, 0)
    if line.isascii():
        return min(units, len(line))
    return len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))


def marked(line: str, number: int, span: Span) -> tuple[int, int]:
    """`span`'s part of line `number`, as indices; where it goes on, the line's text is covered to its end."""
    start = index_of(line, span.column) if number == span.line else 0
    end = index_of(line, span.end_column) if number == span.end_line else len(line.rstrip())
    return start, max(start, end)


def covered(lines: Sequence[str], span: Span, limit: int) -> str:
    """Text of `span`, its first `limit` characters; empty when the lines do not reach so far."""
    pieces: list[str] = []
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        start, end = marked(line, number, span)
        pieces.append(line[start : min(end, start + limit)])
        if sum(map(len, pieces)) >= limit:
            break
    return "\n".join(pieces)[:limit]
