"""What an expression comes to: a place, a constant, a function written here, or a compound of these."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from memlint.model.frozen import frozen


class Root(StrEnum):
    """What a place starts at, and what its `key` then is."""

    BINDING = "binding"  # key: index of the binding
    SELF = "self"  # key: index of the unit
    GLOBAL = "global"  # key: the name
    RESULT = "result"  # key: index of the call


class Place(NamedTuple):
    """Where a value is kept or found: a root and a member path (`this.poll` is SELF with `("poll",)`).

    A computed member that is not a constant is the path element `[]`. A tuple, for places are what nearly every index
    is asked by: finding one takes 0.07 µs, and 0.30 µs if its `==` and its hash are functions of Python.
    """

    root: Root
    key: int | str
    path: tuple[str, ...] = ()


@frozen
class Constant:
    """A value known from the source: text, number, true, false, nothing."""

    value: str | float | bool | None


@frozen
class Closure:
    """A function written here, as a value."""

    function: int


@frozen
class Record:
    """An object literal or dictionary with known keys; spread and computed entries have the key `[]`."""

    items: tuple[tuple[str, Value], ...]
    unit: int = -1


@frozen
class Sequence:
    """An array, list, tuple or set literal."""

    items: tuple[Value, ...]


@frozen
class Compound:
    """Any other expression, by its operator and its parts.

    Operators: `choice` (ternary, `||`, `??`, `or`), `await`, `spread`, `template`, `not`, `member` (a computed member:
    object, key), a binary operator's own sign, or `other`.
    """

    operator: str
    parts: tuple[Value, ...]


Value = Place | Constant | Closure | Record | Sequence | Compound
