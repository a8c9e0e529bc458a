"""What ends itself when it fires, and arms itself again: it never ends."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, ExitKind, RegionKind
from memlint.model.finding import Confidence
from memlint.verdicts.verdict import Verdict


def judge_rearming(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether the callback arms itself again without a condition, and no end of the owner stops that."""
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    if kept is None or kept != _function_around(life.call, seen, kept):
        return None
    teardowns = seen.reach.teardowns(life.call.function)
    reached = seen.reach.reached(function.index for function in teardowns)
    if any(end.call.function in reached for end in life.ends) or _is_conditional(life.call, seen, kept):
        return None
    if not life.ends:
        return Verdict(Confidence.HIGH, "its callback arms it again, and nothing stops that", tuple(teardowns))
    if teardowns and all(end.call.function == life.call.function for end in life.ends):
        return Verdict(Confidence.MEDIUM, "its callback arms it again, and no end stops that", tuple(teardowns))
    return None


def _function_around(call: Call, seen: Insight, wanted: int) -> int:
    """`wanted` if the call runs whenever that function runs: in it, or in what it calls at once."""
    if call.function == wanted:
        return wanted
    if wanted in seen.reach.reached([wanted]) and call.function in _called_by(wanted, seen):
        return wanted
    return -1


def _called_by(function: int, seen: Insight) -> set[int]:
    found = set()
    for call in seen.file.calls_in[function]:
        target = seen.file.target_of(call)
        if target is not None:
            found.add(target)
    return found


def _is_conditional(call: Call, seen: Insight, callback: int) -> bool:
    """Whether something decides if the callback arms itself again: there, or in what it calls to do so."""
    if _is_decided(call, seen):
        return True
    inner = [one for one in seen.file.callers.get(call.function, ()) if one.function == callback]
    return call.function != callback and bool(inner) and all(_is_decided(one, seen) for one in inner)


def _is_decided(call: Call, seen: Insight) -> bool:
    """A condition around a call, or a way out before it."""
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(call.region))
    if any(region.kind in (RegionKind.THEN, RegionKind.ELSE, RegionKind.CASE, RegionKind.CATCH) for region in regions):
        return True
    return any(
        exit_.kind in (ExitKind.RETURN, ExitKind.THROW) and exit_.extent[1] <= call.extent[0]
        for exit_ in seen.file.exits_of.get(call.function, ())
    )
