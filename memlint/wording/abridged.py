"""A rule's page with a few of its examples: what a reader starts with. They may be over a hundred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from memlint.wording.fences import with_code_told

KINDS = {"## Leaks: ": "that leak", "## Clean: ": "that are clean"}
"""How the sections of a page begin that hold an example each, and what their rest is called."""


def abridged(page: str, most: int, where: str = "") -> str:
    """The page with the first `most` examples of each kind; where some are left out, it says how many, and `where`."""
    sections = list(_sections(page))
    all_ = Counter(kind for section in sections if (kind := _kind(section)))
    seen: Counter[str] = Counter()
    kept: list[str] = []
    for section in sections:
        kind = _kind(section)
        seen[kind] += 1
        if not kind or seen[kind] <= most:
            kept.append(section)
        elif seen[kind] == most + 1:
            more = "more" if most else "examples"
            kept.append(f"*{all_[kind] - most} {more} {KINDS[kind]}{where}*\n\n")
    return "".join(kept)


def _kind(section: str) -> str:
    return next((kind for kind in KINDS if section.startswith(kind)), "")


def _sections(page: str) -> Iterator[str]:
    """The pieces of a page, each from its heading on; what looks like a heading inside of code is none."""
    piece: list[str] = []
    for line, is_code in with_code_told(page.splitlines(keepends=True)):
        if line.startswith("## ") and not is_code and piece:
            yield "".join(piece)
            piece = []
        piece.append(line)
    yield "".join(piece)
