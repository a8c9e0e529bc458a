"""A listener that waits for an answer: whoever tells the outcome first must take it off, whatever the outcome is."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.resource import Holder
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.promises import executor_of
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.holder.filled import is_filled_in_this_call
from memlint.verdicts.release.once import comes_soon, is_once
from memlint.verdicts.verdict import Fault, Verdict

_LATER = frozenset({"setTimeout"})
_FOLLOW = frozenset({"then", "catch"})
_LISTENING = "listening for an event"
_PASSES_ON = frozenset(
    {
        "emit",
        "dispatchEvent",
        "kill",
        "abort",
        "destroy",
        "terminate",
        "close",
        "disconnect",
        "end",
        "cancel",
        "finally",
    }
)
"""Calls after which something else may come that takes the listener off."""


@frozen
class Outcome:
    """Something that runs once, later: where it is handed over, the function, and what it tells of an outcome."""

    call: Call
    position: int
    function: int | None
    told: frozenset[int]


def judge_telling(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether one outcome takes the listener off and tells who waits, and another one tells, and leaves it."""
    if not life.ends or life.doubtful_ends or not _stays(life, seen):
        return None
    here = _wait(life.call.function, seen)
    places = {end.call.function for end in life.ends}
    if here in places or not all(seen.file.contains(here, place) for place in places):
        return None
    if any(_runs_whatever_comes(place, here, seen) for place in places):
        return None
    told: set[int] = set()
    rest: list[Outcome] = []
    for one in _outcomes(here, seen):
        if one.function is not None and places & seen.reach.reached([one.function]):
            if seen.file.called(one.call) in _LATER:
                return None  # it comes in the end, whatever was told before
            told |= one.told
        else:
            rest.append(one)
    for one in rest:
        if seen.ways.are_exclusive(one.call.region, life.call.region):
            continue  # it is told when this was never begun
        if not told.isdisjoint(one.told) and _comes_alone(one, seen) and not _is_led_on(one, here, places, life, seen):
            why = f"{_phrase(one, seen)} tells who waits, and leaves it"
            return Verdict(_sureness(life, seen), why, fault=Fault.PARTIAL, ways=((one.call.extent, why),))
    return None


def _wait(function: int, seen: Insight) -> int:
    """The function that makes others wait: the executor of the promise around, or the one that listens itself."""
    around = (each.index for each in seen.file.enclosing(function))
    return next((each for each in around if executor_of(each, seen.file) is not None), function)


def _stays(life: Lifetime, seen: Insight) -> bool:
    """Whether what it listens to was there before the call, and stays when the outcome is known."""
    place = seen.flow.canonical(life.holes.get("$target"))
    if place is None or life.frequency.rate < Rate.CALL or is_filled_in_this_call(life, seen):
        return False
    if comes_soon(words_of(_event(life.holes.get("$event"), seen)), seen):
        return False
    if life.origin.holder is Holder.UNIT:
        return place.root is Root.SELF
    binding = seen.file.binding(place)
    if binding is not None and binding.name in seen.words["of one event"]:
        return False
    return life.origin.holder in (Holder.FOREIGN, Holder.PROCESS)


def _event(value: Value | None, seen: Insight) -> str:
    known = seen.file.constant(value)
    return str(known.value) if known is not None else ""


def _sureness(life: Lifetime, seen: Insight) -> Confidence:
    """An element that was handed in goes with its page; the signal of a caller is there for the next call."""
    is_signal = _event(life.holes.get("$event"), seen) == "abort"
    is_element = life.origin.holder is Holder.FOREIGN and life.resource.adds_once and not is_signal
    return Confidence.LOW if is_element else Confidence.MEDIUM


def _runs_whatever_comes(place: int, here: int, seen: Insight) -> bool:
    """`promise.finally(() => bus.off("pong", heard))`."""
    file = seen.file
    return any(
        file.called(call) == "finally"
        for each in file.enclosing(place)
        if each.index != here and file.contains(here, each.index)
        for call in seen.frequencies.handed.to(each)
    )


def _outcomes(here: int, seen: Insight) -> Iterator[Outcome]:
    """What is handed to anybody inside of a function, and tells who waits."""
    file = seen.file
    for inner in file.inside(here):
        for call in file.calls_in.get(inner, ()):
            for position, argument in enumerate(call.arguments):
                function = file.function_at(argument)
                told = _told_by(function, here, seen) if function is not None else _named(argument, here, seen)
                if told:
                    yield Outcome(call, position, function, told)


def _comes_alone(one: Outcome, seen: Insight) -> bool:
    """Whether a timer, an emitter or a promise runs it, and so before all others: `setTimeout(reject, 9000)`."""
    name = seen.file.called(one.call)
    if name in _LATER:
        return one.position == 0
    if name in _FOLLOW:
        return one.position < 2
    return one.position == 1 and name in seen.words[_LISTENING] and not _goes_on_and_on(one.call, seen)


def _goes_on_and_on(call: Call, seen: Insight) -> bool:
    """`addEventListener("resize", …)`: it tells how things are, and nobody waits for it."""
    last = words_of(_event(call.arguments[0], seen))[-1:]
    return seen.words.any_of("movements", last)


def _told_by(function: int, here: int, seen: Insight) -> frozenset[int]:
    """The waits that a function ends: by their executors, or by the callbacks that it calls."""
    reached = (each for each in seen.reach.reached([function]) if seen.file.contains(here, each))
    calls = (call for each in reached for call in seen.file.calls_in.get(each, ()))
    return frozenset(told for call in calls for told in _named(call.callee, here, seen))


def _named(value: Value, here: int, seen: Insight) -> frozenset[int]:
    """The wait whose end a name tells: `resolve` and `reject` of one executor are one, a callback is its own."""
    place = unwrapped(value)
    binding = seen.file.binding(place) if isinstance(place, Place) and not place.path else None
    if binding is None or binding.kind != "parameter" or not seen.file.contains(binding.function, here):
        return frozenset()
    return frozenset({-1 - binding.function if executor_of(binding.function, seen.file) else binding.index})


def _is_led_on(one: Outcome, here: int, places: set[int], life: Lifetime, seen: Insight) -> bool:
    """Whether an outcome comes after the end, ends the target, or makes something else come that may end it."""
    file = seen.file
    if one.call is life.call and is_once(life):
        return True
    around = (each.index for each in file.enclosing(one.call.function) if each.index != here)
    if any(places & seen.reach.reached([each]) for each in around if file.contains(here, each)):
        return True
    if file.called(one.call) in seen.words[_LISTENING] and _is_of_the_target_itself(one.call, life, seen):
        return True
    reached = seen.reach.reached([one.function]) if one.function is not None else frozenset()
    return any(file.called(call) in _PASSES_ON for each in reached for call in file.calls_in.get(each, ()))


def _is_of_the_target_itself(call: Call, life: Lifetime, seen: Insight) -> bool:
    """Whether it is the end, or a failure, of the very thing that holds the listener."""
    event = _event(call.arguments[0], seen)
    final = event in seen.words["last events"] or event in seen.words["failures"]
    return final and seen.flow.canonical(call.receiver) == seen.flow.canonical(life.holes.get("$target"))


def _phrase(one: Outcome, seen: Insight) -> str:
    name = seen.file.called(one.call)
    event = _event(one.call.arguments[0], seen) if name in seen.words[_LISTENING] else ""
    return f"'{event}'" if event else f"what `{name}` was given"
