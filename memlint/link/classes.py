"""Classes whose instances must be ended: they acquire from the beginning, and a method of theirs gives it back.

Whoever makes an instance of such a class acquires, and must call that method: one more row of the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import CHILD, Insight, Lifetime
from memlint.model.facts import Unit, UnitKind
from memlint.model.frozen import frozen
from memlint.model.resource import Holder, Resource, Shape

_INSTANCE = "$child"


@frozen
class Ending:
    """How instances of a class are ended, and the methods that begin what is ended; none if making one begins it."""

    unit: Unit
    ends: tuple[str, ...]
    begins: tuple[str, ...]


def endings(seen: Insight) -> Iterator[Ending]:
    """The classes of a file whose instances must be ended."""
    by_unit: dict[int, list[Lifetime]] = {}
    for life in seen.lifetimes:
        if life.ends and _lasts(life):
            unit = seen.file.unit_of(life.call.function)
            if unit is not None and unit.kind is not UnitKind.OBJECT:
                by_unit.setdefault(unit.index, []).append(life)
    for index, lives in by_unit.items():
        ending = _ending(seen.file.facts.units[index], lives, seen)
        if ending is not None:
            yield ending


def _lasts(life: Lifetime) -> bool:
    """Whether it goes on when the instance is forgotten."""
    if life.resource.fires_once or life.resource.kind == CHILD:
        return False
    return life.resource.holder != "$target" or life.origin.holder in (Holder.PROCESS, Holder.FOREIGN)


def _ending(unit: Unit, lives: list[Lifetime], seen: Insight) -> Ending | None:
    made = seen.reach.reached(_constructors(unit, seen))
    begun = {
        name: seen.reach.reached([function])
        for name, function in unit.methods
        if name != "constructor" and seen.vocabulary.begins(name)
    }
    ends: list[str] = []
    begins: list[str] = []
    is_at_once = False
    for name, index in unit.methods:
        if not seen.vocabulary.ends_plainly(name) or seen.file.hides(unit.index, name):
            continue
        reached = seen.reach.reached([index])
        for life in lives:
            if not any(end.call.function in reached for end in life.ends):
                continue
            starting = [begin for begin, functions in begun.items() if life.call.function in functions]
            if life.call.function in made or starting:
                is_at_once |= life.call.function in made
                ends += [name] if name not in ends else []
                begins += [begin for begin in starting if begin not in begins]
    return Ending(unit, tuple(ends), () if is_at_once else tuple(begins)) if ends else None


def _constructors(unit: Unit, seen: Insight) -> Iterator[int]:
    yield from (function for name, function in unit.methods if name == "constructor")
    yield from (function.index for function in seen.file.constructors_of[unit.index])


def row_of(ending: Ending, shape: Shape, language: str) -> Resource:
    """Making an instance as a row of the table."""
    return Resource(
        CHILD,
        (shape,),
        tuple(Shape(name, _INSTANCE, text=f"{_INSTANCE}.{name}()") for name in ending.ends),
        holder="owner",
        noun=ending.unit.name,
        languages=(language,),
        started_by=tuple(Shape(name, _INSTANCE, ("...",), text=f"{_INSTANCE}.{name}()") for name in ending.begins),
    )


def shape_of(ending: Ending, seen: Insight, helper: int | tuple[str, str]) -> Shape:
    """The construction of an instance."""
    name = ending.unit.name
    inside = seen.file.span(ending.unit.extent)
    return Shape(name, "", ("...",), _INSTANCE, constructs=True, text=f"new {name}(...)", helper=helper, inside=inside)
