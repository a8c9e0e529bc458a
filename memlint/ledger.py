"""The ledger: every acquisition of a file, what filled its holes, every end it has and every end it lacks.

Pure data, no parser, no verdict. Shapes come from `rules/resources`; holes with the same name must be filled by the
same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from memlint.model.facts import (
    Call,
    Closure,
    Compound,
    Constant,
    Extent,
    Place,
    Record,
    Root,
    Value,
)
from memlint.model.resource import Holder, Resource, Shape
from memlint.semantics.collections import Collection, Collections
from memlint.semantics.file import File, unwrapped
from memlint.semantics.flow import Flow, Journey
from memlint.semantics.frequency import Frequencies, Frequency
from memlint.semantics.origin import Origin, Origins

_GLOBAL_OBJECTS = frozenset({"window", "globalThis", "global", "self", "timers", "root", "win", "w", "activeWindow"})
_OPTIONAL = frozenset({"$options"})

Holes = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class End:
    """A call that gives an acquisition back; `whole` if it does so for every holder at once."""

    call: Call
    shape: Shape


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A call that looks like the end and is none: which hole differs, and why."""

    call: Call
    shape: Shape
    hole: str
    why: str


@dataclass(frozen=True, slots=True)
class Lifetime:
    """One acquisition: its row and call, its holes, who holds it, how often it happens, and what ends it."""

    resource: Resource
    shape: Shape
    call: Call
    holes: Holes
    origin: Origin
    frequency: Frequency
    journey: Journey
    ends: tuple[End, ...]
    near_misses: tuple[NearMiss, ...]
    start: Extent
    """Where it begins to be held: the acquisition itself, or the call that starts it."""


class Insight:
    """A file with everything that can be asked about it: what visitors receive."""

    def __init__(self, file: File, resources: Sequence[Resource]) -> None:
        self.file = file
        self.flow = Flow(file)
        self.origins = Origins(file, self.flow)
        self.frequencies = Frequencies(file, self.flow, self.origins)
        self.growth = Collections(file, self.flow, self.origins, self.frequencies)
        self.resources = resources
        self._collections: list[Collection] | None = None
        self._lifetimes: tuple[Lifetime, ...] | None = None

    @property
    def collections(self) -> list[Collection]:
        """Every collection that outlives the calls that feed it."""
        if self._collections is None:
            self._collections = self.growth.found()
        return self._collections

    @property
    def lifetimes(self) -> tuple[Lifetime, ...]:
        """Every acquisition that a table row knows, in source order."""
        if self._lifetimes is None:
            read = sorted(self._read(), key=lambda life: life.call.extent)
            busy = {end.call.index for life in read for end in life.ends} | {life.call.index for life in read}
            self._lifetimes = tuple(_without_busy(life, busy) for life in read)
        return self._lifetimes

    def _read(self) -> Iterator[Lifetime]:
        language = self.file.facts.language
        for resource in self.resources:
            if language not in resource.languages:
                continue
            for shape in resource.acquire:
                for call in self.file.calls_named.get(shape.name, ()):
                    holes = match(shape, call, self.file, resource.modules)
                    if holes is not None:
                        yield self._lifetime(resource, shape, call, holes)

    def _lifetime(self, resource: Resource, shape: Shape, call: Call, found: Holes) -> Lifetime:
        holes = dict(found)
        start = call.extent
        for starting in resource.started_by:
            started = self._started(starting, call)
            if started is not None:
                start = started[0].extent
                holes.update({name: value for name, value in started[1].items() if name != shape.result})
        held = holes.get(resource.holder)
        origin = self.origins.of(held) if held is not None else _process(resource)
        journey = self.flow.journey(Place(Root.RESULT, call.index))
        ends, near = self._ends(resource, shape, call, holes, journey)
        return Lifetime(
            resource,
            shape,
            call,
            holes,
            origin,
            self.frequencies.of_call(call),
            journey,
            ends,
            near,
            start,
        )

    def _started(self, shape: Shape, made: Call) -> tuple[Call, Holes] | None:
        """The call that starts what was made: `observer.observe(target)`."""
        journey = self.flow.journey(Place(Root.RESULT, made.index))
        for call in self.file.calls_named.get(shape.name, ()):
            holes = match(shape, call, self.file, ())
            receiver = holes.get(shape.receiver) if holes is not None else None
            if holes is not None and receiver is not None:
                place = self.flow.canonical(receiver)
                if receiver == Place(Root.RESULT, made.index) or place in journey.places:
                    return call, holes
        return None

    def _ends(
        self, resource: Resource, acquired: Shape, call: Call, holes: Holes, journey: Journey
    ) -> tuple[tuple[End, ...], tuple[NearMiss, ...]]:
        ends: list[End] = []
        near: list[NearMiss] = []
        for shape in resource.release:
            for candidate in self._candidates(shape):
                if candidate.index == call.index:
                    continue
                filled = match(shape, candidate, self.file, (), lenient=True)
                if filled is None:
                    continue
                wrong = self._differences(resource, acquired, holes, filled, journey)
                if not wrong:
                    ends.append(End(candidate, shape))
                elif len(wrong) == 1:
                    near.append(NearMiss(candidate, shape, *wrong[0]))
        ended = {end.call.index for end in ends}
        return tuple(ends), tuple(miss for miss in near if miss.call.index not in ended)

    def _candidates(self, shape: Shape) -> Iterable[Call]:
        return self.file.calls_named.get(shape.name, ())

    def _differences(
        self, resource: Resource, acquired: Shape, holes: Holes, filled: Holes, journey: Journey
    ) -> list[tuple[str, str]]:
        """The holes that an end fills otherwise than the acquisition did."""
        wrong: list[tuple[str, str]] = []
        for name, value in filled.items():
            if name == acquired.result:
                if not self._in_journey(value, journey):
                    wrong.append((name, "another handle"))
            elif name == "$options":
                continue
            elif name in holes and not self._same_hole(name, holes[name], value):
                if self._is_certain(name, holes[name], value):
                    wrong.append((name, self._why(name, holes[name], value)))
        if "$options" in holes or "$options" in filled:
            if captures(self.file, holes.get("$options")) != captures(self.file, filled.get("$options")):
                wrong.append(("$options", "another capture flag"))
        return wrong

    def _in_journey(self, value: Value, journey: Journey) -> bool:
        place = self.flow.canonical(value)
        if place is None:
            return False
        if place in journey.places:
            return True
        if place.path and place.path[-1] == "[]":
            return any(
                known.root is place.root
                and known.key == place.key
                and len(known.path) >= len(place.path)
                and known.path[: len(place.path) - 1] == place.path[:-1]
                for known in journey.places
            )
        return False

    def _same_hole(self, name: str, acquired: Value, released: Value) -> bool:
        if name != "$handler":
            return self.flow.same(acquired, released)
        if is_fresh(self.file, released):
            return False
        if isinstance(unwrapped(acquired), Closure) and isinstance(unwrapped(released), Closure):
            return acquired == released
        if self.flow.same(acquired, released):
            return True
        place = self.flow.canonical(released)
        if place is None:
            return False
        journey = self.flow.journey(acquired)
        if self._in_journey(released, journey):
            return True
        function, other = self.file.function_at(acquired), self.file.function_at(released)
        return function is not None and function == other and not is_fresh(self.file, acquired)

    def _is_certain(self, name: str, acquired: Value, released: Value) -> bool:
        """Whether two different values cannot turn out the same: an unknown event or target may."""
        if name == "$event":
            return self.file.constant(acquired) is not None and self.file.constant(released) is not None
        if name == "$target":
            return are_other_targets(acquired, released, self.file, self.flow)
        if name == "$handler":
            return self._is_other_handler(acquired, released)
        return True

    def _is_other_handler(self, acquired: Value, released: Value) -> bool:
        """Whether two handlers are certainly not one function: one is made on the spot, or both are known here."""
        if is_fresh(self.file, released):
            return True
        known = self.file.function_at(released)
        if is_fresh(self.file, acquired):
            return known is not None or self._is_own_field(released)
        return known is not None and (self.file.function_at(acquired) is not None or self._is_own_field(acquired))

    def _is_own_field(self, value: Value) -> bool:
        """A field that this file itself never gives a function from outside."""
        place = self.flow.canonical(value)
        return place is not None and place.root is Root.SELF and "[]" not in place.path and place in self.file.writes_at

    def _why(self, name: str, acquired: Value, released: Value) -> str:
        text = self.file.name_of
        if name == "$event":
            return f"of another event, {text(released)} instead of {text(acquired)}"
        if name == "$handler":
            fresh = is_fresh(self.file, released)
            if fresh:
                return f"with a function made anew ({fresh})"
            return f"with another function, `{text(released)}` instead of `{text(acquired)}`"
        if name == "$target":
            return f"from another target, `{text(released)}` instead of `{text(acquired)}`"
        return "of something else"


def _without_busy(life: Lifetime, busy: set[int]) -> Lifetime:
    """A call that ends something else as it should is no near miss."""
    misses = tuple(miss for miss in life.near_misses if miss.call.index not in busy)
    return life if len(misses) == len(life.near_misses) else replace(life, near_misses=misses)


def are_other_targets(added: Value, removed: Value, file: File, flow: Flow) -> bool:
    """Two places that are certainly not one object: two globals, two fields, two results of a fresh look-up."""
    one, other = flow.canonical(added), flow.canonical(removed)
    if one is None or other is None or one == other:
        return False
    if one.root is Root.RESULT and other.root is Root.RESULT:
        first, second = file.facts.calls[int(one.key)], file.facts.calls[int(other.key)]
        return file.called(first) == file.called(second) == "matchMedia"
    known = {one.root, other.root} <= {Root.GLOBAL, Root.SELF} and "[]" not in one.path + other.path
    return known and one.root is other.root


def is_fresh(file: File, value: Value | None) -> str:
    """Why a value is a new function on each evaluation; empty if it need not be one."""
    value = unwrapped(value)
    if isinstance(value, Closure):
        return "written in place"
    if isinstance(value, Place) and value.root is Root.RESULT and not value.path:
        call = file.facts.calls[int(value.key)]
        if file.called(call) == "bind":
            return "a fresh `bind`"
        if file.called(call) in ("debounce", "throttle", "partial", "curry", "proxy"):
            return f"a fresh `{file.called(call)}`"
    if isinstance(value, Compound) and value.operator == "member":
        return "written in place"
    return ""


def captures(file: File, options: Value | None) -> bool:
    """Whether listener options ask for the capture phase (DOM, 2.7: flatten)."""
    options = unwrapped(options)
    if isinstance(options, Record):
        options = dict(options.items).get("capture")
    elif isinstance(options, Place):
        known = file.constant(options)
        if known is None:
            capture = file.constant(Place(options.root, options.key, (*options.path, "capture")))
            return bool(capture is not None and capture.value)
        options = known
    constant = file.constant(options)
    return bool(constant is not None and constant.value)


def match(
    shape: Shape, call: Call, file: File, modules: Sequence[str], *, lenient: bool = False
) -> dict[str, Value] | None:
    """What fills the holes of a shape if the call has it; `lenient` lets a release leave arguments out."""
    if file.called(call) != shape.name or (shape.constructs and not call.constructs):
        return None
    holes: dict[str, Value] = {}
    if not _match_receiver(shape, call, file, holes, shape.modules or modules):
        return None
    if not _match_arguments(shape, call, file, holes, lenient=lenient):
        return None
    if "$handler" in holes and not lenient and not _can_be_handler(holes["$handler"], call, file):
        return None
    if shape.result:
        holes[shape.result] = Place(Root.RESULT, call.index)
    return holes


def _can_be_handler(value: Value, call: Call, file: File) -> bool:
    """Whether an argument can be the listener: no text, and no function follows it (`on(target, event, listener)`)."""
    if file.constant(value) is not None:
        return False
    later = call.arguments[2:] if len(call.arguments) > 2 else ()
    return file.function_at(value) is not None or not any(
        file.function_at(argument) is not None or is_fresh(file, argument) for argument in later
    )


def _match_receiver(shape: Shape, call: Call, file: File, holes: dict[str, Value], modules: Sequence[str]) -> bool:
    receiver = call.receiver
    callee = call.callee
    if not shape.receiver:
        if receiver is None:
            return isinstance(callee, Place) and _is_ambient(callee, file, modules)
        if receiver.root is Root.GLOBAL and not receiver.path and receiver.key in _GLOBAL_OBJECTS:
            return not modules
        return _is_module(receiver, file, modules or ("timers", "node:timers"))
    if shape.receiver.startswith("$"):
        if receiver is None:
            return False
        if modules and not _is_module(receiver, file, modules) and not _is_made_by(receiver, file, modules):
            return False
        holes[shape.receiver] = receiver
        return True
    return receiver is not None and (
        file.name_of(receiver) == shape.receiver
        or file.name_of(receiver).removeprefix("window.") == shape.receiver
        or _is_module(receiver, file, modules)
    )


def _is_ambient(callee: Place, file: File, modules: Sequence[str]) -> bool:
    """A plain name that is not the file's own: a global, or an import (of one of the modules, if any are named)."""
    if callee.root is Root.GLOBAL:
        return not modules
    if callee.root is not Root.BINDING:
        return False
    entry = file.imports.get(int(callee.key))
    if entry is None:
        return False
    if modules:
        return entry.module in modules
    return entry.module in ("timers", "node:timers")


def _is_module(receiver: Place, file: File, modules: Sequence[str]) -> bool:
    if receiver.root is not Root.BINDING or receiver.path:
        return False
    entry = file.imports.get(int(receiver.key))
    return entry is not None and entry.module in modules


def _is_made_by(receiver: Place, file: File, modules: Sequence[str]) -> bool:
    """A value that a function or class of one of the modules made: `Path(name).open()`."""
    made = file.call_of(receiver)
    callee = made.callee if made is not None else None
    if not isinstance(callee, Place) or callee.root is not Root.BINDING:
        return False
    entry = file.imports.get(int(callee.key))
    return entry is not None and entry.module in modules


def _match_arguments(shape: Shape, call: Call, file: File, holes: dict[str, Value], *, lenient: bool) -> bool:
    arguments = call.arguments
    for position, wanted in enumerate(shape.arguments):
        if wanted == "...":
            return True
        if position >= len(arguments):
            return wanted in _OPTIONAL
        if wanted.startswith("$"):
            holes[wanted] = arguments[position]
        else:
            constant = file.constant(arguments[position])
            if constant is None or constant != Constant(wanted.strip("'\"")):
                return False
    extra = len(arguments) > len(shape.arguments)
    if extra and len(shape.arguments) == 1 and not lenient:
        return False
    return not (lenient and extra and len(shape.arguments) < 2 and shape.name in ("off", "removeAllListeners"))


def _process(resource: Resource) -> Origin:
    phrase = "the event loop" if resource.holder == "process" else "the process"
    return Origin(Holder.PROCESS, phrase)
