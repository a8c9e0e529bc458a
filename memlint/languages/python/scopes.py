"""Which name means what where: Python's scopes.

LibCST's own `ScopeProvider` takes three to five times as long as the parse, knows no walrus in a comprehension, and
calls an early read in a function a read of the module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

import libcst as cst

from memlint.model.facts import MODULE
from memlint.model.value import Place, Root, Value


class ScopeKind(Enum):
    """What opens a scope."""

    MODULE = auto()
    FUNCTION = auto()
    CLASS = auto()
    COMPREHENSION = auto()


@dataclass(slots=True, eq=False)
class Symbol:
    """A name in a scope; its value is told when it is lowered. Fields and `self` are no bindings: `index` is -1."""

    name: str
    kind: str
    function: int
    node: cst.CSTNode
    place: Place
    index: int
    times: int = 0
    position: int = -1
    unit: int = -1
    """For a class: its unit."""
    shared: bool = False
    """For a member of a class: whether it belongs to the class, not to each instance."""
    value: Value | None = None
    member: tuple[str, ...] = ()
    declared: bool = False
    annotation: str = ""
    """The name of its type, if an annotation tells."""


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module, function, class or comprehension, and around which it stands."""

    kind: ScopeKind
    parent: Scope | None
    function: int
    unit: int = -1
    names: dict[str, Symbol] = field(default_factory=dict)
    reaches: dict[str, str] = field(default_factory=dict)
    """Names that it declares `global` or `nonlocal`."""
    yields: bool = False

    @property
    def body(self) -> Scope:
        """Where a walrus binds: the scope around all comprehensions."""
        here = self
        while here.kind is ScopeKind.COMPREHENSION and here.parent is not None:
            here = here.parent
        return here


class Scopes:
    """All scopes of a module by the node that opens them, and all bindings in the order of the text."""

    def __init__(self, module: cst.Module) -> None:
        self.module = Scope(ScopeKind.MODULE, None, MODULE)
        self.of: dict[cst.CSTNode, Scope] = {module: self.module}
        self.bindings: list[Symbol] = []
        self.functions = 1
        self.members: list[dict[str, Symbol]] = []
        """The names bound in each class body, by unit."""
        self.borrowed: list[tuple[str, Scope]] = []
        """Names bound where they are `nonlocal`."""

    def open(self, node: cst.CSTNode, kind: ScopeKind, parent: Scope) -> Scope:
        """A new scope; a function's has a new function, all others that of the scope around."""
        scope = self.of[node] = Scope(kind, parent, parent.function)
        if kind is ScopeKind.FUNCTION:
            scope.function = self.functions
            self.functions += 1
        elif kind is ScopeKind.CLASS:
            scope.unit = len(self.members)
            self.members.append(scope.names)
        return scope

    def bind(self, node: cst.Name, scope: Scope, kind: str = "let", *, again: bool = False) -> Symbol | None:
        """Notes that a name is bound here, with respect for `global` and `nonlocal`."""
        name = node.value
        reach = scope.reaches.get(name)
        if reach == "nonlocal":
            self.borrowed.append((name, scope))
            return None
        owner = self.module if reach == "global" else scope
        symbol = owner.names.get(name)
        if symbol is None:
            is_field = owner.kind is ScopeKind.CLASS and kind != "import"
            place = Place(Root.SELF, owner.unit, (name,)) if is_field else Place(Root.BINDING, len(self.bindings))
            index = -1 if is_field else len(self.bindings)
            symbol = owner.names[name] = Symbol(name, kind, owner.function, node, place, index, shared=True)
            if not is_field:
                self.bindings.append(symbol)
        symbol.times += 2 if again or owner is not scope else 1
        return symbol

    def find(self, name: str, scope: Scope) -> Symbol | None:
        """What a name means in a scope: the fields of a class are not seen from its methods."""
        here: Scope | None = scope
        while here is not None:
            reach = here.reaches.get(name)
            if reach == "global":
                return self.module.names.get(name)
            if reach is None and (here.kind is not ScopeKind.CLASS or here is scope) and name in here.names:
                return here.names[name]
            here = here.parent
        return None

    def shares(self, unit: int, name: str) -> bool:
        """Whether a class itself, not each of its instances, has this member: a field or method of the class."""
        symbol = self.members[unit].get(name)
        return symbol is not None and symbol.shared
