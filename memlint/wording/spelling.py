"""How words are written: the known word that a misspelt one comes near, and the article before a noun."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """`; did you mean "select"?`, or nothing when no word comes near."""
    near = _nearest(word, list(words))
    return f'; did you mean "{near}"?' if near else ""


def did_you_mean_rule(word: str, ids: Iterable[str], names: Iterable[str]) -> str:
    """The same for a rule: of its codes only one with the same number, since the next number is quite another rule."""
    number = _digits(word)
    return did_you_mean(word, [*(id_ for id_ in ids if number and _digits(id_) == number), *names])


def with_article(noun: str) -> str:
    """`a socket`, `an engine`: by the first letter, which is right for the nouns of the tables."""
    return f"{'an' if noun[:1] in tuple('aeioAEIO') else 'a'} {noun}"


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def one_of(word: str, words: Iterable[str]) -> str:
    """`did you mean "js"?` where one comes near, or all there are."""
    known = sorted(words)
    near = _nearest(word, known)
    return f'did you mean "{near}"?' if near else "it is one of " + ", ".join(f'"{each}"' for each in known)


def _nearest(word: str, words: list[str]) -> str:
    import difflib  # noqa: PLC0415 - only for those who err

    close = difflib.get_close_matches(word, words, 1) or difflib.get_close_matches(word.upper(), words, 1)
    return close[0] if close else ""
