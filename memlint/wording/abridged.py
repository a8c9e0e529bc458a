"""A rule's page with a few of its examples: what a reader starts with. They may be over a hundred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

KINDS = {"## Leaks: ": "more that leak", "## Clean: ": "more that are clean"}
"""How the sections of a page begin that hold an example each, and what their rest is called."""


def abridged(page: str, most: int, where: str = "") -> str:
    """The page with the first `most` examples of each kind; where some are left out, it says how many, and `where`."""
    sections = list(_sections(page))
    left = Counter(kind for section in sections if (kind := _kind(section)))
    seen: Counter[str] = Counter()
    kept: list[str] = []
    for section in sections:
        kind = _kind(section)
        seen[kind] += 1
        if not kind or seen[kind] <= most:
            kept.append(section)
            if kind and seen[kind] == most < left[kind]:
                kept.append(f"*{left[kind] - most} {KINDS[kind]}{where}*\n\n")
    return "".join(kept)


def _kind(section: str) -> str:
    return next((kind for kind in KINDS if section.startswith(kind)), "")


def _sections(page: str) -> Iterator[str]:
    """The pieces of a page, each from its heading on; what looks like a heading inside of code is none."""
    piece: list[str] = []
    fenced = False
    for line in page.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced and piece:
            yield "".join(piece)
            piece = []
        piece.append(line)
    yield "".join(piece)
