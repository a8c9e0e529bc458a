"""Where a value goes within one file: names, fields, collections, parameters of our own functions."""

from __future__ import annotations

from collections.abc import Sequence as Many
from functools import cached_property

from memlint.model.facts import MODULE, Call, Exit, FateKind, Write
from memlint.model.value import Place, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.growth.putting import PUTS
from memlint.semantics.running.passing import comes_out_as
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.mentions import ELEMENT, Mention, mentions_in
from memlint.semantics.value.sources import Sources

_STEPS = 64
"""Places that one journey visits at most."""


class Journey:
    """All places that a value reaches, and how it leaves our sight."""

    __slots__ = ("handed", "places", "returned", "stored")

    def __init__(self) -> None:
        self.places: set[Place] = set()
        self.returned: list[Exit] = []
        self.handed: list[Call] = []
        self.stored: list[Write | Call] = []


class Flow(Sources):
    """Canonical places and journeys of one file."""

    def __init__(self, file: File, words: WordLists) -> None:
        super().__init__(file)
        self._words = words
        self._journeys: dict[Value, Journey] = {}

    def mentions(self, value: Value) -> Many[Mention]:
        """Where a place or a closure stands as a value."""
        return self._mentions[value]

    @cached_property
    def _mentions(self) -> Index[Value, Mention]:
        return mentions_in(self.file)

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
        while pending and len(seen) < _STEPS:
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
        """What a local container, or a call's answer, that holds it is stored in takes it along: `all.push(entry)`."""
        if place.root is Root.RESULT and place.path:
            return [
                Mention(mention.sink, mention.position, (*(mention.inside or ()), *place.path))
                for mention in self.mentions(Place(Root.RESULT, place.key))
            ]
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
            function, position = self.file.taking(call.arguments[0] if call.arguments else None)
            found += [Place(Root.BINDING, index) for index in self.file.parameters.get((function, position), ())]
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
                entry = self.canonical(place) if place.root is Root.BINDING and place.path else None
                if entry is not None and "[]" in entry.path:  # `const state = states.get(key); state.timer = …`
                    pending.append(Place(entry.root, entry.key, entry.path + (mention.inside or ())))
                journey.stored.append(sink)
        elif isinstance(sink, Exit):
            journey.returned.append(sink)
            answer = comes_out_as(self.file.facts.functions[sink.function], self.file, self._words)
            if answer is not None and ELEMENT not in (mention.inside or ()):
                pending.append(Place(answer.root, answer.key, answer.path + (mention.inside or ())))
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
