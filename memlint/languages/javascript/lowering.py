"""The walk over one file: where it stands, and which room lowers which kind of node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tree_sitter import Node

from memlint.languages.javascript.kinds import BINDING, GLOBAL
from memlint.languages.javascript.scopes import Scope, hoist_block, hoist_var
from memlint.languages.javascript.tables import Tables
from memlint.model.facts import MODULE, Extent, Fate, FateKind, RegionKind, Use
from memlint.model.value import Compound, Place, Value

MAX_DEPTH = 1200
"""Nesting of expressions and statements beyond which a file counts as too deep; real code stays under 300."""

OBJECT_TYPES = frozenset(
    {
        "HTMLElement", "SVGElement", "Element", "Node", "EventTarget", "Document", "Window", "Event", "Socket",
        "WebSocket", "Request", "Response", "IncomingMessage", "ServerResponse", "Function", "Error", "Buffer", "Date",
    }
)  # fmt: skip
"""Names of types whose values are objects, in the platform's own declarations."""

REMARKS = frozenset({"comment", "html_comment"})
"""Comments may stand between any two tokens, and are named children there."""

DISCARDED = Fate(FateKind.DISCARDED)
OTHER = Fate(FateKind.OTHER)
TESTED = Fate(FateKind.TESTED)
ELEMENT = Fate(FateKind.ELEMENT)
RETURNED = Fate(FateKind.RETURNED)
EXPORTED = Fate(FateKind.EXPORTED)
UNKNOWN = Compound("other", ())

ExpressionRoom = Callable[["Lowering", Node, Fate], Value]
StatementRoom = Callable[["Lowering", Node], None]


class TooDeepError(Exception):
    """The source nests deeper than `MAX_DEPTH`."""


def named(node: Node) -> list[Node]:
    """The named children; an only one is asked for by itself, so that no nodes are made for the signs around it."""
    count = node.named_child_count
    if count == 1:
        only = node.named_child(0)
        return [only] if only is not None else []
    return node.named_children if count else []


def operands(node: Node) -> list[Node]:
    """The named children that are no comments."""
    return [child for child in named(node) if not (child.is_extra and child.type in REMARKS)]


def operand(node: Node) -> Node | None:
    """The first of them: what is awaited, spread, thrown, put in parentheses."""
    for child in named(node):
        if not (child.is_extra and child.type in REMARKS):
            return child
    return None


Instance = tuple[Place, str, Node, int]
"""Where a function is kept that may construct instances, its name there, its node and its index."""


class Lowering:
    """Where the walk stands: the function, region and scope, and what `this` means there."""

    def __init__(
        self,
        data: bytes,
        expressions: Mapping[int, ExpressionRoom],
        statements: Mapping[int, StatementRoom],
    ) -> None:
        self.data = data
        self.tables = Tables()
        self.uses = self.tables.uses
        self.scope = Scope(None, MODULE)
        self.function = MODULE
        self.region = 0
        self.receiver: Place | None = None
        self.instance: Instance | None = None
        """Where the present function is kept, if `this` in it would be an instance that it constructs."""
        self.awaited = 0
        self.object_types = OBJECT_TYPES
        self._source = data.decode("latin-1")  # one character a byte: slices of it cost half of decoded ones
        self._expressions = expressions
        self._statements = statements
        self._depth = 0

    def text(self, node: Node | None) -> str:
        """The node's source text; empty for no node."""
        if node is None:
            return ""
        source = self._source[node.start_byte : node.end_byte]
        return source if source.isascii() else source.encode("latin-1").decode("utf-8", "replace")

    def between(self, start: int, end: int) -> str:
        """The source between two offsets; other characters than ASCII are garbled."""
        return self._source[start:end]

    def expression(self, node: Node | None, fate: Fate) -> Value:
        """Lowers an expression whose value will have this fate."""
        if node is None:
            return UNKNOWN
        room = self._expressions.get(node.kind_id)  # an id costs a quarter of a node's type, which is a new string
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeepError
        value = room(self, node, fate) if room else self.parts(node, "other")
        self._depth -= 1
        return value

    def statement(self, node: Node) -> None:
        """Lowers a statement; what is no known statement is an expression whose value is discarded."""
        room = self._statements.get(node.kind_id)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeepError
        if room:
            room(self, node)
        else:
            self.expression(node, DISCARDED)
        self._depth -= 1

    def statements(self, nodes: Sequence[Node]) -> None:
        """Lowers statements in the present scope; what they declare is bound first."""
        hoist_block(nodes, self.declare)
        for node in nodes:
            self.statement(node)

    def parts(self, node: Node, operator: str, fate: Fate = OTHER) -> Compound:
        """An expression of no special meaning: its parts, in order."""
        return Compound(operator, tuple([self.expression(child, fate) for child in operands(node)]))

    def place_of(self, node: Node, path: tuple[str, ...] = ()) -> Place:
        """The place that a name (and members taken of it) means here; records the use."""
        at = node.byte_range
        name = self._source[at[0] : at[1]]
        if not name.isascii():
            name = self.text(node)
        scope: Scope | None = self.scope
        while scope is not None:  # as `Scope.find`, without a call: a quarter of all nodes are names
            index = scope.names.get(name)
            if index is not None:
                self.uses.append(Use(index, at, self.function, path))
                return Place(BINDING, index, path) if path else self.tables.places[index]
            scope = scope.parent
        return Place(GLOBAL, name, path)

    def declare(self, node: Node, kind: str) -> int:
        """Binds the name at `node` in the present scope, once; a second `var` or function is the same binding."""
        scope = self.scope.home if kind == "var" else self.scope
        name = self.text(node)
        index = scope.names.get(name)
        if index is None:
            index = self.tables.bind(name, kind, scope.function, node.byte_range).index
            scope.names[name] = index
        return index

    def binding_at(self, node: Node | None) -> int | None:
        """The binding of a name that is declared at `node`; None if it has none."""
        return self.scope.find(self.text(node)) if node is not None else None

    def block(self, nodes: Sequence[Node], kind: RegionKind | None, at: Extent, test: Value | None = None) -> None:
        """Statements in a scope of their own, and in a region of their own if `kind` is given."""
        scope, region = self.scope, self.region
        self.scope = scope.block()
        if kind is not None:
            self.region = self.tables.region(kind, region, self.function, at, test)
        self.statements(nodes)
        self.scope, self.region = scope, region

    def within(self, kind: RegionKind, node: Node | None, test: Value | None, fate: Fate = OTHER) -> Value:
        """An expression that is evaluated only if `test` says so."""
        if node is None:
            return UNKNOWN
        outer = self.region
        self.region = self.tables.region(kind, outer, self.function, node.byte_range, test)
        value = self.expression(node, fate)
        self.region = outer
        return value

    def body(self, node: Node) -> None:
        """The statements of a function's body, in the present scope, hoisted first."""
        if self.data.find(b"var", node.start_byte, node.end_byte) >= 0:
            hoist_var(node, self.declare)
        self.statements(named(node))
