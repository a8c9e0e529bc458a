"""Objects that an owner makes and keeps: what made them, and what it does with them later."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from memlint.model.facts import MODULE, Call, FateKind, Write
from memlint.model.frozen import frozen
from memlint.model.value import Compound, Constant, Place, Root, Sequence, Value
from memlint.semantics.file import File
from memlint.semantics.value.flow import Flow, Journey
from memlint.semantics.value.values import inner_values, unwrapped


@frozen
class Child:
    """What a call made, and the place that keeps it beyond the call."""

    call: Call
    place: Place
    write: Write


class Children:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow) -> None:
        self.file = file
        self.flow = flow

    def kept(self) -> Iterator[Child]:
        """What calls make and a field, or a variable of the function around other functions, keeps."""
        for write in self.file.facts.writes:
            if write.operator not in ("=", "field", "declare", "??=", "||="):
                continue
            call = self.made(write.value)
            if call is not None and self._outlasts(write):
                yield Child(call, self.file.resolve(write.place), write)

    def made(self, value: Value | None) -> Call | None:
        """The call whose result a value is right away, if only as one of two choices."""
        value = unwrapped(value)
        if isinstance(value, Compound) and value.operator == "choice":
            made = [self.made(part) for part in value.parts]
            return next((call for call in made if call is not None), None)
        if not isinstance(value, Place) or value.root is not Root.RESULT or value.path:
            return None
        return self.file.facts.calls[int(value.key)]

    def _outlasts(self, write: Write) -> bool:
        place = write.place
        if place.root is Root.SELF:
            return len(place.path) == 1
        binding = self.file.binding(place)
        if binding is None or place.path or binding.function == MODULE or binding.kind == "parameter":
            return False
        return any(
            use.function != binding.function and self.file.contains(binding.function, use.function)
            for use in self.file.uses_of[binding.index]
        )

    def journey(self, child: Child) -> Journey:
        """Where a child goes."""
        return self.flow.journey(Place(Root.RESULT, child.call.index))

    def calls_to(self, journey: Journey) -> Iterator[Call]:
        """Method calls on what has gone a way."""
        for place in journey.places:
            yield from self.flow.calls_on.get(place, ())

    @cached_property
    def in_literals(self) -> frozenset[Place]:
        """Places that stand in a list which is walked right away: `for (const it of [this.a, this.b])`."""
        values = [value for binding in self.file.facts.bindings if isinstance(value := binding.value, Compound)]
        values += [call.callee for call in self.file.facts.calls if isinstance(call.callee, Compound)]
        return frozenset(
            self.file.resolve(inner)
            for value in values
            for part in value.parts
            if isinstance(part, Sequence)
            for inner in inner_values(part)
            if isinstance(inner, Place)
        )

    def alike(self, call: Call) -> Iterator[Call]:
        """Other calls that make the same kind of thing: the same class, the same factory."""
        place = call.callee
        if not isinstance(place, Place):
            return
        wanted = self.file.resolve(place)
        for other in self.file.calls_named.get(self.file.called(call), ()):
            same = isinstance(other.callee, Place) and self.file.resolve(other.callee) == wanted
            same = same and (call.constructs or other.arguments[:1] == call.arguments[:1] or not _names(call, other))
            if other.index != call.index and same and other.constructs == call.constructs:
                yield other


def _names(*calls: Call) -> bool:
    """Whether a factory is told by a name what to make: `create(Panel)`, `make("panel")`."""
    return any(call.arguments and isinstance(call.arguments[0], Place | Constant) for call in calls)


def is_argument_of(call: Call, file: File) -> Call | None:
    """The call that receives the result of another one right away: `this.register(new Panel())`."""
    if call.fate.kind is FateKind.ARGUMENT and call.fate.call >= 0:
        return file.facts.calls[call.fate.call]
    return None
