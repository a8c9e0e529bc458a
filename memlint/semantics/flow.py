"""Where a value goes, and which place a value comes from, within one file.

Places are compared in a canonical form: aliases are followed, and an element of a collection is the collection's place
with the step `[]`, however it was put in (`push`, `set`, `table[key] =`) or taken out (`for … of`, `get`, `pop`,
`forEach`).
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from functools import cached_property

from memlint.model.facts import (
    MODULE,
    Call,
    Closure,
    Compound,
    Exit,
    ExitKind,
    FateKind,
    Place,
    Record,
    Root,
    Sequence,
    Value,
    Write,
)
from memlint.semantics.file import File, unwrapped
from memlint.semantics.tables import Index, indexed

_LIMIT = 8
_PAIR = 4
"""Members of a written-out list that are told apart by their number."""
PUTS = frozenset({"push", "add", "set", "unshift", "append", "enqueue", "appendleft", "insert"})
_TAKES = frozenset({"get", "pop", "shift", "at", "find", "popleft", "next", "deref"})
_SAME = frozenset(
    {"values", "slice", "splice", "filter", "concat", "reverse", "entries", "toArray", "flat", "copy", "items"}
)
VISITS = frozenset({"forEach", "map", "filter", "some", "every", "find", "flatMap", "each", "reduce"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A place stands somewhere as a value: in a write, an argument, or a way out; `inside` a literal or not."""

    sink: Write | Call | Exit
    position: int = -1
    inside: tuple[str, ...] | None = None


@dataclass(slots=True)
class Journey:
    """All places that a value reaches, and how it leaves our sight."""

    places: set[Place] = field(default_factory=set)
    returned: list[Exit] = field(default_factory=list)
    handed: list[Call] = field(default_factory=list)
    stored: list[Write | Call] = field(default_factory=list)


class Flow:
    """Canonical places and journeys of one file."""

    def __init__(self, file: File) -> None:
        self.file = file
        self._memo: dict[Place, Place] = {}
        self._mentions: dict[Value, list[Mention]] | None = None
        self._journeys: dict[Value, Journey] = {}

    # Where a value comes from

    def canonical(self, value: Value | None) -> Place | None:
        """The place a value comes from, in canonical form; None for what is no place."""
        value = unwrapped(value)
        if isinstance(value, Sequence) and len(value.items) == 1:
            only = value.items[0]
            if isinstance(only, Compound) and only.operator == "spread":
                return self.canonical(only.parts[0])
        if not isinstance(value, Place):
            return None
        known = self._memo.get(value)
        if known is None:
            self._memo[value] = value  # a circle ends here
            known = self._memo[value] = self._canonical(value)
        return known

    def _canonical(self, value: Place) -> Place:
        place = self.file.resolve(value)
        if place.root is Root.RESULT:
            start = self._result_source(self.file.facts.calls[int(place.key)])
        elif place.root is Root.BINDING:
            start = self._binding_source(int(place.key))
        else:
            start = None
        if start is None:
            return place
        return Place(start.root, start.key, start.path + place.path)

    def _result_source(self, call: Call) -> Place | None:
        passed = self._passed_through(call)
        if passed is not None:
            return self.canonical(passed)
        receiver = call.receiver
        if receiver is None:
            return None
        if (
            receiver == Place(Root.GLOBAL, "Object")
            and self.file.called(call) in ("values", "entries")
            and call.arguments
        ):
            return self.canonical(call.arguments[0])
        if receiver == Place(Root.GLOBAL, "Array") and self.file.called(call) == "from" and call.arguments:
            return self.canonical(call.arguments[0])
        if self.file.called(call) in _TAKES:
            base = self.canonical(receiver)
            return Place(base.root, base.key, (*base.path, "[]")) if base is not None else None
        if self.file.called(call) in _SAME:
            return self.canonical(receiver)
        return None

    def _passed_through(self, call: Call) -> Value | None:
        """The argument that a function of this file gives back as it is."""
        target = self.file.target_of(call)
        if target is None or call.constructs:
            return None
        answers = [exit_.value for exit_ in self.file.exits_of[target] if exit_.kind is ExitKind.RETURN]
        if len(answers) != 1 or not isinstance(answers[0], Place) or answers[0].root is not Root.BINDING:
            return None
        binding = self.file.facts.bindings[int(answers[0].key)]
        own = binding.kind == "parameter" and binding.function == target
        if not own or answers[0].path or binding.member or binding.position >= len(call.arguments):
            return None
        return call.arguments[binding.position]

    def _binding_source(self, index: int) -> Place | None:
        file = self.file
        binding = file.facts.bindings[index]
        value = unwrapped(binding.value)
        if isinstance(value, Compound) and value.operator == "element":
            base = self.canonical(value.parts[0])
            if base is None:
                return None
            member = tuple(step for step in binding.member if not step.isdigit())
            return Place(base.root, base.key, (*base.path, "[]", *member))
        if binding.kind == "parameter":
            return self._parameter_source(index)
        if isinstance(value, Place) and value.root is Root.RESULT and not value.path and not binding.member:
            if len(file.writes_at[Place(Root.BINDING, index)]) <= 1:
                return self._result_source(file.facts.calls[int(value.key)])
        return None

    def listed(self, value: Value | None) -> tuple[Value, ...]:
        """What a name stands for in turn that walks over a list written out: `for each in (self.log, self.socket)`."""
        binding = self.file.binding(value) if isinstance(value, Place) and not value.path else None
        walked = unwrapped(binding.value) if binding is not None and not binding.member else None
        if not isinstance(walked, Compound) or walked.operator != "element":
            return ()
        items = unwrapped(walked.parts[0])
        return items.items if isinstance(items, Sequence) else ()

    def _parameter_source(self, index: int) -> Place | None:
        """The parameter of a callback that walks over a collection is an element of it."""
        binding = self.file.facts.bindings[index]
        fate = self.file.facts.functions[binding.function].fate
        if fate.kind is not FateKind.ARGUMENT or fate.position != 0 or binding.position != 0:
            return None
        call = self.file.facts.calls[fate.call]
        if self.file.called(call) not in VISITS or call.receiver is None:
            return None
        base = self.canonical(call.receiver)
        return Place(base.root, base.key, (*base.path, "[]", *binding.member)) if base is not None else None

    @cached_property
    def calls_on(self) -> dict[Place, list[Call]]:
        """Calls by the place that they are asked of."""
        found: dict[Place, list[Call]] = {}
        for call in self.file.facts.calls:
            place = self.canonical(call.receiver)
            if place is not None:
                found.setdefault(place, []).append(call)
        return found

    # Where a value goes

    def mentions(self, value: Value) -> Many[Mention]:
        """Where a place or a closure stands as a value."""
        if self._mentions is None:
            self._mentions = {}
            self._collect()
        return self._mentions.get(value, ())

    def _collect(self) -> None:
        facts = self.file.facts
        for write in facts.writes:
            self._note(write.value, Mention(write))
        for call in facts.calls:
            for position, argument in enumerate(call.arguments):
                self._note(argument, Mention(call, position))
        for exit_ in facts.exits:
            if exit_.kind in (ExitKind.RETURN, ExitKind.YIELD):
                self._note(exit_.value, Mention(exit_))

    def _note(self, value: Value | None, mention: Mention, inside: tuple[str, ...] | None = None) -> None:
        value = unwrapped(value)
        if isinstance(value, Place | Closure):
            assert self._mentions is not None  # noqa: S101 - set by the only caller
            resolves = isinstance(value, Place) and value.root is not Root.RESULT
            here = self.file.resolve(value) if isinstance(value, Place) and resolves else value
            noted = Mention(mention.sink, mention.position, inside)
            self._mentions.setdefault(here, []).append(noted)
        elif isinstance(value, Record):
            for name, item in value.items:
                self._note(item, mention, (*(inside or ()), name))
        elif isinstance(value, Sequence):
            for item in value.items:
                self._note(item, mention, (*(inside or ()), "[]"))
            if isinstance(mention.sink, Write):  # `pair = host, open(…)`, and then `pair[1]`
                for position, item in enumerate(value.items[:_PAIR]):
                    self._note(item, mention, (*(inside or ()), str(position)))
        elif isinstance(value, Compound) and value.operator in ("choice", "spread", "&&", "jsx", "member"):
            for part in value.parts:
                self._note(part, mention, inside)
        elif isinstance(value, Compound) and value.operator in ("comprehension", "generator"):
            self._note(value.parts[-1], mention, (*(inside or ()), "[]"))

    def journey(self, value: Value) -> Journey:
        """Follows a value through this file: names, fields, collections, parameters of our own functions."""
        if value not in self._journeys:
            self._journeys[value] = self._follow_all(value)
        return self._journeys[value]

    def _follow_all(self, value: Value) -> Journey:
        journey = Journey()
        pending: list[Value] = [value]
        if isinstance(value, Place):
            start = self.canonical(value)
            if start is not None:
                pending.append(start)
        seen: set[Value] = set()
        while pending and len(seen) < 64:
            here = pending.pop()
            if here in seen:
                continue
            seen.add(here)
            if isinstance(here, Place):
                journey.places.add(here)
            for mention in self.mentions(here):
                self._follow(mention, journey, pending)
            if isinstance(here, Place):
                pending += self._fluent(here)
                for mention in self._containers(here):
                    self._follow(mention, journey, pending)
        return journey

    def _containers(self, place: Place) -> list[Mention]:
        """What a local container that holds it is stored in takes it along: `all.push(entry)`."""
        binding = self.file.binding(place)
        if binding is None or not place.path or binding.kind in ("parameter", "import") or binding.function == MODULE:
            return []
        return [
            Mention(mention.sink, mention.position, (*(mention.inside or ()), *place.path))
            for mention in self.mentions(Place(Root.BINDING, binding.index))
            if isinstance(mention.sink, Write)
            or (isinstance(mention.sink, Call) and self.file.called(mention.sink) in PUTS)
        ]

    def _fluent(self, place: Place) -> list[Place]:
        """`timer.unref()` answers with the timer; the callback of `promise.then` is given what was promised."""
        found = [Place(Root.RESULT, call.index) for call in self._answering_themselves[place]]
        found += self._chained(place)
        for call in self._followed_by[place]:
            function = self.file.function_at(call.arguments[0]) if call.arguments else None
            found += [Place(Root.BINDING, index) for index in self.file.parameters.get((function, 0), ())]
        return found

    def _chained(self, place: Place) -> list[Place]:
        """`this.map = L.map(id).setView(at)`: what a chain right behind the making gives is kept in its stead."""
        if place.root is not Root.RESULT or place.path:
            return []
        return [
            Place(Root.RESULT, call.index)
            for call in self._by_receiver[place]
            if call.fate.kind is FateKind.RECEIVER or (call.fate.kind is FateKind.KEPT and call.fate.place is not None)
        ]

    @cached_property
    def _by_receiver(self) -> Index[Place | None, Call]:
        """Calls in a chain, by the call before them."""
        return indexed(
            (call for call in self.file.facts.calls if (on := call.receiver) is not None and on.root is Root.RESULT),
            lambda call: call.receiver,
        )

    @cached_property
    def _answering_themselves(self) -> Index[Place | None, Call]:
        """Calls whose result is their receiver, by that receiver."""
        calls = [call for name in ("unref", "ref") for call in self.file.calls_named[name]]
        return indexed(calls, lambda call: call.receiver)

    @cached_property
    def _followed_by(self) -> Index[Place | None, Call]:
        """`then`, by what it is asked of."""
        return indexed(self.file.calls_named["then"], lambda call: call.receiver)

    def _follow(self, mention: Mention, journey: Journey, pending: list[Value]) -> None:
        sink = mention.sink
        if isinstance(sink, Write):
            place = self.file.resolve(sink.place)
            if sink.operator != "delete":
                pending.append(Place(place.root, place.key, place.path + (mention.inside or ())))
                journey.stored.append(sink)
        elif isinstance(sink, Exit):
            journey.returned.append(sink)
            for caller in self.file.callers.get(sink.function, ()):
                pending.append(Place(Root.RESULT, caller.index, mention.inside or ()))
        else:
            self._follow_argument(sink, mention, journey, pending)

    def _follow_argument(self, call: Call, mention: Mention, journey: Journey, pending: list[Value]) -> None:
        receiver = call.receiver
        if self.file.called(call) in PUTS and receiver is not None:
            base = self.canonical(receiver)
            if base is not None:
                pending.append(Place(base.root, base.key, (*base.path, "[]", *(mention.inside or ()))))
                journey.stored.append(call)
                return
        target = self.file.target_of(call)
        if target is not None:
            for index in self.file.parameters.get((target, mention.position), ()):
                pending.append(Place(Root.BINDING, index, mention.inside or ()))
            return
        journey.handed.append(call)

    # Sameness

    def same(self, one: Value | None, other: Value | None, depth: int = 0) -> bool:
        """Whether two values are certainly the same one: a place, a closure, a constant, an equal pure look-up."""
        one, other = unwrapped(one), unwrapped(other)
        if one is None or other is None or depth > _LIMIT:
            return one is other
        first, second = self.file.constant(one), self.file.constant(other)
        if first is not None or second is not None:
            return first == second
        a, b = self.canonical(one), self.canonical(other)
        if a is not None and b is not None:
            return a == b or self._equal_lookup(a, b, depth)
        if isinstance(one, Compound) and isinstance(other, Compound):
            return (
                one.operator == other.operator
                and len(one.parts) == len(other.parts)
                and bool(one.parts)
                and all(self.same(x, y, depth + 1) for x, y in zip(one.parts, other.parts, strict=True))
            )
        return one == other

    def _equal_lookup(self, a: Place, b: Place, depth: int) -> bool:
        """`document.querySelector("x")` twice is the same element; `matchMedia(q)` twice is not."""
        if a.root is not Root.RESULT or b.root is not Root.RESULT or a.path != b.path:
            return False
        one, other = self.file.facts.calls[int(a.key)], self.file.facts.calls[int(b.key)]
        if one.name != other.name or one.name not in PURE_LOOKUPS or len(one.arguments) != len(other.arguments):
            return False
        return self.same(one.callee, other.callee, depth + 1) and all(
            self.same(x, y, depth + 1) for x, y in zip(one.arguments, other.arguments, strict=True)
        )


PURE_LOOKUPS = frozenset(
    {
        "querySelector", "getElementById", "getElement", "get", "$", "jQuery", "find", "closest", "getContainer",
        "getRootNode", "getInstance", "getBody", "getWindow", "getDocument", "container", "view", "instance",
    }
)  # fmt: skip
