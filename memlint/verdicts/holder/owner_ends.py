"""What the end of an owner does with the fields of its instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from memlint.ledger import Insight
from memlint.model.facts import Call, Function
from memlint.model.value import Place, Root
from memlint.semantics.value.values import inner_values

Ended = Mapping[int | str, Sequence[tuple[Place, Call]]]
"""Each field with the first call that ends it, in source order, by the unit whose instance has them."""


def ends_plainly(teardown: Function, seen: Insight) -> bool:
    """Whether it can mean nothing but an end: by its name, or as one without any, which is answered to be run then."""
    return not teardown.name or seen.vocabulary.ends_plainly(teardown.name)


def plainly_reached(teardowns: Sequence[Function], seen: Insight) -> frozenset[int]:
    """What runs at a plain end."""
    return seen.reach.reached(one.index for one in teardowns if ends_plainly(one, seen))


class OwnerEnds:
    """Answers for one file, by `seen.once(OwnerEnds)`; each set of functions that run at an end is looked at once."""

    def __init__(self, seen: Insight) -> None:
        self._seen = seen
        self._fields: dict[frozenset[int], Ended] = {}
        self._everything: dict[frozenset[int], bool] = {}
        self._parts: dict[frozenset[int], frozenset[Place]] = {}

    def fields(self, reached: frozenset[int]) -> Ended:
        """The fields that are ended one by one: `this.clock.destroy()`."""
        if reached not in self._fields:
            self._fields[reached] = self._find_fields(reached)
        return self._fields[reached]

    def in_parts(self, reached: frozenset[int]) -> frozenset[Place]:
        """The fields of which parts are ended: `this.mesh.vertices.destroy(); this.mesh.indices.destroy();`."""
        if reached not in self._parts:
            asked = (
                self._seen.file.resolve(call.receiver)
                for call in self._calls_in(reached)
                if call.receiver is not None and self._seen.vocabulary.ends_plainly(self._seen.file.called(call))
            )
            self._parts[reached] = frozenset(
                Place(place.root, place.key, place.path[:1])
                for place in asked
                if place.root is Root.SELF and len(place.path) > 1
            )
        return self._parts[reached]

    def is_for_everything(self, reached: frozenset[int]) -> bool:
        """Whether the owner itself is handed to somebody, who may end whatever it has."""
        if reached not in self._everything:
            self._everything[reached] = any(
                isinstance(value, Place) and value.root is Root.SELF and not value.path
                for call in self._calls_in(reached)
                for argument in call.arguments
                for value in inner_values(argument)
            )
        return self._everything[reached]

    def _find_fields(self, reached: frozenset[int]) -> Ended:
        found: dict[int | str, list[tuple[Place, Call]]] = {}
        ended: set[Place] = set()
        for call in sorted(self._calls_in(reached), key=lambda call: call.extent):
            place = self._seen.file.resolve(call.receiver) if call.receiver is not None else None
            is_field = place is not None and place.root is Root.SELF and len(place.path) == 1
            if place is not None and is_field and place not in ended and self._seen.vocabulary.ends(call.name):
                ended.add(place)
                found.setdefault(place.key, []).append((place, call))
        return found

    def _calls_in(self, reached: frozenset[int]) -> Iterator[Call]:
        for here in reached:
            yield from self._seen.file.calls_in.get(here, ())
