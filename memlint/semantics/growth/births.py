"""Where collections that live on are made, and who keeps them."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import MODULE, Binding, Call, FateKind, FunctionKind, Unit, UnitKind, Write
from memlint.model.value import Closure, Compound, Place, Record, Root, Sequence, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.growth.collections import Collection, Hold
from memlint.semantics.holder.origin import Origins
from memlint.semantics.names import words_of
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import unwrapped

_KEYED = frozenset({"Map", "Set", "dict", "set", "defaultdict", "OrderedDict", "Counter"})
_LISTS = frozenset({"Array", "list", "deque"})
_COLLECTIONS = _KEYED | _LISTS
_GLOBAL_OBJECTS = frozenset({"globalThis", "window", "global", "self"})


class Births:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow, origins: Origins, words: WordLists) -> None:
        self.file = file
        self.flow = flow
        self.origins = origins
        self._service = words["serving units"]
        self._brief = words["brief units"]
        self._doubles = words["test doubles"]
        self._caches = words["caches by name"]

    def born(self) -> Iterator[Collection]:
        """Every collection that is made at a place which outlives the call that makes it."""
        for write in self.file.facts.writes:
            for path, kind in self._made_by(write):
                kept = self.keeper(write)
                if kept is not None:
                    yield self._made(write, path, kind, *kept)
        for binding in self.file.facts.bindings:
            yield from self._in_object(binding)

    def _made(self, write: Write, path: tuple[str, ...], kind: str, holder: str, hold: Hold) -> Collection:
        base = self._shared(write.place)
        at = base or self.flow.canonical(write.place) or write.place
        place = Place(at.root, at.key, at.path + path)
        name = ".".join((self.file.name_of(write.place), *(step for step in path if step != "[]")))
        home = MODULE if self._is_of_module(write.place) else write.function
        born = Collection(place, kind, name, holder, write.extent, home, hold)
        if write.place.root is Root.SELF and not self.is_first(write, self.file.facts.units[int(place.key)]):
            born.drains.append(write)  # made anew whenever this method runs
        return born

    def _shared(self, place: Place) -> Place | None:
        """`Layer.prototype.tiles = []` is the `this.tiles` of every layer, unless a layer makes its own."""
        if place.root is not Root.BINDING or len(place.path) != 2 or place.path[0] != "prototype":
            return None
        unit = self.file.unit_bound_to.get(int(place.key))
        if unit is None:
            return None
        member = Place(Root.SELF, self.file.unit_roots[unit.index], place.path[1:])
        own = (*self.file.writes_at[member], *self.file.writes_at[Place(Root.SELF, unit.index, place.path[1:])])
        return None if own else member

    def _is_of_module(self, place: Place) -> bool:
        binding = self.file.binding(place)
        return binding is not None and not place.path and binding.function == MODULE

    def _made_by(self, write: Write) -> Iterator[tuple[tuple[str, ...], str]]:
        """What a write makes: a collection at the place itself, or at the members of a record."""
        value = unwrapped(write.value)
        kind = self.kind_of(value)
        if not kind and isinstance(value, Compound) and value.operator == "choice":
            kept, made = value.parts[0], value.parts[-1]  # `this.rooms = this.rooms || {}`
            kind = self.kind_of(made) if kept == write.place else ""
        if kind:
            yield (), kind
        elif isinstance(value, Record) and value.unit < 0:
            yield from self._members(value)

    def _members(self, record: Record) -> Iterator[tuple[tuple[str, ...], str]]:
        kinds = [(name, self.kind_of(item)) for name, item in record.items]
        for name, kind in kinds:
            if kind and name != "[]":
                yield (name,), kind
        if len(kinds) > 1 and all(kind and kind == kinds[0][1] for _, kind in kinds):
            yield ("[]",), kinds[0][1]  # a table of tables: `{en: {}, de: {}}`

    def _in_object(self, binding: Binding) -> Iterator[Collection]:
        """Members of the one object of the module."""
        value = unwrapped(binding.value)
        if not isinstance(value, Record) or value.unit < 0:
            return
        unit = self.file.facts.units[value.unit]
        if self.origins.singletons.is_singleton(unit):
            for path, kind in self._members(value):
                label = ".".join((binding.name, *(step for step in path if step != "[]")))
                holder = f"`{binding.name}`, the one object of the module"
                yield Collection(Place(Root.SELF, unit.index, path), kind, label, holder, binding.extent, MODULE)

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
        if name in _COLLECTIONS and self._is_plain(call):
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

    def is_cache(self, place: Place) -> bool:
        """Whether its name says that it keeps answers; most other tables that are exported list parts of a program."""
        return not self._caches.isdisjoint(words_of(self.file.name_of(place).rsplit(".", 1)[-1])[-1:])

    # Who keeps it

    def keeper(self, write: Write) -> tuple[str, Hold] | None:
        """Who keeps the place, and for how long; None where it dies with a call, for all we know."""
        file, place = self.file, write.place
        if write.operator == "static field":
            return f"`{file.name_of(place)}`, which the class keeps", Hold.PROCESS
        if write.operator not in ("declare", "field", "=", "??=", "||="):
            return None
        if place.root is Root.BINDING and not place.path:
            return self._keeper_of_variable(file.facts.bindings[int(place.key)], write)
        if place.root is Root.BINDING and write.operator == "=":
            return self._keeper_of_member(file.facts.bindings[int(place.key)], write)
        if place.root is Root.SELF and len(place.path) == 1:
            return self._keeper_of_field(file.facts.units[int(place.key)], write)
        if place in file.exported_places and write.function == MODULE and self.is_cache(place):
            return f"`{file.name_of(place)}`, which the module exports", Hold.PROCESS
        if place.root is Root.GLOBAL and place.key in _GLOBAL_OBJECTS and len(place.path) == 1:
            shared = isinstance(unwrapped(write.value), Compound)  # `window.queue = window.queue || []` is for others
            return None if shared else (f"the global `{place.path[0]}`", Hold.PROCESS)
        return None

    def _keeper_of_variable(self, binding: Binding, write: Write) -> tuple[str, Hold] | None:
        maker = binding.function
        if maker == MODULE and write.function != MODULE and self._is_lazy(write):
            return f"`{binding.name}` of the module", Hold.PROCESS
        if maker == MODULE and write.function == MODULE:
            anew = self.file.in_loop(write.region, MODULE)
            return None if anew else (f"`{binding.name}` of the module", Hold.PROCESS)
        if maker == MODULE or write.function != maker:
            return None
        if self._makes_one_service(maker):
            return f"`{binding.name}`, in a closure that the module keeps", Hold.PROCESS
        name = self.file.facts.functions[maker].name
        if set(words_of(name)[-1:]) & self._service:
            return f"`{binding.name}`, in the closure of {name}", Hold.SERVICE
        if any(use.function != maker for use in self.file.uses_of.get(binding.index, ())):
            return f"`{binding.name}`, which functions inside of {name or 'a function'} see", Hold.CLOSURE
        return None

    def _keeper_of_member(self, binding: Binding, write: Write) -> tuple[str, Hold] | None:
        """`Player.players = {}`, `render.cache = {}`, `Layer.prototype.tiles = []`: made once, with the module."""
        at_load = write.function == MODULE or self._makes_one_service(write.function)
        if write.function != binding.function or not at_load or self.file.in_loop(write.region, write.function):
            return None
        name = f"`{self.file.name_of(write.place)}`"
        if self._shared(write.place) is not None:
            return f"{name}, which all instances share", Hold.PROCESS
        is_code = binding.kind in ("function", "class") or isinstance(binding.value, Closure | Record)
        return (f"{name}, which the module keeps", Hold.PROCESS) if is_code and len(write.place.path) == 1 else None

    def _is_lazy(self, write: Write) -> bool:
        """`if (!cache) cache = new Map()`, `seen ??= new Set()`, `table = table || {}`."""
        if write.operator in ("??=", "||=") or isinstance(unwrapped(write.value), Compound):
            return True
        tests = (self.file.facts.regions[index].test for index in self.file.regions_of(write.region))
        return write.operator == "=" and any(
            isinstance(test, Compound) and test.operator in ("not", "==", "===") and write.place in test.parts
            for test in tests
        )

    def _keeper_of_field(self, unit: Unit, write: Write) -> tuple[str, Hold] | None:
        name = f"`{self.file.name_of(write.place)}`"
        begins = self.is_first(write, unit)
        if unit.kind is UnitKind.OBJECT and isinstance(unwrapped(write.value), Compound):
            return None  # `this.query = this.query || {}` in a literal that others inherit from
        if self.origins.singletons.is_singleton(unit):
            holder = f"{name} of the one {unit.name or 'instance'} that the module keeps"
            return (holder, Hold.PROCESS) if begins else None
        if unit.kind is UnitKind.OBJECT:
            return None
        words = words_of(unit.name)
        if set(words[-1:]) & self._brief or set(words) & self._doubles:
            return f"{name} of each {unit.name}", Hold.BRIEF
        if begins and set(words[-1:]) & self._service:
            return f"{name} of {unit.name}, which serves again and again", Hold.SERVICE
        return f"{name} of each {unit.name or 'instance'}", Hold.INSTANCE

    def is_first(self, write: Write, unit: Unit) -> bool:
        """Whether a field is made once for each instance: in its constructor, as a field, or when first wanted."""
        function = self.file.facts.functions[write.function]
        made = function.kind in (FunctionKind.CONSTRUCTOR, FunctionKind.FUNCTION) and function.unit == unit.index
        return (
            made
            or write.operator in ("static field", "field", "??=", "||=")
            or isinstance(unwrapped(write.value), Compound)
        )

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


def _has_limit(call: Call) -> bool:
    if len(call.arguments) > 1 and not isinstance(call.arguments[-1], Record):
        return True
    last = call.arguments[-1] if call.arguments else None
    return isinstance(last, Record) and "maxlen" in dict(last.items)
