"""How a card finds its visitor: by its own name; a card that names resources has the visitor `lifetime`.

A visitor is a module with `WORDS`, the words of which a file must hold one to be worth a look (and perhaps `MARKS`,
pieces of source that count as well), and `visit(card, seen)`, a pure generator of findings in one file. One that judges
what rows of the table acquire says `OF_ROWS`: it is asked of every file that is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding


class Visitor(Protocol):
    """What every visitor module offers."""

    WORDS: frozenset[str]

    def visit(self, card: Card, seen: Insight) -> Iterator[Finding]:
        """The findings of one card in one file."""
        ...


@cache
def visitor_of(name: str, *, has_resources: bool) -> Visitor | None:
    """The visitor for a card's name; None for a card about memlint's own comments (`unused-suppression`)."""
    module = f"{__name__}.{name.replace('-', '_')}"
    if find_spec(module) is None:
        module = f"{__name__}.lifetime" if has_resources else ""
    return cast("Visitor", import_module(module)) if module else None
