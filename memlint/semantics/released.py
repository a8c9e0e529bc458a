"""The releasing calls of one file: matched once for each row of the table, and found by what they release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from memlint.model.facts import Call, Constant, Place, Root, Value
from memlint.model.frozen import frozen
from memlint.model.resource import Resource, Shape
from memlint.semantics.events import keys_for, keys_of
from memlint.semantics.file import File
from memlint.semantics.flow import Flow, Journey
from memlint.semantics.identity import is_fresh, is_own_field

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
    whether they fill it with the same, stand under every key.
    """

    def __init__(self, found: Iterable[tuple[Shape, Call, Holes]], resource: Resource, file: File, flow: Flow) -> None:
        self.resource = resource
        self._file = file
        self._flow = flow
        self.all = tuple(Release(number, call, shape, holes) for number, (shape, call, holes) in enumerate(found))
        self._names = dict.fromkeys(name for release in self.all for name in release.holes if name != "$options")
        self._by_key: dict[str, dict[_Key, list[int]]] = {name: {} for name in self._names}
        self._anyhow: dict[str, list[int]] = {name: [] for name in self._names}
        for release in self.all:
            for name in self._names:
                keys = self._keys_of(name, release.holes[name]) if name in release.holes else None
                for key in keys if keys is not None else ():
                    self._by_key[name].setdefault(key, []).append(release.number)
                if keys is None:
                    self._anyhow[name].append(release.number)

    def that_may_end(self, acquired: Shape, holes: Holes, journey: Journey) -> Sequence[Release]:
        """All that can end an acquisition, and some that look so only from afar."""
        found = self._fitting(acquired, holes, journey)
        if not found:
            return self.all
        found.sort(key=len)
        return [self.all[number] for number in sorted(set(found[0]))]

    def that_nearly_end(
        self, acquired: Shape, holes: Holes, journey: Journey, ignored: frozenset[int]
    ) -> Iterator[Release]:
        """All that differ in one hole from what would end an acquisition, but for calls with a purpose of their own."""
        found = self._fitting(acquired, holes, journey)
        fitting = Counter(number for numbers in found for number in set(numbers)) if len(found) > 1 else None
        for release in self.all:
            if release.call.index not in ignored and (fitting is None or fitting[release.number] >= len(found) - 1):
                yield release

    def _fitting(self, acquired: Shape, holes: Holes, journey: Journey) -> list[list[int]]:
        """For each hole that can tell them apart, the releases that may fill it as the acquisition did."""
        found = []
        for name in self._names:
            if name == acquired.result:
                keys: Iterable[_Key] | None = (*journey.places, *(_of_some_this(place) for place in journey.places))
            else:
                keys = self._keys_for(name, holes[name]) if name in holes else None
            if keys is not None:
                table = self._by_key[name]
                found.append([number for key in keys for number in table.get(key, ())] + self._anyhow[name])
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
        return {place, *self._flow.journey(value).places, *(root for root in Root if root is not place.root)}
