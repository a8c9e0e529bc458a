"""The calls that are given a function as an argument."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from memlint.model.facts import Call, FateKind, Function
from memlint.model.value import Closure, Compound, Value
from memlint.semantics.file import File
from memlint.semantics.tables import Index
from memlint.semantics.value.flow import Flow

_NO_CALLBACKS = frozenset({"removeEventListener", "off", "removeListener", "bind"})
"""What is given a function and never calls it."""


class Handed:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow) -> None:
        self.file = file
        self.flow = flow
        self._known: dict[int, Sequence[Call]] = {}

    def to(self, function: Function) -> Sequence[Call]:
        """Calls that receive the function as an argument, itself, bound, or by its name."""
        if function.index not in self._known:
            self._known[function.index] = self._find(function)
        return self._known[function.index]

    def is_let_go_by(self, function: Function, call: Call) -> bool:
        """`new MutationObserver((records, own) => { own.disconnect(); start(); })`: it runs until it has found it."""
        return call.constructs and any(
            self._is_observer(end.receiver, function, call)
            for end in self.file.calls_named.get("disconnect", ())
            if end.function == function.index
        )

    def _is_observer(self, value: Value | None, function: Function, call: Call) -> bool:
        place = self.flow.canonical(value)
        binding = self.file.binding(place) if place is not None and not place.path else None
        if binding is not None and binding.kind == "parameter":
            return binding.function == function.index
        return value is not None and self.file.call_of(value) == call

    def _find(self, function: Function) -> list[Call]:
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
        return [call for call in found if self.file.called(call) not in _NO_CALLBACKS]

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
