"""What a file does with its long-lived collections: feeds, drains, hand-overs."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Call, ExitKind, FateKind, RegionKind, Write
from memlint.model.value import Compound, Place, Record, Root, Sequence, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.growth.births import Births
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.growth.copies import Copies
from memlint.semantics.growth.entrusted import entrusted
from memlint.semantics.growth.mistakes import sort_out_mistakes
from memlint.semantics.growth.putting import FEEDS
from memlint.semantics.holder.origin import Origins
from memlint.semantics.repetition.frequency import Frequencies
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.instances import Instances
from memlint.semantics.value.values import inner_values, places_in, unwrapped

DRAINS = frozenset({"delete", "clear", "pop", "shift", "splice", "popleft", "remove", "discard", "popitem", "truncate"})
_ALWAYS_DRAINS = frozenset({"pop", "shift", "clear", "popleft", "popitem"})
"""These take out without being told what; `element.remove()` takes the element itself away."""
_ASSIGNS = frozenset({"=", "??=", "||="})
_WALKS = frozenset({"forEach", "values", "entries", "keys", "map", "items"})
_COPIES = frozenset({"from", "list", "sorted", "iter", "enumerate"})
SIZES = frozenset({"size", "length"})


class Feeding:
    """Reads one file once, for all of its collections."""

    def __init__(self, file: File, flow: Flow, origins: Origins, frequencies: Frequencies, words: WordLists) -> None:
        self.file = file
        self.flow = flow
        self.frequencies = frequencies
        self.copies = Copies(file, flow, words)
        self._reads = words["reading a collection"]
        self.births = Births(file, flow, origins, words)
        self._by_place: dict[Place, Collection] = {}
        self._elements: dict[Place, Collection] = {}

    def found(self) -> list[Collection]:
        """All long-lived collections, with what feeds and drains them."""
        for collection in self.births.born():
            self._by_place.setdefault(collection.place, collection)
        if self._by_place:
            for call in self.file.facts.calls:
                self._read_call(call)
            for write in self.file.facts.writes:
                self._read_write(write)
            self._read_exits()
            self._read_inner_drains()
            self._read_drains_of_others()
            for collection in self._by_place.values():
                sort_out_mistakes(collection, self.flow)
        return list(self._by_place.values())

    def _at(self, value: Value | None) -> Collection | None:
        place = self.flow.canonical(value)
        return self._by_place.get(place) if place is not None else None

    def _feed(self, collection: Collection, source: Call | Write, key: Value | None, value: Value | None) -> None:
        frequency = self.frequencies.of(source.function, source.region)
        collection.feeds.append(Feed(source, key, frequency, value))
        if isinstance(value, Place) and value.root is Root.BINDING and not value.path:
            self._elements.setdefault(value, collection)

    # Calls

    def _read_call(self, call: Call) -> None:
        receiver = call.receiver
        if receiver is not None:
            collection = self._at(receiver)
            if collection is not None:
                self._read_method(call, self.file.called(call), collection)
        for position, argument in enumerate(call.arguments):
            for value in places_in(argument):
                collection = self._by_place.get(self.flow.canonical(value) or value)
                if collection is None and value.path and value.path[-1] in DRAINS:
                    self._read_method_handed_on(call, value)
                given = collection is not None and not _is_inside_literal(argument, value)
                if collection is not None and given and not self.copies.is_apart(value):
                    self._read_argument(call, position, collection)

    def _read_method_handed_on(self, call: Call, method: Place) -> None:
        """`task.add_done_callback(tasks.discard)`: somebody else is given the very method that takes out."""
        collection = self._at(Place(method.root, method.key, method.path[:-1]))
        if collection is not None:
            collection.drains.append(call)

    def _read_method(self, call: Call, name: str, collection: Collection) -> None:
        if name in FEEDS or (name == "splice" and _inserts_only(call)):
            key = call.arguments[0] if call.arguments and collection.kind != "array" else None
            self._feed(collection, call, key, call.arguments[-1] if call.arguments else None)
        elif name in DRAINS:
            collection.drains.append(call)
        elif name in _WALKS:
            collection.walked = True
        if call.fate.kind is FateKind.DISCARDED and self.copies.is_left_unused(call):
            collection.useless.append(call)

    def _read_argument(self, call: Call, position: int, collection: Collection) -> None:
        target = self.file.target_of(call)
        name = self.file.called(call)
        if name == "assign" and position == 0 and call.receiver == Place(Root.GLOBAL, "Object"):
            given = call.arguments[1:]
            if given and all(isinstance(value, Record) for value in given):
                if any(_has_computed(value) for value in given):
                    self._feed(collection, call, None, given[-1])
                return
        if target is not None:
            if collection.hold is not Hold.PROCESS or not self.copies.is_only_looked_at(target, position):
                collection.handed.append(call)
        elif name not in self._reads:
            collection.handed.append(call)
        if name in _COPIES:
            collection.walked = True

    # Writes

    def _read_write(self, write: Write) -> None:
        place = self.flow.canonical(write.place) or write.place
        collection = self._by_place.get(place)
        if collection is not None and place.path[-1:] != ("[]",):
            self._read_assignment(write, collection)
            return
        if write.place.path:
            self._read_member(write, place)
        if write.value is not None:
            self._read_value(write)

    def _read_member(self, write: Write, place: Place) -> None:
        collection = self._by_place.get(Place(place.root, place.key, place.path[:-1]))
        if collection is None:
            return
        last = place.path[-1]
        if write.operator == "delete" and collection.kind in ("Map", "Set"):
            collection.useless.append(write)  # a Map keeps its entries to itself
        elif (last in SIZES and write.operator in ("=", "-=")) or write.operator == "delete":
            collection.drains.append(write)
        elif last == "[]" and write.operator in _ASSIGNS:
            if self.copies.is_filtered(write.value, place):
                collection.inner_drains.append(write)
                return
            if self._is_nothing(write.value):
                collection.voids.append(write)
                return
            key = None if self._is_own_length(write.key, collection) else write.key
            self._feed(collection, write, key, write.value)

    def _is_nothing(self, value: Value | None) -> bool:
        constant = self.file.constant(value) if value is not None else None
        return constant is not None and constant.value is None

    def _is_own_length(self, key: Value | None, collection: Collection) -> bool:
        """`list[list.length] = item`."""
        if not isinstance(key, Place) or key.path[-1:] != ("length",):
            return False
        return self.flow.canonical(Place(key.root, key.key, key.path[:-1])) == collection.place

    def _read_assignment(self, write: Write, collection: Collection) -> None:
        """The place is written as a whole: it begins, or begins anew, or grows by a copy of itself."""
        if write.extent == collection.born or write.operator in ("static field", "field"):
            return
        if write.operator == "declare" and write.place == collection.place:
            return  # `let cache = null`, before it is made
        value = unwrapped(write.value)
        if value is None:
            collection.drains.append(write)
        elif write.operator == "declare" and write.place != collection.place:
            return  # another name for it
        elif isinstance(value, Compound) and value.operator == "choice" and write.place in value.parts:
            return
        elif isinstance(value, Sequence | Record) and self.copies.has_all(value, collection.place):
            if self.copies.has_a_cut(value):
                collection.drains.append(write)
            elif isinstance(value, Sequence) or _has_computed(value):
                self._feed(collection, write, None, value)
        elif self.copies.is_longer(value, collection.place):
            self._feed(collection, write, None, value)
        elif write.function != collection.home or self.births.kind_of(value) == "":
            collection.drains.append(write)

    def _read_value(self, write: Write) -> None:
        value = unwrapped(write.value)
        if isinstance(value, Place):
            collection = self._by_place.get(self.flow.canonical(value) or value)
            exported = write.place in self.file.exported_places and self._is_told_of(value)
            if collection is not None and not exported and self.file.resolve(write.place) != self.file.resolve(value):
                collection.escapes = True

    # Ways out, loops, collections inside

    def _read_exits(self) -> None:
        for exit_ in self.file.facts.exits:
            value = unwrapped(exit_.value)
            if exit_.kind in (ExitKind.RETURN, ExitKind.YIELD) and self._answers_others(exit_.function):
                for inner in inner_values(value) if not isinstance(value, Sequence) else ():
                    if isinstance(inner, Place) and (inner is value or isinstance(value, Record)):
                        self._let_go(inner)
        for export in self.file.facts.exports:
            if isinstance(export.value, Place) and not self._is_told_of(export.value):
                self._let_go(export.value)
        for region in self.file.facts.regions:
            if region.kind is RegionKind.LOOP and isinstance(region.test, Place):
                collection = self._by_place.get(self.flow.canonical(region.test) or region.test)
                if collection is not None:
                    collection.walked = True

    def _is_told_of(self, value: Place) -> bool:
        """Whether other files tell if they empty it: what they know by a name of its own (`link/hints.py`)."""
        return self.file.is_open_by_default or (not value.path and self.births.is_cache(value))

    def _answers_others(self, function: int) -> bool:
        """Whether a function may answer somebody whom this file does not show."""
        here = self.file.facts.functions[function]
        place = here.fate.place
        if here.fate.kind is not FateKind.KEPT or place is None or place.root is not Root.BINDING or place.path:
            return True
        return int(place.key) in self.file.exported_bindings or bool(self.flow.mentions(place))

    def _let_go(self, value: Place) -> None:
        """A collection that is returned or exported, itself or inside a record that is, can be emptied by others."""
        place = self.flow.canonical(value) or value
        collection = self._by_place.get(place)
        if collection is not None:
            collection.escapes = True

    def _read_inner_drains(self) -> None:
        for bare, taking in self._takings():
            if isinstance(taking, Call):
                collection = self._around(self.flow.canonical(bare), bare)
                if collection is not None:
                    collection.inner_drains.append(taking)
        for write in self.file.facts.writes:
            if write.operator == "delete" and write.place.path[-1:] == ("[]",):  # `delete s.owner` is no entry of it
                place = self.flow.canonical(write.place) or write.place
                bare = Place(write.place.root, write.place.key, write.place.path[:-1])
                collection = self._around(Place(place.root, place.key, place.path[:-1]), bare)
                if collection is not None:
                    collection.inner_drains.append(write)

    def _read_drains_of_others(self) -> None:
        """`function settle(client, id) { delete client.waiting[id]; }`: who is handed the owner takes out for it."""
        for collection, drain in entrusted(self._takings(), self._by_place, Instances(self.flow)):
            collection.drains.append(drain)

    def _takings(self) -> Iterator[tuple[Place, Call | Write]]:
        """What takes out of something, whatever that is, and the place that it takes out of."""
        for name in DRAINS:
            for call in self.file.calls_named.get(name, ()):
                if call.receiver is not None and (call.arguments or name in _ALWAYS_DRAINS):
                    yield call.receiver, call
        for write in self.file.facts.writes:
            place = write.place
            if write.operator == "delete" or (place.path[-1:] and place.path[-1] in SIZES and write.operator == "="):
                yield Place(place.root, place.key, place.path[:-1]), write
            elif write.operator == "=" and place.path and self.births.kind_of(write.value):
                yield place, write

    def _around(self, place: Place | None, bare: Place) -> Collection | None:
        """The collection of which a place is an element."""
        if place is not None and place.path[-1:] == ("[]",):
            found = self._by_place.get(Place(place.root, place.key, place.path[:-1]))
            if found is not None:
                return found
        return self._elements.get(bare)


def _has_computed(value: Value) -> bool:
    """Whether a record has a computed key, beside what is spread into it."""
    return isinstance(value, Record) and any(
        name == "[]" and not (isinstance(item, Compound) and item.operator == "spread") for name, item in value.items
    )


def _inserts_only(call: Call) -> bool:
    """`items.splice(at, 0, item)`."""
    taken = call.arguments[1] if len(call.arguments) > 2 else None
    return getattr(taken, "value", None) == 0


def _is_inside_literal(argument: Value, value: Value) -> bool:
    """A collection that stands in an object literal handed on is handed on as well: only spreads copy it."""
    return isinstance(argument, Sequence) and argument is not value
