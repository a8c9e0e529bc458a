"""The facts of one file while they grow, and the ways down into its tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import libcst as cst

from memlint.languages.python.parsing import Tree
from memlint.languages.python.scopes import Scope, Scopes, Symbol
from memlint.languages.python.syntax import parts
from memlint.model.exchange import Export, Import
from memlint.model.facts import (
    Binding,
    Call,
    Exit,
    ExitKind,
    Fate,
    FateKind,
    Function,
    Region,
    RegionKind,
    Unit,
    Use,
    Write,
)
from memlint.model.frozen import frozen
from memlint.model.value import Compound, Constant, Place, Root, Value

DISCARDED = Fate(FateKind.DISCARDED)
ELEMENT = Fate(FateKind.ELEMENT)
OTHER = Fate(FateKind.OTHER)
RECEIVER = Fate(FateKind.RECEIVER)
RETURNED = Fate(FateKind.RETURNED)
TESTED = Fate(FateKind.TESTED)
UNKNOWN = Compound("other", ())


@frozen
class Here:
    """Where in the program a node stands."""

    function: int
    region: int
    scope: Scope


ValueRoom = Callable[..., Value]
"""Lowers an expression: draft, node, what becomes of its value, where it stands."""
StatementRoom = Callable[..., None]
"""Lowers a statement: draft, node, where it stands."""


class Draft:
    """Growing lists of what `Facts` holds; functions, units and calls get their number before their content."""

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        values: Mapping[type[cst.CSTNode], ValueRoom],
        statements: Mapping[type[cst.CSTNode], StatementRoom],
    ) -> None:
        self.scopes = scopes
        self.extent = tree.extent
        self.functions: dict[int, Function] = {}
        self.units: dict[int, Unit] = {}
        self.methods: dict[int, list[tuple[str, int]]] = {}
        self.regions: list[Region] = []
        self.calls: list[Call | None] = []
        self.writes: list[Write] = []
        self.exits: list[Exit] = []
        self.uses: list[Use] = []
        self.imports: list[Import] = []
        self.exports: list[Export] = []
        self._values = values
        self._statements = statements

    # Down the tree

    def value(self, node: cst.CSTNode, fate: Fate, here: Here) -> Value:
        """Lowers an expression whose value will have this fate; one of no special meaning is its parts."""
        room = self._values.get(type(node))
        if room is not None:
            return room(self, node, fate, here)
        return Compound("other", tuple([self.value(part, OTHER, here) for part in parts(node)]))

    def statement(self, node: cst.CSTNode, here: Here) -> None:
        """Lowers a statement; one of no special meaning (`pass`, `global`) leaves no facts."""
        room = self._statements.get(type(node))
        if room is not None:
            room(self, node, here)

    # Names

    def place(self, node: cst.Name, here: Here, path: tuple[str, ...] = ()) -> Place:
        """What a name, and members taken of it, mean here; notes the use."""
        symbol = self.scopes.find(node.value, here.scope)
        if symbol is None:
            return Place(Root.GLOBAL, node.value, path)
        if symbol.index >= 0:
            self.uses.append(Use(symbol.index, self.extent(node), here.function, path))
        if path and symbol.unit >= 0 and symbol.times == 1 and self.scopes.shares(symbol.unit, path[0]):
            return Place(Root.SELF, symbol.unit, path)
        return Place(symbol.place.root, symbol.place.key, symbol.place.path + path)

    def target(self, node: cst.Name, here: Here) -> tuple[Place, Symbol | None]:
        """The place that a name is when it is written."""
        symbol = self.scopes.find(node.value, here.scope)
        return (Place(Root.GLOBAL, node.value), None) if symbol is None else (symbol.place, symbol)

    # What happens

    def region(self, kind: RegionKind, node: cst.CSTNode, here: Here, test: Value | None = None) -> Here:
        """A region inside the present one."""
        index = len(self.regions)
        self.regions.append(Region(index, kind, here.region, here.function, self.extent(node), test))
        return Here(here.function, index, here.scope)

    def body(self, node: cst.CSTNode, scope: Scope) -> Here:
        """The region of a function's own body."""
        index = len(self.regions)
        self.regions.append(Region(index, RegionKind.BODY, -1, scope.function, self.extent(node)))
        return Here(scope.function, index, scope)

    def write(
        self, place: Place, value: Value | None, operator: str, node: cst.CSTNode, here: Here, key: Value | None = None
    ) -> None:
        """A place receives a value."""
        self.writes.append(Write(place, value, operator, self.extent(node), here.function, here.region, key))

    def exit(self, kind: ExitKind, value: Value | None, node: cst.CSTNode, here: Here) -> None:
        """A way out of the present function."""
        self.exits.append(Exit(kind, value, self.extent(node), here.function, here.region))

    def bindings(self) -> tuple[Binding, ...]:
        """All bindings, now that their values are told; what is bound once, and outside loops, is constant."""
        return tuple(
            [
                Binding(
                    index=symbol.index,
                    name=symbol.name,
                    kind="const" if symbol.kind == "let" and symbol.times == 1 else symbol.kind,
                    function=symbol.function,
                    extent=self.extent(symbol.node),
                    value=symbol.value,
                    position=symbol.position,
                    member=symbol.member,
                    declared=symbol.annotation,
                )
                for symbol in self.scopes.bindings
            ]
        )


def kept(place: Place) -> Fate:
    """The fate of what is kept at a place."""
    return Fate(FateKind.KEPT, place)


def unawaited(value: Value) -> Value:
    """A value without `await` before it."""
    return value.parts[0] if isinstance(value, Compound) and value.operator == "await" else value


def member_of(value: Value, path: tuple[str, ...]) -> Value:
    """The member at `path` of a value; of an awaited one as well."""
    if not path:
        return value
    inner = unawaited(value)
    if isinstance(inner, Place):
        return Place(inner.root, inner.key, inner.path + path)
    for name in path:
        value = Compound("member", (value, Constant(name)))
    return value
