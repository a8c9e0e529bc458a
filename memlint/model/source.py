"""The bytes of one file, and its lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from memlint.model.facts import Extent
from memlint.model.finding import Span
from memlint.model.frozen import frozen

_LINE_END = re.compile(rb"\r\n|\n|\r")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def line_starts(data: bytes) -> tuple[int, ...]:
    """The byte offset of each line's start; LF, CR and CRLF end a line, as in code scanning's line hash."""
    starts = list(accumulate(map(len, data.splitlines(keepends=True)), initial=0))
    if not data.endswith((b"\n", b"\r")) and data:
        starts.pop()
    return tuple(starts)


def wide_lines(data: bytes, starts: Sequence[int]) -> dict[int, bytes]:
    """The lines (from 0) that hold more than ASCII, with their bytes."""
    if data.isascii():
        return {}
    wide: dict[int, bytes] = {}
    at = 0
    while match := _NOT_ASCII.search(data, at):
        line = bisect_right(starts, match.start()) - 1
        at = starts[line + 1] if line + 1 < len(starts) else len(data)
        wide[line] = data[starts[line] : at]
    return wide


def span_of(path: str, extent: Extent, starts: Sequence[int], wide: Mapping[int, bytes]) -> Span:
    """`extent` as lines and columns; columns count UTF-16 units (SARIF `utf16CodeUnits`), a byte order mark none."""
    line, column = _position(extent[0], starts, wide)
    end_line, end_column = _position(extent[1], starts, wide)
    return Span(path, line, column, end_line, end_column)


def _position(offset: int, starts: Sequence[int], wide: Mapping[int, bytes]) -> tuple[int, int]:
    line = bisect_right(starts, offset) - 1
    column = offset - starts[line]
    if line in wide:
        text = wide[line][:column].decode("utf-8", "replace")
        if line == 0:
            text = text.removeprefix("\ufeff")
        column = len(text.encode("utf-16-le")) // 2
    return line + 1, column + 1


@frozen
class Source:
    """One file as it was read for this run."""

    path: str
    data: bytes

    def lines(self) -> list[str]:
        """The lines without their ends; bytes that are not UTF-8 become U+FFFD, a byte order mark is dropped."""
        starts = line_starts(self.data)
        ends = (*starts[1:], len(self.data))
        texts = [self.data[a:b].decode("utf-8", "replace").rstrip("\r\n") for a, b in zip(starts, ends, strict=True)]
        texts[0] = texts[0].removeprefix("\ufeff")
        return texts
