"""One file, told plainly: no syntax node, no language.

A language lowers a file to these values; the ledger, the linker and the visitors read nothing else. Everything refers
to everything by index into the tuples of `Facts`, so facts can be pickled, cached and compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from memlint.model.exchange import Export, Import
from memlint.model.frozen import frozen, made_by
from memlint.model.value import Place, Value

Extent = tuple[int, int]
"""Byte offsets of a piece of source, the end exclusive."""

MODULE = 0
"""The index of the function that stands for the module itself; always the first one."""


class FateKind(StrEnum):
    """What becomes of a value, right where it is made."""

    DISCARDED = "discarded"
    KEPT = "kept"  # in `place`
    RETURNED = "returned"
    ARGUMENT = "argument"  # number `position` of `call`
    RECEIVER = "receiver"  # a member is taken, or it is called itself: `call` if that is a call
    ELEMENT = "element"  # of a literal, which itself has a fate
    EXPORTED = "exported"
    TESTED = "tested"
    OTHER = "other"


@frozen
class Fate:
    """What becomes of a value: the kind, and where it went."""

    kind: FateKind
    place: Place | None = None
    call: int = -1
    position: int = -1


@frozen
class Binding:
    """A name and where it is bound. `kind`: var, let, const, parameter, import, function, class, catch, global.

    `function` is the function whose body binds it (parameters belong to their function). `value` is what a declaration
    binds it to, if it is declared with a value. `member` is the path under that value for a destructured name.
    """

    index: int
    name: str
    kind: str
    function: int
    extent: Extent
    value: Value | None = None
    position: int = -1
    """For a parameter: its number, from 0."""
    member: tuple[str, ...] = ()
    declared: str = ""
    """The name of its type if an annotation tells: `Store`, or `object` for any type of objects."""
    default: Value | None = None
    """What it is if nobody gives it a value: `function wait(delay = 200)`."""


class FunctionKind(StrEnum):
    """How a function is written."""

    MODULE = "module"
    FUNCTION = "function"
    ARROW = "arrow"
    METHOD = "method"
    CONSTRUCTOR = "constructor"
    GETTER = "getter"
    SETTER = "setter"
    STATIC = "static block"


@frozen
class Function:
    """A function: who contains it, whose method it is, and what becomes of it.

    `region` is the region in which it is written; `body` the region of its own body.
    """

    index: int
    name: str
    kind: FunctionKind
    extent: Extent
    parent: int
    unit: int
    region: int
    body: int
    fate: Fate
    parameters: tuple[str, ...] = ()
    is_async: bool = False
    is_generator: bool = False
    is_static: bool = False
    decorators: tuple[Value, ...] = ()


class UnitKind(StrEnum):
    """What owns fields and methods."""

    CLASS = "class"
    PROTOTYPE = "prototype"
    OBJECT = "object"


@frozen
class Unit:
    """A class, a constructor function with its prototype, or an object literal with methods.

    `methods` maps a member's name to its function; a field that holds a function written in the class body is a method
    too. `base` is what the class extends. `binding` is the name it is bound to, -1 if none.
    """

    index: int
    kind: UnitKind
    name: str
    extent: Extent
    function: int
    methods: tuple[tuple[str, int], ...]
    base: Value | None = None
    binding: int = -1
    fate: Fate = Fate(FateKind.OTHER)
    private: frozenset[str] = frozenset()
    """Members that the language keeps from everybody else: `#pages` (ECMA-262, 15.7), `private pages` (TypeScript)."""


class RegionKind(StrEnum):
    """A stretch of a function that control may or may not enter."""

    BODY = "body"
    THEN = "then"
    ELSE = "else"
    LOOP = "loop"
    TRY = "try"
    CATCH = "catch"
    FINALLY = "finally"
    CASE = "case"


@frozen
class Region:
    """A control region; `test` is the condition under which it is entered (or left, for a loop)."""

    index: int
    kind: RegionKind
    parent: int
    function: int
    extent: Extent
    test: Value | None = None


@frozen
class Call:
    """A call or construction; within a function, calls happen in the order of `extent[1]`.

    `callee` is what is called: a place whose last path element is the method's name, a closure, or another value.
    """

    index: int
    callee: Value
    arguments: tuple[Value, ...]
    extent: Extent
    function: int
    region: int
    fate: Fate
    constructs: bool = False
    awaited: bool = False
    name_extent: Extent = (0, 0)
    """Where the name of what is called stands: what a finding underlines when the call is long."""

    @property
    def name(self) -> str:
        """The last name of what is called: `on` for `a.b.on(...)`, `""` for a called expression."""
        callee = self.callee
        if not isinstance(callee, Place):
            return ""
        if callee.path:
            return callee.path[-1]
        return callee.key if isinstance(callee.key, str) else ""

    @property
    def receiver(self) -> Place | None:
        """What the method is called on; None for a plain call."""
        callee = self.callee
        if isinstance(callee, Place) and callee.path:
            return Place(callee.root, callee.key, callee.path[:-1])
        return None


@frozen
class Write:
    """A place receives a value: `operator` is `declare`, `field`, `=`, `+=` …, or `delete`.

    For a computed member (`table[key] = value`) the place ends in `[]` and `key` tells the key.
    """

    place: Place
    value: Value | None
    operator: str
    extent: Extent
    function: int
    region: int
    key: Value | None = None


class ExitKind(StrEnum):
    """How control, or a value, leaves a function; an `await` may leave it by rejection."""

    RETURN = "return"
    THROW = "throw"
    AWAIT = "await"
    YIELD = "yield"


@frozen
class Exit:
    """A way out of a function."""

    kind: ExitKind
    value: Value | None
    extent: Extent
    function: int
    region: int


@frozen
class Use:
    """A mention of a binding that is not its declaration."""

    binding: int
    extent: Extent
    function: int
    path: tuple[str, ...] = ()
    """The members taken of it right there: `("length",)` for `text.length`."""


class DirectiveKind(StrEnum):
    """Which lines an inline suppression covers."""

    LINE = "line"
    NEXT_LINE = "next-line"
    BLOCK = "disable"
    ENABLE = "enable"
    FILE = "file"


@frozen
class Directive:
    """An inline suppression: which rules, which line it stands on, and why."""

    kind: DirectiveKind
    rules: tuple[str, ...]
    reason: str
    extent: Extent
    line: int


@frozen
class Facts:
    """All that is known of one file. Tuples are indexed by the `index` of what they hold."""

    path: str
    language: str
    functions: tuple[Function, ...]
    regions: tuple[Region, ...]
    bindings: tuple[Binding, ...]
    units: tuple[Unit, ...]
    calls: tuple[Call, ...]
    writes: tuple[Write, ...]
    exits: tuple[Exit, ...]
    uses: tuple[Use, ...]
    imports: tuple[Import, ...]
    exports: tuple[Export, ...]
    directives: tuple[Directive, ...]
    lines: tuple[int, ...]
    """Byte offset of the start of each line."""
    wide: Mapping[int, bytes] = made_by(default_factory=dict)
    """Lines (from 0) that are not plain ASCII: their bytes, for columns in UTF-16 units."""
