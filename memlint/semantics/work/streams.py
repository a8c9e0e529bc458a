"""Streams: what is written in a loop, what is collected from them, and what keeps either in check."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from memlint.model.facts import MODULE, Call, ExitKind, Function, Region, RegionKind, Write
from memlint.model.value import Compound, Place, Record, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.names import words_of
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import inner_values, unwrapped

_COMPARES = frozenset({"<", "<=", ">", ">="})
_SIZES = ("length", "byteLength", "size")
_SIZE_WORDS = frozenset({"length", "size", "bytes", "total", "received", "limit", "max", "most"})


class Streams:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow, words: WordLists) -> None:
        self.file = file
        self.flow = flow
        self.words = words

    def source_of(self, call: Call) -> str:
        """What brings the pieces, one by one, that a call handles: a loop that waits for each, a 'data' handler."""
        for index in self.file.regions_of(call.region):
            region = self.file.facts.regions[index]
            if region.kind is RegionKind.LOOP and self._waits(region):
                return "a loop that waits for each piece"
        return "a 'data' handler" if call.function in self.data_handlers else ""

    def _waits(self, region: Region) -> bool:
        """Whether a loop waits for its next piece: `for await`, or `await reader.read()` in its body."""
        return any(
            exit_.kind is ExitKind.AWAIT and region.extent[0] <= exit_.extent[0] < region.extent[1]
            for exit_ in self.file.exits_of.get(region.function, ())
        )

    @cached_property
    def data_handlers(self) -> dict[int, Call]:
        """Functions that handle a 'data' event, with the call that says so: `source.on('data', handler)`."""
        found: dict[int, Call] = {}
        for name in ("on", "addListener"):
            for call in self.file.calls_named.get(name, ()):
                event = self.file.constant(call.arguments[0]) if len(call.arguments) > 1 else None
                handler = (
                    self.file.function_at(call.arguments[1]) if event is not None and event.value == "data" else None
                )
                if handler is not None:
                    found[handler] = call
        return found

    def answers_itself(self, call: Call) -> bool:
        """`socket.on("data", () => socket.write(LOGIN))`: a dialogue writes no more than the other side waits for."""
        heard = self.data_handlers.get(call.function)
        if heard is None or not self.flow.same(heard.receiver, call.receiver):
            return False
        pieces = self.file.facts.functions[call.function].parameters
        given: list[Value] = [inner for argument in call.arguments for inner in inner_values(argument)]
        asked = [other for value in given if (other := self.file.call_of(value)) is not None]
        given += [inner for one in asked for part in one.arguments for inner in inner_values(part)]
        given += [one.receiver for one in asked if one.receiver is not None]
        return not any(self.file.name_of(value).split(".")[0] in pieces for value in given if isinstance(value, Place))

    def is_writable(self, place: Place) -> bool:
        """Whether something is a stream to write to: made as one, or called like one, and ended in this file."""
        if place.root is Root.GLOBAL:
            return False
        made = self.file.call_of(place)
        if made is not None and self.file.called(made) in self.words["stream makers"]:
            return True
        if made is not None and self._answers_with_a_record(made):
            return False
        if not self.words.any_of("stream names", words_of(self.file.name_of(place))[-1:]):
            return False
        here = self.flow.canonical(place)
        return any(
            call.receiver is not None and self.flow.canonical(call.receiver) == here
            for name in ("end", "destroy")
            for call in self.file.calls_named.get(name, ())
        )

    def _answers_with_a_record(self, made: Call) -> bool:
        """Whether a function of this file made it, out of a plain literal: it has no queue that could be full."""
        target = self.file.target_of(made)
        return target is not None and any(
            exit_.kind is ExitKind.RETURN and isinstance(unwrapped(exit_.value), Record)
            for exit_ in self.file.exits_of.get(target, ())
        )

    def is_held_back(self, call: Call) -> bool:
        """Whether the functions around a write know of a full stream: they wait for 'drain', or pause the source."""
        outer = [here.index for here in self.file.enclosing(call.function) if here.index != MODULE]
        around = outer[-1] if outer else MODULE
        for inner in self.file.inside(around):
            for other in self.file.calls_in.get(inner, ()):
                if self.file.called(other) in ("pause", "cork", "pipeline", "waitForDrain", "pipe"):
                    return True
                if any(
                    "drain" in str(constant.value) for constant in map(self.file.constant, other.arguments) if constant
                ):
                    return True
            for use in self.file.uses_in.get(inner, ()):
                if set(use.path) & {"writableNeedDrain", "ready", "desiredSize", "bufferedAmount", "writableLength"}:
                    return True
        return any("drain" in self.file.called(other).lower() for other in self.file.calls_in.get(call.function, ()))

    # Collecting

    def is_request(self, value: Value | None) -> bool:
        """Whether something is a request that a server was sent: by its name, in a function that takes it."""
        place = unwrapped(value)
        if not isinstance(place, Place):
            return False
        name = self.file.name_of(place).split(".")[-1]
        if self.words.any_of("request names", words_of(name)) and len(words_of(name)) == 1:
            binding = self.file.binding(self.file.resolve(place))
            return binding is None or binding.kind == "parameter"
        return False

    def gatherings(self, function: Function) -> Iterator[tuple[Call | Write, Place]]:
        """Where a function appends to a text, a buffer or a list: `body += piece`, `chunks.push(piece)`."""
        for write in self.file.writes_in[function.index]:
            if write.operator == "+=" or self._is_concatenated(write):
                yield write, write.place
        for call in self.file.calls_in.get(function.index, ()):
            if self.file.called(call) == "push" and call.receiver is not None and call.arguments:
                yield call, call.receiver

    def _is_concatenated(self, write: Write) -> bool:
        """`body = Buffer.concat([body, piece])`, `body = body + piece`."""
        value = unwrapped(write.value)
        call = self.file.call_of(value) if isinstance(value, Place) else None
        if call is not None and self.file.called(call) == "concat":
            return any(inner == write.place for argument in call.arguments for inner in inner_values(argument))
        return isinstance(value, Compound) and value.operator == "+" and write.place in value.parts

    def is_measured(self, function: int) -> bool:
        """Whether the functions around compare a size with something: whoever does so has a limit in mind."""
        outer = [here.index for here in self.file.enclosing(function) if here.index != MODULE]
        return any(
            self._asks_size(region.test)
            for inner in self.file.inside(outer[-1] if outer else function)
            for region in self.file.regions_in[inner]
        ) or any(self._asks_length(inner) for inner in self.file.inside(outer[-1] if outer else function))

    def _asks_size(self, test: Value | None) -> bool:
        for inner in inner_values(test):
            if isinstance(inner, Compound) and inner.operator in _COMPARES:
                for part in inner.parts:
                    if isinstance(part, Place) and self._is_size(part):
                        return True
        return False

    def _is_size(self, place: Place) -> bool:
        name = self.file.name_of(place).split(".")[-1]
        return place.path[-1:] in {(size,) for size in _SIZES} or bool(set(words_of(name)) & _SIZE_WORDS)

    def _asks_length(self, function: int) -> bool:
        """`request.headers['content-length']`, `request.get('content-length')`."""
        for call in self.file.calls_in.get(function, ()):
            known = [constant.value for constant in map(self.file.constant, call.arguments) if constant is not None]
            if any("content-length" in str(value).lower() for value in known):
                return self.file.called(call) not in ("setHeader", "writeHead", "set", "header")
        return any("content-length" in use.path for use in self.file.uses_in.get(function, ()))
