"""The folder `rules/`, read once: cards, tables, the checklist, and what the heap measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from memlint.catalog.cards import examples_of, heap_of, parse_card, sections
from memlint.catalog.tables import (
    CatalogError,
    parse_owner,
    parse_resource,
    parse_shape,
    parse_toml,
    parse_words,
)
from memlint.model.card import Card, Measurement, Measurements
from memlint.model.frozen import frozen, made_by
from memlint.model.resource import Owner, Resource
from memlint.model.words import WordLists
from memlint.wording.spelling import one_of

__all__ = [
    "Catalog", "CatalogError", "ChecklistItem", "card_text", "examples_of", "heap_of", "load_catalog", "parse_card",
    "parse_checklist", "parse_owner", "parse_resource", "parse_shape",
]  # fmt: skip

_INSIDE = Path(__file__).parents[1] / "rules"
RULES = _INSIDE if _INSIDE.is_dir() else _INSIDE.parents[1] / "rules"
"""Inside the package in a wheel; beside it in a checkout."""

_RULE_ID = re.compile(r"MEM\d{3}")


@frozen
class ChecklistItem:
    """One item of the review checklist: what answers it, what is still planned, or why only eyes can judge it."""

    name: str
    text: str
    cards: tuple[str, ...]
    eyes: str
    planned: str = ""
    section: str = ""


@frozen
class Catalog:
    """All cards in the order of their ids, and all tables; the rest is read when somebody asks for it."""

    cards: tuple[Card, ...]
    resources: tuple[Resource, ...]
    owners: tuple[Owner, ...]
    words: WordLists = made_by(default_factory=WordLists)

    def card(self, id_or_name: str) -> Card | None:
        """`MEM102` or `uncleared-timer`."""
        return next((card for card in self.cards if id_or_name in {card.id, card.name}), None)

    @property
    def checklist(self) -> tuple[ChecklistItem, ...]:
        """The items of `rules/CHECKLIST.md`, in its order."""
        return parse_checklist(_read(RULES / "CHECKLIST.md"))

    @property
    def measurements(self) -> Measurements:
        """What `make heap` wrote to `rules/heap/`."""
        return _measurements()


@cache
def load_catalog(resources: tuple[Resource, ...] = (), owners: tuple[Owner, ...] = ()) -> Catalog:
    """Read `rules/`; the rows of the project itself come after ours, and are for kinds that some card answers for."""
    cards = [parse_card(path.stem, _read(path)) for path in sorted(RULES.glob("*.md")) if path.stem.islower()]
    cards.sort(key=lambda card: card.id)
    for one, other in pairwise(cards):
        if one.id == other.id:
            raise CatalogError(f"rules/{other.name}.md: {one.name} has the id {one.id} already; take the next free one")

    kinds = {kind for card in cards for kind in card.resources}
    for row in resources:
        if row.kind not in kinds:
            raise CatalogError(f'{row.source}: no rule answers for the kind "{row.kind}"; {one_of(row.kind, kinds)}')

    tables = sorted((RULES / "resources").glob("*.toml"))
    ours = [parse_resource(*row) for path in tables for row in _rows(path, "resource")]
    our_owners = [parse_owner(*row) for row in _rows(RULES / "owners.toml", "owner")]
    words = WordLists(tuple(parse_words(*row) for row in _rows(RULES / "words.toml", "words")))
    return Catalog(tuple(cards), (*ours, *resources), (*our_owners, *owners), words)


def card_text(card: Card) -> str:
    """Read the card's file, as `examples_of` and `heap_of` want it."""
    return _read(RULES / f"{card.name}.md")


def parse_checklist(text: str) -> tuple[ChecklistItem, ...]:
    """Read the rows `| item | what must be found | answered by |`.

    The answer is ids of cards, `planned: …` for what is missing, both (`MEM101; planned: …`), or `human eyes: …`.
    """
    items = []
    for _, section, content in sections(text):
        rows = [line.strip(" |").split(" | ") for line in content.split("\n") if line.startswith("| ")]
        for number, row in enumerate(rows[1:]):
            if len(row) != 3:
                raise CatalogError(f'rules/CHECKLIST.md: "{section}", row {number + 1}: a row has three cells')
            name, what, answer = (cell.strip() for cell in row)
            items.append(_item(name, what, answer, section))
    return tuple(items)


def _item(name: str, what: str, answer: str, section: str) -> ChecklistItem:
    if answer.startswith("human eyes: "):
        return ChecklistItem(name, what, (), answer.removeprefix("human eyes: "), section=section)
    answered, _, planned = answer.partition("planned: ")
    cards = tuple(part.strip() for part in answered.strip(" ;").split(",") if part.strip())
    if not all(map(_RULE_ID.fullmatch, cards)) or not (cards or planned):
        raise CatalogError(
            f'rules/CHECKLIST.md: "{name}": `{answer}` answers nothing; write ids, `planned: …` or `human eyes: …`'
        )
    return ChecklistItem(name, what, cards, "", planned, section)


@cache
def _measurements() -> Measurements:
    import json  # noqa: PLC0415 - only for those who show a card

    found: dict[tuple[str, str], Measurement] = {}
    for path in sorted((RULES / "heap").glob("*.json")):
        told = json.loads(_read(path))
        for title, (first, second, skipped) in told["survivors"].items():
            found[path.stem, title] = Measurement(told["turns"], first, second, skipped)
    return found


def _rows(path: Path, key: str) -> Iterator[tuple[Mapping[str, object], str]]:
    """Read the `[[key]]` tables of a file, each with its place."""
    text, where = _read(path), f"rules/{path.relative_to(RULES).as_posix()}"
    line = 0
    rows = parse_toml(text, where).get(key)
    for row in rows if isinstance(rows, list) else []:
        at = text.find(f"[[{key}]]", line)
        line = at + 1
        yield row, f"{where}:{text.count(chr(10), 0, at) + 1}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"rules/{path.name}: cannot be read: {error}; install memlint again") from error
