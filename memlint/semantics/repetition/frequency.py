"""How often a line runs: once, per instance, per call, per event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from memlint.model.facts import MODULE, Call, FateKind, Function, FunctionKind, RegionKind, UnitKind
from memlint.model.value import Place, Root
from memlint.model.words import WordLists
from memlint.semantics import names
from memlint.semantics.file import File
from memlint.semantics.holder.origin import Origins
from memlint.semantics.repetition.handed import Handed
from memlint.semantics.repetition.loops import is_endless
from memlint.semantics.repetition.programs import main_regions, serves
from memlint.semantics.repetition.rate import Frequency, Rate
from memlint.semantics.running.running import is_unreachable
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import is_markup

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
        self.guards = origins.singletons.guards
        self.called_once: frozenset[int] = frozenset()
        """Functions that other files call but once, while the program starts."""
        self._memo: dict[int, Frequency] = {}
        self._mains = main_regions(file) if file.is_open_by_default else frozenset()
        self.handed = Handed(file, flow)

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
            if is_endless(loop, self.file):
                return Frequency(Rate.EVENT, "on every turn of a loop that does not end", loop.extent)
        if loops:
            return Frequency(base.rate, "once for each item, when the module is loaded", base.extent)
        return base

    def of_call(self, call: Call) -> Frequency:
        """How often a call runs: a flag or a lazy variable lets it run once for as long as that lives."""
        if is_unreachable(call, self.file):
            return _NEVER
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
        if guard.root is Root.SELF and self.origins.singletons.is_only_one(self.file.facts.units[int(guard.key)]):
            return Frequency(Rate.ONCE, f"once, {phrase}", base.extent, base.sure)
        if guard.root is Root.SELF and base.rate > Rate.INSTANCE:
            return Frequency(Rate.INSTANCE, f"once per instance, {phrase}", base.extent, base.sure)
        return base

    def _of_function(self, index: int) -> Frequency:
        """Callers first, by a list of those still to do: a chain of calls may be longer than our own stack."""
        pending = [] if index in self._memo else [(index, self._asks(index))]
        under_way: set[int] = set()
        half_known: set[int] = set()
        while pending:
            here, asks = pending[-1]
            under_way.add(here)
            self._memo[here] = _NEVER  # recursion adds nothing
            asked = None
            for other in asks:
                if other in under_way and other != here:
                    half_known.add(here)
                if other not in self._memo:
                    asked = other
                    break
            if asked is None:
                self._memo[here] = self._find(self.file.facts.functions[here])
                under_way.discard(here)
                pending.pop()
            else:
                pending.append((asked, self._asks(asked)))
        for one in half_known - {index}:  # found while what they ask was not: they are asked anew when it is
            self._memo.pop(one, None)
        return self._memo[index]

    def _asks(self, index: int) -> Iterator[int]:
        """The functions whose frequency decides about this one's."""
        function = self.file.facts.functions[index]
        if function.index == MODULE or function.kind is FunctionKind.CONSTRUCTOR:
            return
        for call in (*self.handed.to(function), *self._outer_callers(function)):
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
        handed = self.handed.to(function)
        if handed:
            known = [self._as_callback(call, function) for call in handed]
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
        if unit is not None and self.origins.singletons.is_only_one(unit):
            return Frequency(Rate.ONCE, f"once, for the one instance of {unit.name}", function.extent)
        name = unit.name if unit is not None and unit.name else "the class"
        return Frequency(Rate.INSTANCE, f"once per instance of {name}", function.extent)

    def _as_callback(self, call: Call, function: Function) -> Frequency:
        if self.handed.is_let_go_by(function, call):
            return self.of(call.function, call.region)
        name = self.file.called(call)
        again = name in self.words["calling back again and again"]
        if name in self.words["effects"]:
            return Frequency(Rate.INSTANCE, "on every mount, and when its dependencies change", call.extent)
        first = self.file.constant(call.arguments[0]) if call.arguments else None
        if first is not None and first.value in self.words["events that come once"] and again:
            return self.of(call.function, call.region)
        if name in self.words["calling back at once"] or name in self.words["calling back once"]:
            return self.of_call(call)
        if again:
            if name in self.words["serving requests"]:
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
        if self._is_for_program(known) or (not known and self._is_program(function)):
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
        if parameters & self.words["what is wired"]:
            return True
        if self._begins_with("wiring verbs", function.name) and not self._is_of_a_component(function):
            return True
        return self._extends_what_it_is_given(function) or self._is_the_file(function)

    def _is_of_a_component(self, function: Function) -> bool:
        """`const start = () => …` in a function that is drawn, a hook, or a `setup()`: people begin it, by a button."""
        return any(
            names.is_hook_name(here.name)
            or here.name in self.words["setting up a component"]
            or any(is_markup(exit_.value) for exit_ in self.file.exits_of.get(here.index, ()))
            for here in self.file.enclosing(function.index)
            if here.index not in (MODULE, function.index)
        )

    def _is_the_file(self, function: Function) -> bool:
        """`plugins/clock.js`: `export default () => { bus.on(…); }`: no name, told nothing, answers nothing."""
        path = PurePosixPath(self.file.facts.path)
        last = (*names.words_of(path.stem)[-1:], *names.words_of(path.parent.name)[-1:])
        return (
            self.words.any_of("files that set up", last)
            and not function.name
            and not function.parameters
            and function.fate.kind is FateKind.EXPORTED
            and not any(exit_.value is not None for exit_ in self.file.exits_of.get(function.index, ()))
        )

    def _extends_what_it_is_given(self, function: Function) -> bool:
        """`module.exports = (Posts) => { Posts.edit = () => …; }`: a part of the program, put together once."""
        for write in self.file.writes_in[function.index]:
            if write.place.root is Root.BINDING and len(write.place.path) == 1:
                binding = self.file.facts.bindings[int(write.place.key)]
                is_own = binding.kind == "parameter" and binding.function == function.index
                if is_own and self.file.function_at(write.value) is not None:
                    return True
        return False

    def _begins_with(self, verbs: str, name: str) -> bool:
        return bool(set(names.words_of(name)[:1]) & self.words[verbs])

    def _is_program(self, function: Function) -> bool:
        """`module.exports = (argv) => …`: who is handed the command line is the program that it starts."""
        return bool(self.words["command line"] & set(function.parameters))

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
        private = self.file.is_private(function)
        follows = "next" in names.words_of(function.name)  # whoever asks for the next one will ask again
        if known and not follows and (private or all(found.rate is Rate.INSTANCE for found in known)):
            best = max(known, key=lambda found: found.rate)
            if best.rate is not Rate.ONCE or (private and self.origins.singletons.is_only_one(unit)):
                return best
        started = self._begins_with("set-up verbs", function.name)
        if unit_index in self.origins.singletons.services:
            if self._starts_a_service(function):
                return _STARTING
            if known and all(found.rate is Rate.ONCE for found in known):
                return known[0]
        if started and self.origins.singletons.is_set_up_once(unit):
            return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent, sure=False)
        if self.origins.singletons.is_only_one(unit) and unit.kind is not UnitKind.OBJECT:
            sure = names.words_of(function.name)[:1] != ("start",)
            return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent, sure)
        if self.vocabulary.begins(function.name) and unit.kind is not UnitKind.OBJECT:
            return Frequency(
                Rate.INSTANCE, f"each time {self._named(function)} is called, per instance", function.extent
            )
        return Frequency(Rate.CALL, f"each time {self._named(function)} is called", function.extent)

    def _starts_a_service(self, function: Function) -> bool:
        """`init()`, `onStart(app)`: what runs once for the one instance, while the program starts."""
        words = names.words_of(function.name)
        words = words[1:] if words[:1] == ("on",) else words
        return bool(set(words[:1]) & (self.words["set-up verbs"] | self.words["wiring verbs"]))

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
