"""Text from sources and file names, made harmless and measurable for whoever shows it."""

from __future__ import annotations

import unicodedata

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def visible(text: str, keep: str = "") -> str:
    r"""`text` with everything in it to be seen: ESC as `␛`, U+202E as `<U+202E>`, a stray byte of a name as `\xff`."""
    if text.isprintable() and (text.isascii() or _BLANK_LETTERS.isdisjoint(text)):
        return text
    return "".join(char if char in keep else _shown(char) for char in text)


def cells(text: str) -> int:
    """Columns of a terminal that visible text covers."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(char) for char in text)


def head(text: str, room: int) -> str:
    """Beginning of `text` that fits into `room` cells, with `…` when something is left out."""
    if cells(text) <= room:
        return text
    used, kept = 1, 0
    for char in text:
        used += _cells_of(char)
        if used > room:
            break
        kept += 1
    return text[:kept] + "…" if room > 0 else ""


def tail(text: str, room: int) -> str:
    """End of `text` that fits into `room` cells, with `…` when something is left out."""
    if cells(text) <= room:
        return text
    return head(text[::-1], room)[::-1]


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xDC80 <= code <= 0xDCFF:  # a byte that the file system's encoding could not read
        return f"\\x{code - 0xDC00:02x}"
    if char in _BLANK_LETTERS or unicodedata.category(char) in _HIDDEN_CATEGORIES:
        return f"<U+{code:04X}>"
    return char


def _cells_of(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.category(char) in ("Mn", "Me") else 1
