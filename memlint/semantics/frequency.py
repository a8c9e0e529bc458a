"""How often a line runs: once, per instance, per call, per event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from memlint.model.facts import (
    MODULE,
    Call,
    Closure,
    Compound,
    Constant,
    ExitKind,
    Extent,
    FateKind,
    Function,
    FunctionKind,
    Place,
    Region,
    RegionKind,
    Root,
    UnitKind,
    Value,
)
from memlint.model.words import WordLists
from memlint.semantics import names
from memlint.semantics.file import File
from memlint.semantics.flow import Flow
from memlint.semantics.guards import Guards
from memlint.semantics.origin import Origins
from memlint.semantics.programs import main_regions, serves
from memlint.semantics.tables import Index


class Rate(IntEnum):
    """From rare to often."""

    ONCE = 0
    INSTANCE = 1
    CALL = 2
    EVENT = 3


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, in a word and in a phrase; not `sure` where callers are unknown and the name says little."""

    rate: Rate
    phrase: str
    extent: Extent | None = None
    sure: bool = True
    is_served: bool = False
    """For each request or message that somebody outside of the program sends."""


_ROUTES = frozenset({"use", "get", "post", "put", "patch", "delete", "route", "createServer", "middleware"})
_ENDLESS = frozenset({"on", "setInterval"})
"""Asynchronous iterators of Node.js that never end by themselves: of `events` and of `timers/promises`."""
_STARTING = Frequency(Rate.ONCE, "once, when another file starts it")
_NEVER = Frequency(Rate.ONCE, "never")
_PROGRAM = Frequency(Rate.ONCE, "once, when the program is run")
_ONCE = Frequency(Rate.ONCE, "once, when the module is loaded")


class Frequencies:
    """Answers for one file."""

    def __init__(
        self, file: File, flow: Flow, origins: Origins, vocabulary: names.Vocabulary, words: WordLists
    ) -> None:
        self.file = file
        self.words = words
        self.flow = flow
        self.origins = origins
        self.vocabulary = vocabulary
        self.guards = Guards(file)
        self.called_once: frozenset[int] = frozenset()
        """Functions that other files call but once, while the program starts."""
        self._memo: dict[int, Frequency] = {}
        self._mains = main_regions(file) if file.is_open_by_default else frozenset()
        self._handed: dict[int, Sequence[Call]] = {}

    def of(self, function: int, region: int = -1) -> Frequency:
        """How often a region of a function runs (or the function's body)."""
        base = self._of_function(function)
        if base.rate is Rate.ONCE and region >= 0:
            return self._in_loops(base, region)
        return base

    def _in_loops(self, base: Frequency, region: int) -> Frequency:
        """A loop over a list runs for each item; one without an end runs on and on."""
        regions = self.file.facts.regions
        loops = [regions[index] for index in self.file.regions_of(region) if regions[index].kind is RegionKind.LOOP]
        for loop in loops:
            if self._is_endless(loop):
                return Frequency(Rate.EVENT, "on every turn of a loop that does not end", loop.extent)
        if loops:
            return Frequency(base.rate, "once for each item, when the module is loaded", base.extent)
        return base

    def _is_endless(self, loop: Region) -> bool:
        """`while (true)`, `for (;;)`, `for await` over what always has a next one."""
        if loop.test is None or (isinstance(loop.test, Constant) and bool(loop.test.value)):
            return True
        return self._has_always_a_next(loop.test) and any(
            exit_.kind is ExitKind.AWAIT and exit_.region == loop.index and exit_.extent == loop.extent
            for exit_ in self.file.exits_of.get(loop.function, ())
        )

    def _has_always_a_next(self, source: Value) -> bool:
        """`on(emitter, 'job')` and the timers' `setInterval(…)`: a list, a folder or a stream comes to its end."""
        call = self.file.call_of(source)
        return call is not None and self.file.called(call) in _ENDLESS

    def of_call(self, call: Call) -> Frequency:
        """How often a call runs: a flag or a lazy variable lets it run once for as long as that lives."""
        base = self.of(call.function, call.region)
        if base.rate is Rate.ONCE:
            return base
        guard = self.guards.of(call)
        if guard is None:
            return base
        phrase = f"as `{self.file.name_of(guard)}` sees to"
        binding = self.file.binding(guard)
        if binding is not None and not guard.path and binding.function != call.function:
            outer = self._of_function(binding.function)
            if outer.rate < base.rate:
                return Frequency(outer.rate, f"once, {phrase}", binding.extent, outer.sure)
        if guard.root is Root.SELF and base.rate > Rate.INSTANCE:
            return Frequency(Rate.INSTANCE, f"once per instance, {phrase}", base.extent, base.sure)
        return base

    def _of_function(self, index: int) -> Frequency:
        """Callers first, by a list of those still to do: a chain of calls may be longer than our own stack."""
        pending = [] if index in self._memo else [(index, self._asks(index))]
        while pending:
            here, asks = pending[-1]
            self._memo[here] = _NEVER  # recursion adds nothing
            asked = next((other for other in asks if other not in self._memo), None)
            if asked is None:
                self._memo[here] = self._find(self.file.facts.functions[here])
                pending.pop()
            else:
                pending.append((asked, self._asks(asked)))
        return self._memo[index]

    def _asks(self, index: int) -> Iterator[int]:
        """The functions whose frequency decides about this one's."""
        function = self.file.facts.functions[index]
        if function.index == MODULE or function.kind is FunctionKind.CONSTRUCTOR:
            return
        for call in (*self._handed_to(function), *self._outer_callers(function)):
            yield call.function
        if function.fate.kind is FateKind.RECEIVER:
            yield function.parent

    def _find(self, function: Function) -> Frequency:
        if function.index == MODULE:
            return _ONCE
        if function.kind == FunctionKind.CONSTRUCTOR or self._is_constructor_function(function):
            return self._of_construction(function)
        served = serves(function, self.file) if self.file.is_open_by_default else ""
        if served:
            return Frequency(Rate.EVENT, served, function.extent, is_served=True)
        fate = function.fate
        handed = self._handed_to(function)
        if handed:
            known = [self._as_callback(call) for call in handed]
            known += [self.of_call(call) for call in self._outer_callers(function)]
            return max(known, key=lambda found: found.rate)
        if fate.kind is FateKind.RECEIVER:
            return self.of(function.parent, function.region)
        if fate.kind is FateKind.ELEMENT and function.unit < 0:
            return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent, sure=False)
        return self._as_callee(function)

    def _is_constructor_function(self, function: Function) -> bool:
        if function.unit < 0 or function.kind is not FunctionKind.FUNCTION:
            return False
        unit = self.file.facts.units[function.unit]
        if unit.kind is not UnitKind.PROTOTYPE or self.file.members[unit.index].get("constructor") != function.index:
            return False
        return len(unit.methods) > 1 or any(call.constructs for call in self.file.callers.get(function.index, ()))

    def _of_construction(self, function: Function) -> Frequency:
        unit = self.file.facts.units[function.unit] if function.unit >= 0 else None
        if unit is not None and self.origins.is_only_one(unit):
            return Frequency(Rate.ONCE, f"once, for the one instance of {unit.name}", function.extent)
        name = unit.name if unit is not None and unit.name else "the class"
        return Frequency(Rate.INSTANCE, f"once per instance of {name}", function.extent)

    def _handed_to(self, function: Function) -> Sequence[Call]:
        """Calls that receive the function as an argument, itself, bound, or by its name."""
        if function.index not in self._handed:
            self._handed[function.index] = self._find_handed(function)
        return self._handed[function.index]

    def _find_handed(self, function: Function) -> list[Call]:
        found = []
        fate = function.fate
        if fate.kind is FateKind.ARGUMENT and fate.call >= 0:
            found.append(self.file.facts.calls[fate.call])
        for mention in self.flow.mentions(Closure(function.index)):
            if isinstance(mention.sink, Call) and mention.inside is None and mention.sink not in found:
                found.append(mention.sink)
        place = fate.place if fate.kind is FateKind.KEPT else None
        if place is not None:
            resolved = self.file.resolve(place)
            for mention in self.flow.mentions(resolved):
                if isinstance(mention.sink, Call) and mention.inside is None:
                    found.append(mention.sink)
        found += [self.file.facts.calls[call.fate.call] for call in self._bound[function.index]]
        return [
            call
            for call in found
            if self.file.called(call) not in ("removeEventListener", "off", "removeListener", "bind")
        ]

    @cached_property
    def _bound(self) -> Index[int, Call]:
        """`bind` calls that are an argument themselves, by the function that they bind."""
        found: dict[int, list[Call]] = {}
        for call in self.file.calls_named["bind"]:
            if call.fate.kind is FateKind.ARGUMENT:
                for function in self._binds(call):
                    found.setdefault(function, []).append(call)
        return Index(found)

    def _binds(self, call: Call) -> Iterator[int]:
        if isinstance(call.callee, Compound):
            yield from {part.function for part in call.callee.parts if isinstance(part, Closure)}
            return
        function = self.file.function_at(call.receiver)
        if function is not None and self.file.facts.functions[function].fate.kind is FateKind.KEPT:
            yield function

    def _as_callback(self, call: Call) -> Frequency:
        name = self.file.called(call)
        if name in names.EFFECTS:
            return Frequency(Rate.INSTANCE, "on every mount, and when its dependencies change", call.extent)
        first = self.file.constant(call.arguments[0]) if call.arguments else None
        if first is not None and first.value in names.ONCE_EVENTS and name in names.AGAIN:
            return self.of(call.function, call.region)
        if name in names.AT_ONCE or name in names.LATER_ONCE:
            return self.of(call.function, call.region)
        if name in names.AGAIN:
            if name in _ROUTES:
                return Frequency(Rate.EVENT, "on every request", call.extent)
            what = f"'{first.value}'" if first is not None and isinstance(first.value, str) else f"`{name}`"
            return Frequency(Rate.EVENT, f"on every {what}", call.extent)
        outer = self.of(call.function, call.region)
        if outer.rate is Rate.ONCE:
            what = f"each time `{name}` calls back" if name else "each time it is called back"
            return Frequency(Rate.CALL, what, call.extent, sure=False)
        return Frequency(outer.rate, outer.phrase, outer.extent, sure=False)

    def _as_callee(self, function: Function) -> Frequency:
        known = [self.of_call(call) for call in self._outer_callers(function)]
        unit = self.file.facts.units[function.unit] if function.unit >= 0 else None
        is_method = function.index in self.file.methods
        if function.index in self.called_once:
            return max([_STARTING, *known], key=lambda found: found.rate)
        if not is_method and not self._reachable_from_outside(function):
            if known:
                return max(known, key=lambda found: found.rate)
            return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent, sure=False)
        if is_method and unit is not None:
            return self._of_method(function, unit.index, known)
        if self._is_for_program(known):
            return _PROGRAM
        if self._is_for_loading(function, known):
            return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent, sure=False)
        phrase = f"each time {self._named(function)} is called"
        return Frequency(Rate.CALL, phrase, function.extent, sure=not self._wires(function))

    def _wires(self, function: Function) -> bool:
        """Whether a function puts the program together, which another file does once: `connectDb()`, `plugin(app)`."""
        parameters = {word for name in function.parameters for word in names.words_of(name)[-1:]}
        if parameters & self.words["of one call"]:
            return False
        return bool(parameters & self.words["what is wired"]) or self._begins_with("wiring verbs", function.name)

    def _begins_with(self, verbs: str, name: str) -> bool:
        return bool(set(names.words_of(name)[:1]) & self.words[verbs])

    def _is_for_program(self, known: list[Frequency]) -> bool:
        """Called only on the way from `if __name__ == "__main__":`, by a program that runs from top to bottom."""
        return bool(self._mains and known) and all(found.rate is Rate.ONCE for found in known)

    def _is_for_loading(self, function: Function, known: list[Frequency]) -> bool:
        """Called or used as a decorator while its own module loads: others, if any, do the same."""
        place = function.fate.place
        decorates = place in self.file.decorators if place is not None else False
        return decorates or (
            self.file.is_open_by_default and bool(known) and all(found.rate is Rate.ONCE for found in known)
        )

    def _outer_callers(self, function: Function) -> list[Call]:
        return [call for call in self.file.callers.get(function.index, ()) if call.function != function.index]

    def _of_method(self, function: Function, unit_index: int, known: list[Frequency]) -> Frequency:
        unit = self.file.facts.units[unit_index]
        private = function.name.startswith(("_", "#"))
        if known and (private or all(found.rate is Rate.INSTANCE for found in known)):
            best = max(known, key=lambda found: found.rate)
            if best.rate is not Rate.ONCE:
                return best
        started = self._begins_with("set-up verbs", function.name)
        if started and (unit.kind is UnitKind.OBJECT or self.origins.is_only_one(unit)):
            return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent, sure=False)
        if self.origins.is_only_one(unit) and unit.kind is not UnitKind.OBJECT:
            sure = names.words_of(function.name)[:1] != ("start",)
            return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent, sure)
        if self.vocabulary.begins(function.name) and unit.kind is not UnitKind.OBJECT:
            return Frequency(
                Rate.INSTANCE, f"each time {self._named(function)} is called, per instance", function.extent
            )
        return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent)

    def _reachable_from_outside(self, function: Function) -> bool:
        fate = function.fate
        if fate.kind in (FateKind.RETURNED, FateKind.EXPORTED, FateKind.ELEMENT):
            return True
        place = fate.place
        if place is None:
            return True
        if place.root is not Root.BINDING or place.path:
            return True
        if int(place.key) in self.file.exported_bindings:
            return True
        return any(mention.sink for mention in self.flow.mentions(Place(Root.BINDING, int(place.key))))

    def _named(self, function: Function) -> str:
        name = self.file.owner_name(function.index)
        return f"{name}()" if name else "this function"
