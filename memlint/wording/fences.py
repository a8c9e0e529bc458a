"""Which lines of a Markdown page are code: those between fences, and the fences themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def with_code_told(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is code; a fence is closed by one that is at least as long, with nothing behind it."""
    fence = ""
    for line in lines:
        ticks = line[: len(line) - len(line.lstrip("`"))]
        yield line, bool(fence) or len(ticks) >= 3
        if fence and ticks.startswith(fence) and line.strip() == ticks:
            fence = ""
        elif not fence and len(ticks) >= 3:
            fence = ticks
