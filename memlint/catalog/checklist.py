"""The review checklist: what answers each item, what is still planned, or why only eyes can judge it."""

from __future__ import annotations

import re

from memlint.catalog.cards import sections
from memlint.catalog.folder import CatalogError
from memlint.model.frozen import frozen

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
