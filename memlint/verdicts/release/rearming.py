"""What ends itself when it fires, and arms itself again: it never ends."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, ExitKind, Function, RegionKind
from memlint.model.finding import Confidence
from memlint.model.value import Compound, Constant, Place, Value
from memlint.semantics.value.values import inner_values
from memlint.verdicts.verdict import Verdict


def judge_rearming(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether the callback arms itself again without a condition, and no end of the owner stops that."""
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    arming = _whenever_it_is_done(life.call, seen)
    if kept is None or arming is None or arming not in (kept, *_called_by(kept, seen)):
        return None
    teardowns = seen.reach.teardowns(life.call.function)
    reached = seen.reach.reached(function.index for function in teardowns)
    if any(end.call.function in reached for end in life.ends) or _is_conditional(life.call, arming, seen, kept):
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


def _whenever_it_is_done(call: Call, seen: Insight) -> int | None:
    """The function that always comes to a call in the end: the one around it, also where what it asks for comes first.

    `load() { fetch(url).then((answer) => { …; setTimeout(() => this.load(), 5000); }); }`. None if something on the
    way decides, or if the call is there for a failure alone: such a thing tries again, and is through when it works.
    """
    here = seen.file.facts.functions[call.function]
    while True:
        taker = seen.file.taker_of(here.fate)
        if taker is None or not _comes_afterwards(here, taker, seen):
            return here.index
        if _is_decided(taker, seen):
            return None
        here = seen.file.facts.functions[taker.function]


def _comes_afterwards(function: Function, taker: Call, seen: Insight) -> bool:
    """Whether a function runs when something is done, and once: `then(…)`, `finally(…)`; not `then(…, failed)`."""
    given = seen.file.function_at(taker.arguments[0]) if taker.arguments else None
    return seen.file.called(taker) in seen.words["going on when it is done"] and given == function.index


def _called_by(function: int, seen: Insight) -> set[int]:
    found = set()
    for call in seen.file.calls_in[function]:
        target = seen.file.target_of(call)
        if target is not None:
            found.add(target)
    return found


def _is_conditional(call: Call, arming: int, seen: Insight, callback: int) -> bool:
    """Whether something decides if the callback arms itself again: there, or in what it calls to do so."""
    if _is_decided(call, seen):
        return True
    inner = [one for one in seen.file.callers.get(arming, ()) if one.function == callback]
    return arming != callback and bool(inner) and all(_is_decided(one, seen) for one in inner)


def _is_decided(call: Call, seen: Insight) -> bool:
    """A condition around a call, or a way out before it."""
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(call.region))
    if any(region.kind in (RegionKind.THEN, RegionKind.ELSE, RegionKind.CASE, RegionKind.CATCH) for region in regions):
        return True
    return any(
        exit_.kind in (ExitKind.RETURN, ExitKind.THROW) and exit_.extent[1] <= call.extent[0]
        for exit_ in seen.file.exits_of.get(call.function, ())
    )
