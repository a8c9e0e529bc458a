"""Calls that release: made on the spot, handed on by name (`timers.forEach(clearInterval)`), or bound beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memlint.model.facts import Call, FateKind
from memlint.model.frozen import replace
from memlint.model.resource import Shape
from memlint.model.value import Constant, Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.shapes import ANY, match
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.sources import VISITS

Filled = Mapping[str, Value]


class Releases:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow) -> None:
        self.file = file
        self.flow = flow
        self._known: dict[Shape, tuple[tuple[Call, Filled], ...]] = {}

    def by_detour(self, shape: Shape) -> tuple[tuple[Call, Filled], ...]:
        """Releases that are not called by name: bound beforehand, or handed to a walk over a collection."""
        known = self._known.get(shape)
        if known is None:
            known = self._known[shape] = tuple(self._find(shape))
        return known

    def _find(self, shape: Shape) -> Iterator[tuple[Call, Filled]]:
        if shape.helper is not None or shape.calls_hole:
            return
        for call in self.file.calls_named.get("bind", ()):
            bound = self._bound(call, shape)
            filled = match(shape, bound, self.file, ANY, lenient=True) if bound is not None else None
            if filled is not None:
                yield call, filled
        if not shape.receiver and len(shape.arguments) == 1:
            yield from self._by_name(shape)

    def is_misread(self, shape: Shape, filled: Filled) -> bool:
        """A text is no listener: `dom.off(element, "click", …)` has its arguments elsewhere."""
        handler = filled.get("$handler") if shape.helper is None else None
        known = self.file.constant(handler)
        return known is not None and known.value is not None

    def is_emptied_before(self, call: Call, value: Value | None) -> bool:
        """`this.timer = null; clearTimeout(this.timer);`: what is given to a call was emptied on the way to it."""
        if not isinstance(value, Place) or value.root is Root.RESULT:
            return False
        place = self.file.resolve(value) if value.path else value
        before = [
            write
            for write in self.file.writes_at.get(place, ())
            if write.function == call.function and write.extent[1] <= call.extent[0]
        ]
        last = max(before, key=lambda write: write.extent, default=None)
        return (
            last is not None
            and last.value == Constant(None)
            and last.operator == "="
            and last.region in self.file.regions_of(call.region)
        )

    def _bound(self, call: Call, shape: Shape) -> Call | None:
        """`clearTimeout.bind(null, timer)`, `bus.off.bind(bus, "saved", update)` as the call it will make."""
        receiver = call.receiver
        if receiver is None or len(call.arguments) < 2:
            return None
        name = receiver.path[-1] if receiver.path else receiver.key
        return replace(call, callee=receiver, arguments=call.arguments[1:]) if name == shape.name else None

    def _by_name(self, shape: Shape) -> Iterator[tuple[Call, Filled]]:
        """`timers.forEach(clearInterval)`: each element is what is released."""
        for mention in self.flow.mentions(Place(Root.GLOBAL, shape.name)):
            call = mention.sink
            if not isinstance(call, Call) or mention.position != 0 or call.receiver is None:
                continue
            if self.file.called(call) in VISITS:
                base = self.flow.canonical(call.receiver) or call.receiver
                yield call, {shape.arguments[0]: Place(base.root, base.key, (*base.path, "[]"))}

    def handed_in(self, call: Call, value: Value) -> list[Value] | None:
        """What callers in this file hand in for a value, if it is a parameter of the function that releases it.

        None for what is no such parameter, and for the parameter of a callback, which its caller decides.
        """
        place = self.flow.canonical(value)
        binding = self.file.binding(place) if place is not None and not place.path else None
        if binding is None or binding.kind != "parameter" or binding.member:
            return None
        if not self.file.contains(binding.function, call.function):
            return None
        if self.file.facts.functions[binding.function].fate.kind is FateKind.ARGUMENT:
            return None
        return [
            caller.arguments[binding.position]
            for caller in self.file.callers.get(binding.function, ())
            if binding.position < len(caller.arguments)
        ]
