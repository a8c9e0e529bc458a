"""Which classes of a file a value is an instance of, as far as the file itself shows who was handed which instance.

That a parameter has a member of the same name is no sign: a cart has `items` as well as a hub has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from memlint.model.facts import MODULE, Binding, Call, ExitKind, FateKind, Function, FunctionKind, UnitKind
from memlint.model.value import Closure, Compound, Place, Record, Root, Value
from memlint.semantics.growth.putting import PUTS
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import unwrapped

_THIS = Place(Root.GLOBAL, "this")
_STEPS = 64
"""Values that one question follows at most."""
_LENDERS = ("call", "apply", "bind")
"""What is given the `this` of a function first."""


class Instances:
    """Answers for one file; a class is the number of the topmost unit of its line."""

    def __init__(self, flow: Flow) -> None:
        self.file = flow.file
        self.flow = flow
        self._known: dict[tuple[Place, int], frozenset[int]] = {}

    def of(self, owner: Place, function: int) -> frozenset[int]:
        """The classes of which an instance is at a place that a function names."""
        found = self._known.get((owner, function))
        if found is None:
            found = self._known[owner, function] = frozenset(_Search(self).of(owner, (), function))
        return found

    def of_parameter(self, parameter: Binding) -> frozenset[int]:
        """The classes of which an instance is handed in, whatever is taken out of it by a pattern."""
        return frozenset(_Search(self).of_parameter(parameter, ()))

    @cached_property
    def supers(self) -> Index[int, Call]:
        """`super(owner)`, by the line of inheritance."""
        found = [(self.file.unit_of(call.function), call) for call in self.file.calls_named["super"]]
        lines = [(self.file.unit_roots[unit.index], call) for unit, call in found if unit is not None]
        return Index({line: [call for _, call in calls] for line, calls in indexed(lines, lambda one: one[0]).items()})


class _Search:
    """One question: what it has asked already is not asked again."""

    def __init__(self, instances: Instances) -> None:
        self.known = instances
        self.file = instances.file
        self.flow = instances.flow
        self._asked: set[object] = set()
        self._left = _STEPS

    def of(self, value: Value | None, path: tuple[str, ...], function: int) -> Iterator[int]:
        """The classes of a member of a value, or of the value itself if the path is empty."""
        value = unwrapped(value)
        if isinstance(value, Compound) and value.operator == "choice":
            for part in value.parts:
                yield from self.of(part, path, function)
        elif isinstance(value, Record) and path:
            yield from self.of(dict(value.items).get(path[0]), path[1:], function)
        elif isinstance(value, Place):
            place = self.file.resolve(Place(value.root, value.key, value.path + path))
            if (place, function) not in self._asked and self._left > 0:
                self._asked.add((place, function))
                self._left -= 1
                yield from self._of_place(place, function)

    def _of_place(self, place: Place, function: int) -> Iterator[int]:
        if not place.path:
            yield from self._of_root(place, function)
        binding = self.file.binding(place)
        if binding is not None and binding.kind == "parameter":
            yield from self.of_parameter(binding, binding.member + place.path)
        elif binding is not None:
            yield from self.of(binding.value, binding.member + place.path, binding.function)
        for write in self.file.writes_at[place]:
            yield from self.of(write.value, (), write.function)
        source = self.flow.canonical(place)
        if source != place:  # an element: `for (const desk of desks)`
            yield from self.of(source, (), function)
        if place.path:
            yield from self._of_member(place, function)

    def _of_root(self, place: Place, function: int) -> Iterator[int]:
        if place == _THIS:
            yield from self._of_lent_this(function)
        elif place.root is Root.SELF:
            yield int(place.key)
            unit = self.file.facts.units[int(place.key)]
            if unit.kind is UnitKind.PROTOTYPE and len(unit.methods) == 1:  # only a function with a `this`
                yield from self._of_lent_this(unit.methods[0][1])
        elif place.root is Root.RESULT:
            yield from self._of_result(self.file.facts.calls[int(place.key)])

    def _of_result(self, call: Call) -> Iterator[int]:
        """`new Hub()`, or what a function of the file answers with."""
        callee, target = call.callee, self.file.target_of(call)
        named = callee if isinstance(callee, Place) and callee.root is Root.BINDING and not callee.path else None
        made = self.file.unit_bound_to.get(int(named.key)) if named is not None else None
        if call.constructs and made is not None:
            yield self.file.unit_roots[made.index]
        elif target is not None:
            for exit_ in self.file.exits_of[target]:
                if exit_.kind is ExitKind.RETURN:
                    yield from self.of(exit_.value, (), target)

    def _of_member(self, place: Place, function: int) -> Iterator[int]:
        """A field of an instance: what the class writes there; an element: what is put in."""
        owner = Place(place.root, place.key, place.path[:-1])
        if place.path[-1] == "[]":
            for call in self.flow.calls_on.get(self.flow.canonical(owner) or owner, ()):
                if self.file.called(call) in PUTS and call.arguments:
                    yield from self.of(call.arguments[-1], (), call.function)
        elif place.root is not Root.SELF or len(place.path) > 1:
            for unit in tuple(self.of(owner, (), function)):
                yield from self._of_place(Place(Root.SELF, unit, place.path[-1:]), function)
        for unit in self.file.relatives(int(place.key)) if place.root is Root.SELF else ():
            for write in self.file.writes_at[Place(Root.SELF, unit, place.path)]:
                yield from self.of(write.value, (), write.function)

    # Who is handed it

    def of_parameter(self, parameter: Binding, path: tuple[str, ...]) -> Iterator[int]:
        """What an annotation says, or the arguments of the calls that this file shows."""
        own = self.file.units_named.get(parameter.declared)
        if own is not None:
            yield from self._within(self.file.unit_roots[own.index], path)
        taker = self.file.facts.functions[parameter.function]
        kept = taker.fate.place
        if not path and kept is not None and kept.root is Root.BINDING and len(kept.path) == 1:
            maker = self.file.unit_bound_to.get(int(kept.key))  # `static release(hub)`: a class knows its own
            if maker is not None:
                yield self.file.unit_roots[maker.index]
        for call, position in self._calls_of(taker, parameter.position):
            self._left -= 1
            if self._left < 0:
                return
            if position < len(call.arguments):
                yield from self.of(call.arguments[position], path, call.function)

    def _within(self, unit: int, path: tuple[str, ...]) -> Iterable[int]:
        return self._of_place(Place(Root.SELF, unit, path), MODULE) if path else (unit,)

    def _calls_of(self, function: Function, position: int) -> Iterator[tuple[Call, int]]:
        """The calls that run a function, each with where it has an argument; methods are found by their name."""
        for call in self.file.callers.get(function.index, ()):
            lent = call.name in _LENDERS and self.file.function_at(call.callee) is None
            if not lent:
                yield call, position
            elif call.name == "call":
                yield call, position + 1
        if function.kind is FunctionKind.CONSTRUCTOR and function.unit >= 0:
            for call in self.known.supers[self.file.unit_roots[function.unit]]:
                yield call, position
        elif function.index in self.file.methods:
            for call in self.file.calls_named.get(function.name, ()):
                if call.receiver is not None and self.file.target_of(call) is None:
                    yield call, position

    def _of_lent_this(self, function: int) -> Iterator[int]:
        """Whose instance is `this` in a function that no class has: `each(all, end, this)`, `this.on("end", end)`."""
        around = self.file.enclosing(function)
        own = next((one for one in around if one.kind is not FunctionKind.ARROW), self.file.facts.functions[MODULE])
        if own.index == MODULE or ("this", own.index) in self._asked:
            return
        self._asked.add(("this", own.index))
        name = own.fate.place if own.fate.kind is FateKind.KEPT else None
        for value in (Closure(own.index), name):
            for mention in self.flow.mentions(value) if value is not None else ():
                if isinstance(mention.sink, Call):
                    yield from self._of_giver(mention.sink)
        lent = [Place(name.root, name.key, (*name.path, lender)) for lender in _LENDERS] if name is not None else []
        for call in (call for place in lent for call in self.file.callees_at[place]):
            yield from self._of_giver(call)

    def _of_giver(self, call: Call) -> Iterator[int]:
        """The instance that a function is handed to, or handed over with."""
        for value in (call.receiver, *call.arguments):
            if isinstance(value, Place):
                yield from self.of(value, (), call.function)
