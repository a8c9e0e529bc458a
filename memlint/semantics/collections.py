"""Collections that live on: where they are kept, what feeds them, and what takes out of them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from memlint.model.facts import (
    MODULE,
    Call,
    Compound,
    ExitKind,
    Extent,
    FateKind,
    Place,
    Record,
    RegionKind,
    Root,
    Sequence,
    Value,
    Write,
)
from memlint.semantics.file import File, inner_values, unwrapped
from memlint.semantics.flow import Flow
from memlint.semantics.frequency import Frequencies, Frequency
from memlint.semantics.origin import Origins

_KEYED = frozenset({"Map", "Set", "dict", "set", "defaultdict", "OrderedDict", "Counter"})
_LISTS = frozenset({"Array", "list", "deque"})
_MAKERS = _KEYED | _LISTS
_FEEDS = frozenset(
    {"set", "add", "push", "unshift", "append", "setdefault", "extend", "insert", "appendleft", "update"}
)
_DRAINS = frozenset(
    {"delete", "clear", "pop", "shift", "splice", "popleft", "remove", "discard", "popitem", "truncate"}
)
_ASSIGNS = frozenset({"=", "??=", "||="})
_READS_ONLY = frozenset(
    {
        "log", "debug", "info", "warn", "error", "stringify", "from", "keys", "values", "entries", "isArray", "String",
        "Number", "len", "list", "sorted", "print", "min", "max", "sum", "any", "all", "iter", "enumerate", "Map",
        "Set", "Array", "freeze", "concat", "reversed", "tuple", "dict", "set", "str", "has", "includes", "hasOwn",
        "hasOwnProperty",
    }
)  # fmt: skip
SIZES = frozenset({"size", "length"})


@dataclass(frozen=True, slots=True)
class Feed:
    """A line that puts something in: a call or a write, its key (if it has one), and how often it runs."""

    source: Call | Write
    key: Value | None
    frequency: Frequency


@dataclass(slots=True)
class Collection:
    """A collection at a place that lives as long as `holder` says."""

    place: Place
    kind: str
    name: str
    holder: str
    born: Extent
    home: int
    """The function in which it is made."""
    feeds: list[Feed] = field(default_factory=list)
    drains: list[Call | Write] = field(default_factory=list)
    handed: list[Call] = field(default_factory=list)
    escapes: bool = False
    walked: bool = False


class Collections:
    """The long-lived collections of one file."""

    def __init__(self, file: File, flow: Flow, origins: Origins, frequencies: Frequencies) -> None:
        self.file = file
        self.flow = flow
        self.origins = origins
        self.frequencies = frequencies

    def found(self) -> list[Collection]:
        """All of them, with what feeds and drains them."""
        by_place: dict[Place, Collection] = {}
        for collection in self._born():
            by_place.setdefault(collection.place, collection)
        if by_place:
            for call in self.file.facts.calls:
                self._read_call(call, by_place)
            for write in self.file.facts.writes:
                self._read_write(write, by_place)
            self._read_exits(by_place)
        return list(by_place.values())

    # Where they are kept

    def _born(self) -> Iterator[Collection]:
        file = self.file
        for write in file.facts.writes:
            kind = self.kind_of(write.value)
            if not kind:
                continue
            holder = self._lasting(write)
            if holder:
                place = self.flow.canonical(write.place) or write.place
                yield Collection(place, kind, file.name_of(write.place), holder, write.extent, write.function)
        for binding in file.facts.bindings:
            value = binding.value
            if isinstance(value, Record) and value.unit >= 0:
                unit = file.facts.units[value.unit]
                if not self.origins.is_singleton(unit):
                    continue
                for name, item in value.items:
                    kind = self.kind_of(item)
                    if kind:
                        place = Place(Root.SELF, unit.index, (name,))
                        label = f"{binding.name}.{name}"
                        holder = f"`{binding.name}`, the one object of the module"
                        yield Collection(place, kind, label, holder, binding.extent, MODULE)

    def kind_of(self, value: Value | None) -> str:
        """`Map`, `Set`, `array`, `object` for what makes an empty or growing collection; empty for anything else."""
        value = unwrapped(value)
        if isinstance(value, Sequence):
            return "array" if not value.items else ""
        if isinstance(value, Record):
            return "object" if not value.items else ""
        call = self.file.call_of(value) if isinstance(value, Place) and value.root is Root.RESULT else None
        if call is None:
            return ""
        name = self.file.called(call)
        if name in _MAKERS and self._is_plain(call):
            if name == "deque" and _has_limit(call):
                return ""
            return "array" if name in _LISTS else name
        if name == "create" and call.receiver == Place(Root.GLOBAL, "Object"):
            return "object"
        return ""

    def _is_plain(self, call: Call) -> bool:
        callee = call.callee
        if not isinstance(callee, Place):
            return False
        return callee.root is Root.GLOBAL or (callee.root is Root.BINDING and int(callee.key) in self.file.imports)

    def _lasting(self, write: Write) -> str:
        """Who keeps the place for the life of the process; empty if nobody does, for all we know."""
        file, place = self.file, write.place
        if write.operator == "static field":
            return f"`{file.name_of(place)}`, which the class keeps"
        if write.operator not in ("declare", "field", "="):
            return ""
        if place.root is Root.BINDING and not place.path:
            binding = file.facts.bindings[int(place.key)]
            if binding.function == MODULE and write.function == MODULE:
                return "" if file.in_loop(write.region, MODULE) else f"`{binding.name}` of the module"
            maker = binding.function
            if maker != MODULE and write.function == maker and self._makes_one_service(maker):
                return f"`{binding.name}`, in a closure that the module keeps"
            return ""
        if place.root is Root.SELF and len(place.path) == 1:
            unit = file.facts.units[int(place.key)]
            function = file.facts.functions[write.function]
            if (
                function.kind in ("constructor", "function")
                and function.unit == unit.index
                and self.origins.is_singleton(unit)
            ):
                return f"`{file.name_of(place)}` of the one {unit.name or 'instance'} that the module keeps"
        return ""

    def _makes_one_service(self, function: int) -> bool:
        """A function called at module level, whose answer the module keeps; or one invoked where it is written."""
        facts = self.file.facts.functions[function]
        if facts.fate.kind is FateKind.RECEIVER and facts.parent == MODULE:
            return True
        for call in self.file.callers.get(function, ()):
            kept = call.fate.place
            if call.function == MODULE and (
                call.fate.kind is FateKind.EXPORTED
                or (kept is not None and (kept.root is Root.GLOBAL or self._at_module(kept)))
            ):
                return True
        return False

    def _at_module(self, place: Place) -> bool:
        binding = self.file.binding(place)
        return binding is not None and binding.function == MODULE

    # What feeds and drains them

    def _read_call(self, call: Call, by_place: dict[Place, Collection]) -> None:
        receiver = call.receiver
        if receiver is not None:
            place = self.flow.canonical(receiver)
            collection = by_place.get(place) if place is not None else None
            if collection is not None:
                self._read_method(call, self.file.called(call), collection)
        for argument in call.arguments:
            for value in inner_values(argument):
                if isinstance(value, Place):
                    collection = by_place.get(self.flow.canonical(value) or value)
                    if collection is not None and not _is_inside_literal(argument, value):
                        self._read_argument(call, collection)

    def _read_method(self, call: Call, name: str, collection: Collection) -> None:
        if name in _FEEDS:
            key = call.arguments[0] if call.arguments and collection.kind != "array" else None
            collection.feeds.append(Feed(call, key, self.frequencies.of(call.function, call.region)))
        elif name in _DRAINS:
            collection.drains.append(call)
        elif name in ("forEach", "values", "entries", "keys", "map"):
            collection.walked = True

    def _read_argument(self, call: Call, collection: Collection) -> None:
        target = self.file.target_of(call)
        name = self.file.called(call)
        if target is None and name not in _READS_ONLY:
            collection.handed.append(call)
        if target is not None:
            collection.handed.append(call)
        if name in ("from", "list", "sorted", "iter", "enumerate"):
            collection.walked = True

    def _read_write(self, write: Write, by_place: dict[Place, Collection]) -> None:
        place = self.flow.canonical(write.place) or write.place
        collection = by_place.get(place)
        if collection is not None:
            self._read_assignment(write, collection)
            return
        if not write.place.path:
            if write.value is not None:
                self._read_value(write, by_place)
            return
        owner = Place(place.root, place.key, place.path[:-1])
        collection = by_place.get(owner)
        last = place.path[-1]
        if (collection is not None and last in SIZES and write.operator in ("=", "-=")) or (
            collection is not None and write.operator == "delete"
        ):
            collection.drains.append(write)
        elif collection is not None and last == "[]" and write.operator in _ASSIGNS:
            collection.feeds.append(Feed(write, write.key, self.frequencies.of(write.function, write.region)))
        if write.value is not None:
            self._read_value(write, by_place)

    def _read_assignment(self, write: Write, collection: Collection) -> None:
        """The place is written as a whole: it begins, or begins anew, or grows by a copy of itself."""
        if write.extent == collection.born or write.operator in ("static field", "field"):
            return
        value = unwrapped(write.value)
        if value is None:
            collection.drains.append(write)
            return
        if isinstance(value, Sequence) and any(self._is_spread_of(item, collection) for item in value.items):
            collection.feeds.append(Feed(write, None, self.frequencies.of(write.function, write.region)))
            return
        call = self.file.call_of(value)
        if call is not None and self.file.called(call) == "concat":
            collection.feeds.append(Feed(write, None, self.frequencies.of(write.function, write.region)))
            return
        if write.function != collection.home or self.kind_of(value) == "":
            collection.drains.append(write)

    def _is_spread_of(self, item: Value, collection: Collection) -> bool:
        return (
            isinstance(item, Compound)
            and item.operator == "spread"
            and self.flow.canonical(item.parts[0]) == collection.place
        )

    def _read_value(self, write: Write, by_place: dict[Place, Collection]) -> None:
        value = unwrapped(write.value)
        if isinstance(value, Place):
            collection = by_place.get(self.flow.canonical(value) or value)
            if collection is not None and self.file.resolve(write.place) != self.file.resolve(value):
                collection.escapes = True

    def _read_exits(self, by_place: dict[Place, Collection]) -> None:
        for exit_ in self.file.facts.exits:
            value = unwrapped(exit_.value)
            if exit_.kind in (ExitKind.RETURN, ExitKind.YIELD):
                for inner in inner_values(value) if not isinstance(value, Sequence) else ():
                    if isinstance(inner, Place) and (inner is value or isinstance(value, Record)):
                        collection = by_place.get(self.flow.canonical(inner) or inner)
                        if collection is not None:
                            collection.escapes = True
        for export in self.file.facts.exports:
            if isinstance(export.value, Place) and not self.file.is_open_by_default:
                collection = by_place.get(self.flow.canonical(export.value) or export.value)
                if collection is not None:
                    collection.escapes = True
        for region in self.file.facts.regions:
            if region.kind is RegionKind.LOOP and isinstance(region.test, Place):
                collection = by_place.get(self.flow.canonical(region.test) or region.test)
                if collection is not None:
                    collection.walked = True


def _has_limit(call: Call) -> bool:
    last = call.arguments[-1] if call.arguments else None
    return isinstance(last, Record) and "maxlen" in dict(last.items)


def _is_inside_literal(argument: Value, value: Value) -> bool:
    """A collection that stands in an object literal handed on is handed on as well: only spreads copy it."""
    return isinstance(argument, Sequence) and argument is not value
