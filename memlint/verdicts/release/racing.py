"""A timer set against an outcome: when the outcome comes first, nobody stops the timer."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, FateKind, Function
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root, Value
from memlint.semantics.running.promises import RACES, combined, executor_of, racers
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.verdicts.release.beside import Beside
from memlint.verdicts.repetition.adding import is_for_a_job
from memlint.verdicts.repetition.delays import LONG, delay_of, is_short
from memlint.verdicts.verdict import Fault, Verdict

_MANY = 5_000
"""Milliseconds from which timers of requests or jobs that are done already pile up."""


def judge_racing(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether a one-shot waits for an outcome that may come first, and cannot be stopped then."""
    if life.ends or life.doubtful_ends or is_short(life, seen) or not _is_lost(life, seen):
        return None
    delay = delay_of(life, seen)
    if delay is not None and delay < (_MANY if is_for_a_job(life, seen) else LONG):
        return None
    executor = executor_of(life.call.function, seen.file)
    if executor is not None:
        rival = _other_outcome(life, executor, seen) or _raced(executor, seen)
        if rival is not None:
            return _verdict("when the promise is settled first, the timer stays", rival)
    rival = _outcome_of_what_it_stops(life, seen)
    return _verdict("when the outcome comes first, the timer stays", rival) if rival is not None else None


def _is_lost(life: Lifetime, seen: Insight) -> bool:
    """Whether the handle goes no further than a name of this call; what an executor returns goes nowhere."""
    if life.call.fate.kind is FateKind.RETURNED:
        return executor_of(life.call.function, seen.file) is not None
    binding = seen.file.binding(life.call.fate.place) if life.call.fate.place is not None else None
    return life.call.fate.kind is FateKind.DISCARDED or (
        life.call.fate.kind is FateKind.KEPT and binding is not None and binding.function == life.call.function
    )


def _verdict(why: str, rival: Call) -> Verdict:
    return Verdict(Confidence.MEDIUM, why, fault=Fault.RACED, ways=((rival.extent, "the outcome that may come first"),))


def _settles(function: int, executor: Function, seen: Insight) -> bool:
    """Whether a function calls one of the executor's parameters, or hands it on."""
    return any(
        binding.kind == "parameter" and binding.function == executor.index
        for inner in seen.file.inside(function)
        for use in seen.file.uses_in.get(inner, ())
        for binding in [seen.file.facts.bindings[use.binding]]
    )


def _other_outcome(life: Lifetime, executor: Function, seen: Insight) -> Call | None:
    """A call after which the promise may be settled while the timer still waits for it to be."""
    file = seen.file
    own = file.behind(life.holes.get(life.resource.keeps))
    if not _is_last_resort(life, own, executor, seen):
        return None
    timers = {other.call.index for other in seen.once(Beside).begun_in[executor.index] if _is_alike(other, life)}
    for call in file.calls_in.get(executor.index, ()):
        if call.index == life.call.index:
            continue
        handlers = {file.function_at(inner) for argument in call.arguments for inner in inner_values(argument)}
        if any(_settles(handler, executor, seen) for handler in handlers - {None, own} if handler is not None):
            return call
        if call.index not in timers and any(_is_parameter(argument, executor, seen) for argument in call.arguments):
            return call
    return None


def _is_alike(one: Lifetime, other: Lifetime) -> bool:
    return one.resource.kind == other.resource.kind


def _is_parameter(value: Value, executor: Function, seen: Insight) -> bool:
    place = unwrapped(value)
    binding = seen.file.binding(place) if isinstance(place, Place) else None
    return binding is not None and binding.kind == "parameter" and binding.function == executor.index


def _is_last_resort(life: Lifetime, own: int | None, executor: Function, seen: Insight) -> bool:
    """Whether the callback settles the promise itself, or breaks off what is under way."""
    kept = life.holes.get(life.resource.keeps)
    if kept is not None and _is_parameter(kept, executor, seen):
        return True
    if own is None:
        return isinstance(kept, Place) and seen.file.name_of(kept).rsplit(".", 1)[-1] in seen.words["breaking off"]
    return _settles(own, executor, seen)


def _raced(executor: Function, seen: Insight) -> Call | None:
    """`Promise.race([work, timeout])`: the promise is one of several, and the timer settles it."""
    made = seen.file.facts.calls[executor.fate.call]
    races = seen.once(_races)
    places = seen.flow.journey(Place(Root.RESULT, made.index)).places
    return next((races[place] for place in places if place in races), None)


def _races(seen: Insight) -> dict[Place, Call]:
    """What is raced against something else: the first race of each."""
    found: dict[Place, Call] = {}
    for race in combined(seen.file, RACES):
        entrants = racers(race)
        for entrant in entrants if len(entrants) > 1 else ():
            for place in (entrant, seen.flow.canonical(entrant)):
                if isinstance(place, Place):
                    found.setdefault(place, race)
    return found


def _outcome_of_what_it_stops(life: Lifetime, seen: Insight) -> Call | None:
    """The callback kills something, and the function that arms it listens for that thing's own end."""
    file = seen.file
    own = file.behind(life.holes.get(life.resource.keeps))
    if own is None:
        return None
    stopping = [
        call
        for inner in file.inside(own)
        for call in file.calls_in.get(inner, ())
        if file.called(call) in seen.words["breaking off"] and call.receiver is not None
    ]
    roots = {_root(seen.flow.canonical(call.receiver)) for call in stopping}
    for call in file.calls_in.get(life.call.function, ()):
        if file.called(call) not in seen.words["listening for an event"] or call.receiver is None or not call.arguments:
            continue
        event = file.constant(call.arguments[0])
        told = event is not None and event.value in seen.words["outcomes"]
        if told and _root(seen.flow.canonical(call.receiver)) in roots:
            return call
    return next((call for call in stopping if file.called(call) in seen.words["killing"]), None)


def _root(place: Place | None) -> tuple[Root, int | str] | None:
    """What a place belongs to: the connections of a server are the server's, each field of the instance is its own."""
    if place is None or place.root is Root.SELF:
        return None if place is None else (place.root, ".".join(place.path))
    return place.root, place.key
