"""Units of which there is one instance, for as long as the program runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from memlint.model.facts import MODULE, Call, FateKind, Unit, UnitKind
from memlint.model.value import Constant, Place, Record, Root, Sequence, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.holder.containers import made_once_by_containers
from memlint.semantics.names import words_of
from memlint.semantics.repetition.guards import Guards
from memlint.semantics.repetition.programs import main_regions
from memlint.semantics.value.values import unwrapped


class Singletons:
    """Answers for one file."""

    def __init__(self, file: File, words: WordLists) -> None:
        self.file = file
        self.words = words
        self.guards = Guards(file)
        self.sole: frozenset[int] = frozenset()
        """Bindings of exported classes that no other file makes instances of."""
        self.bound: frozenset[int] = frozenset()
        """Bindings of exported classes that a container is told in another file to make one of."""
        self.made_elsewhere: frozenset[int] = frozenset()
        """Bindings of exported classes of which another file makes one instance for good, and no file a second."""
        self._known: dict[int, bool] = {}
        self._mains = main_regions(file) if file.is_open_by_default else frozenset()

    def is_singleton(self, unit: Unit) -> bool:
        """Whether the file itself makes one lasting instance of a unit, at module level."""
        known = self._known.get(unit.index)
        if known is None:
            known = self._known[unit.index] = self._find(unit)
        return known

    def is_only_one(self, unit: Unit) -> bool:
        """Whether no more instances come to be than the module makes for itself: no other file constructs one."""
        if unit.index in self._of_the_application or unit.index in self.services:
            return True
        if unit.kind is UnitKind.OBJECT or unit.binding < 0:
            return self.is_singleton(unit)
        if unit.binding in self.made_elsewhere:
            return not self.file.constructions_of[Place(Root.BINDING, unit.binding)] and not self._has_heirs(unit)
        is_own = unit.binding not in self.file.exported_bindings or unit.binding in self.sole
        return is_own and self.is_made_once(unit)

    def _has_heirs(self, unit: Unit) -> bool:
        return any(one.base == Place(Root.BINDING, unit.binding) for one in self.file.facts.units)

    def is_set_up_once(self, unit: Unit) -> bool:
        """Whether a method that sets up runs once in a program: of an object literal, or of the only instance."""
        if unit.kind is UnitKind.OBJECT:
            return not self._is_lent(unit)
        return self.is_only_one(unit)

    def _is_lent(self, unit: Unit) -> bool:
        """`{name: "resize", on: {init() { this.emit("ready"); }}}`: `this` has what no part of the literal gives it.

        Somebody reads the literal, and calls its functions for each object of another kind.
        """
        if unit.fate.kind is not FateKind.ELEMENT:
            return False
        known = self.file.members[unit.index].keys() | {
            write.place.path[0]
            for write in self.file.facts.writes
            if write.place.path and self.file.resolve(write.place)[:2] == (Root.SELF, unit.index)
        }
        return bool(self._asked_of_themselves[unit.index] - known)

    @cached_property
    def _asked_of_themselves(self) -> Mapping[int, frozenset[str]]:
        """The names of the methods that units call on `this`."""
        found: dict[int, set[str]] = {unit.index: set() for unit in self.file.facts.units}
        for call in self.file.facts.calls:
            place = self.file.resolve(call.callee) if isinstance(call.callee, Place) else None
            if place is not None and place.root is Root.SELF and len(place.path) == 1:
                found[int(place.key)].add(place.path[0])
        return {unit: frozenset(names) for unit, names in found.items()}

    def is_made_once(self, unit: Unit) -> bool:
        """Whether the file makes its instance while it is loaded, or when it is first asked for."""
        made = self.file.constructions_of[Place(Root.BINDING, unit.binding)]
        return bool(made) and all(
            (self._runs_at_load(call.function) and not self.file.in_loop(call.region, call.function))
            or self._is_made_when_wanted(call)
            for call in made
        )

    def _runs_at_load(self, function: int) -> bool:
        """Whether a function is the module, or is called where it is written: `static one = (() => new Store())()`."""
        here = self.file.facts.functions[function]
        while here.index != MODULE and here.fate.kind is FateKind.RECEIVER:
            here = self.file.facts.functions[here.parent]
        return here.index == MODULE

    def _is_made_when_wanted(self, call: Call) -> bool:
        """`static get() { return (Store.one ??= new Store()); }`, `if (!one) one = new Store();`."""
        guard = self.guards.of(call)
        binding = self.file.binding(guard) if guard is not None else None
        return binding is not None and binding.function == MODULE

    @cached_property
    def services(self) -> frozenset[int]:
        """Classes of which a container makes one for the program; what can be disposed of may be one of many."""
        ends = self.words["ends of one of many"]
        bound = {unit.index for unit in self.file.facts.units if unit.binding in self.bound}
        return frozenset(
            unit
            for unit in bound | made_once_by_containers(self.file, self.words)
            if not any(ends & set(words_of(name)) for name in self.file.members[unit])
            and not (self.words["parts of the page"] & set(words_of(self.file.facts.units[unit].name)[-1:]))
        )

    @cached_property
    def injected(self) -> frozenset[tuple[int, int]]:
        """Parameters, by function and position, that an injector fills: it makes and drops all of them together.

        `Canvas.$inject = ["eventBus", "config"]`. What a controller of AngularJS is given (`$scope`), and what the
        framework brings (`$rootScope`), lives otherwise.
        """
        found: set[tuple[int, int]] = set()
        for write in self.file.facts.writes:
            value = unwrapped(write.value)
            if write.place.path[-1:] != ("$inject",) or not isinstance(value, Sequence):
                continue
            given = [str(item.value) if isinstance(item, Constant) else "$" for item in value.items]
            function = self._made_by(write.place)
            if function is not None and "$scope" not in given:
                found |= {(function, at) for at, one in enumerate(given) if not one.startswith("$")}
        return frozenset(found)

    def _made_by(self, place: Place) -> int | None:
        """The function that makes what `place.$inject` speaks of: itself, or the constructor of the class."""
        made = Place(place.root, place.key, place.path[:-1])
        unit = int(place.key) if place.root is Root.SELF else None
        for one in self.file.facts.units:
            if one.binding >= 0 and Place(Root.BINDING, one.binding) == made:
                unit = one.index
        known = self.file.method(unit, "constructor") if unit is not None else None
        return known if known is not None else self.file.function_at(made)

    @cached_property
    def _of_the_application(self) -> frozenset[int]:
        """Classes of which a framework makes one for the whole application.

        `@Injectable({providedIn: "root"})`, and what Angular's compiler makes of it (Angular, "Providing dependency").
        """
        found: set[int] = set()
        for call in self.file.facts.calls:
            for record in call.arguments if call.function == MODULE and not call.constructs else ():
                if isinstance(record, Record) and ("providedIn", Constant("root")) in record.items:
                    found |= self._provided(call, dict(record.items))
        return frozenset(found)

    def _provided(self, call: Call, items: Mapping[str, Value]) -> set[int]:
        """The class that is named, or the one that follows the decorator."""
        named = {items.get("type"), items.get("token")}
        units = [unit for unit in self.file.facts.units if unit.kind is UnitKind.CLASS]
        found = {unit.index for unit in units if unit.binding >= 0 and Place(Root.BINDING, unit.binding) in named}
        after = min((unit for unit in units if unit.extent[0] >= call.extent[1]), key=_start, default=None)
        return found if found or after is None or "factory" in items else {after.index}

    def _find(self, unit: Unit) -> bool:
        if unit.kind is UnitKind.OBJECT:
            lasts = unit.fate.kind in (FateKind.KEPT, FateKind.EXPORTED, FateKind.OTHER)
            return unit.function == MODULE and lasts and not self._is_of_a_component(unit)
        if unit.binding < 0:
            return unit.function == MODULE and unit.fate.kind is FateKind.RECEIVER
        made = self.file.constructions_of[Place(Root.BINDING, unit.binding)]
        if any(call.function != MODULE and self._is_another(call) for call in made):
            return False  # what the module keeps is `EMPTY`, or the first of several
        return any(
            call.function == MODULE and call.region not in self._mains and self._is_kept_by_module(call)
            for call in made
        )

    def _is_another(self, call: Call) -> bool:
        """Whether a function makes one for itself, or for whoever calls it: `const result = new Model();`."""
        place = call.fate.place
        binding = self.file.binding(place) if place is not None and not place.path else None
        return binding is not None and binding.function == call.function

    def _is_of_a_component(self, unit: Unit) -> bool:
        """`export default {mounted() {…}}`: options, of which a framework makes one instance after the other."""
        return not self.file.members[unit.index].keys().isdisjoint(self.words["methods of a component"])

    def _is_kept_by_module(self, call: Call) -> bool:
        kept = call.fate.place
        if call.fate.kind is FateKind.EXPORTED or kept is None:
            return call.fate.kind is FateKind.EXPORTED
        binding = self.file.binding(kept)
        return kept.root is Root.GLOBAL or (binding is not None and binding.function == MODULE)


def _start(unit: Unit) -> int:
    return unit.extent[0]
