"""What ends itself when it fires: a leak if it arms itself again, or outwaits its owner."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, RegionKind
from memlint.model.finding import Confidence
from memlint.verdicts.verdict import Verdict

_LONG_DELAY = 10_000
"""Milliseconds from which a forgotten one-shot timeout keeps its callback long enough to matter."""


def judge_rearming(life: Lifetime, seen: Insight) -> Verdict | None:
    """What ends itself when it fires leaks if it arms itself again, or waits long while its owner ends."""
    kept = seen.file.function_at(life.holes.get(life.resource.keeps))
    if life.resource.holder != "process":
        return None
    teardowns = seen.reach.teardowns(life.call.function)
    reached = seen.reach.reached(function.index for function in teardowns)
    if any(end.call.function in reached for end in life.ends):
        return None
    if kept is not None and kept == _function_around(life.call, seen, kept):
        if _is_conditional(life.call, seen, kept) or life.ends:
            return None
        return Verdict(Confidence.HIGH, "its callback arms it again, and nothing stops that", tuple(teardowns))
    delay = seen.file.constant(life.call.arguments[1]) if len(life.call.arguments) > 1 else None
    long = delay is not None and isinstance(delay.value, int | float) and delay.value >= _LONG_DELAY
    if long and teardowns and life.journey.stored and not life.ends and not _asks_first(kept, seen):
        return Verdict(Confidence.HIGH, "its owner can end long before it fires", tuple(teardowns))
    return None


def _asks_first(function: int | None, seen: Insight) -> bool:
    """A callback that begins with `if (this.destroyed) return;` does nothing once its owner has ended."""
    if function is None:
        return False
    own = [region for region in seen.file.facts.regions if region.function == function]
    first = next((region for region in own if region.kind is RegionKind.THEN), None)
    return first is not None and any(exit_.region == first.index for exit_ in seen.file.exits_of[function])


def _function_around(call: Call, seen: Insight, wanted: int) -> int:
    """`wanted` if the call runs whenever that function runs: in it, or in what it calls at once."""
    if call.function == wanted:
        return wanted
    if wanted in seen.reach.reached([wanted]) and call.function in _called_by(wanted, seen):
        return wanted
    return -1


def _called_by(function: int, seen: Insight) -> set[int]:
    found = set()
    for call in seen.file.facts.calls:
        if call.function == function:
            target = seen.file.target_of(call)
            if target is not None:
                found.add(target)
    return found


def _is_conditional(call: Call, seen: Insight, function: int) -> bool:
    """Whether something decides if the callback arms itself again: a condition around it, or a return before it."""
    facts = seen.file.facts
    regions = [facts.regions[index] for index in seen.file.regions_of(call.region)]
    if any(region.kind in (RegionKind.THEN, RegionKind.ELSE, RegionKind.CASE, RegionKind.CATCH) for region in regions):
        return True
    return any(
        exit_.kind in ("return", "throw") and exit_.extent[1] <= call.extent[0]
        for exit_ in seen.file.exits_of[function]
    )
