"""Given to one function and taken from another: does the one that takes undo what the one that is given has begun?"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Binding, Call, Function
from memlint.model.value import Place, Root
from memlint.semantics.tables import Index, indexed
from memlint.verdicts.holder.filled import is_given_what_is_new


def is_given_and_taken(life: Lifetime, seen: Insight) -> bool:
    """`addTrack(track)` listens to the track, `removeTrack(track)` exists, and does not stop that."""
    place = seen.flow.canonical(life.holes.get("$target"))
    function = seen.file.facts.functions[life.call.function]
    unit = seen.file.unit_of(function.index)
    binding = seen.file.binding(place) if place is not None else None
    if place is None or binding is None or binding.kind != "parameter" or binding.function != function.index:
        return False
    if is_given_what_is_new(function, binding.position, seen):
        return False
    if unit is None:
        return any(_leaves_it(other, binding, place.path, seen) for other in _takers(function, binding, seen))
    names = seen.vocabulary.counterparts(function.name)
    if any(seen.file.method(unit.index, name) is not None for name in names):
        return True
    return bool(names) and unit.base is not None and _calls_its_base(function, seen)


def _takers(function: Function, given: Binding, seen: Insight) -> Iterator[Function]:
    """`destroyInput(view)` beside `initInput(view)`: functions that are called alike, and are given the same."""
    for name in seen.vocabulary.ends_of(function.name):
        for other in seen.once(_outside_of_units).get(name, ()):
            if other.parent == function.parent and _own(other, given, seen) is not None:
                yield other


def _outside_of_units(seen: Insight) -> Index[str, Function]:
    return indexed((one for one in seen.file.facts.functions if one.unit < 0), lambda one: one.name)


def _own(taker: Function, given: Binding, seen: Insight) -> Binding | None:
    """What another function calls the same."""
    return next((one for one in seen.file.parameters_of.get(taker.index, ()) if one.name == given.name), None)


def _leaves_it(taker: Function, given: Binding, path: tuple[str, ...], seen: Insight) -> bool:
    """Whether a function does something, and neither ends what it is given nor hands it to somebody who may."""
    own = _own(taker, given, seen)
    calls = seen.file.calls_in.get(taker.index, ())
    handed = [argument for call in calls for argument in call.arguments if isinstance(argument, Place)]
    handed += [call.receiver for call in calls if call.receiver and _ends_for_good(call, seen)]
    handed += [
        Place(write.place.root, write.place.key, write.place.path[:-1])
        for write in seen.file.writes_in.get(taker.index, ())
        if write.place.path[-1:] in (("innerHTML",), ("outerHTML",))
    ]
    return bool(calls) and not any(
        seen.file.binding(place) == own and place.path == path[: len(place.path)] for place in handed
    )


def _ends_for_good(call: Call, seen: Insight) -> bool:
    """`socket.close()`; `card.remove()`, which takes it off the page (DOM, 4.2.8) or ends it (Leaflet, a map)."""
    name = seen.file.called(call)
    return name in seen.words["ends for good"] or (name == "remove" and not call.arguments)


def _calls_its_base(function: Function, seen: Insight) -> bool:
    """`super.addTrack(track)`: what undoes it stands in the base class."""
    return any(
        call.receiver is not None and call.receiver.root is Root.GLOBAL and call.receiver.key == "super"
        for call in seen.file.calls_in.get(function.index, ())
        if call.name == function.name
    )
