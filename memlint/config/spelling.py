"""The known word that a misspelt one comes near."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """`; did you mean "select"?`, or nothing when no word comes near."""
    import difflib  # noqa: PLC0415 - only for those who err

    close = difflib.get_close_matches(word, list(words), 1) or difflib.get_close_matches(word.upper(), list(words), 1)
    return f'; did you mean "{close[0]}"?' if close else ""
