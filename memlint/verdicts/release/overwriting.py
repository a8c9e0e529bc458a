"""A place that keeps the only handle is written again, while the one before works on."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.ledger import End, Insight, Lifetime
from memlint.model.facts import MODULE, Call, FateKind, Function, FunctionKind, RegionKind
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import inner_values
from memlint.verdicts.verdict import Verdict

_OTHER_SIDE = {RegionKind.THEN: RegionKind.ELSE, RegionKind.ELSE: RegionKind.THEN}
_OF_THE_ELEMENT = (("target",), ("currentTarget",))
"""What an event tells of the element at which it happens (DOM, 2.2)."""


def judge_overwritten(
    life: Lifetime, seen: Insight, confidence: Confidence, teardowns: Sequence[Function]
) -> Verdict | None:
    """The place that keeps the handle is written again, by a call in this file, without an end before."""
    place = life.call.fate.place
    if life.call.fate.kind is not FateKind.KEPT or place is None or place.root is Root.RESULT or "[]" in place.path:
        return None
    file = seen.file
    function = life.call.function
    if file.facts.functions[function].kind is FunctionKind.CONSTRUCTOR or function == MODULE:
        return None
    binding = file.binding(file.resolve(place))
    if binding is not None and binding.function == function:
        return None
    if any(_makes_room(end, life, seen) for end in life.ends) or _is_guarded(life, seen, place):
        return None
    before = [call for call in file.calls_in[function] if call.extent[1] <= life.call.extent[0]]
    for call in before:
        target = file.target_of(call)
        if target is not None and any(end.call.function in seen.reach.reached([target]) for end in life.ends):
            return None
    callers = file.callers.get(function, ())
    if any(_take_turns(end, life, seen) for end in life.ends):
        return None
    here = file.facts.functions[function]
    again = runs_again(here, seen) and not (callers and file.is_private(here))
    if again or _is_told_to_begin(life):
        return Verdict(confidence, "it is replaced without ending the one before", tuple(teardowns))
    for caller in callers:
        outer = file.facts.functions[caller.function]
        if caller.function in (MODULE, function) or outer.kind is FunctionKind.CONSTRUCTOR:
            continue
        if not ends_before(caller, life, seen) and runs_again(outer, seen):
            return Verdict(confidence, "it is started again without ending the one before", tuple(teardowns))
    return None


def _makes_room(end: End, life: Lifetime, seen: Insight) -> bool:
    """Whether an end stands where control passes before the acquisition, or behind it in the same turn."""
    here = life.call
    return end.call.function == here.function and not seen.ways.are_exclusive(end.call.region, here.region)


def _take_turns(end: End, life: Lifetime, seen: Insight) -> bool:
    """`if (document.hidden) { …end… } else { …begin… }`: how things stand is asked, and so they take turns.

    Not where it is asked what somebody says: nobody promises that "begin" and "end" are told in turns.
    """
    regions = seen.file.facts.regions
    sides = [regions[index] for index in seen.file.regions_of(life.call.region)]
    asked = {(region.kind, region.test) for region in sides if region.test is not None}
    others = [regions[index] for index in seen.file.regions_of(end.call.region)]
    return any(
        (_OTHER_SIDE.get(region.kind), region.test) in asked and not _asks_what_is_told(region.test, life, seen)
        for region in others
    )


def _asks_what_is_told(test: Value | None, life: Lifetime, seen: Insight) -> bool:
    """Whether a test is about what the function is called with, but for what an event says of its own element."""
    if isinstance(test, Place):
        return False
    for inner in inner_values(test):
        binding = seen.file.binding(inner) if isinstance(inner, Place) else None
        if binding is not None and binding.kind == "parameter" and binding.function == life.call.function:
            if isinstance(inner, Place) and (binding.member or inner.path[:1] not in _OF_THE_ELEMENT):
                return True
    return False


def _is_told_to_begin(life: Lifetime) -> bool:
    """One handler begins it on one message and ends it on another: nobody promises that they take turns."""
    return life.frequency.rate is Rate.EVENT and any(end.call.function == life.call.function for end in life.ends)


def runs_again(caller: Function, seen: Insight) -> bool:
    """A caller that changes something (`setPeriod`, `update`) starts again what is running already."""
    return not seen.words["once more"].isdisjoint(words_of(caller.name)[:1])


def ends_before(caller: Call, life: Lifetime, seen: Insight) -> bool:
    for call in seen.file.calls_in[caller.function]:
        if call.extent[1] <= caller.extent[0]:
            target = seen.file.target_of(call)
            if call in [end.call for end in life.ends]:
                return True
            if target is not None and any(end.call.function in seen.reach.reached([target]) for end in life.ends):
                return True
    return False


def _is_guarded(life: Lifetime, seen: Insight, place: Place) -> bool:
    """`if (this.timer) return;` or `if (!this.timer) …` around the acquisition."""
    wanted = seen.file.resolve(place)
    for region in seen.file.regions_in[life.call.function]:
        if region.test is not None and region.extent[0] <= life.call.extent[0]:
            for inner in inner_values(region.test):
                if isinstance(inner, Place) and seen.file.resolve(inner) == wanted:
                    return True
    return False
