"""The facts of one file while they are being collected."""

from __future__ import annotations

from typing import Any, cast

from memlint.languages.javascript.kinds import BINDING
from memlint.model.exchange import Export, Import
from memlint.model.facts import (
    Binding,
    Call,
    Exit,
    Extent,
    Fate,
    FateKind,
    Function,
    Region,
    RegionKind,
    Unit,
    UnitKind,
    Use,
    Write,
)
from memlint.model.value import Place, Value

_OTHER = Fate(FateKind.OTHER)


class OpenBinding:
    """A binding whose value is not read yet; once it is, the same object becomes a `Binding`."""

    __slots__ = Binding.__match_args__

    def __init__(self, index: int, name: str, kind: str, function: int, extent: Extent) -> None:
        self.index = index
        self.name = name
        self.kind = kind
        self.function = function
        self.extent = extent
        self.value: Value | None = None
        self.position = -1
        self.member: tuple[str, ...] = ()
        self.declared = ""
        self.default: Value | None = None

    def closed(self) -> Binding:
        """The binding, with what is known of it in the end."""
        closed: Any = self
        closed.__class__ = Binding
        return cast("Binding", closed)


class OpenUnit:
    """A unit whose members are not all read yet."""

    __slots__ = ("base", "binding", "extent", "fate", "function", "index", "kind", "methods", "name", "private")

    def __init__(self, index: int, kind: UnitKind, name: str, extent: Extent, function: int, binding: int) -> None:
        self.index = index
        self.kind = kind
        self.name = name
        self.extent = extent
        self.function = function
        self.binding = binding
        self.methods: list[tuple[str, int]] = []
        self.base: Value | None = None
        self.fate = _OTHER
        self.private: set[str] = set()

    def closed(self) -> Unit:
        """The unit, with all its members."""
        return Unit(
            self.index,
            self.kind,
            self.name,
            self.extent,
            self.function,
            tuple(self.methods),
            self.base,
            self.binding,
            self.fate,
            frozenset(self.private),
        )


class Tables:
    """Growing lists of everything `Facts` holds; functions and calls get their number before their content."""

    def __init__(self) -> None:
        self.functions: list[Function | None] = []
        self.regions: list[Region] = []
        self.bindings: list[OpenBinding] = []
        self.places: list[Place] = []
        """Each binding as a place: it is mentioned again and again."""
        self.units: list[OpenUnit] = []
        self.calls: list[Call | None] = []
        self.writes: list[Write] = []
        self.exits: list[Exit] = []
        self.uses: list[Use] = []
        self.imports: list[Import] = []
        self.exports: list[Export] = []
        self.units_by_owner: dict[Place, OpenUnit] = {}

    def bind(self, name: str, kind: str, function: int, extent: Extent) -> OpenBinding:
        """A new binding."""
        binding = OpenBinding(len(self.bindings), name, kind, function, extent)
        self.bindings.append(binding)
        self.places.append(Place(BINDING, binding.index))
        return binding

    def region(self, kind: RegionKind, parent: int, function: int, extent: Extent, test: Value | None = None) -> int:
        """The number of a new region."""
        self.regions.append(Region(len(self.regions), kind, parent, function, extent, test))
        return len(self.regions) - 1

    def tested(self, region: int, test: Value | None) -> None:
        """A region gets its test: that of a loop is evaluated inside it."""
        known = self.regions[region]
        self.regions[region] = Region(region, known.kind, known.parent, known.function, known.extent, test)

    def unit(self, kind: UnitKind, name: str, extent: Extent, function: int, binding: int = -1) -> OpenUnit:
        """A new unit."""
        unit = OpenUnit(len(self.units), kind, name, extent, function, binding)
        self.units.append(unit)
        return unit

    def unit_of(self, owner: Place, name: str, extent: Extent, function: int, kind: UnitKind) -> OpenUnit:
        """The unit whose members hang on `owner`: a constructor function, or an object kept there."""
        unit = self.units_by_owner.get(owner)
        if unit is None:
            binding = int(owner.key) if owner.root is BINDING and not owner.path else -1
            unit = self.units_by_owner[owner] = self.unit(kind, name, extent, function, binding)
        return unit
