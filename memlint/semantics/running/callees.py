"""What a call runs, beyond this file's plain names: imports by module and name, methods of what was made with `new`.

A name of another module is dotted: `dom.on` for `import {dom} from "./dom"`, `Store.prototype.subscribe` for a method
of what its class makes; the module itself is the empty name (ECMA-262, 16.2.2; Node.js, modules: `require`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from memlint.model.facts import Call, Unit, UnitKind
from memlint.model.value import Constant, Place, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.names import words_of
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import unwrapped

Key = TypeVar("Key")
Foreign = tuple[str, str]
"""A module as this file names it, and the dotted name there."""
OF_INSTANCES = "prototype"
"""The step from a class to what its instances have."""


class Callees:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow) -> None:
        self.file = file
        self.flow = flow

    def foreign(self, value: Value | None) -> Foreign | None:
        """Where a value comes from, if that is another module: by its import, or as a member of what was made there."""
        if not isinstance(value, Place):
            return None
        place = self.file.resolve(value)
        direct = self._imported(place)
        if direct is not None:
            return direct
        if place.root is Root.RESULT or not place.path:
            return None
        maker = self._class_of(Place(place.root, place.key, place.path[:-1]))
        return (maker[0], _dotted(maker[1], OF_INSTANCES, place.path[-1])) if isinstance(maker, tuple) else None

    def _imported(self, place: Place) -> Foreign | None:
        if place.root is Root.BINDING:
            entry = self.file.imports.get(int(place.key))
            if entry is not None:
                return entry.module, _dotted("" if entry.name == "*" else entry.name, *place.path)
        if place.root is Root.RESULT:
            module = required(self.file, self.file.facts.calls[int(place.key)])
            return (module, _dotted(*place.path)) if module else None
        return None

    def _class_of(self, place: Place) -> Unit | Foreign | None:
        """What makes the value of a place: a class of this file, or one of another module."""
        if place.root is Root.SELF and not place.path:
            return self.base_of(self.file.facts.units[int(place.key)])
        if place.root is Root.BINDING and not place.path:
            values = [self.file.facts.bindings[int(place.key)].value]
            if len(self.file.writes_at.get(place, ())) > 1:
                return None
        else:
            values = [write.value for write in self.file.writes_at.get(place, ()) if write.value is not None]
        found = {self._made(value) for value in values if not isinstance(value, Constant)}
        return found.pop() if len(found) == 1 else None

    def _made(self, value: Value | None) -> Unit | Foreign | None:
        call = self.file.call_of(unwrapped(value))
        if call is None or not isinstance(call.callee, Place):
            return None
        if not call.constructs and self.file.facts.language == "javascript":
            return None
        return self.unit_at(call.callee) or self._imported(self.file.resolve(call.callee))

    def is_maker(self, call: Call, words: WordLists) -> bool:
        """Whether a call makes something new: `new Panel()`, `createPanel()`, a class of Python."""
        if call.constructs:
            return True
        name = self.file.called(call)
        first = words_of(name)[:1]
        if not first or name == "require":
            return False
        return first[0] in words["makers"] or (self.file.facts.language == "python" and name[:1].isupper())

    def unit_at(self, place: Place) -> Unit | None:
        """The class of this file that a name stands for."""
        if place.root is not Root.BINDING or place.path:
            return None
        return self._units.get(int(place.key))

    @cached_property
    def _units(self) -> dict[int, Unit]:
        return {
            unit.binding: unit
            for unit in reversed(self.file.facts.units)
            if unit.binding >= 0 and unit.kind is not UnitKind.OBJECT
        }

    def base_of(self, unit: Unit) -> Foreign | None:
        """The class of another module that a class of this file extends, perhaps through others of this file."""
        for _ in range(len(self.file.facts.units)):
            if not isinstance(unit.base, Place):
                return None
            above = self.unit_at(unit.base)
            if above is None:
                return self._imported(self.file.resolve(unit.base))
            unit = above
        return None

    @cached_property
    def of_imports(self) -> dict[Foreign, list[Call]]:
        """Calls by what they run in another module."""
        return self._by(lambda call: self.foreign(call.callee))

    @cached_property
    def of_functions(self) -> dict[int, list[Call]]:
        """Calls by the function of this file that they run, methods of instances made here among them."""
        found = {function: list(calls) for function, calls in self.file.callers.items()}
        for call in self.file.facts.calls:
            receiver = call.receiver
            if receiver is None or self.file.target_of(call) is not None:
                continue
            made = self._class_of(self.file.resolve(receiver))
            target = self.file.method(made.index, call.name) if isinstance(made, Unit) else None
            if target is not None:
                found.setdefault(target, []).append(call)
        return found

    @cached_property
    def of_places(self) -> dict[Place, list[Call]]:
        """Calls by the place whose value is called: `this.off()`."""
        return self._by(lambda call: self.flow.canonical(call.callee))

    def _by(self, key: Callable[[Call], Key | None]) -> dict[Key, list[Call]]:
        """The calls of which something is known, by that."""
        found: dict[Key, list[Call]] = {}
        for call in self.file.facts.calls:
            known = key(call)
            if known is not None:
                found.setdefault(known, []).append(call)
        return found


def required(file: File, call: Call) -> str:
    """The module of `require("m")`; empty for any other call."""
    if file.called(call) != "require" or call.receiver is not None or not call.arguments:
        return ""
    constant = file.constant(call.arguments[0])
    return constant.value if constant is not None and isinstance(constant.value, str) else ""


def _dotted(*steps: str) -> str:
    return ".".join(step for step in steps if step)
