"""Domain words, by the name of the list in which `rules/words.toml` keeps them."""

from __future__ import annotations

from collections.abc import Iterable


class WordLists(dict[str, frozenset[str]]):
    """What words of everyday names tell: which content is large, which lists are short, which work is heavy."""

    def any_of(self, name: str, words: Iterable[str]) -> bool:
        """Whether one of these words is in a list, in the singular or the plural."""
        known = self[name]
        return any(word in known or word.removesuffix("s") in known for word in words)
