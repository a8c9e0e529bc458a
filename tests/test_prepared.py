from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from memlint import prepared as room
from memlint.catalog.catalog import load_catalog
from memlint.catalog.rules import read_rules
from memlint.prepared import prepared
from memlint.visitors import interest_of

Make = Callable[[], list[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a source, and one where what is made of it is kept."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "rule.toml").write_text("one = 1")
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr(room, "_path_of", lambda name: tmp_path / "kept" / name)
    return tmp_path


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def make(made: list[str]) -> Make:
    def make() -> list[str]:
        made.append("once more")
        return ["form"]

    return make


def test_a_link_that_leads_nowhere_is_a_name_like_any_other(folder: Path, make: Make) -> None:
    (folder / "sources" / ".#rule.toml").symlink_to("somebody@somewhere")

    assert prepared("rules", make, folder / "sources") == ["form"]


def test_a_folder_that_is_not_there_is_the_reader_s_to_tell_of(folder: Path, make: Make, made: list[str]) -> None:
    assert [prepared("rules", make, folder / "gone") for _ in range(2)] == [["form"], ["form"]]
    assert len(made) == 2


def test_what_was_made_is_kept(folder: Path, make: Make, made: list[str]) -> None:
    for _ in range(3):
        assert prepared("rules", make, folder / "sources") == ["form"]

    assert len(made) == 1


def test_it_is_made_anew_when_a_source_was_written_to(folder: Path, make: Make, made: list[str]) -> None:
    prepared("rules", make, folder / "sources")
    (folder / "sources" / "rule.toml").write_text("three = 3")
    prepared("rules", make, folder / "sources")

    assert len(made) == 2


@pytest.mark.parametrize("harm", [lambda kept: kept[:-3], lambda _: b"", lambda kept: b"\0" + kept])
def test_what_is_damaged_is_made_anew(
    folder: Path, make: Make, made: list[str], harm: Callable[[bytes], bytes]
) -> None:
    prepared("rules", make, folder / "sources")
    kept = folder / "kept" / "rules"
    kept.write_bytes(harm(kept.read_bytes()))

    assert prepared("rules", make, folder / "sources") == ["form"]
    assert len(made) == 2


def test_where_nothing_can_be_kept_it_is_made_each_time(folder: Path, make: Make, made: list[str]) -> None:
    (folder / "kept").rmdir()
    for _ in range(2):
        assert prepared("rules", make, folder / "sources") == ["form"]

    assert len(made) == 2
    assert not (folder / "kept").exists()


def test_the_kept_rules_are_those_that_are_written() -> None:
    catalog, written = load_catalog(), read_rules()

    assert catalog.cards == written.cards
    assert catalog.resources == written.resources
    assert catalog.owners == written.owners
    assert catalog.words == written.words


def test_the_kept_words_of_visitors_are_theirs() -> None:
    for card in load_catalog().cards:
        interest = interest_of(card.name, has_resources=bool(card.resources))
        if interest is not None:
            assert interest.words == {word.encode() for word in import_module(interest.module).WORDS}
