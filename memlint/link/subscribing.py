"""Functions that enter what they are given in a list of the project, and answer with what strikes it out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memlint.ledger import REMOVER, Insight
from memlint.link.undoing import Undoing
from memlint.model.facts import MODULE, Call, Function, Write
from memlint.model.resource import Resource, Shape
from memlint.model.value import Place, Root, Value
from memlint.semantics.growth.putting import PUTS

_TARGET = "$target"
_CALLBACK = "$callback"
_HANDLE = "$remover"
_STRIKES = frozenset({"delete", "splice", "remove", "discard", "pop"})


def subscribing(
    undone: Mapping[int, Undoing], positions: Mapping[int, Mapping[int, int]], seen: Insight
) -> Iterator[tuple[Function, Resource]]:
    """Such functions, each with the row that it is; `positions` gives the parameters of a function by binding."""
    for index, undoing in undone.items():
        function = seen.file.facts.functions[index]
        for place, values in _fed(index, seen):
            entered = [at for value in values for at in _given(value, positions.get(index, {}), seen)]
            if entered and _is_struck(place, undoing, seen):
                row = _row(place, entered[0], function, undoing, positions.get(index, {}), seen)
                if row is not None:
                    yield function, row
                    break


def _fed(function: int, seen: Insight) -> Iterator[tuple[Place, tuple[Value, ...]]]:
    """The collections that a function puts something in, and what."""
    for call in seen.file.calls_in.get(function, ()):
        place = seen.flow.canonical(call.receiver) if seen.file.called(call) in PUTS else None
        if place is not None:
            yield place, call.arguments
    for write in seen.file.writes_in.get(function, ()):
        if write.place.path[-1:] == ("[]",) and write.operator != "delete" and write.value is not None:
            place = seen.flow.canonical(Place(write.place.root, write.place.key, write.place.path[:-1]))
            if place is not None:
                yield place, (write.value,) if write.key is None else (write.value, write.key)


def _given(value: Value, positions: Mapping[int, int], seen: Insight) -> Iterator[int]:
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    if binding is not None and binding.index in positions:
        yield positions[binding.index]


def _is_struck(place: Place, undoing: Undoing, seen: Insight) -> bool:
    """Whether what the function answers with takes something out of the same collection."""
    for call in seen.flow.calls_on.get(place, ()):
        if call.function in undoing.functions and seen.file.called(call) in _STRIKES:
            return True
    for function in undoing.functions:
        for write in seen.file.writes_in.get(function, ()):
            if _strikes(write, place, seen):
                return True
    return False


def _strikes(write: Write, place: Place, seen: Insight) -> bool:
    owner = Place(write.place.root, write.place.key, write.place.path[:-1])
    if write.operator == "delete":
        return seen.flow.canonical(owner) == place
    return write.operator == "=" and seen.file.resolve(write.place) == place and isinstance(write.value, Place | Call)


def _row(
    place: Place, position: int, function: Function, undoing: Undoing, positions: Mapping[int, int], seen: Insight
) -> Resource | None:
    """Who keeps the list decides who holds what is entered: the module, an instance, or what the caller hands in."""
    binding = seen.file.binding(place)
    arguments = {position: _CALLBACK}
    receiver, holder = "", "process"
    if place.root is Root.SELF and place.path:
        receiver, holder = _TARGET, _TARGET
    elif binding is not None and binding.index in positions and place.path:
        arguments[positions[binding.index]], holder = _TARGET, _TARGET
    elif place.root is not Root.GLOBAL and (binding is None or binding.function != MODULE):
        return None
    shape = Shape(
        function.name,
        receiver,
        tuple(arguments.get(at, f"$_{at}") for at in range(max(arguments) + 1)),
        _HANDLE,
        text=f"{_HANDLE} = {function.name}(...)",
        helper=function.index,
        inside=seen.file.span(function.extent),
        awaited=function.is_async,
    )
    release = tuple(
        Shape(step, _HANDLE, text=f"{_HANDLE}.{step}()") if step else Shape(_HANDLE, text=f"{_HANDLE}()")
        for step in undoing.steps
    )
    languages = (seen.file.facts.language,)
    return Resource(REMOVER, (shape,), release, holder, keeps=_CALLBACK, noun="subscription", languages=languages)
