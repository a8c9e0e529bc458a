"""What runs when an owner ends: teardown functions, and everything they reach."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from memlint.model.facts import MODULE, Call, ExitKind, FateKind, Function, FunctionKind, UnitKind, Write
from memlint.model.value import Closure, Constant, Place, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.names import Vocabulary, words_of
from memlint.semantics.running.answered import answered_by_callback
from memlint.semantics.value.flow import Flow

_LETS_GO = re.compile(
    r"^(remove\w*Listener|off|un\w+|clear\w*|cancel\w*|disconnect|dispose|destroy|close|end|terminate|abort|release|stop|"
    r"kill|revoke\w*|detach|delete|shutdown|quit|remove)$"
)
_TAKES_OFF = re.compile(
    r"^(off|un|unbind|unlisten|unsubscribe|unobserve|detach|detachEvent|remove\w*(Listener|Handler|Observer|Callback|Hook))$"
)
"""Calls that are given a function to forget it: it does not run there."""
_ENDED = frozenset(
    {"closed", "destroyed", "disposed", "ended", "stopped", "terminated", "closing", "destroying", "ending", "stopping"}
)
"""What a flag is called that a teardown sets: `this._closed = true`."""

_OF_SCOPES = ("$on", "$once")
_SCOPE_ENDS = "$destroy"
"""What a scope says as it goes, and all that was made for it with it (AngularJS, $rootScope.Scope: $destroy)."""


class Reach:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow, vocabulary: Vocabulary, words: WordLists) -> None:
        self.file = file
        self.words = words
        self.vocabulary = vocabulary
        self.flow = flow
        self._memo: dict[int, frozenset[int]] = {}
        self._unit_ends: dict[int, list[int]] = {}
        self._closure_ends: dict[int, list[int]] = {}
        self._answers = answered_by_callback(file)

    def teardowns(self, function: int) -> list[Function]:
        """The functions that end the owner of what a function acquires.

        The owner is the innermost that has any: a closure around it that returns or keeps ending functions, the unit,
        the module.
        """
        for here in self.file.enclosing(function):
            found = self._of_closure(here, function)
            if not found and here.unit >= 0 and here.kind is not FunctionKind.ARROW:
                found = self._of_unit(here.unit, function)
            if found:
                return found
        return []

    def _of_unit(self, unit: int, function: int) -> list[Function]:
        if unit not in self._unit_ends:
            self._unit_ends[unit] = [
                index
                for candidate in (unit, *self.file.relatives(unit))
                for name, index in self.file.facts.units[candidate].methods
                if self._is_end(name, index)
            ]
            own = {unit, *self.file.relatives(unit)}
            self._unit_ends[unit] += [
                handed for here, handed in self._told_at_the_end if self._unit_around(here) in own
            ]
        return self._others(self._unit_ends[unit], function)

    def _others(self, ends: Iterable[int], function: int) -> list[Function]:
        """Those of the ends that do not contain the function themselves."""
        return [self.file.facts.functions[index] for index in ends if not self.file.contains(index, function)]

    def _is_end(self, name: str, index: int) -> bool:
        """Whether a function ends its owner: its name says so plainly, or says so and it lets something go."""
        if not self.vocabulary.ends(name):
            return False
        if self._only_answers(index) or self._is_about_another(index) or self._only_takes_a_handler(name, index):
            return False
        return self.vocabulary.ends_plainly(name) or self._lets_go(index)

    def _only_answers(self, index: int) -> bool:
        """A function that does nothing but tell its caller something: `stopDown(handled) { return handled; }`."""
        file = self.file
        if any(known.get(index) for known in (file.calls_in, file.writes_in, file.written_in)):
            return False
        answers = [exit_.value for exit_ in file.exits_of.get(index, ()) if exit_.kind is ExitKind.RETURN]
        return any(not isinstance(answer, Closure) and not _is_itself(answer) for answer in answers)

    def _is_about_another(self, index: int) -> bool:
        """`disconnect(deviceId)`, `unlisten(pattern)`: who is told which one ends one of many, and goes on."""
        function = self.file.facts.functions[index]
        told = words_of(function.parameters[0])[-1:] if function.parameters else ()
        undoes = not self.words["undoing for one"].isdisjoint(words_of(function.name)[:1])
        return bool(told) and (undoes or not self.words["which one of many"].isdisjoint(told))

    def _only_takes_a_handler(self, name: str, index: int) -> bool:
        """`onClose(handler) { this.client.onclose = handler; }`: it tells who wants to know, and nothing has ended."""
        if words_of(name)[:1] != ("on",) or not self.file.facts.functions[index].parameters:
            return False
        given = [Place(Root.BINDING, binding.index) for binding in self.file.parameters_of.get(index, ())]
        kept = [write.value for write in self.file.writes_in.get(index, ()) if write.place.path]
        calls = self.file.calls_in.get(index, ())
        return (bool(kept) or bool(calls)) and all(
            any(value in given for value in values)
            for values in (*((one,) for one in kept), *(one.arguments for one in calls))
        )

    def _lets_go(self, index: int) -> bool:
        inside = self.reached([index])
        return any(
            _LETS_GO.match(self.file.called(call)) for here in inside for call in self.file.calls_in.get(here, ())
        ) or any(
            write.function in inside and (_empties(write) or _sets_ended(write))
            for write in self.file.facts.writes
            if write.place.path
        )

    def _of_closure(self, outer: Function, function: int) -> list[Function]:
        if outer.index not in self._closure_ends:
            self._closure_ends[outer.index] = [
                inner.index
                for inner in self.file.written_in.get(outer.index, ())
                if (self._is_end_of_module(inner) if outer.index == MODULE else self._is_end_of(inner, outer))
            ]
            self._closure_ends[outer.index] += [
                handed
                for here, handed in self._told_at_the_end
                if here == outer.index != MODULE and self._unit_around(here) < 0
            ]
            self._closure_ends[outer.index] += [at for name, at in self._answers[outer.index] if self._is_end(name, at)]
        return self._others(self._closure_ends[outer.index], function)

    def _unit_around(self, function: int) -> int:
        unit = self.file.unit_of(function)
        return unit.index if unit is not None else -1

    @cached_property
    def _told_at_the_end(self) -> list[tuple[int, int]]:
        """Functions handed on to be run at the end, each with the function that hands it on.

        `onUnmounted(() => …)`, `this.register(toDisposable(() => …))`, `this.once("close", this.onClose)`.
        """
        file = self.file
        told = [(call, 0) for name in self.vocabulary.told for call in file.calls_named.get(name, ())]
        told += [
            (call, 1)
            for name in (*sorted(self.words["listening for an event"]), *_OF_SCOPES)
            for call in file.calls_named.get(name, ())
            if (event := file.constant(call.arguments[0] if call.arguments else None)) is not None
            and (event.value == _SCOPE_ENDS or (_is_itself(call.receiver) and self._is_last_event(str(event.value))))
        ]
        handed = ((call, file.behind(call.arguments[at])) for call, at in told if at < len(call.arguments))
        return [(call.function, function) for call, function in handed if function is not None]

    def _is_last_event(self, event: str) -> bool:
        """`close`; `panel.destroy`, which an owner says of itself."""
        return event in self.words["last events"] or self.vocabulary.ends_for_good(event.rpartition(".")[2])

    def _is_end_of_module(self, inner: Function) -> bool:
        return (
            bool(inner.name) and inner.unit < 0 and self._is_exported(inner) and self._is_end(inner.name, inner.index)
        )

    def _is_end_of(self, inner: Function, outer: Function) -> bool:
        if inner.index in self.file.methods and self.file.facts.units[inner.unit].kind is not UnitKind.OBJECT:
            return False  # it ends an instance of a class that is written there
        if inner.parameters and self.words.any_of("what is handed over to be ended", words_of(inner.parameters[0])):
            return False
        named = bool(inner.name) and self._is_end(inner.name, inner.index) and not self._is_only_a_listener(inner)
        return named or self._is_returned(inner, outer)

    def _is_only_a_listener(self, inner: Function) -> bool:
        """`const leave = () => …; grid.addEventListener("pointerleave", leave)`: it runs as things go on."""
        place = inner.fate.place
        if place is None or place.root is not Root.BINDING or self.file.callers.get(inner.index):
            return False
        sinks = [mention.sink for mention in self.flow.mentions(place)]
        heard = [sink for sink in sinks if not (isinstance(sink, Call) and _TAKES_OFF.match(self.file.called(sink)))]
        return bool(heard) and all(isinstance(sink, Call) and self._hears_of_no_end(sink) for sink in heard)

    def _hears_of_no_end(self, call: Call) -> bool:
        event = self.file.constant(call.arguments[0]) if call.arguments else None
        return self.file.called(call) in self.words["registering a listener"] and (
            event is None or event.value not in self.words["last events"]
        )

    def _is_exported(self, function: Function) -> bool:
        place = function.fate.place
        return (
            place is not None
            and place.root is Root.BINDING
            and not place.path
            and int(place.key) in self.file.exported_bindings
        )

    def _is_returned(self, inner: Function, outer: Function) -> bool:
        """A function that is itself what the outer one answers: a remover, an effect's cleanup."""
        if inner.fate.kind is FateKind.RETURNED:
            return True
        place = inner.fate.place
        for exit_ in self.file.exits_of[outer.index]:
            if exit_.kind is ExitKind.RETURN and (exit_.value == place or exit_.value == Closure(inner.index)):
                return place is not None or exit_.value == Closure(inner.index)
        return False

    def reached(self, functions: Iterable[int]) -> frozenset[int]:
        """These functions, those written inside them, and all they call, in this file."""
        found: set[int] = set()
        pending = list(functions)
        while pending:
            here = pending.pop()
            if here in found:
                continue
            found.add(here)
            pending += self._steps(here)
        return frozenset(found)

    def _steps(self, function: int) -> frozenset[int]:
        known = self._memo.get(function)
        if known is None:
            known = self._memo[function] = frozenset(self._find_steps(function))
        return known

    def _find_steps(self, function: int) -> Iterable[int]:
        yield from (inner.index for inner in self.file.written_in.get(function, ()))
        for call in self._calls_in(function):
            target = self.file.target_of(call)
            if target is None:
                target = self._through_field(call)
            if target is not None:
                yield target
            else:
                yield from self._through_wrapper(call)
            for argument in call.arguments if not _TAKES_OFF.match(self.file.called(call)) else ():
                handed = self.file.function_at(argument)
                if handed is not None:
                    yield handed

    def _through_field(self, call: Call) -> int | None:
        """`this.cleanup()` where the field was given a function written here."""
        if not isinstance(call.callee, Place):
            return None
        place = self.flow.canonical(call.callee)
        for write in self.file.writes_at.get(place, ()) if place is not None else ():
            target = self.file.function_at(write.value)
            if target is not None:
                return target
        return None

    def _through_wrapper(self, call: Call) -> Iterable[int]:
        """`stop()` where `const stop = once(() => …)`: what was wrapped."""
        made = self.file.call_of(call.callee)
        for argument in made.arguments if made is not None else ():
            wrapped = self.file.function_at(argument)
            if wrapped is not None:
                yield wrapped

    def _calls_in(self, function: int) -> Iterable[Call]:
        return self.file.calls_in.get(function, ())


def _empties(write: Write) -> bool:
    """`this.view = null`, `this.notes.length = 0`."""
    if not isinstance(write.value, Constant):
        return False
    return write.value.value is None or (write.place.path[-1] == "length" and write.value.value == 0)


def _sets_ended(write: Write) -> bool:
    """`this._closed = true`: the owner notes that it has ended."""
    if write.value != Constant(True):
        return False
    return words_of(write.place.path[-1])[-1:] in {(word,) for word in _ENDED}


def _is_itself(answer: Value | None) -> bool:
    """Nothing, or the owner itself, as in `return this`."""
    return answer is None or (isinstance(answer, Place) and answer.root is Root.SELF and not answer.path)
