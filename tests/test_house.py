"""The order of the house: who may know whom, and that cards, visitors and the checklist belong together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from memlint.catalog.catalog import load_catalog
from memlint.visitors import interest_of

PACKAGE = Path(__file__).parents[1] / "memlint"
ROOMS = sorted(PACKAGE.rglob("*.py"))

# From the ground up: a room may import rooms of lower floors, and of its own folder.
FLOORS = (
    {"__init__", "model", "wording", "workers", "prepared"},
    {"languages", "semantics", "reports", "config", "catalog", "cache", "compiled"},
    {"ledger", "discovery"},
    {"link", "verdicts", "silence"},
    {"visitors"},
    {"examine"},
    {"batch", "remembered"},
    {"linter"},
    {"command"},
    {"__main__"},
)

# Rooms that know less than their floor would let them.
WALLS = {
    "model": set(),
    "wording": set(),
    "reports": {"model", "wording", "__init__"},
    "languages": {"model"},
    "semantics": {"model"},
    "config": {"model", "wording"},
    "cache": {"model"},
    "compiled": {"model", "prepared"},
    "catalog": {"model", "wording", "prepared"},
    "visitors": {"model", "semantics", "ledger", "verdicts", "prepared"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    """The rooms of memlint that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = [node.module or ""]
        for name in names:
            parts = name.split(".")
            if parts[0] == "memlint":
                yield parts[1] if len(parts) > 1 else "__init__"


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_down_only(path: Path) -> None:
    room = room_of(path)
    for other in imports_of(path):
        assert other == room or floor_of(other) < floor_of(room), f"{room} must not know {other}"
        if room in WALLS:
            assert other == room or other in WALLS[room], f"{room} must not know {other}"


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in ROOMS} == set().union(*FLOORS)


def test_no_room_is_called_after_nothing() -> None:
    assert not {path.stem for path in ROOMS} & {"utils", "helpers", "common", "base", "types", "misc", "manager"}


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_languages_know_syntax_nodes(path: Path) -> None:
    foreign = re.findall(r"^\s*(?:from|import) (tree_sitter\w*|libcst)", path.read_text(), re.MULTILINE)
    assert room_of(path) == "languages" or not foreign


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_every_card_has_its_visitor() -> None:
    for card in load_catalog().cards:
        speaks = interest_of(card.name, has_resources=bool(card.resources))
        assert (speaks is None) == card.id.startswith("MEM0"), card.name


def test_every_visitor_has_its_card() -> None:
    names = {card.name for card in load_catalog().cards}
    for path in (PACKAGE / "visitors").glob("*.py"):
        assert path.stem in {"__init__", "lifetime"} or path.stem.replace("_", "-") in names


def test_every_resource_is_answered_for_by_a_card() -> None:
    catalog = load_catalog()
    kinds = {kind for card in catalog.cards for kind in card.resources}
    assert {resource.kind for resource in catalog.resources} == kinds
