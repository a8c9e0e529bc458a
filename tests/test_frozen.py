"""Plain values: made once, never changed, equal by what they hold, and dataclasses to those who ask."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from memlint.model.frozen import fields_of, frozen, made_by, replace
from memlint.model.value import Place, Root


@frozen
class Shelf:
    """A value with defaults of both kinds."""

    name: str
    size: int = 3
    books: dict[str, int] = made_by(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.name}/{self.size}"


@frozen
class Thing:
    """It is equal to itself alone."""

    name: str

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<{self.name}>"


def test_fields_are_given_by_place_or_by_name_and_have_defaults() -> None:
    assert (Shelf("a").name, Shelf("a").size, Shelf("a", 4).size, Shelf(size=5, name="b").name) == ("a", 3, 4, "b")
    assert Shelf("a").label == "a/3"


@pytest.mark.parametrize("arguments", [(), ("a", 1, {}, "more")])
def test_there_are_as_many_fields_as_are_declared(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        Shelf(*arguments)  # type: ignore[arg-type, call-arg]


def test_a_default_that_is_made_is_made_anew_for_each() -> None:
    one, other = Shelf("a"), Shelf("a")

    one.books["Emma"] = 1

    assert other.books == {}
    assert "Emma" in one.books


def test_values_are_equal_by_what_they_hold_and_are_of_one_class() -> None:
    assert Thing("a") != Thing("a")
    assert Shelf("a", 3) == Shelf("a")
    assert Shelf("a") != Shelf("b")
    assert Shelf("a") != ("a", 3, {})


def test_equal_values_have_one_hash() -> None:
    @frozen
    class Pair:
        left: int
        right: int

    assert len({Pair(1, 2), Pair(1, 2), Pair(2, 1)}) == 2
    assert len({Thing("a"), Thing("a")}) == 2
    with pytest.raises(TypeError):
        hash(Shelf("a"))  # as that of any value with a dictionary in it


def test_a_value_never_changes() -> None:
    shelf = Shelf("a")

    with pytest.raises(AttributeError, match="never changed"):
        shelf.name = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="never changed"):
        del shelf.size
    with pytest.raises(AttributeError):
        shelf.more = 1  # type: ignore[attr-defined]
    assert shelf == Shelf("a")
    assert not hasattr(shelf, "__dict__")


def test_the_same_value_but_for_some_fields() -> None:
    assert replace(Shelf("a", 4), name="b") == Shelf("b", 4)
    assert dataclasses.replace(Shelf("a", 4), size=5) == Shelf("a", 5)
    with pytest.raises(TypeError, match="no field pages"):
        replace(Shelf("a"), pages=1)


def test_what_a_class_says_itself_holds() -> None:
    assert repr(Thing("a")) == "<a>"
    assert repr(Shelf("a")) == "Shelf(name='a', size=3, books={})"


def test_it_is_a_dataclass_to_those_who_ask() -> None:
    assert dataclasses.is_dataclass(Shelf)
    assert [field.name for field in dataclasses.fields(Shelf)] == ["name", "size", "books"]
    assert dataclasses.asdict(Shelf("a")) == {"name": "a", "size": 3, "books": {}}


def test_values_cross_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(Shelf("a", 4))) == Shelf("a", 4)
    assert copy.deepcopy(Shelf("a", 4)) == Shelf("a", 4)


def test_classes_of_values_know_their_fields_and_others_have_none() -> None:
    @dataclasses.dataclass(frozen=True)
    class Other:
        name: str

    assert fields_of(Shelf) == ("name", "size", "books")
    assert fields_of(Place) == Place._fields
    assert fields_of(Other) is fields_of(tuple) is fields_of(Root) is None
