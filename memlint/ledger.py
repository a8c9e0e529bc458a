"""The ledger: every acquisition of a file, what filled its holes, every end it has and every end it lacks.

Pure data, no parser, no verdict. Shapes come from `rules/resources`; holes with the same name must be filled by the
same place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

from memlint.model.facts import (
    Call,
    Closure,
    Compound,
    Constant,
    Extent,
    Place,
    Root,
    Value,
)
from memlint.model.resource import Holder, Owner, Resource, Shape, Table
from memlint.model.words import WordLists
from memlint.semantics.bounds import Bounds
from memlint.semantics.callees import Callees
from memlint.semantics.children import Children
from memlint.semantics.collections import Collection
from memlint.semantics.events import covers
from memlint.semantics.feeding import Feeding
from memlint.semantics.file import File, unwrapped
from memlint.semantics.flow import Flow, Journey
from memlint.semantics.frequency import Frequencies, Frequency
from memlint.semantics.identity import are_other_targets, captures, is_fresh, is_own_field
from memlint.semantics.keys import Keys
from memlint.semantics.lists import Lists
from memlint.semantics.names import vocabulary_of
from memlint.semantics.origin import Origin, Origins
from memlint.semantics.reach import Reach
from memlint.semantics.released import Holes, Release, Released
from memlint.semantics.releases import Filled, Releases
from memlint.semantics.running import Running
from memlint.semantics.shapes import ANY, is_named, match
from memlint.semantics.tables import Index
from memlint.semantics.ways import Ways

Answer = TypeVar("Answer")
REMOVER = "remover"
"""The kind of what the project's own functions answer with, to strike out again what they entered in a list."""
CHILD = "child"
"""The kind of an instance of a class of the project that must be ended."""
_NOTHING = Compound("other", ())
_ANYTHING = Constant(None)
"""In place of an event or a handler: all of them go, `off(null, null, this)`."""
_HOLDERS = {"process": "the event loop", "platform": "the platform", "owner": "the page or the process around it"}
_PLAIN_COLLECTIONS = frozenset({"Set", "Map", "Array", "WeakSet", "WeakMap"})
"""What forgets its elements when it is cleared, and ends none of them."""


@dataclass(frozen=True, slots=True)
class End:
    """A call that gives an acquisition back, and the shape that says so."""

    call: Call
    shape: Shape


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A call that looks like the end and is none: which hole differs, and what it was given there."""

    call: Call
    shape: Shape
    hole: str
    released: Value


@dataclass(frozen=True, slots=True, eq=False)
class Lifetime:
    """One acquisition: its row and call, its holes, who holds it, how often it happens, and what ends it.

    It is equal to itself alone, and so a key.
    """

    resource: Resource
    shape: Shape
    call: Call
    holes: Holes
    origin: Origin
    frequency: Frequency
    journey: Journey
    ends: tuple[End, ...]
    doubtful_ends: tuple[End, ...]
    """Calls that may end this one, or another: nothing in the file says which."""
    start: Extent
    """Where it begins to be held: the acquisition itself, or the call that starts it."""


@dataclass(slots=True)
class _Book:
    """What was read with one table, as far as anybody asked."""

    lifetimes: tuple[Lifetime, ...] | None = None
    answers: dict[Callable[[Insight], object], object] = field(default_factory=dict)


class Insight:
    """A file with everything that can be asked about it: what visitors receive."""

    def __init__(self, file: File, resources: Sequence[Resource], owners: Sequence[Owner], words: WordLists) -> None:
        self.file = file
        self.words = words
        self.vocabulary = vocabulary_of(tuple(owners))
        self.flow = Flow(file)
        self.children = Children(file, self.flow)
        self.callees = Callees(file, self.flow)
        self.origins = Origins(file, self.flow, words)
        self.frequencies = Frequencies(file, self.flow, self.origins, self.vocabulary, words)
        self.reach = Reach(file, self.flow, self.vocabulary)
        self.keys = Keys(file, self.flow, words)
        self.running = Running(file)
        self.ways = Ways(file)
        self.bounds = Bounds(file, self.flow, self.keys, self.running)
        self.releases = Releases(file, self.flow)
        self.lists = Lists(file, words)
        self.resources = resources if isinstance(resources, Table) else Table(resources)
        self._collections: list[Collection] | None = None
        self._released: dict[int, Released] = {}
        self._starts: dict[Shape, Index[Place | None, tuple[int, Call, Holes]]] = {}
        self._book = _Book()
        self.emptied: frozenset[int] = frozenset()
        """Bindings of the module whose collections other files empty."""

    def grown(self, resources: Sequence[Resource]) -> Insight:
        """The same file, read with a grown table."""
        other = copy(self)
        other.resources = Table(resources)
        other._book = _Book()  # noqa: SLF001 - our own
        return other

    @cached_property
    def lookers(self) -> dict[str, list[str]]:
        """For each kind, the functions that take one as an argument and leave the duty where it is."""
        found: dict[str, list[str]] = {}
        for row in self.resources:
            found.setdefault(row.kind, []).extend(row.looked_at_by)
        return found

    @property
    def collections(self) -> list[Collection]:
        """Every collection that outlives the calls that feed it."""
        if self._collections is None:
            feeding = Feeding(self.file, self.flow, self.origins, self.frequencies, self.words)
            self._collections = feeding.found()
            for collection in self._collections:
                binding = self.file.binding(collection.place)
                collection.escapes |= binding is not None and binding.index in self.emptied
        return self._collections

    @property
    def lifetimes(self) -> tuple[Lifetime, ...]:
        """Every acquisition that a table row knows, in source order."""
        if self._book.lifetimes is None:
            self._book.lifetimes = tuple(_best_known(sorted(self._read(), key=lambda life: life.call.extent)))
        return self._book.lifetimes

    def _read(self) -> Iterator[Lifetime]:
        language = self.file.facts.language
        for _, resource, shape in self.resources.acquiring.of(self.file.calls_named):
            if language not in resource.languages:
                continue
            modules = resource.modules or (ANY if resource.is_of_the_project else ())
            for call in self.candidates(shape):
                holes = match(shape, call, self.file, modules)
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
        held = holes.get(resource.holder) or holes.get("$source")
        origin = self.origins.of(held) if held is not None else _process(resource)
        journey = self.flow.journey(Place(Root.RESULT, call.index))
        ends, doubtful = self._ends(resource, shape, call, holes, journey)
        return Lifetime(
            resource,
            shape,
            call,
            holes,
            origin,
            self.frequencies.of_call(call),
            journey,
            ends,
            doubtful,
            start,
        )

    def _started(self, shape: Shape, made: Call) -> tuple[Call, Holes] | None:
        """The call that starts what was made: `observer.observe(target)`."""
        if shape not in self._starts:
            self._starts[shape] = self._starting(shape)
        places = self.flow.journey(Place(Root.RESULT, made.index)).places
        found = [start for place in places for start in self._starts[shape][place]]
        return min(found, key=lambda start: start[0])[1:] if found else None

    def _starting(self, shape: Shape) -> Index[Place | None, tuple[int, Call, Holes]]:
        """The calls that start something, numbered, by what they are called on."""
        found: dict[Place | None, list[tuple[int, Call, Holes]]] = {}
        for number, call in enumerate(self.file.calls_named.get(shape.name, ())):
            holes = match(shape, call, self.file, ())
            if holes is not None and shape.receiver in holes:
                for place in {call.receiver, self.flow.canonical(call.receiver)}:
                    found.setdefault(place, []).append((number, call, holes))
        return Index(found)

    def _ends(
        self, resource: Resource, acquired: Shape, call: Call, holes: Holes, journey: Journey
    ) -> tuple[tuple[End, ...], tuple[End, ...]]:
        """The calls that end an acquisition, and those that may."""
        ends: list[End] = []
        doubtful: list[End] = []
        for release in self._releases_for(resource, acquired, holes, journey):
            candidate, filled = release.call, release.holes
            if candidate.index == call.index or not self.running.runs_beside(candidate.function, call.function):
                continue
            if self._is_inside_helper(candidate, acquired):
                continue
            wrong, unsure = self._differences(acquired, holes, release, journey)
            if wrong:
                continue
            if not unsure or self._can_be_meant(candidate, unsure, holes, filled):
                ends.append(End(candidate, release.shape))
            elif not self._is_meant_otherwise(candidate, unsure, filled):
                doubtful.append(End(candidate, release.shape))
        ends += [End(drain, resource.release[0]) for drain in self._drains(journey)] if acquired.result else []
        return tuple(ends), tuple(doubtful)

    def _is_inside_helper(self, candidate: Call, acquired: Shape) -> bool:
        """A release that stands in the helper itself waits for somebody to call what the helper answers with."""
        return isinstance(acquired.helper, int) and self.file.contains(acquired.helper, candidate.function)

    def _releases_for(self, resource: Resource, acquired: Shape, holes: Holes, journey: Journey) -> Iterator[Release]:
        """All that can end an acquisition: by what they release, or because they call the very handle."""
        yield from self._released_by(resource).that_may_end(acquired, holes, journey)
        for shape in resource.release:
            if shape.calls_hole:
                for call, filled in self._releasing(shape, journey):
                    yield Release(-1, call, shape, filled)

    def _released_by(self, resource: Resource) -> Released:
        known = self._released.get(id(resource))
        if known is None:
            shapes = [shape for shape in resource.release if not shape.calls_hole]
            found = ((shape, *each) for shape in shapes for each in self._releasing(shape))
            known = self._released[id(resource)] = Released(found, resource, self.file, self.flow)
        return known

    def near_misses(self, life: Lifetime) -> Iterator[NearMiss]:
        """The calls that look like an end of this and are none; a call that ends something else as it should is not.

        One after the other, as far as somebody asks: a file may have as many for each acquisition as it has releases.
        """
        released = self._released_by(life.resource)
        for release in released.that_nearly_end(life.shape, life.holes, life.journey, self.once(_busy)):
            wrong, unsure = self._differences(life.shape, life.holes, release, life.journey)
            if len(wrong) == 1 and not unsure and not wrong[0] == life.shape.result == release.shape.receiver:
                yield NearMiss(release.call, release.shape, wrong[0], release.holes.get(wrong[0], _NOTHING))

    def once(self, ask: Callable[[Insight], Answer]) -> Answer:
        """The answer of a judgement about the whole file that several ask for, found once."""
        if ask not in self._book.answers:
            self._book.answers[ask] = ask(self)
        return cast("Answer", self._book.answers[ask])

    def _releasing(self, shape: Shape, journey: Journey | None = None) -> Iterator[tuple[Call, Filled]]:
        """Every call of a releasing shape, and what fills its holes."""
        for candidate in self.candidates(shape, journey):
            filled = match(shape, candidate, self.file, ANY, lenient=True)
            if filled is not None and not self.releases.is_misread(shape, filled):
                yield candidate, filled
        yield from self.releases.by_detour(shape)

    def _can_be_meant(self, candidate: Call, unsure: list[str], holes: Holes, filled: Holes) -> bool:
        """Whether there is evidence that a release is for this acquisition, although not every hole is surely the same.

        A handler that the releasing function was itself handed in is what its callers hand in; everything else that
        cannot be told apart (an event out of a list, an element of a collection) may well be the same.
        """
        if "$handler" not in filled:
            return "$target" not in unsure or "$event" in filled
        if "$handler" not in unsure:
            return True
        given = self.releases.handed_in(candidate, filled["$handler"])
        if given is None:
            return True
        return any(not self._is_certain("$handler", holes["$handler"], value) for value in given)

    def _is_meant_otherwise(self, candidate: Call, unsure: list[str], filled: Holes) -> bool:
        """Whether a release is told by callers of this file what to release, and none of them means this."""
        return "$handler" in unsure and bool(self.releases.handed_in(candidate, filled["$handler"]))

    def candidates(self, shape: Shape, journey: Journey | None = None) -> Iterable[Call]:
        """The calls that may have a shape: by name, by the function they run, or because the very handle is called."""
        if isinstance(shape.helper, int):
            return self.callees.of_functions.get(shape.helper, ())
        if shape.helper is not None:
            return self.callees.of_imports.get(shape.helper, ())
        if shape.calls_hole:
            places = journey.places if journey is not None else ()
            return [call for place in places for call in self.callees.of_places.get(place, ())]
        if shape.name.endswith("*"):
            named, start = self.file.calls_named, shape.name[:-1]
            names = [name for name in named if name.startswith(start) and is_named(shape, name)]
            return [call for name in names for call in named[name]]
        return self.file.calls_named.get(shape.name, ())

    def _drains(self, journey: Journey) -> Iterator[Call]:
        """Calls that end a whole bag at once, with what was put into it: `this.subscriptions.unsubscribe()`."""
        for place in journey.places:
            if place.path[-1:] != ("[]",):
                continue
            bag = Place(place.root, place.key, place.path[:-1])
            made = self.file.maker_of(bag)
            if made is not None and made.name in _PLAIN_COLLECTIONS:
                continue
            for call in self.flow.calls_on.get(bag, ()):
                if self.vocabulary.ends(self.file.called(call)):
                    yield call

    def _differences(
        self, acquired: Shape, holes: Holes, release: Release, journey: Journey
    ) -> tuple[list[str], list[str]]:
        """The holes that an end certainly fills otherwise than the acquisition did, and those that may differ."""
        filled = release.holes
        wrong: list[str] = []
        unsure: list[str] = []
        for name, value in filled.items():
            if name == acquired.result:
                if not self._in_journey(value, journey):
                    wrong.append(name)
            elif name not in holes or self._is_no_matter(name, value) or self._same_hole(name, holes[name], value):
                continue
            elif self._is_certain(name, holes[name], value):
                wrong.append(name)
            else:
                unsure.append(name)
        if captures(self.file, holes.get("$options")) != captures(self.file, filled.get("$options")):
            wrong.append("$options")
        wrong = wrong or [name for name in filled if self.releases.is_emptied_before(release.call, filled[name])]
        if wrong == ["$handler"] and is_fresh(self.file, filled["$handler"]):
            unsure = [name for name in unsure if not self._reads_the_same(holes[name], filled[name])]
        return wrong, unsure

    def _is_no_matter(self, name: str, released: Value) -> bool:
        """Whether a hole tells nothing: options, or nothing where an event or a handler could stand."""
        return name == "$options" or released == _ANYTHING

    def _reads_the_same(self, one: Value, other: Value) -> bool:
        """Whether two values are written alike: enough for a removal that cannot work, whatever they are."""
        return self.file.name_of(one) == self.file.name_of(other)

    def _in_journey(self, value: Value, journey: Journey) -> bool:
        items = self.flow.listed(value) or (value,)
        return any(self._is_reached(self.flow.canonical(item), journey) for item in items)

    def _is_reached(self, place: Place | None, journey: Journey) -> bool:
        if place is None:
            return False
        if place in journey.places:
            return True
        if (place.root, place.key) == (Root.GLOBAL, "this") and place.path:  # a handler's `this`: perhaps the instance
            return any(known.root is Root.SELF and known.path == place.path for known in journey.places)
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
        if name == "$event" and self._is_covered(acquired, released):
            return True
        if name != "$handler":
            return self.flow.same(acquired, released) or (
                name == "$target" and self._in_journey(released, self.flow.journey(acquired))
            )
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
        if function is None or function != other:
            return False
        return isinstance(unwrapped(acquired), Closure) or not is_fresh(self.file, acquired)

    def _is_covered(self, acquired: Value, released: Value) -> bool:
        """Whether one event's name is within another: `off(".menu")` takes off `click.menu`."""
        added, removed = self.file.constant(acquired), self.file.constant(released)
        return added is not None and removed is not None and covers(str(removed.value), str(added.value))

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
            return known is not None or self._is_member_of_this(released)
        return known is not None and (
            self.file.function_at(acquired) is not None or is_own_field(acquired, self.file, self.flow)
        )

    def _is_member_of_this(self, value: Value) -> bool:
        """A field of an instance, whichever: a function that was never given a name is not found there."""
        place = self.flow.canonical(value)
        instance = place is not None and (place.root is Root.SELF or (place.root, place.key) == (Root.GLOBAL, "this"))
        return place is not None and instance and bool(place.path) and "[]" not in place.path


def _busy(seen: Insight) -> frozenset[int]:
    """Calls that acquire something themselves, or end something as they should."""
    lives = seen.lifetimes
    ends = (end.call.index for life in lives for end in (*life.ends, *life.doubtful_ends))
    return frozenset((*ends, *(life.call.index for life in lives)))


def _best_known(lives: list[Lifetime]) -> list[Lifetime]:
    """Where a row of a certain library or of the project matches a call, the rows that match anything say no more."""
    best: dict[int, int] = {}
    for life in lives:
        best[life.call.index] = max(best.get(life.call.index, 0), _certainty(life))
    return [life for life in lives if _certainty(life) == best[life.call.index]]


def _certainty(life: Lifetime) -> int:
    """By its maker a row is known for certain, by a name a little less, by its methods alone least."""
    if life.resource.modules or life.shape.helper is not None:
        return 2
    return 1 if life.shape.named else 0


def _process(resource: Resource) -> Origin:
    if "javascript" not in resource.languages:
        return Origin(Holder.PROCESS, "the process")
    return Origin(Holder.PROCESS, _HOLDERS.get(resource.holder, "the process"))
