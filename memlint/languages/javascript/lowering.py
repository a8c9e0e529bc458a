"""The walk over one file: where it stands, and which room lowers which kind of node."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tree_sitter import Node

from memlint.languages.javascript.scopes import Scope, hoist_block, hoist_var, text
from memlint.languages.javascript.tables import Tables
from memlint.model.facts import MODULE, Compound, Extent, Fate, FateKind, Place, RegionKind, Root, Use, Value

MAX_DEPTH = 1200
"""Nesting of expressions and statements beyond which a file counts as too deep; real code stays under 300."""

OBJECT_TYPES = frozenset(
    {"HTMLElement", "Element", "Node", "EventTarget", "Socket", "Request", "Response", "IncomingMessage", "ServerResponse",
     "WebSocket", "Document", "Window", "Event", "Function", "Error", "Buffer", "Date", "SVGElement"}
)  # fmt: skip
"""Names of types whose values are objects, in the platform's own declarations."""
DISCARDED = Fate(FateKind.DISCARDED)
OTHER = Fate(FateKind.OTHER)
TESTED = Fate(FateKind.TESTED)
ELEMENT = Fate(FateKind.ELEMENT)
RETURNED = Fate(FateKind.RETURNED)
UNKNOWN = Compound("other", ())

ExpressionRoom = Callable[["Lowering", Node, Fate], Value]
StatementRoom = Callable[["Lowering", Node], None]


class TooDeepError(Exception):
    """The source nests deeper than `MAX_DEPTH`."""


def extent(node: Node) -> Extent:
    """The node's byte offsets."""
    return (node.start_byte, node.end_byte)


class Lowering:
    """Where the walk stands: the function, region and scope, and what `this` means there."""

    def __init__(
        self,
        data: bytes,
        expressions: Mapping[str, ExpressionRoom],
        statements: Mapping[str, StatementRoom],
    ) -> None:
        self.data = data
        self.tables = Tables()
        self.scope = Scope(None, MODULE)
        self.function = MODULE
        self.region = 0
        self.receiver: Place | None = None
        self.instance: tuple[Place, str, Node, int] | None = None
        """Where the present function is kept, if `this` in it would be an instance that it constructs."""
        self.awaited = 0
        self.exporting = ""
        self.object_types = OBJECT_TYPES
        self._expressions = expressions
        self._statements = statements
        self._depth = 0

    def expression(self, node: Node | None, fate: Fate) -> Value:
        """Lowers an expression whose value will have this fate."""
        if node is None:
            return UNKNOWN
        room = self._expressions.get(node.type)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeepError
        value = room(self, node, fate) if room else self.parts(node, "other")
        self._depth -= 1
        return value

    def statement(self, node: Node) -> None:
        """Lowers a statement; what is no known statement is an expression whose value is discarded."""
        room = self._statements.get(node.type)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeepError
        if room:
            room(self, node)
        elif node.is_named:
            self.expression(node, DISCARDED)
        self._depth -= 1

    def parts(self, node: Node, operator: str, fate: Fate = OTHER) -> Compound:
        """An expression of no special meaning: its parts, in order."""
        return Compound(operator, tuple([self.expression(child, fate) for child in node.named_children]))

    def place_of(self, name: str, node: Node, path: tuple[str, ...] = ()) -> Place:
        """The place that a name (and members taken of it) means here; records the use."""
        index = self.scope.find(name)
        if index is None:
            return Place(Root.GLOBAL, name, path)
        self.tables.uses.append(Use(index, extent(node), self.function, path))
        return Place(Root.BINDING, index, path)

    def declare(self, name: str, kind: str, node: Node, position: int = -1) -> int:
        """Binds `name` in the present scope, once; a second declaration of a `var` or function is the same binding."""
        index = self.scope.names.get(name)
        if index is None:
            index = self.tables.bind(name, kind, self.scope.function, extent(node), position).index
            self.scope.names[name] = index
        return index

    def block(self, statements: list[Node], kind: RegionKind | None, at: Extent, test: Value | None = None) -> None:
        """Statements in a scope of their own, and in a region of their own if `kind` is given."""
        outer_scope, outer_region = self.scope, self.region
        self.scope = Scope(outer_scope, self.function)
        if kind is not None:
            self.region = self.tables.region(kind, outer_region, self.function, at, test)
        hoist_block(statements, self.declare)
        for statement in statements:
            self.statement(statement)
        self.scope, self.region = outer_scope, outer_region

    def within(self, kind: RegionKind, node: Node | None, test: Value | None, fate: Fate = OTHER) -> Value:
        """An expression that is evaluated only if `test` says so."""
        if node is None:
            return UNKNOWN
        outer = self.region
        self.region = self.tables.region(kind, outer, self.function, extent(node), test)
        value = self.expression(node, fate)
        self.region = outer
        return value

    def body(self, node: Node) -> None:
        """The statements of a function's body, in the present scope, hoisted first."""
        statements = node.named_children
        if self.data.find(b"var", node.start_byte, node.end_byte) >= 0:
            hoist_var(node, self.declare)
        hoist_block(statements, self.declare)
        for statement in statements:
            self.statement(statement)

    def text(self, node: Node | None) -> str:
        """The node's source text; empty for no node."""
        return text(node) if node is not None else ""
