"""Copies of a collection: whether a value is the same with more in it, with less in it, or apart from it."""

from __future__ import annotations

from memlint.model.facts import Call
from memlint.model.value import Compound, Place, Record, Root, Sequence, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import unwrapped

_CUTS = frozenset({"filter", "slice"})
_GIVES_COPY = frozenset(
    {"slice", "splice", "filter", "concat", "values", "entries", "copy", "items", "flat", "toArray"}
)


class Copies:
    """Answers for one file; a collection is told by its canonical place."""

    def __init__(self, file: File, flow: Flow, words: WordLists) -> None:
        self.file = file
        self.flow = flow
        self._looks = words["looking at a list"]

    def is_apart(self, value: Place) -> bool:
        """`notify(waiting.splice(0))`: whoever is handed a copy cannot reach the collection."""
        call = self.file.facts.calls[int(value.key)] if value.root is Root.RESULT and not value.path else None
        return call is not None and self.file.called(call) in _GIVES_COPY

    def is_only_looked_at(self, function: int, position: int) -> bool:
        """`paint(nodes)`, with `function paint(list) { list.forEach(…); }`: who is handed it takes nothing out."""
        bindings = self.file.parameters.get((function, position), ())
        return bool(bindings) and all(self._is_looked_at(Place(Root.BINDING, index), function) for index in bindings)

    def _is_looked_at(self, given: Place, function: int) -> bool:
        if self.file.facts.bindings[int(given.key)].member:
            return False
        sinks = [mention.sink for mention in self.flow.mentions(given)]
        if any(not (isinstance(sink, Call) and self.file.called(sink) in self._looks) for sink in sinks):
            return False
        inside = list(self.file.inside(function))
        own = [write.place for index in inside for write in self.file.writes_in.get(index, ())]
        if any(place.root is given.root and place.key == given.key and len(place.path) < 2 for place in own):
            return False
        calls = [call for index in inside for call in self.file.calls_in.get(index, ())]
        return all(self.file.called(call) in self._looks for call in calls if call.receiver == given)

    def is_filtered(self, value: Value | None, place: Place) -> bool:
        """`rooms[name] = rooms[name].filter(…)`."""
        call = self.file.call_of(value)
        return call is not None and self.file.called(call) == "filter" and self.flow.canonical(call.receiver) == place

    def is_longer(self, value: Value, place: Place) -> bool:
        """`items = items.concat(more)`."""
        call = self.file.call_of(value)
        return (
            call is not None
            and self.file.called(call) == "concat"
            and self.flow.canonical(call.receiver) == place
            and not self._is_cut(call.receiver)
        )

    def has_all(self, value: Sequence | Record, place: Place) -> bool:
        """`items = [...items, item]`, `table = {...table, [key]: value}`."""
        return any(
            isinstance(item, Compound) and item.operator == "spread" and self.flow.canonical(item.parts[0]) == place
            for item in _items(value)
        )

    def has_a_cut(self, value: Sequence | Record) -> bool:
        """`[item, ...items.slice(0, 9)]`, `[...items.filter(…), item]`: less than all of it is copied."""
        return any(self._is_cut(item) for item in _items(value))

    def is_left_unused(self, call: Call) -> bool:
        """`items.slice(index, 1);`, `items.filter((item) => item !== gone);`: less in a copy that nobody keeps."""
        name = self.file.called(call)
        if name not in _CUTS:
            return False
        told = self.file.function_at(call.arguments[0]) if call.arguments and name == "filter" else None
        answers = [unwrapped(exit_.value) for exit_ in self.file.exits_of[told]] if told is not None else []
        differs = any(isinstance(answer, Compound) and answer.operator in ("!==", "!=") for answer in answers)
        return differs or (name == "slice" and len(call.arguments) == 2)

    def _is_cut(self, value: Value | None) -> bool:
        if isinstance(value, Compound) and value.operator == "spread":
            value = value.parts[0]
        call = self.file.call_of(value)
        return call is not None and self.file.called(call) in _CUTS and bool(call.arguments)


def _items(value: Sequence | Record) -> list[Value]:
    return list(value.items) if isinstance(value, Sequence) else [item for _, item in value.items]
