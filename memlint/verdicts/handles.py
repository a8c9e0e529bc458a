"""Things that hold themselves open: files, sockets, pools of workers. They must be ended on every way out."""

from __future__ import annotations

from memlint.ledger import End, Insight, Lifetime
from memlint.model.facts import Call, ExitKind, FateKind, Place, RegionKind, Root
from memlint.model.finding import Confidence
from memlint.semantics.file import inner_values
from memlint.verdicts.verdict import Verdict


def judge_handle(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether a handle stays open: nothing closes it, or only when all goes well, or not when its owner ends."""
    if _is_managed(life, seen):
        return None
    teardowns = seen.reach.teardowns(life.call.function)
    if not life.ends:
        if _is_kept_by_unit(life) and _is_handed_out(life):
            return None
        return Verdict(Confidence.HIGH, "nothing ends it", tuple(teardowns))
    here = [end for end in life.ends if end.call.function == life.call.function]
    if _is_local(life, seen):
        if any(_is_sure(end, life, seen) for end in life.ends):
            return None
        if len(here) == len(life.ends):
            return Verdict(Confidence.HIGH, "it is ended only when all goes well", tuple(teardowns))
        return None
    if not teardowns or any(
        end.call.function in seen.reach.reached(one.index for one in teardowns) for end in life.ends
    ):
        return None
    return Verdict(Confidence.MEDIUM, "it is ended elsewhere, but not when its owner ends", tuple(teardowns))


def _is_managed(life: Lifetime, seen: Insight) -> bool:
    """`with open(…) as file`, `using`."""
    return any(
        write.operator in ("with", "using") and any(value in life.journey.places for value in inner_values(write.value))
        for write in seen.file.facts.writes
    )


def _is_local(life: Lifetime, seen: Insight) -> bool:
    place = life.call.fate.place
    if life.call.fate.kind is not FateKind.KEPT or place is None:
        return True
    binding = seen.file.binding(place)
    return binding is not None and not place.path and binding.function == life.call.function


def _is_kept_by_unit(life: Lifetime) -> bool:
    place = life.call.fate.place
    return place is not None and place.root is Root.SELF


def _is_handed_out(life: Lifetime) -> bool:
    """The unit hands the handle out in some way: a getter, a property, an argument."""
    return bool(life.journey.returned)


def _is_sure(end: End, life: Lifetime, seen: Insight) -> bool:
    """Whether an end in the acquiring function runs whatever happens between."""
    file = seen.file
    if end.call.function != life.call.function:
        return True
    kinds = {file.facts.regions[index].kind for index in file.regions_of(end.call.region)}
    if RegionKind.FINALLY in kinds:
        return True
    start, stop = life.call.extent[1], end.call.extent[0]
    for exit_ in file.exits_of[life.call.function]:
        if exit_.kind in (ExitKind.RETURN, ExitKind.THROW) and start <= exit_.extent[0] < stop:
            if end.call.region not in set(file.regions_of(exit_.region)) or exit_.region != end.call.region:
                return False
    return not any(_may_raise(call, life, seen) for call in _between(life.call, end.call, seen))


def _between(one: Call, other: Call, seen: Insight) -> list[Call]:
    return [
        call
        for call in seen.file.facts.calls
        if call.function == one.function and one.extent[1] <= call.extent[0] and call.extent[1] <= other.extent[0]
    ]


def _may_raise(call: Call, life: Lifetime, seen: Insight) -> bool:
    """Any call that is not one of the handle's own."""
    receiver = call.receiver
    if receiver is None:
        return True
    place = seen.flow.canonical(receiver) or receiver
    return Place(place.root, place.key) not in {Place(known.root, known.key) for known in life.journey.places}
