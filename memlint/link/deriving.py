"""Which functions of a file acquire or release for their callers.

Four ways: a function answers with what it acquired; it adds what it is given to something else; it answers with a
function that undoes what it did; it releases what it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memlint.ledger import CHILD, REMOVER, Insight, Lifetime
from memlint.link.classes import endings, row_of, shape_of
from memlint.link.helper import Helper
from memlint.link.subscribing import subscribing
from memlint.link.undoing import Undoing, undoings
from memlint.model.facts import Call, ExitKind, FateKind, Function, FunctionKind, Write
from memlint.model.frozen import replace
from memlint.model.resource import Holder, Resource, Shape
from memlint.model.value import Constant, Place, Record, Root, Value
from memlint.semantics.growth.putting import PUTS
from memlint.semantics.shapes import match
from memlint.semantics.value.values import unwrapped

_REMOVER = "$remover"
_OPTIONS = "$options"


def derived(seen: Insight) -> Iterator[Helper]:
    """Helpers of this file, known by their functions."""
    undone = undoings(seen)
    for life in seen.lifetimes:
        function = seen.file.facts.functions[life.call.function]
        if not _can_help(function) or _is_signalled(life, function, seen):
            continue
        undoing = undone.get(function.index)
        if undoing is not None and any(end.call.function in undoing.functions for end in life.ends):
            yield from _with_remover(life, function, undoing, seen)
        elif life.shape.result and _answers_with(life, function, seen):
            yield _acquirer(function, life.resource, seen, life.shape.result, (), ())
        elif not life.shape.result and not life.ends and _is_plain_addition(life, function, seen):
            yield from _adding(life, function, seen)
    yield from _releasing(seen)
    for function, row in subscribing(undone, _parameters(seen), seen) if undone else ():
        if _can_help(function):
            yield Helper(REMOVER, row.acquire[0], row)
    for ending in endings(seen):
        constructor = dict(ending.unit.methods).get("constructor")
        if constructor is not None:
            shape = shape_of(ending, seen, constructor)
            yield Helper(CHILD, shape, row_of(ending, shape, seen.file.facts.language))


def _parameters(seen: Insight) -> dict[int, dict[int, int]]:
    """The parameters of each function: their positions by their bindings."""
    found: dict[int, dict[int, int]] = {}
    for binding in seen.file.facts.bindings:
        if binding.kind == "parameter" and binding.position >= 0 and not binding.member:
            found.setdefault(binding.function, {})[binding.index] = binding.position
    return found


def _can_help(function: Function) -> bool:
    return not function.is_generator and function.kind not in (
        FunctionKind.MODULE,
        FunctionKind.CONSTRUCTOR,
        FunctionKind.GETTER,
        FunctionKind.SETTER,
    )


def _is_signalled(life: Lifetime, function: Function, seen: Insight) -> bool:
    """Options that name more than flags may hold a signal that ends it; those of the caller are for it to tell."""
    options = unwrapped(life.holes.get(_OPTIONS))
    if options is None or _position(options, function, seen) is not None:
        return False
    if isinstance(options, Record):
        return any(name in ("[]", "signal", "once") for name, _ in options.items)
    return not isinstance(options, Constant)


# It answers with what it acquired


def _answers_with(life: Lifetime, function: Function, seen: Insight) -> bool:
    """Whether a fresh acquisition, which nobody else has, is what the function answers with."""
    if life.resource.started_by and life.start == life.call.extent:
        return False
    answers = [
        exit_
        for exit_ in life.journey.returned
        if exit_.function == function.index and exit_.kind is ExitKind.RETURN and _is_itself(exit_.value, life, seen)
    ]
    return bool(answers) and not _is_shared(life, function, seen)


def _is_itself(value: Value | None, life: Lifetime, seen: Insight) -> bool:
    value = unwrapped(value)
    return isinstance(value, Place) and (seen.flow.canonical(value) or value) in life.journey.places


def _is_shared(life: Lifetime, function: Function, seen: Insight) -> bool:
    """Whether somebody else keeps it, too: a field, a variable around the function, an unknown callee."""
    own = set(seen.file.inside(function.index))
    for stored in life.journey.stored:
        if stored.function in own:
            place = stored.place if isinstance(stored, Write) else stored.receiver
            binding = seen.file.binding(place) if place is not None else None
            if binding is None or binding.function not in own or (place is not None and place.path):
                return True
    return any(call.function in own for call in life.journey.handed)


# It adds what it is given, and perhaps answers with what takes it off again


def _is_plain_addition(life: Lifetime, function: Function, seen: Insight) -> bool:
    """Whether the listener is a parameter that is handed to the target and kept nowhere else."""
    handler = life.holes.get(life.resource.keeps)
    if handler is None or _position(handler, function, seen) is None:
        return False
    if _OPTIONS in life.holes and next(seen.near_misses(life), None) is not None:
        return False  # it means to take it off again, and forgets the options: that is a leak of its own
    journey = seen.flow.journey(handler)
    return not journey.stored and not journey.returned and not any(_is_kept(call, seen) for call in journey.handed)


def _is_kept(call: Call, seen: Insight) -> bool:
    """`owner.ends.push(new Listener(element, type, handler))`: what knows the listener is kept for the day it goes."""
    put = seen.file.facts.calls[call.fate.call] if call.fate.kind is FateKind.ARGUMENT and call.fate.call >= 0 else None
    return call.constructs and (call.fate.kind is FateKind.KEPT or (put is not None and seen.file.called(put) in PUTS))


def _adding(life: Lifetime, function: Function, seen: Insight) -> Iterator[Helper]:
    filled = _filled(life.holes, function, seen)
    if filled is not None:
        yield _acquirer(function, life.resource, seen, "", *filled)


def _with_remover(life: Lifetime, function: Function, undoing: Undoing, seen: Insight) -> Iterator[Helper]:
    """What the caller can give may be told apart; what the function keeps to itself is nobody's business."""
    known = {name: value for name, value in life.holes.items() if name not in (life.shape.result, _OPTIONS)}
    held = {name: value for name, value in known.items() if name == life.resource.holder}
    is_told = _filled(held, function, seen) is not None
    if not is_told and life.origin.holder is not Holder.PROCESS:
        return
    told = {name: value for name, value in known.items() if _filled({name: value}, function, seen) is not None}
    arguments, given = _filled(told, function, seen) or ((), ())
    release = tuple(
        Shape(step, _REMOVER, text=f"{_REMOVER}.{step}()") if step else Shape(_REMOVER, text=f"{_REMOVER}()")
        for step in undoing.steps
    )
    row = replace(
        life.resource,
        holder=life.resource.holder if is_told else "process",
        started_by=(),
        fires_once=False,
        release=(*life.resource.release, *release),
    )
    yield _acquirer(function, row, seen, _REMOVER, arguments, given)


def _filled(
    holes: Mapping[str, Value], function: Function, seen: Insight
) -> tuple[tuple[str, ...], tuple[tuple[str, Value], ...]] | None:
    """How a call of the function fills holes: by its arguments, or always alike; None if that cannot be told."""
    positions: dict[int, str] = {}
    given: list[tuple[str, Value]] = []
    for name, value in holes.items():
        position = _position(value, function, seen)
        constant = seen.file.constant(value)
        if position is not None:
            positions[position] = name
        elif constant is not None:
            given.append((name, constant))
        elif isinstance(value, Place) and value.root is Root.GLOBAL:
            given.append((name, value))
        elif name != _OPTIONS:
            return None
    width = max(positions, default=-1) + 1
    return tuple(positions.get(at, f"$_{at}") for at in range(width)), tuple(given)


def _position(value: Value | None, function: Function, seen: Insight) -> int | None:
    """Which parameter of the function a value is, as it was given."""
    place = seen.flow.canonical(value)
    binding = seen.file.binding(place) if place is not None and not place.path else None
    if binding is None or binding.kind != "parameter" or binding.function != function.index or binding.member:
        return None
    is_given = not seen.file.writes_at.get(Place(Root.BINDING, binding.index))
    return binding.position if is_given and binding.position >= 0 else None


# It releases what it is given


def _releasing(seen: Insight) -> Iterator[Helper]:
    rows = seen.resources.releasing(seen.file.calls_named)
    given = {function for function, _ in seen.file.parameters}
    for kind, shape in dict.fromkeys((resource.kind, shape) for resource, shape in rows):
        for call in seen.candidates(shape):
            if call.function not in given:
                continue
            function = seen.file.facts.functions[call.function]
            holes = match(shape, call, seen.file, ("*",), lenient=True) if _can_help(function) else None
            filled = _filled(holes, function, seen) if holes else None
            if filled is not None and any(not name.startswith("$_") for name in filled[0]):
                yield _releaser(function, kind, seen, *filled)


def _acquirer(
    function: Function,
    resource: Resource,
    seen: Insight,
    result: str,
    arguments: tuple[str, ...],
    given: tuple[tuple[str, Value], ...],
) -> Helper:
    shape = replace(_shape(function, seen, arguments, given), result=result, awaited=function.is_async)
    return Helper(resource.kind, shape, replace(resource, acquire=(shape,)))


def _releaser(
    function: Function, kind: str, seen: Insight, arguments: tuple[str, ...], given: tuple[tuple[str, Value], ...]
) -> Helper:
    return Helper(kind, _shape(function, seen, arguments, given))


def _shape(
    function: Function, seen: Insight, arguments: tuple[str, ...], given: tuple[tuple[str, Value], ...]
) -> Shape:
    text = f"{function.name}({', '.join(arguments)})"
    inside = seen.file.span(function.extent)
    return Shape(function.name, "", arguments, text=text, helper=function.index, inside=inside, given=given)
