"""What ends itself when it fires, and arms itself again: it never ends."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, ExitKind, RegionKind
from memlint.model.finding import Confidence
from memlint.model.value import Compound, Constant, Place, Value
from memlint.semantics.value.values import inner_values
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
        sure = Confidence.HIGH if life.frequency.sure or teardowns else Confidence.LOW  # it may be begun once
        return Verdict(sure, "its callback arms it again, and nothing stops that", tuple(teardowns))
    if teardowns and all(end.call.function == life.call.function for end in life.ends):
        return Verdict(Confidence.MEDIUM, "its callback arms it again, and no end stops that", tuple(teardowns))
    return None


def goes_through_a_list(life: Lifetime, seen: Insight) -> bool:
    """`function send(list, at) { if (at < list.length) setTimeout(() => send(list, at + 1), pause); }`: it ends itself.

    The callback calls the function that arms it, for the next of as many as there are.
    """
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    regions = [seen.file.facts.regions[index] for index in seen.file.regions_of(life.call.region)]
    tested = [inner for region in regions for inner in inner_values(region.test)]
    if kept is None or not any(isinstance(one, Place) and one.path[-1:] == ("length",) for one in tested):
        return False
    around = {one.index for one in seen.file.enclosing(life.call.function)}
    return any(
        seen.file.target_of(call) in around and any(_is_the_next(argument, seen) for argument in call.arguments)
        for call in seen.file.calls_in.get(kept, ())
    )


def _is_the_next(value: Value, seen: Insight) -> bool:
    """`at + 1`, `left - 1`, `++at`, of a parameter that counts."""
    if not isinstance(value, Compound) or value.operator not in ("+", "-") or len(value.parts) != 2:
        return False
    first, second = value.parts
    binding = seen.file.binding(first) if isinstance(first, Place) and not first.path else None
    return binding is not None and binding.kind == "parameter" and second == Constant(1)


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
