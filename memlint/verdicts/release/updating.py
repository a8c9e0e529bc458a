"""What each update of a component adds, and its end takes off but once."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import RegionKind
from memlint.model.finding import Confidence
from memlint.verdicts.verdict import Verdict

_BRANCHES = frozenset({RegionKind.THEN, RegionKind.ELSE, RegionKind.CASE, RegionKind.CATCH})


def judge_updating(life: Lifetime, seen: Insight, confidence: Confidence) -> Verdict | None:
    """Whether a method that a framework runs after each change adds one more, without asking and without taking off.

    The handler may be the same each time: an emitter keeps every copy, and `off` takes one of them.
    """
    if life.resource.adds_once or not seen.vocabulary.updates(seen.file.facts.functions[life.call.function].name):
        return None
    if not life.ends or _is_decided(life, seen):
        return None
    if any(_clears_the_way(end.call.function, life, seen) for end in life.ends):
        return None
    if not all("$handler" in end.shape.arguments for end in life.ends):
        return None  # `off("change")` takes all of them
    why = "each update adds one more, and its end takes off one"
    return Verdict(confidence, why, tuple(seen.reach.teardowns(life.call.function)))


def _is_decided(life: Lifetime, seen: Insight) -> bool:
    """Whether something decides if it is added: a condition around it, or a way out before it."""
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(life.call.region))
    return any(region.kind in _BRANCHES for region in regions) or any(
        exit_.extent[1] <= life.call.extent[0] for exit_ in seen.file.exits_of.get(life.call.function, ())
    )


def _clears_the_way(ending: int, life: Lifetime, seen: Insight) -> bool:
    """Whether the update itself leads to an end, or another hook that runs as often: `componentWillUpdate`."""
    file = seen.file
    if seen.vocabulary.updates(file.facts.functions[ending].name):
        return True
    return ending in seen.reach.reached([life.call.function])
