"""What a callback gets and must give back: does every way out of it, and of the callbacks inside, lead past an end?"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, Exit, ExitKind, Function
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root
from memlint.semantics.running.ways import Stop
from memlint.semantics.value.values import inner_values
from memlint.verdicts.verdict import Verdict

_LEAVES = (ExitKind.RETURN, ExitKind.THROW)


def judge_called_back(life: Lifetime, seen: Insight) -> Verdict | None:
    """`pool.getConnection((error, connection) => …)`: nothing gives it back, or a way out goes past what does."""
    if life.doubtful_ends:
        return None
    if not life.ends:
        return Verdict(Confidence.HIGH, "nothing ends it")
    callback = seen.file.facts.functions[life.call.function]
    for missed in _missed(callback, life, seen):
        return Verdict(
            Confidence.HIGH,
            "it is ended only when all goes well",
            ways=((missed.extent, "left here, and nothing gives it back"),),
        )
    return None


def _missed(callback: Function, life: Lifetime, seen: Insight) -> Iterator[Exit]:
    """The ways out of the callback, and of those inside by which it goes on to an end, that come before any end."""
    ending = {end.call.index for end in life.ends}
    holding = {end.call.function for end in life.ends}
    waiting, known = [callback.index], {callback.index}
    while waiting:
        function = waiting.pop()
        calls = [call for call in seen.file.calls_in.get(function, ()) if _leads_on(call, ending, holding, seen)]
        stops = [Stop(call.extent, call.region) for call in calls]
        begin = seen.file.facts.functions[function].extent[0]
        start = Stop((begin, begin), seen.file.facts.functions[function].body)
        for exit_ in seen.ways.missed_by(start, stops, function) if stops else ():
            if exit_.kind in _LEAVES and not (function == callback.index and _has_failed(exit_, callback, seen)):
                yield exit_
        inside = {one for call in calls if call.index not in ending for one in _handlers(call, seen)} - known
        known |= inside
        waiting += sorted(inside)


def _leads_on(call: Call, ending: set[int], holding: set[int], seen: Insight) -> bool:
    """Whether a call ends it, runs a function that does, or hands one on that will."""
    if call.index in ending:
        return True
    target = seen.file.target_of(call)
    return not seen.reach.reached([*(() if target is None else (target,)), *_handlers(call, seen)]).isdisjoint(holding)


def _handlers(call: Call, seen: Insight) -> list[int]:
    functions = (seen.file.function_at(value) for argument in call.arguments for value in inner_values(argument))
    return [function for function in functions if function is not None]


def _has_failed(exit_: Exit, callback: Function, seen: Insight) -> bool:
    """`if (error) return done(error);`: where the callback was told of an error there is nothing to give back."""
    errors = {one.index for one in seen.file.parameters_of.get(callback.index, ()) if one.position == 0}
    tests = (seen.file.facts.regions[index].test for index in seen.file.regions_of(exit_.region))
    return any(
        isinstance(value, Place) and value.root is Root.BINDING and value.key in errors
        for test in tests
        for value in inner_values(test)
    )
