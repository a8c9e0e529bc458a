"""The releasing calls of one file: matched once for each row of the table, and found by what they release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from memlint.model.facts import Call
from memlint.model.frozen import frozen
from memlint.model.resource import Shape
from memlint.model.value import Constant, Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.repetition.events import keys_for, keys_of
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.flow import Flow, Journey
from memlint.semantics.value.identity import OBJECTS_OF_THEIR_OWN, is_fresh, is_own_field

Holes = Mapping[str, Value]
_Key = Place | int | str | float | bool | None
_LASTING = (Root.GLOBAL, Root.SELF)


@frozen
class Release:
    """A call that gives something back: its number in the row, its shape, and what fills the shape's holes."""

    number: int
    call: Call
    shape: Shape
    holes: Holes


def _of_some_this(place: Place) -> Place:
    """The same field of the `this` of a plain function: a handler's `this` is the emitter, perhaps the instance."""
    return Place(Root.GLOBAL, "this", place.path) if place.root is Root.SELF else place


def _known_keys(of_text: Callable[[str], set[str] | None], event: Constant) -> set[_Key] | None:
    """The keys of an event that is known; `off(null, null, this)` is for all of them."""
    if not isinstance(event.value, str):
        return {event.value} if event.value is not None else None
    keys = of_text(event.value)
    return set(keys) if keys is not None else None


class Released:
    """The releases of one row in one file.

    For each hole they are kept by what fills it, as far as that is known; the others, where only a close look can tell
    whether they fill it with the same, stand under every key. A release of a handler that its function was handed in by
    nobody of this file is kept apart: it ends what was added with that very parameter, and perhaps anything else.
    """

    def __init__(
        self,
        found: Iterable[tuple[Shape, Call, Holes]],
        file: File,
        flow: Flow,
        handed_in: Callable[[Call, Value], list[Value] | None],
    ) -> None:
        self._file = file
        self._flow = flow
        self._all = tuple(Release(number, call, shape, holes) for number, (shape, call, holes) in enumerate(found))
        strange = [
            one for one in self._all if "$handler" in one.holes and handed_in(one.call, one.holes["$handler"]) == []
        ]
        numbers = {release.number for release in strange}
        names = dict.fromkeys(name for release in self._all for name in release.holes if name != "$options")
        self._known = _Kept([one for one in self._all if one.number not in numbers], names, self._keys_of)
        self._strange = _Kept(strange, [name for name in names if name != "$handler"], self._keys_of)
        self._given: Index[Place | None, Release] = indexed(
            strange, lambda release: flow.canonical(release.holes["$handler"])
        )

    def that_may_end(self, acquired: Shape, holes: Holes, journey: Journey) -> Sequence[Release]:
        """All that can end an acquisition, and some that look so only from afar."""
        found = self._known.best(self._keys(self._known, acquired, holes, journey))
        given = self._of_the_same_parameter(holes)
        return sorted((*found, *given), key=lambda release: release.number) if given else found

    def that_may_as_well(self, acquired: Shape, holes: Holes, journey: Journey) -> Iterator[Release]:
        """Those of somebody else's handler, of which nobody can say whether it is this one."""
        if "$handler" in holes and self._strange.releases:
            mine = {release.number for release in self._of_the_same_parameter(holes)}
            for release in self._strange.best(self._keys(self._strange, acquired, holes, journey)):
                if release.number not in mine:
                    yield release

    def that_nearly_end(
        self, acquired: Shape, holes: Holes, journey: Journey, ignored: frozenset[int]
    ) -> Iterator[Release]:
        """All that differ in one hole from what would end an acquisition, but for calls with a purpose of their own."""
        keys = self._keys(self._known, acquired, holes, journey)
        given = {release.number for release in self._of_the_same_parameter(holes)}
        fitting = self._known.numbers_of_fits(keys) if len(keys) > 1 else None
        for release in self._all if given else self._known.releases:
            fits = fitting is None or fitting[release.number] >= len(keys) - 1
            if release.call.index not in ignored and (fits or release.number in given):
                yield release

    def _of_the_same_parameter(self, holes: Holes) -> Sequence[Release]:
        """The releases of a parameter for what was added with it; all of them for what has no handler."""
        if not self._strange.releases:
            return ()
        handler = holes.get("$handler")
        if handler is None:
            return self._strange.releases
        places = {self._flow.canonical(handler), *self._flow.journey(handler).places}
        return [release for place in places for release in self._given[place]]

    def _keys(self, kept: _Kept, acquired: Shape, holes: Holes, journey: Journey) -> list[tuple[str, Iterable[_Key]]]:
        """For each hole that can tell them apart, what to look under."""
        found: list[tuple[str, Iterable[_Key]]] = []
        for name in kept.names:
            if name == acquired.result:
                found.append((name, (*journey.places, *(_of_some_this(place) for place in journey.places))))
            elif name in holes and (keys := self._keys_for(name, holes[name])) is not None:
                found.append((name, keys))
        return found

    # What a release is kept under; None if under every key

    def _keys_of(self, name: str, value: Value) -> set[_Key] | None:
        if self._flow.listed(value):
            return None
        if name == "$event":
            constant = self._file.constant(value)
            return _known_keys(keys_of, constant) if constant is not None else None
        if name == "$handler":
            return self._keys_of_handler(value)
        place = self._flow.canonical(value)
        if place is None or "[]" in place.path:
            return None
        return {place, place.root} if name == "$target" else {place}

    def _keys_of_handler(self, value: Value) -> set[_Key] | None:
        if is_fresh(self._file, value):
            return set()
        function, place = self._file.function_at(value), self._flow.canonical(value)
        if function is None or place is None or place.root is Root.RESULT or "[]" in place.path:
            return None
        return {place, function} if self._file.constant(value) is None else None

    # What to look under for an acquisition; None if anything may be the same

    def _keys_for(self, name: str, value: Value) -> set[_Key] | None:
        if name == "$event":
            constant = self._file.constant(value)
            return _known_keys(keys_for, constant) if constant is not None else None
        if name == "$handler":
            return self._keys_for_handler(value)
        return self._keys_for_target(value) if name == "$target" else None

    def _keys_for_handler(self, value: Value) -> set[_Key] | None:
        function = self._file.function_at(value)
        if function is None and not is_fresh(self._file, value) and not is_own_field(value, self._file, self._flow):
            return None
        keys: set[_Key] = {function, self._flow.canonical(value)}
        return keys.union(self._flow.journey(value).places)

    def _keys_for_target(self, value: Value) -> set[_Key] | None:
        place = self._flow.canonical(value)
        if place is None or place.root not in _LASTING or "[]" in place.path:
            return None
        by_another_name = place.root is Root.GLOBAL and place.key not in OBJECTS_OF_THEIR_OWN
        others = (root for root in Root if root is not place.root or by_another_name)
        return {place, *self._flow.journey(value).places, *others}


class _Kept:
    """Some releases, for each hole by what fills it."""

    def __init__(
        self,
        releases: Sequence[Release],
        names: Iterable[str],
        keys_of: Callable[[str, Value], set[_Key] | None],
    ) -> None:
        self.releases = releases
        self.names = tuple(names)
        self._by_key: dict[str, dict[_Key, list[Release]]] = {name: {} for name in self.names}
        self._anyhow: dict[str, list[Release]] = {name: [] for name in self.names}
        for release in releases:
            for name in self.names:
                keys = keys_of(name, release.holes[name]) if name in release.holes else None
                for key in keys if keys is not None else ():
                    self._by_key[name].setdefault(key, []).append(release)
                if keys is None:
                    self._anyhow[name].append(release)

    def best(self, keys: Sequence[tuple[str, Iterable[_Key]]]) -> Sequence[Release]:
        """The fewest that one hole leaves, in their order; all of them if no hole tells."""
        if not keys:
            return self.releases
        found = min((self._under(*each) for each in keys), key=len)
        known = {release.number: release for release in found}
        return [known[number] for number in sorted(known)]

    def numbers_of_fits(self, keys: Sequence[tuple[str, Iterable[_Key]]]) -> Counter[int]:
        """In how many holes each fits, by its number."""
        return Counter(number for each in keys for number in {release.number for release in self._under(*each)})

    def _under(self, name: str, keys: Iterable[_Key]) -> list[Release]:
        table = self._by_key[name]
        return [release for key in keys for release in table.get(key, ())] + self._anyhow[name]
