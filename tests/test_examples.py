"""Every example on every card does what its heading says."""

from __future__ import annotations

import re

import pytest

from memlint.catalog import card_text, examples_of, load_catalog
from memlint.examine import Task, examine
from memlint.model.card import Card, Example
from memlint.model.finding import Confidence

CATALOG = load_catalog()
TASK = Task(CATALOG.cards, CATALOG.resources)
EXAMPLES = [
    pytest.param(card, example, id=f"{card.name}: {example.promise}: {example.title}")
    for card in CATALOG.cards
    for example in examples_of(card_text(card))
]
MARK = re.compile(r"(?://|#|\{/\*)\s*leaks(?:\s*:\s*(.*?))?\s*(?:\*/\}?)?$")


def marks(example: Example) -> dict[tuple[str, int], str]:
    """Marked lines by file and number, with the text that the finding must contain."""
    return {
        (name, number): (found[1] or "")
        for name, source in example.files
        for number, line in enumerate(source.splitlines(), 1)
        if (found := MARK.search(line))
    }


@pytest.mark.parametrize(("card", "example"), EXAMPLES)
def test_example(card: Card, example: Example) -> None:
    examined = [examine(name, source.encode(), TASK) for name, source in example.files]
    shown = [
        finding for one in examined for finding in one.findings if finding.confidence.rank >= Confidence.MEDIUM.rank
    ]
    expected = marks(example)

    assert not [problem for one in examined for problem in one.problems]
    found = {(finding.span.path, finding.span.line, finding.rule) for finding in shown}
    assert found == {(path, line, card.id) for path, line in expected}
    assert len(shown) == len(found), "more than one finding for one mistake"
    for finding in shown:
        assert expected[finding.span.path, finding.span.line] in finding.message
