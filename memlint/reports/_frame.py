"""A piece of source as a reader sees it: one line, what stands before it, and where the marks go."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.model.finding import Span
from memlint.model.frozen import frozen
from memlint.reports._lines import marked
from memlint.wording.visible import cells, head, tail, visible

_TAB = "    "


@frozen
class Frame:
    """The line of a span, cut to fit; `indent` and `length` of the marks are in terminal cells."""

    before: str
    line: str
    indent: int
    length: int


def frame(lines: Sequence[str], span: Span, room: int) -> Frame | None:
    """First line of a span, framed; nothing when the source has no such line."""
    if not 1 <= span.line <= len(lines):
        return None
    line = lines[span.line - 1]
    start, end = marked(line, span.line, span)
    # What is far from the span is cut before it is looked at: a minified line may be megabytes long.
    left = _shown(line[max(0, start - room - 1) : start])
    middle = _shown(line[start : min(end, start + room + 1)])
    right = _shown(line[end : end + room + 1].rstrip())
    left, middle, right = _fitted(left, middle, right, room)
    before = _shown(lines[span.line - 2][: room + 1].rstrip()) if span.line > 1 else ""
    return Frame(head(before, room), left + middle + right, cells(left), max(1, cells(middle)))


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _fitted(left: str, middle: str, right: str, room: int) -> tuple[str, str, str]:
    """Three parts of a line in `room` cells: the middle comes first, then what is around it."""
    if cells(left) + cells(middle) + cells(right) <= room:
        return left, middle, right
    middle = head(middle, room * 2 // 3)
    rest = room - cells(middle)
    left = tail(left, max(rest // 2, rest - cells(right)))
    return left, middle, head(right, rest - cells(left))
