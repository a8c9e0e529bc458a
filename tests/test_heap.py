"""The heap agrees with every card: Leaks grow, Clean do not."""

from __future__ import annotations

import json
import os

import pytest
from heap.measure import (
    HEAP,
    N,
    ask_heap,
    cards_with_heap,
    install_modules,
    javascript_examples,
    missing_tool,
    portions,
)

from memlint.catalog.catalog import load_catalog
from memlint.model.card import Card, Example, Promise

CARDS = [pytest.param(card, id=card.id) for card in cards_with_heap()]
PORTIONS = [
    pytest.param(card, examples, id=f"{card.id}, from {examples[0].title!r}")
    for card in cards_with_heap()
    for examples in portions(card)
]


@pytest.fixture(scope="session")
def _node() -> None:
    """Skip where Node is not installed; where everything must run, its absence is a failure."""
    if missing := missing_tool():
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    install_modules()


@pytest.mark.usefixtures("_node")
@pytest.mark.parametrize(("card", "examples"), PORTIONS)
def test_the_heap_convicts_and_acquits(card: Card, examples: list[Example]) -> None:
    _, answers = ask_heap(card, examples)

    wrong = []
    for example in examples:
        answer = answers[example.title]
        where = f"{example.promise}: {example.title}"
        if answer.error:
            wrong.append(f"{where}: {answer.error}")
        elif answer.skipped:
            print(f"{where}: not run: {answer.skipped}")  # noqa: T201 - the reason belongs into the test's output
        elif answer.grows != (example.promise is Promise.LEAKS):
            wrong.append(f"{where}: {answer.first} survivors after {N} turns, {answer.second} after {2 * N}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("card", CARDS)
def test_every_example_has_a_turn_of_its_own(card: Card) -> None:
    titles = [example.title for example in javascript_examples(card)]

    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("card", CARDS)
def test_the_table_tells_what_the_heap_said(card: Card) -> None:
    table = json.loads((HEAP / f"{card.id}.json").read_text(encoding="utf-8"))
    told = table["survivors"]

    assert table["turns"] == N
    assert list(told) == [example.title for example in javascript_examples(card)], f"run `make heap CARDS={card.id}`"
    for example in javascript_examples(card):
        first, second, skipped = told[example.title]
        if not skipped:
            assert (2 * (second - first) > N) == (example.promise is Promise.LEAKS), example.title


def test_the_tables_know_no_other_cards() -> None:
    ids = {card.id for card in cards_with_heap()}

    assert {path.stem for path in HEAP.glob("*.json")} == ids
    assert {card for card, _ in load_catalog().measurements} == ids
