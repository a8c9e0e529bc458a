"""One file's facts by what one asks for: each table is made once, on demand, so that nobody scans a file in a loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar

from memlint.model.exchange import Import
from memlint.model.facts import Binding, Call, Exit, ExitKind, Facts, Function, FunctionKind, Region, Unit, Use, Write
from memlint.model.value import Place, Value

Key = TypeVar("Key")
Item = TypeVar("Item")


class Index(dict[Key, Sequence[Item]]):
    """Items by a key of theirs; nothing for a key that no item has, and to ask for one adds none."""

    def __missing__(self, key: Key) -> Sequence[Item]:
        return ()


def indexed(items: Iterable[Item], key: Callable[[Item], Key]) -> Index[Key, Item]:
    """The items by their key, each list in the order of the items."""
    found: dict[Key, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return Index(found)


class Tables:
    """Facts, by place, by name, by function, by region."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @cached_property
    def writes_at(self) -> Index[Place, Write]:
        """All writes by the very place that is written."""
        return indexed(self.facts.writes, lambda write: write.place)

    @cached_property
    def imports(self) -> dict[int, Import]:
        """Imports by the binding that receives them."""
        return {entry.binding: entry for entry in self.facts.imports}

    @cached_property
    def calls_in(self) -> Index[int, Call]:
        """Calls by the function in whose body they stand."""
        return indexed(self.facts.calls, lambda call: call.function)

    @cached_property
    def callees_at(self) -> Index[Value, Call]:
        """Calls by what is called, as it is written."""
        return indexed(self.facts.calls, lambda call: call.callee)

    @cached_property
    def uses_in(self) -> Index[int, Use]:
        """Uses of names by the function in whose body they stand."""
        return indexed(self.facts.uses, lambda use: use.function)

    @cached_property
    def uses_of(self) -> Index[int, Use]:
        """Uses of names by the binding they mean."""
        return indexed(self.facts.uses, lambda use: use.binding)

    @cached_property
    def writes_in(self) -> Index[int, Write]:
        """Writes by the function in whose body they stand."""
        return indexed(self.facts.writes, lambda write: write.function)

    @cached_property
    def parameters_of(self) -> Index[int, Binding]:
        """Parameters by their function."""
        return indexed(
            (binding for binding in self.facts.bindings if binding.kind == "parameter"),
            lambda binding: binding.function,
        )

    @cached_property
    def written_in(self) -> Index[int, Function]:
        """Functions by the function in whose body they are written."""
        return indexed(self.facts.functions, lambda function: function.parent)

    @cached_property
    def exits_of(self) -> Index[int, Exit]:
        """Ways out by function."""
        return indexed(self.facts.exits, lambda exit_: exit_.function)

    @cached_property
    def returns_in(self) -> Index[int, int]:
        """Where each `return` begins, by function, in source order."""
        found: dict[int, list[int]] = {}
        for exit_ in sorted(self.facts.exits, key=lambda one: one.extent):
            if exit_.kind is ExitKind.RETURN:
                found.setdefault(exit_.function, []).append(exit_.extent[0])
        return Index(found)

    @cached_property
    def exits_at(self) -> Index[int, Exit]:
        """Ways out by the region in which they stand themselves."""
        return indexed(self.facts.exits, lambda exit_: exit_.region)

    @cached_property
    def regions_in(self) -> Index[int, Region]:
        """Regions by the function in whose body they stand."""
        return indexed(self.facts.regions, lambda region: region.function)

    @cached_property
    def regions_within(self) -> Index[int, Region]:
        """Regions by the region in which they stand, in source order."""
        return indexed(sorted(self.facts.regions, key=lambda region: region.extent), lambda region: region.parent)

    @cached_property
    def unit_bound_to(self) -> dict[int, Unit]:
        """The first unit of each binding that names one."""
        return {unit.binding: unit for unit in reversed(self.facts.units) if unit.binding >= 0}

    @cached_property
    def units_bound_to(self) -> Index[int, Unit]:
        """Units by the binding that names them."""
        return indexed((unit for unit in self.facts.units if unit.binding >= 0), lambda unit: unit.binding)

    @cached_property
    def units_named(self) -> dict[str, Unit]:
        """The first unit of each name: what an annotation means by it."""
        return {unit.name: unit for unit in reversed(self.facts.units) if unit.name}

    @cached_property
    def constructors_of(self) -> Index[int, Function]:
        """Constructors by their unit."""
        constructors = (one for one in self.facts.functions if one.kind is FunctionKind.CONSTRUCTOR)
        return indexed(constructors, lambda constructor: constructor.unit)

    @cached_property
    def constructions_of(self) -> Index[Value, Call]:
        """Constructions by what is constructed."""
        return indexed((call for call in self.facts.calls if call.constructs), lambda call: call.callee)

    @cached_property
    def decorators(self) -> frozenset[Value]:
        """All values that decorate a function of this file."""
        return frozenset(decorator for function in self.facts.functions for decorator in function.decorators)

    @cached_property
    def members(self) -> tuple[dict[str, int], ...]:
        """For each unit its methods by their name, the first of each."""
        return tuple(dict(reversed(unit.methods)) for unit in self.facts.units)

    @cached_property
    def methods(self) -> frozenset[int]:
        """The functions that are a member of the unit they belong to."""
        functions = self.facts.functions
        return frozenset(
            index for unit in self.facts.units for _, index in unit.methods if functions[index].unit == unit.index
        )
