"""Wiring: a handler that keeps nothing of the call that adds it would only do everything twice, if it came again.

`connect() { bus.on("saved", () => refresh()); }`: nothing tells the second call from the first. Whoever wrote it had
one in mind, as a program starts. What is handed in, an instance, or what is made in the call, is another one each time.
"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Binding, FunctionKind, RegionKind, UnitKind
from memlint.model.value import Closure, Compound, Place, Root, Value
from memlint.semantics.names import is_hook_name, words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import inner_values, is_markup


def is_wiring(life: Lifetime, seen: Insight) -> bool:
    """Whether a function that nobody is seen to call again adds a handler that keeps nothing of the call."""
    if life.frequency.rate is not Rate.CALL or life.ends or life.doubtful_ends:
        return False
    kept = life.holes.get(life.resource.keeps)
    return kept is not None and not _is_run_again(life, seen) and not _Kept(seen).keeps(kept)


def _is_run_again(life: Lifetime, seen: Insight) -> bool:
    """Whether the function around is drawn, a hook, undone by another, or named after what a program does all the time.

    `function Page() { …; return <div />; }`, `useCart()`, `openModal()` beside `closeModal()`, `navigate(path)`.
    """
    outer = next((one for one in seen.file.enclosing(life.call.function) if one.parent == MODULE), None)
    if outer is None:
        return False
    verb = words_of(outer.name)[:1]
    return (
        is_hook_name(outer.name)
        or seen.words.any_of("all the time", verb)
        or (bool(outer.parameters) and seen.words.any_of("drawing what is given", verb))
        or any(other in seen.once(_names_of_functions) for other in seen.vocabulary.turns_of(outer.name))
        or any(is_markup(exit_.value) for exit_ in seen.file.exits_of.get(outer.index, ()))
    )


def _names_of_functions(seen: Insight) -> frozenset[str]:
    return frozenset(one.name for one in seen.file.facts.functions if one.parent == MODULE and one.unit < 0)


def keeps_a_call(life: Lifetime, seen: Insight) -> bool:
    """Whether the handler holds something of the call that registers it: then each call adds one."""
    function = seen.file.function_at(life.holes.get("$handler"))
    if function is None:
        return False
    uses = (use for inner in seen.file.inside(function) for use in seen.file.uses_in.get(inner, ()))
    return any(_is_of_the_call(seen.file.facts.bindings[use.binding], life, seen) for use in uses)


def _is_of_the_call(binding: Binding, life: Lifetime, seen: Insight) -> bool:
    """Whether a name is bound anew by each call that registers, or by each turn of the module's loop around it."""
    if binding.function != life.call.function or binding.kind in ("function", "class"):
        return False
    value = binding.value
    if isinstance(value, Place) and value.root is Root.SELF and not value.path:
        return False
    if life.call.function != MODULE:
        return True
    regions = [seen.file.facts.regions[index] for index in seen.file.regions_of(life.call.region)]
    return any(
        region.kind is RegionKind.LOOP and region.extent[0] <= binding.extent[0] < region.extent[1]
        for region in regions
    )


def _is_of_the_moment(value: Value | None, seen: Insight) -> bool:
    """`await getUser()`, `useState()`: what was waited for, or what a hook answers with, is of this call."""
    if isinstance(value, Compound) and value.operator == "await":
        return True
    call = seen.file.call_of(value)
    return call is not None and is_hook_name(seen.file.called(call))


class _Kept:
    """What is reached from a handler, each name and each function once."""

    def __init__(self, seen: Insight) -> None:
        self.seen = seen
        self._asked: set[tuple[str, int]] = set()

    def keeps(self, value: Value | None) -> bool:
        """Whether a value is, or reaches, something that another call would have another one of."""
        for inner in inner_values(value):
            if isinstance(inner, Closure) and self._function_keeps(inner.function):
                return True
            if isinstance(inner, Place) and self._place_keeps(inner):
                return True
        return False

    def _place_keeps(self, place: Place) -> bool:
        if place.root is Root.RESULT:
            return self._call_keeps(int(place.key))
        known = self.seen.file.resolve(place)
        function = self.seen.file.function_at(known)
        if known.root is Root.SELF:
            return self._is_one_of_many(int(known.key))
        if function is not None:
            return self._function_keeps(function)
        return known.root is Root.BINDING and self._binding_keeps(int(known.key))

    def _is_one_of_many(self, unit: int) -> bool:
        here = self.seen.file.facts.units[unit]
        singletons = self.seen.origins.singletons
        if here.kind is not UnitKind.OBJECT:
            return not singletons.is_only_one(here)
        is_of_module = here.binding >= 0 and self.seen.file.facts.bindings[here.binding].function == MODULE
        return not (is_of_module or singletons.is_singleton(here))

    def _binding_keeps(self, index: int) -> bool:
        binding = self.seen.file.facts.bindings[index]
        if not self._is_new("binding", index) or self._lasts(binding.function):
            return False
        if binding.kind == "parameter" or _is_of_the_moment(binding.value, self.seen):
            return True
        writes = self.seen.file.writes_at.get(Place(Root.BINDING, index), ())
        return self.keeps(binding.value) or any(self.keeps(write.value) for write in writes)

    def _call_keeps(self, index: int) -> bool:
        call = self.seen.file.facts.calls[index]
        if not self._is_new("call", index) or self._lasts(call.function):
            return False
        if self.seen.origins.makes(call):
            return True
        return self.keeps(call.receiver) or any(self.keeps(argument) for argument in call.arguments)

    def _function_keeps(self, function: int) -> bool:
        if not self._is_new("function", function) or self._lasts(function):
            return False
        unit = self.seen.file.unit_of(function)
        is_arrow = self.seen.file.facts.functions[function].kind is FunctionKind.ARROW
        if is_arrow and unit is not None and self._is_one_of_many(unit.index):
            return True
        inside = frozenset(self.seen.file.inside(function))
        used = {use.binding for one in inside for use in self.seen.file.uses_in.get(one, ())}
        bindings = (self.seen.file.facts.bindings[one] for one in used)
        return any(self._place_keeps(Place(Root.BINDING, one.index)) for one in bindings if one.function not in inside)

    def _is_new(self, kind: str, index: int) -> bool:
        if (kind, index) in self._asked:
            return False
        self._asked.add((kind, index))
        return True

    def _lasts(self, function: int) -> bool:
        """Whether what a function has is there once in the program."""
        return function == MODULE or self.seen.frequencies.of(function).rate is Rate.ONCE
