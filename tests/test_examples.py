"""Every example on every card does what its heading says, through the whole pipeline and with every rule awake."""

from __future__ import annotations

from pathlib import Path

import pytest
from marks import marks

from memlint.catalog.cards import examples_of
from memlint.catalog.catalog import card_text, load_catalog
from memlint.config.settings import Settings
from memlint.discovery.walk import discover
from memlint.linter import lint
from memlint.model.card import Card, Example, Promise
from memlint.model.report import Report

CATALOG = load_catalog()
EXAMPLES = [
    pytest.param(card, example, id=f"{card.name}: {example.promise}: {example.title}")
    for card in CATALOG.cards
    for example in examples_of(card_text(card))
]


def report_of(example: Example, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Lints the files of an example as a project of its own."""
    for name, source in example.files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source)
    monkeypatch.chdir(folder)
    settings = Settings(root=folder, jobs=1)
    return lint(*discover([name for name, _ in example.files], settings), settings, CATALOG)


@pytest.mark.parametrize(("card", "example"), EXAMPLES)
def test_example(card: Card, example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(example, tmp_path, monkeypatch)
    expected = {(name, line): text for name, source in example.files for line, (_, text) in marks(source).items()}

    assert not report.problems
    assert sorted((f.span.path, f.span.line, f.rule) for f in report.findings) == sorted(
        (path, line, card.id) for path, line in expected
    )
    for finding in report.findings:
        assert expected[finding.span.path, finding.span.line] in finding.message


@pytest.mark.parametrize("card", CATALOG.cards, ids=lambda card: card.name)
def test_a_card_shows_both_sides(card: Card) -> None:
    promises = [example.promise for example in examples_of(card_text(card))]
    assert promises.count(Promise.LEAKS) >= 4
    assert promises.count(Promise.CLEAN) >= 6


@pytest.mark.parametrize("card", CATALOG.cards, ids=lambda card: card.name)
def test_a_card_says_what_memlint_cannot_see(card: Card) -> None:
    assert "## What memlint cannot see" in card_text(card)


LEAKS = [
    param
    for param in EXAMPLES
    if param.values[1].promise is Promise.LEAKS and not param.values[0].id.startswith("MEM0")
]


@pytest.mark.parametrize(("card", "example"), LEAKS)
def test_a_finding_answers_the_four_questions_and_shows_who_retains_what(
    card: Card, example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for finding in report_of(example, tmp_path, monkeypatch).findings:
        assert finding.rule == card.id
        assert finding.answers is not None
        assert all((finding.answers.holder, finding.answers.how_often, finding.answers.lets_go, finding.answers.duty))
        assert len(finding.path) >= 2
        assert all(step.phrase for step in finding.path)
