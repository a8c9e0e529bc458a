"""Pairing: the calls that end an acquisition, those that may, and those that only look so."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from memlint.ledger.lifetime import AsAsked, End, Lifetime, NearMiss
from memlint.ledger.likeness import Likeness
from memlint.model.facts import Call
from memlint.model.resource import Resource, Shape
from memlint.model.value import Compound, Place
from memlint.semantics.file import File
from memlint.semantics.names import Vocabulary
from memlint.semantics.release.released import Holes, Release, Released
from memlint.semantics.release.releases import Filled, Releases
from memlint.semantics.running.callees import Callees
from memlint.semantics.running.running import Running
from memlint.semantics.shapes import ANY, is_named, match
from memlint.semantics.value.flow import Flow, Journey

_NOTHING = Compound("other", ())
_PLAIN_COLLECTIONS = frozenset({"Set", "Map", "Array", "WeakSet", "WeakMap"})
"""What forgets its elements when it is cleared, and ends none of them."""


class Ends:
    """The ends of a file's acquisitions; the releases of a row are matched once, whoever asks."""

    def __init__(
        self, file: File, flow: Flow, callees: Callees, releases: Releases, running: Running, vocabulary: Vocabulary
    ) -> None:
        self._file = file
        self._flow = flow
        self._callees = callees
        self._releases = releases
        self._running = running
        self._vocabulary = vocabulary
        self._likeness = Likeness(file, flow, releases)
        self._released: dict[tuple[Shape, ...], Released] = {}
        self._of_row: dict[int, tuple[Resource, Released]] = {}
        """By the row's own number, for to hash a row takes longer than to find its releases; the row lives as long."""

    def of(
        self, resource: Resource, acquired: Shape, call: Call, holes: Holes, journey: Journey
    ) -> tuple[tuple[End, ...], AsAsked[End]]:
        """The calls that end an acquisition, and those that may."""
        ends: list[End] = []
        doubtful: list[End] = []
        for release in self._releases_for(resource, acquired, holes, journey):
            sure = self._is_sure(release, acquired, call, holes, journey)
            if sure is not None:
                (ends if sure else doubtful).append(End(release.call, release.shape))
        ends += [End(drain, resource.release[0]) for drain in self._drains(journey)] if acquired.result else []
        return tuple(ends), AsAsked(doubtful, self._perhaps(resource, acquired, call, holes, journey, frozenset()))

    def more_doubtful(self, life: Lifetime, ignored: Container[int]) -> Iterator[End]:
        """The calls that may end an acquisition although their handler is somebody else's, but for the ignored.

        A file may have as many for each acquisition as it has releases, and few ask for more than one.
        """
        return self._perhaps(life.resource, life.shape, life.call, life.holes, life.journey, ignored)

    def _perhaps(
        self, resource: Resource, acquired: Shape, call: Call, holes: Holes, journey: Journey, ignored: Container[int]
    ) -> Iterator[End]:
        for release in self._released_by(resource).that_may_as_well(acquired, holes, journey):
            if release.call.index not in ignored:
                if self._is_sure(release, acquired, call, holes, journey) is not None:
                    yield End(release.call, release.shape)

    def _is_sure(self, release: Release, acquired: Shape, call: Call, holes: Holes, journey: Journey) -> bool | None:
        """Whether a release surely ends an acquisition; None if it does not end it."""
        candidate = release.call
        if candidate.index == call.index or not self._running.runs_beside(candidate.function, call.function):
            return None
        if self._is_inside_helper(candidate, acquired):
            return None
        difference = self._likeness.difference(acquired, holes, release, journey)
        if difference.wrong:
            return None
        if not difference.unsure or self._likeness.can_be_meant(release, difference.unsure, holes):
            return True
        return None if self._likeness.is_meant_otherwise(release, difference.unsure) else False

    def near_misses(self, life: Lifetime, busy: frozenset[int]) -> Iterator[NearMiss]:
        """The calls that look like an end of this and are none; the busy ones, by index, have a purpose of their own.

        One after the other, as far as somebody asks: a file may have as many for each acquisition as it has releases.
        """
        released = self._released_by(life.resource)
        for release in released.that_nearly_end(life.shape, life.holes, life.journey, busy):
            difference = self._likeness.difference(life.shape, life.holes, release, life.journey)
            if len(difference.wrong) != 1 or difference.unsure:
                continue
            hole = difference.wrong[0]
            if not hole == life.shape.result == release.shape.receiver:
                yield NearMiss(release.call, release.shape, hole, release.holes.get(hole, _NOTHING))

    def candidates(self, shape: Shape, journey: Journey | None = None) -> Iterable[Call]:
        """The calls that may have a shape: by name, by the function they run, or because the very handle is called."""
        if isinstance(shape.helper, int):
            return self._callees.of_functions.get(shape.helper, ())
        if shape.helper is not None:
            return self._callees.of_imports.get(shape.helper, ())
        if shape.calls_hole:
            places = journey.places if journey is not None else ()
            return [call for place in places for call in self._callees.of_places.get(place, ())]
        if shape.name.endswith("*"):
            named, start = self._file.calls_named, shape.name[:-1]
            names = [name for name in named if name.startswith(start) and is_named(shape, name)]
            return [call for name in names for call in named[name]]
        return self._file.calls_named.get(shape.name, ())

    def _is_inside_helper(self, candidate: Call, acquired: Shape) -> bool:
        """A release that stands in the helper itself waits for somebody to call what the helper answers with."""
        return isinstance(acquired.helper, int) and self._file.contains(acquired.helper, candidate.function)

    def _releases_for(self, resource: Resource, acquired: Shape, holes: Holes, journey: Journey) -> Iterator[Release]:
        """All that can end an acquisition: by what they release, or because they call the very handle."""
        yield from self._released_by(resource).that_may_end(acquired, holes, journey)
        for shape in resource.release:
            if shape.calls_hole:
                for call, filled in self._releasing(shape, journey):
                    yield Release(-1, call, shape, filled)

    def _released_by(self, resource: Resource) -> Released:
        """The releases of a row; rows that are released alike, as many of the project's own may be, share them."""
        of_row = self._of_row.get(id(resource))
        if of_row is None:
            known = self._released.get(resource.release)
            if known is None:
                shapes = [shape for shape in resource.release if not shape.calls_hole]
                found = ((shape, *each) for shape in shapes for each in self._releasing(shape))
                known = Released(found, self._file, self._flow, self._releases.handed_in)
                self._released[resource.release] = known
            of_row = self._of_row[id(resource)] = (resource, known)
        return of_row[1]

    def _releasing(self, shape: Shape, journey: Journey | None = None) -> Iterator[tuple[Call, Filled]]:
        """Every call of a releasing shape, and what fills its holes."""
        for candidate in self.candidates(shape, journey):
            filled = match(shape, candidate, self._file, ANY, lenient=True)
            if filled is not None and not self._releases.is_misread(shape, filled):
                yield candidate, filled
        yield from self._releases.by_detour(shape)

    def _drains(self, journey: Journey) -> Iterator[Call]:
        """Calls that end a whole bag at once, with what was put into it: `this.subscriptions.unsubscribe()`."""
        for place in journey.places:
            if place.path[-1:] != ("[]",):
                continue
            bag = Place(place.root, place.key, place.path[:-1])
            made = self._file.maker_of(bag)
            if made is not None and made.name in _PLAIN_COLLECTIONS:
                continue
            for call in self._flow.calls_on.get(bag, ()):
                if self._vocabulary.ends(self._file.called(call)):
                    yield call
