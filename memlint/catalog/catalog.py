"""The rules as a run has them: cards and tables, in the form that is kept of them; the rest when somebody asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from memlint.catalog.folder import RULES, CatalogError, measurements, read
from memlint.model.card import Card, Measurements
from memlint.model.frozen import frozen, made_by, replace
from memlint.model.limit import Limit
from memlint.model.resource import Owner, Resource
from memlint.model.words import WordLists
from memlint.prepared import prepared
from memlint.wording.spelling import one_of

if TYPE_CHECKING:
    from memlint.catalog.checklist import ChecklistItem


@frozen
class Catalog:
    """All cards in the order of their ids, and all tables; the rest is read when somebody asks for it."""

    cards: tuple[Card, ...]
    resources: tuple[Resource, ...]
    owners: tuple[Owner, ...]
    words: WordLists = made_by(default_factory=WordLists)
    limits: tuple[Limit, ...] = ()
    state: str = ""
    """The state that `rules/` was in before it was read: what follows from the rules counts as long as it is in it."""

    def card(self, id_or_name: str) -> Card | None:
        """`MEM102` or `uncleared-timer`."""
        return next((card for card in self.cards if id_or_name in {card.id, card.name}), None)

    @property
    def checklist(self) -> tuple[ChecklistItem, ...]:
        """The items of `rules/CHECKLIST.md`, in its order."""
        from memlint.catalog.checklist import parse_checklist  # noqa: PLC0415 - a run asks for no item

        return parse_checklist(read("CHECKLIST.md"))

    @property
    def measurements(self) -> Measurements:
        """What `make heap` wrote to `rules/heap/`."""
        return measurements()


@cache
def load_catalog(resources: tuple[Resource, ...] = (), owners: tuple[Owner, ...] = ()) -> Catalog:
    """Read `rules/`; the rows of the project itself come after ours, and are for kinds that some card answers for."""
    ours = prepared("rules", _read, RULES)
    kinds = {kind for card in ours.cards for kind in card.resources}
    for row in resources:
        if row.kind not in kinds:
            raise CatalogError(f'{row.source}: no rule answers for the kind "{row.kind}"; {one_of(row.kind, kinds)}')
    return replace(ours, resources=(*ours.resources, *resources), owners=(*ours.owners, *owners))


def _read() -> Catalog:
    from memlint.catalog.rules import read_rules  # noqa: PLC0415 - once, until they change

    return read_rules()


def card_text(card: Card) -> str:
    """Read the card's file, as `examples_of` and `heap_of` want it."""
    return read(f"{card.name}.md")
