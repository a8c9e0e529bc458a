"""What lets go, and does it when the owner ends?"""

from __future__ import annotations

from collections.abc import Sequence

from memlint.ledger import End, Insight, Lifetime
from memlint.model.facts import MODULE, FateKind, Function
from memlint.model.finding import Confidence
from memlint.model.frozen import replace
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import places_in
from memlint.verdicts.holder.components import outlives_its_component
from memlint.verdicts.release.emptied import judge_emptied
from memlint.verdicts.release.leaving import judge_leaving
from memlint.verdicts.release.once import comes_soon
from memlint.verdicts.release.overwriting import judge_overwritten
from memlint.verdicts.release.pausing import judge_pausing, may_be_the_end, own_callback
from memlint.verdicts.verdict import Verdict, at_most, lowered


def judge_ends(life: Lifetime, seen: Insight, confidence: Confidence) -> Verdict | None:
    """Whether nothing ends it, or something does, but not when its owner ends."""
    teardowns = seen.reach.teardowns(life.call.function)
    if not life.ends:
        owned = any(seen.vocabulary.ends_the_owner(one.name) for one in teardowns)
        if _is_unreferenced(life, seen) and not (owned and _is_made_again(life, seen)):
            confidence = Confidence.LOW
        if _is_in_reach_of_the_base(life, teardowns, seen):
            confidence = Confidence.LOW
        return Verdict(lowered(confidence) if life.doubtful_ends else confidence, "nothing ends it", tuple(teardowns))
    emptied = judge_emptied(life, seen, confidence, teardowns)
    if emptied is not None:
        return emptied
    if any(_ends_in_same_call(end, life, seen) or _is_answered(end, life, seen) for end in life.ends):
        return None
    own = own_callback(life, seen)
    elsewhere = [end for end in life.ends if not any(seen.file.contains(inside, end.call.function) for inside in own)]
    if not life.resource.started_by and len(elsewhere) < len(life.ends):
        return None
    reached = seen.reach.reached(function.index for function in teardowns)
    if not teardowns or any(end.call.function in reached for end in life.ends):
        return (
            judge_pausing(life, seen, confidence, teardowns)
            or judge_leaving(life, seen, confidence)
            or judge_overwritten(life, seen, confidence, teardowns)
        )
    return _judge_elsewhere(life, elsewhere, seen, confidence, teardowns)


def _judge_elsewhere(
    life: Lifetime, elsewhere: Sequence[End], seen: Insight, confidence: Confidence, teardowns: Sequence[Function]
) -> Verdict | None:
    """Something ends it, which the end of its owner does not reach."""
    if any(_comes_with_the_next_event(end, life, seen) for end in elsewhere):
        return None
    if elsewhere and all(_takes_turns(end, life, seen) for end in elsewhere):
        return judge_overwritten(life, seen, confidence, teardowns)
    verdict = Verdict(confidence, "it is ended elsewhere, but not when its owner ends", tuple(teardowns))
    perhaps = life.origin.holder is Holder.FOREIGN or not life.origin.sure
    restarts = bool(elsewhere) and perhaps and _is_restart(elsewhere, life, seen)
    if restarts and not outlives_its_component(life, seen):
        return replace(verdict, confidence=Confidence.LOW)  # each replaces the one before, on what was handed in
    if not elsewhere or _is_restart(elsewhere, life, seen):
        return verdict
    plain = tuple(one for one in teardowns if one.unit >= 0 and seen.vocabulary.ends_the_owner(one.name))
    if not plain or any(may_be_the_end(end, life, seen) for end in elsewhere):
        return judge_overwritten(life, seen, confidence, teardowns)
    return replace(verdict, confidence=at_most(confidence, Confidence.MEDIUM), teardowns=plain)


def _comes_with_the_next_event(end: End, life: Lifetime, seen: Insight) -> bool:
    """`document.on("mousemove", drag)`, and beside it `document.one("mouseup", …)` that takes it off again."""
    leading = (end.call.function, *(caller.function for caller in seen.file.callers.get(end.call.function, ())))
    for here in (each for function in leading for each in seen.file.enclosing(function)):
        for call in seen.frequencies.handed.to(here) if here.index != life.call.function else ():
            event = seen.file.constant(call.arguments[0]) if call.arguments else None
            if call.function == life.call.function and event is not None and isinstance(event.value, str):
                if any(comes_soon(words_of(name), seen) for name in event.value.split()):
                    return True
    return False


def _is_unreferenced(life: Lifetime, seen: Insight) -> bool:
    """`timer.unref()`, where nobody ever ends: it is meant to run for as long as the process does."""
    return any(call.receiver in life.journey.places for call in seen.file.calls_named.get("unref", ()))


def _is_in_reach_of_the_base(life: Lifetime, teardowns: Sequence[Function], seen: Insight) -> bool:
    """A field of the instance, whose end asks a base class of another file to end what it can: `super.stop()`."""
    place = life.call.fate.place
    if life.call.fate.kind is not FateKind.KEPT or place is None or place.root is not Root.SELF:
        return False
    unit = int(place.key)
    base = seen.file.binding(unit_base) if (unit_base := _topmost_base(unit, seen)) is not None else None
    entry = seen.file.imports.get(base.index) if base is not None else None
    if entry is None or not entry.module.startswith("."):
        return False
    return any(
        call.receiver == Place(Root.GLOBAL, "super") for one in teardowns for call in seen.file.calls_in[one.index]
    )


def _topmost_base(unit: int, seen: Insight) -> Place | None:
    base = seen.file.facts.units[seen.file.unit_roots[unit]].base
    return base if isinstance(base, Place) else None


def _is_made_again(life: Lifetime, seen: Insight) -> bool:
    """Whether this file starts it again and again: in calls, or for an instance that is made in calls."""
    unit = seen.file.unit_of(life.call.function)
    if unit is None or life.frequency.rate > Rate.INSTANCE:
        return True
    made = seen.file.constructions_of.get(Place(Root.BINDING, unit.binding), ())
    return any(seen.frequencies.of_call(call).rate > Rate.ONCE for call in made)


def _is_restart(ends: Sequence[End], life: Lifetime, seen: Insight) -> bool:
    """Whether all ends stand in the function that acquires: they only make room for the next one."""
    return all(end.call.function == life.call.function for end in ends) and not seen.file.in_loop(
        life.call.region, life.call.function
    )


def _takes_turns(end: End, life: Lifetime, seen: Insight) -> bool:
    """`if (state.open) { …begin… } else { …end… }`: who tells it how things stand may do so at the end as well."""
    here = life.call.function
    if end.call.function != here or not seen.ways.are_exclusive(end.call.region, life.call.region):
        return False
    tests = (seen.file.facts.regions[index].test for index in seen.file.regions_of(life.call.region))
    asked = (seen.file.binding(place) for test in tests for place in places_in(test))
    return any(one is not None and one.kind == "parameter" and one.function == here for one in asked)


def _ends_in_same_call(end: End, life: Lifetime, seen: Insight) -> bool:
    return (
        end.call.function == life.call.function
        and end.call.extent[0] > life.call.extent[1]
        and not seen.ways.are_exclusive(end.call.region, life.call.region)
    )


def _is_answered(end: End, life: Lifetime, seen: Insight) -> bool:
    """`observer.observe(page); return () => observer.unobserve(page);`: who starts it answers with what ends it."""
    if not life.resource.started_by:
        return False
    ending = seen.file.facts.functions[end.call.function]
    starting = seen.file.facts.functions[ending.parent]
    within = starting.extent[0] <= life.start[0] < starting.extent[1]
    return ending.fate.kind is FateKind.RETURNED and ending.parent != MODULE and within
