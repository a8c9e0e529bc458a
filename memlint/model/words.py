"""Domain words, by the name of the list in which `rules/words.toml` keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordLists:
    """What words of everyday names tell: which content is large, which lists are short, which work is heavy."""

    lists: tuple[tuple[str, frozenset[str]], ...] = ()

    def __getitem__(self, name: str) -> frozenset[str]:
        """The words of a list; raises `KeyError` if there is none of this name."""
        for known, words in self.lists:
            if known == name:
                return words
        raise KeyError(name)

    def any_of(self, name: str, words: Iterable[str]) -> bool:
        """Whether one of these words is in a list, in the singular or the plural."""
        known = self[name]
        return any(word in known or word.removesuffix("s") in known for word in words)


NO_WORDS = WordLists()
