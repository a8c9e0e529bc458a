"""How a card finds its visitor: by its own name; a card that names resources has the visitor `lifetime`.

A visitor is a module with `WORDS`, the words of which a file must hold one to be worth a look (and perhaps `MARKS`,
pieces of source that count as well), and `visit(card, seen)`, a pure generator of findings in one file. One that judges
what rows of the table acquire says `OF_ROWS`: it is asked of every file in which such a row was found. One that judges
calls alone says `CALLED`: its words must be names of what the file calls. One that knows only one language says which
(`LANGUAGE`). What visitors look for is kept (`prepared`), so that none is loaded before a file needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.model.frozen import frozen
from memlint.prepared import prepared

_LIFETIME = "lifetime"


class Visitor(Protocol):
    """What every visitor module offers."""

    WORDS: frozenset[str]

    def visit(self, card: Card, seen: Insight) -> Iterator[Finding]:
        """The findings of one card in one file."""
        ...


@frozen
class Interest:
    """What a visitor looks for: words, pieces of source, and what rows of the table acquire."""

    module: str
    words: frozenset[bytes]
    marks: tuple[bytes, ...]
    of_rows: bool
    called: bool
    language: str
    """The only one it knows; empty for any."""


def interest_of(name: str, *, has_resources: bool) -> Interest | None:
    """What the visitor for a card's name looks for; None for a card about memlint's own comments."""
    return _interests().get(name.replace("-", "_")) or (_interests()[_LIFETIME] if has_resources else None)


def visitor_of(interest: Interest) -> Visitor:
    """The visitor that has this interest."""
    return cast("Visitor", import_module(interest.module))


@cache
def _interests() -> Mapping[str, Interest]:
    return prepared("visitors", _read)


def _read() -> dict[str, Interest]:
    """Load every visitor, and ask it."""
    from pkgutil import iter_modules  # noqa: PLC0415 - once, until they change

    found = {}
    for each in iter_modules(__path__):
        module = import_module(f"{__name__}.{each.name}")
        words = frozenset(map(str.encode, module.WORDS))
        marks, of_rows = getattr(module, "MARKS", ()), not words or getattr(module, "OF_ROWS", False)
        called, language = getattr(module, "CALLED", False), getattr(module, "LANGUAGE", "")
        found[each.name] = Interest(module.__name__, words, marks, of_rows, called, language)
    return found
