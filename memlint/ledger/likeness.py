"""Whether a release fills the holes of its shape with the very things that the acquisition filled them with."""

from __future__ import annotations

from memlint.model.frozen import frozen
from memlint.model.resource import Shape
from memlint.model.value import Closure, Constant, Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.release.released import Holes, Release
from memlint.semantics.release.releases import Releases
from memlint.semantics.repetition.events import covers
from memlint.semantics.value.flow import Flow, Journey
from memlint.semantics.value.identity import are_other_targets, captures, is_fresh, is_own_field
from memlint.semantics.value.values import unwrapped

_ANYTHING = Constant(None)
"""In place of an event or a handler: all of them go, `off(null, null, this)`."""


@frozen
class Difference:
    """The holes that a release certainly fills otherwise than the acquisition did, and those that may differ."""

    wrong: tuple[str, ...]
    unsure: tuple[str, ...]


@frozen
class Likeness:
    """Compares what fills the holes of two calls of one file."""

    file: File
    flow: Flow
    releases: Releases

    def difference(self, acquired: Shape, holes: Holes, release: Release, journey: Journey) -> Difference:
        """What tells a release from the end of an acquisition that filled its holes so and went on this journey."""
        filled = release.holes
        wrong: list[str] = []
        unsure: list[str] = []
        for name, value in filled.items():
            if name == acquired.result:
                if not self._in_journey(value, journey):
                    wrong.append(name)
            elif name not in holes or self._is_no_matter(name, value) or self._is_same(name, holes[name], value):
                continue
            elif self._is_certain(name, holes[name], value):
                wrong.append(name)
            else:
                unsure.append(name)
        if self._has_other_flag(holes.get("$options"), release):
            wrong.append("$options")
        wrong = wrong or [name for name in filled if self.releases.is_emptied_before(release.call, filled[name])]
        if wrong == ["$handler"] and is_fresh(self.file, filled["$handler"]):
            unsure = [name for name in unsure if not self._reads_the_same(holes[name], filled[name])]
        return Difference(tuple(wrong), tuple(unsure))

    def can_be_meant(self, release: Release, unsure: tuple[str, ...], holes: Holes) -> bool:
        """Whether there is evidence that a release is for this acquisition, although not every hole is surely the same.

        A handler that the releasing function was itself handed in is what its callers hand in; everything else that
        cannot be told apart (an event out of a list, an element of a collection) may well be the same.
        """
        filled = release.holes
        if "$handler" not in filled:
            return "$target" not in unsure or "$event" in filled
        if "$handler" not in unsure:
            return True
        given = self.releases.handed_in(release.call, filled["$handler"])
        if given is None:
            return True
        return any(not self._is_certain("$handler", holes["$handler"], value) for value in given)

    def is_meant_otherwise(self, release: Release, unsure: tuple[str, ...]) -> bool:
        """Whether a release is told by callers of this file what to release, and none of them means this."""
        return "$handler" in unsure and bool(self.releases.handed_in(release.call, release.holes["$handler"]))

    def _has_other_flag(self, acquired: Value | None, release: Release) -> bool:
        """Whether one of the two asks for the capture phase, and the other surely does not."""
        added, removed = captures(self.file, acquired), captures(self.file, release.holes.get("$options"))
        if added is None and removed is False:
            return any(captures(self.file, given) for given in self._given_for(acquired))
        return None not in (added, removed) and added != removed

    def _given_for(self, value: Value | None) -> list[Value]:
        """What the callers of this file give for a parameter: `listen(document, "focus", close, true)`."""
        place = unwrapped(value)
        binding = self.file.binding(place) if isinstance(place, Place) and not place.path else None
        if binding is None or binding.kind != "parameter" or binding.position < 0 or binding.member:
            return []
        callers = self.file.callers.get(binding.function, ())
        return [call.arguments[binding.position] for call in callers if binding.position < len(call.arguments)]

    def _is_no_matter(self, name: str, released: Value) -> bool:
        """Whether a hole tells nothing: options, or nothing where an event or a handler could stand."""
        return name == "$options" or released == _ANYTHING

    def _reads_the_same(self, one: Value, other: Value) -> bool:
        """Whether two values are written alike: enough for a removal that cannot work, whatever they are."""
        return self.file.name_of(one) == self.file.name_of(other)

    # The same

    def _is_same(self, name: str, acquired: Value, released: Value) -> bool:
        if name == "$event" and self._is_covered(acquired, released):
            return True
        if name == "$handler":
            return self._is_same_handler(acquired, released)
        return self.flow.same(acquired, released) or (
            name == "$target" and self._in_journey(released, self.flow.journey(acquired))
        )

    def _is_same_handler(self, acquired: Value, released: Value) -> bool:
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

    # Certainly another

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
            return known is not None or self._is_member_of_this(released) or self._was_there(acquired, released)
        return known is not None and (
            self.file.function_at(acquired) is not None or is_own_field(acquired, self.file, self.flow)
        )

    def _was_there(self, acquired: Value, released: Value) -> bool:
        """Whether a function is written in place in the very function that was handed the other: `({ close }) => …`.

        What else the other is handed on to may add it as well: then its removal is for that.
        """
        made, place = unwrapped(acquired), unwrapped(released)
        binding = self.file.binding(place) if isinstance(place, Place) else None
        return (
            isinstance(made, Closure)
            and binding is not None
            and binding.kind in ("parameter", "import")
            and self.file.contains(binding.function, made.function)
            and not self.file.writes_at.get(Place(Root.BINDING, binding.index))
            and len({id(one.sink) for one in self.flow.mentions(released) if one.inside is None}) == 1
        )

    def _is_member_of_this(self, value: Value) -> bool:
        """A field of an instance, whichever: a function that was never given a name is not found there."""
        place = self.flow.canonical(value)
        instance = place is not None and (place.root is Root.SELF or (place.root, place.key) == (Root.GLOBAL, "this"))
        return place is not None and instance and bool(place.path) and "[]" not in place.path
