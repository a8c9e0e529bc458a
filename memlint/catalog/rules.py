"""All cards and tables, read from their texts and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from memlint.catalog.cards import parse_card
from memlint.catalog.catalog import Catalog
from memlint.catalog.folder import RULES, CatalogError, names_in, read
from memlint.catalog.tables import parse_limit, parse_owner, parse_resource, parse_toml, parse_words
from memlint.model.words import WordLists
from memlint.prepared import state_of


def read_rules() -> Catalog:
    """Read `rules/`: cards in the order of their ids, and the rows of the tables."""
    state = _state()
    cards = [parse_card(name.removesuffix(".md"), read(name)) for name in names_in("", ".md") if name.islower()]
    cards.sort(key=lambda card: card.id)
    for one, other in pairwise(cards):
        if one.id == other.id:
            raise CatalogError(f"rules/{other.name}.md: {one.name} has the id {one.id} already; take the next free one")
    return Catalog(
        tuple(cards),
        tuple(parse_resource(*row) for name in names_in("resources", ".toml") for row in _rows(name, "resource")),
        tuple(parse_owner(*row) for row in _rows("owners.toml", "owner")),
        _words(),
        tuple(parse_limit(*row) for row in _rows("limits.toml", "limit")),
        state,
    )


def _words() -> WordLists:
    """The lists of words; raises `CatalogError` where two have one name, of which only the last would count."""
    lists = WordLists()
    for row, where in _rows("words.toml", "words"):
        name, words = parse_words(row, where)
        if name in lists:
            raise CatalogError(f"{where}: there is a list `{name}` already; give this one another name")
        lists[name] = words
    return lists


def _state() -> str:
    try:
        return state_of(RULES)
    except OSError:  # who reads what is not there knows what to say
        return ""


def _rows(name: str, key: str) -> Iterator[tuple[Mapping[str, object], str]]:
    """Read the `[[key]]` tables of a file, each with its place."""
    text, where = read(name), f"rules/{name}"
    line = 0
    rows = parse_toml(text, where).get(key)
    for row in rows if isinstance(rows, list) else []:
        at = text.find(f"[[{key}]]", line)
        line = at + 1
        yield row, f"{where}:{text.count(chr(10), 0, at) + 1}"
