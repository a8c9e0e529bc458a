"""One file's facts, with the look-ups that everyone needs, each made once and on demand."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from functools import cached_property

from memlint.model.facts import MODULE, Call, Extent, Fate, FateKind, Function, FunctionKind, RegionKind, Unit, UnitKind
from memlint.model.finding import Span
from memlint.model.source import span_of
from memlint.model.value import Closure, Compound, Constant, Place, Root, Value
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.constants import Constants
from memlint.semantics.value.values import functions_below, inner_values, method_of_choice, unwrapped


class File(Constants):
    """Facts, and what follows from them at once: names, functions, units, callers. Nothing here is a verdict."""

    def name_of(self, value: Value | None) -> str:
        """A value as a person would write it: `this.pages`, `window`, `connect()`."""
        value = unwrapped(value)
        if isinstance(value, Constant):
            return f"'{value.value}'" if isinstance(value.value, str) else f"{value.value}"
        if isinstance(value, Closure):
            return self.describe_function(self.facts.functions[value.function])
        if not isinstance(value, Place):
            return "an expression"
        if value.root is Root.BINDING:
            start = self.facts.bindings[int(value.key)].name
        elif value.root is Root.SELF:
            start = "self" if self.facts.language == "python" else "this"
        elif value.root is Root.RESULT:
            start = f"{self.name_of(self.facts.calls[int(value.key)].callee)}()"
        else:
            start = str(value.key)
        return start + "".join(step if step == "[]" else f".{step}" for step in value.path)

    def describe_function(self, function: Function) -> str:
        """A function in a word or two: `function render`, `arrow function`."""
        kind = "arrow function" if function.kind is FunctionKind.ARROW else "function"
        return f"{kind} {function.name}" if function.name else kind

    # Calls, functions, regions

    @cached_property
    def calls_named(self) -> Index[str, Call]:
        """Calls by the last name of what is called."""
        return indexed(self.facts.calls, self.called)

    def called(self, call: Call) -> str:
        """The name of what is called; the own name of what is imported, or global, whatever it is called here."""
        callee = call.callee
        if isinstance(callee, Compound):
            known = self.global_of(callee) if callee.operator == "member" else None
            return known.path[-1] if known is not None and known.path else method_of_choice(callee)
        if isinstance(callee, Place) and callee.root is Root.BINDING and not callee.path:
            entry = self.imports.get(int(callee.key))
            if entry is not None and entry.name not in ("default", "*"):
                return entry.name
            lent = self.lent_globals.get(callee)
            if lent is not None:
                return lent.path[-1] if lent.path else str(lent.key)
            return self.facts.bindings[int(callee.key)].name
        return call.name

    @cached_property
    def parameters(self) -> dict[tuple[int | None, int], list[int]]:
        """Bindings of parameters by their function and position; a pattern binds several."""
        found: dict[tuple[int | None, int], list[int]] = {}
        for binding in self.facts.bindings:
            if binding.kind == "parameter":
                found.setdefault((binding.function, binding.position), []).append(binding.index)
        return found

    def inside(self, function: int) -> Iterator[int]:
        """A function and all that are written inside it, outermost first."""
        pending = [function]
        while pending:
            here = pending.pop()
            yield here
            pending += [inner.index for inner in self.written_in.get(here, ())]

    def enclosing(self, function: int) -> Iterator[Function]:
        """A function and all functions around it, innermost first, the module last."""
        while function >= 0:
            here = self.facts.functions[function]
            yield here
            function = here.parent

    def contains(self, outer: int, inner: int) -> bool:
        """Whether `inner` is `outer` or written inside it."""
        return any(function.index == outer for function in self.enclosing(inner))

    def taker_of(self, fate: Fate) -> Call | None:
        """The call that is given a value as an argument, right where it is made."""
        return self.facts.calls[fate.call] if fate.kind is FateKind.ARGUMENT and fate.call >= 0 else None

    def regions_of(self, region: int) -> Iterator[int]:
        """A region and those around it up to the function's body."""
        while region >= 0:
            yield region
            region = self.facts.regions[region].parent

    def in_loop(self, region: int, function: int) -> bool:
        """Whether a region of this function is inside one of its loops."""
        return region in self.looped and any(
            self.facts.regions[index].kind is RegionKind.LOOP and self.facts.regions[index].function == function
            for index in self.regions_of(region)
        )

    @cached_property
    def looped(self) -> frozenset[int]:
        """The regions that are a loop or stand in one; a region is written down after the one around it."""
        found: set[int] = set()
        for region in self.facts.regions:
            if region.kind is RegionKind.LOOP or region.parent in found:
                found.add(region.index)
        return frozenset(found)

    def unit_of(self, function: int) -> Unit | None:
        """The unit whose instance `this` is in a function, or around it."""
        for here in self.enclosing(function):
            if here.unit >= 0:
                return self.facts.units[here.unit]
        return None

    def owner_name(self, function: int) -> str:
        """The enclosing functions and unit, dotted: `Toolbar.open`."""
        names = [here.name for here in self.enclosing(function) if here.index != MODULE and here.name]
        unit = self.unit_of(function)
        if unit is not None and unit.name and unit.name not in names:
            names.append(unit.name)
        return ".".join(reversed(names))

    def method(self, unit: int, name: str) -> int | None:
        """The function that `this.name` calls: own, or of a base or derived class in this file."""
        for candidate in (unit, *self.relatives(unit)):
            function = self.members[candidate].get(name)
            if function is not None:
                return function
        return None

    def hides(self, unit: int, name: str) -> bool:
        """Whether a member is its own class's business: kept by the language, or by the custom of a leading `_`."""
        if name.startswith(("_", "#")):
            return True
        return any(name in self.facts.units[index].private for index in (unit, *self.relatives(unit)))

    def is_private(self, function: Function) -> bool:
        """Whether a function is called by nobody but its own unit: `_render()`, `#render()`, `private render()`."""
        return function.name.startswith(("_", "#")) or (function.unit >= 0 and self.hides(function.unit, function.name))

    def relatives(self, unit: int) -> list[int]:
        """Other units of the same line of inheritance in this file."""
        return [other for other in self._lines[self.unit_roots[unit]] if other != unit]

    def decorated(self, names: frozenset[str]) -> frozenset[int]:
        """Classes under a decorator of one of these names."""
        known = self._decorated.get(names)
        if known is None:
            calls = (call for name in names for call in self.calls_named.get(name, ()))
            known = self._decorated[names] = frozenset(
                unit for unit in map(self.decorated_by, calls) if unit is not None
            )
        return known

    def decorated_by(self, call: Call) -> int | None:
        """The class that a decorator stands before: the first one that ends behind it."""
        at = bisect(self._class_ends, (call.extent[1], len(self.facts.units)))
        return self._class_ends[at][1] if at < len(self._class_ends) else None

    @cached_property
    def _decorated(self) -> dict[frozenset[str], frozenset[int]]:
        """What was asked of decorators so far: each acquisition of a file asks the same."""
        return {}

    @cached_property
    def _class_ends(self) -> list[tuple[int, int]]:
        """Where each class ends, and which one it is, in that order."""
        return sorted((one.extent[1], one.index) for one in self.facts.units if one.kind is UnitKind.CLASS)

    @cached_property
    def _lines(self) -> Index[int, int]:
        """Units by the topmost base class of their line of inheritance."""
        return indexed(range(len(self.unit_roots)), self.unit_roots.__getitem__)

    def extends_what_is_elsewhere(self, unit: int) -> bool:
        """Whether the topmost class of a unit's line has a base in another file, which may call its methods."""
        return self.facts.units[self.unit_roots[unit]].base is not None

    @cached_property
    def functions_at(self) -> dict[Place, int]:
        """The function kept at a place: `Place(BINDING, run)`, `Place(SELF, unit, (name,))`."""
        found: dict[Place, int] = {}
        for function in self.facts.functions:
            if function.fate.kind is FateKind.KEPT and function.fate.place is not None:
                found.setdefault(function.fate.place, function.index)
        for binding in self.facts.bindings:
            if isinstance(binding.value, Closure) and not binding.member:
                found.setdefault(Place(Root.BINDING, binding.index), binding.value.function)
        for unit in self.facts.units:
            for name, function_index in unit.methods:
                found.setdefault(Place(Root.SELF, unit.index, (name,)), function_index)
                found.setdefault(Place(Root.SELF, self.unit_roots[unit.index], (name,)), function_index)
                if unit.kind is UnitKind.OBJECT and unit.binding >= 0:
                    found.setdefault(Place(Root.BINDING, unit.binding, (name,)), function_index)
                kept = unit.fate.place if unit.kind is UnitKind.OBJECT and unit.fate.kind is FateKind.KEPT else None
                if kept is not None and kept.root is not Root.SELF and len(self.writes_at.get(kept, ())) == 1:
                    # `App.views.list = { … }`, asked as `App.views.list.clear()`
                    found.setdefault(Place(kept.root, kept.key, (*kept.path, name)), function_index)
        for place, record in self.records_of_names():
            for at, function_index in functions_below(record, place):
                found.setdefault(at, function_index)
        return found

    def function_at(self, value: Value | None) -> int | None:
        """The function that a value is, if it is written in this file."""
        if isinstance(value, Closure):
            return value.function
        if isinstance(value, Place):
            direct = self.functions_at.get(value)
            if direct is not None:
                return direct
            found = self.functions_at.get(self.resolve(value))
            return None if found is None or self._was_saved_before(value, found) else found
        return None

    def _was_saved_before(self, value: Place, function: int) -> bool:
        """`const send = socket.send; socket.send = () => { … send() … }`: the name is for what was there before."""
        binding = self.binding(value) if not value.path else None
        here = self.facts.functions[function]
        kept = here.fate.place
        return (
            binding is not None
            and kept is not None
            and bool(kept.path)
            and here.parent == binding.function
            and binding.extent[1] <= here.extent[0]
        )

    def behind(self, value: Value | None) -> int | None:
        """The function that runs when a value is called: the value itself, or what was bound to make it."""
        found = self.function_at(value)
        made = self.call_of(value) if found is None else None
        if made is None or self.called(made) != "bind":
            return found
        parts = made.callee.parts if isinstance(made.callee, Compound) else (made.receiver,)
        return next((function for part in parts for function in [self.function_at(part)] if function is not None), None)

    def taking(self, value: Value | None) -> tuple[int | None, int]:
        """The function that a handler runs, and where it takes what the handler is called with.

        `onStream`, `this.onStream.bind(this)`: at 0; `this.onStream.bind(this, "camera")`: at 1.
        """
        found = self.behind(value)
        made = self.call_of(value) if found is not None and self.function_at(value) is None else None
        return found, max(0, len(made.arguments) - 1) if made is not None else 0

    def target_of(self, call: Call) -> int | None:
        """The function of this file that a call runs; a construction runs the constructor."""
        callee = call.callee
        if isinstance(callee, Place) and callee.root is Root.GLOBAL and callee.key == "super":
            return None
        found = self.function_at(callee)
        if found is None and isinstance(callee, Place) and callee.path and callee.path[-1] in ("call", "apply"):
            found = self.function_at(Place(callee.root, callee.key, callee.path[:-1]))
        if found is None and call.constructs and isinstance(callee, Place):
            plain = callee.root is Root.BINDING and not callee.path
            unit = self.unit_bound_to.get(int(callee.key)) if plain else None
            return self.method(unit.index, "constructor") if unit is not None else None
        return found

    @cached_property
    def callers(self) -> Index[int, Call]:
        """Calls in this file by the function that they run."""
        found: dict[int, list[Call]] = {}
        for call in self.facts.calls:
            target = self.target_of(call)
            if target is not None:
                found.setdefault(target, []).append(call)
        return Index(found)

    @cached_property
    def exported_bindings(self) -> frozenset[int]:
        """Bindings that other files can reach."""
        found: set[int] = set()
        for export in self.facts.exports:
            for value in inner_values(export.value):
                place: Value | None = value
                if isinstance(value, Closure):  # `const open = exports.open = () => …`
                    place = self.facts.functions[value.function].fate.place
                if isinstance(place, Place) and place.root is Root.BINDING:
                    found.add(int(place.key))
        return frozenset(found)

    @cached_property
    def exported_places(self) -> frozenset[Place]:
        """What other files can reach, and this one has no name for: `exports.limit`."""
        return frozenset(export.place for export in self.facts.exports if export.place is not None)

    @property
    def is_open_by_default(self) -> bool:
        """Python exports every name of a module: that nobody hid it is no sign that others use it."""
        return self.facts.language == "python"

    # Source

    def span(self, extent: Extent) -> Span:
        """Where a piece of source stands."""
        return span_of(self.facts.path, extent, self.facts.lines, self.facts.wide)
