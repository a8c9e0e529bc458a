"""Acquired and ended within one function, but not on every way out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, Exit, ExitKind, Extent, FateKind, RegionKind
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root
from memlint.semantics.running.promises import executor_of
from memlint.semantics.running.ways import Stop
from memlint.semantics.tables import Index
from memlint.semantics.value.values import inner_values
from memlint.verdicts.release.caught import forgetful_catch
from memlint.verdicts.release.failing import failing_handler
from memlint.verdicts.release.once import is_once
from memlint.verdicts.repetition.delays import is_soon_over
from memlint.verdicts.verdict import Fault, Verdict, at_most

_ERROR = re.compile(r"^(e|er|err|error|reason|failure|\w*(Err|Error))$")
_BRANCHES = frozenset({RegionKind.THEN, RegionKind.ELSE, RegionKind.CASE})
_NEVER_REJECT = frozenset({"allSettled", "catch"})


def judge_partial(life: Lifetime, seen: Insight, confidence: Confidence) -> Verdict | None:
    """Whether all ends stand in the function that acquires, and a way out leaves them all out."""
    file = seen.file
    own = file.behind(life.holes.get(life.resource.keeps))
    ends = [end.call for end in life.ends if own is None or not file.contains(own, end.call.function)]
    if (life.resource.fires_once and is_soon_over(life, seen)) or not ends:
        return None
    function, start = _beginning(life, ends, seen)
    if not all(file.contains(function, end.function) for end in ends):
        return None
    ends = [end for end in ends if end.extent[0] >= start.extent[1] or end.function != function]
    stops = [*_stops(function, ends, own, seen), *_ends_of_the_target(life, function, seen)]
    skipped = _left_out(life, start, stops, function, seen) or _failed_callback(ends, function, seen)
    if skipped is not None:
        return _verdict(confidence, phrase(skipped), skipped.extent)
    if is_once(life) and "$event" in life.holes:
        return None  # what fails is most often the target itself, and its listeners go with it
    told = forgetful_catch(life, ends, seen)
    if told is not None:
        return _verdict(confidence, "when what follows throws, this tells of it and leaves it running", told)
    failing = failing_handler(life, ends, function, seen)
    if failing is not None:
        event = file.constant(failing.arguments[0])
        why = f"it is not ended on {event.value!r}" if event is not None else "one outcome does not end it"
        return _verdict(confidence, why, failing.extent)
    return None


def _beginning(life: Lifetime, ends: Sequence[Call], seen: Insight) -> tuple[int, Stop]:
    """Where it begins: what a promise's executor acquires is ended by the function that makes the promise."""
    function, start = life.call.function, Stop(life.start, life.call.region)
    while not all(seen.file.contains(function, end.function) for end in ends):
        made = seen.file.taker_of(seen.file.facts.functions[function].fate)
        if made is None or executor_of(function, seen.file) is None:
            break
        function, start = made.function, Stop(made.extent, made.region)
    return function, start


def _verdict(confidence: Confidence, why: str, extent: Extent) -> Verdict:
    return Verdict(at_most(confidence, Confidence.MEDIUM), why, fault=Fault.PARTIAL, ways=((extent, why),))


def phrase(exit_: Exit) -> str:
    """What a way out does, for those who read a finding."""
    if exit_.kind is ExitKind.AWAIT:
        return "it is not ended when what is awaited here fails"
    return f"this `{exit_.kind.value}` leaves it running"


def _stops(function: int, ends: Sequence[Call], own: int | None, seen: Insight) -> Iterator[Stop]:
    """What ends it, seen from a function: the ends themselves, calls that lead to them, and functions handed on."""
    for end in ends:
        if end.function == function:
            yield Stop(end.extent, end.region)
    leading = seen.once(_Leading).to_what_runs(function)
    for place in {end.function for end in ends if end.function != function}:
        yield from (stop for stop, inner in leading[place] if own is None or inner != own)


class _Leading:
    """What leads from a function to others that run: its calls, and the functions in it that are handed on."""

    def __init__(self, seen: Insight) -> None:
        self._seen = seen
        self._known: dict[int, Index[int, tuple[Stop, int]]] = {}

    def to_what_runs(self, function: int) -> Index[int, tuple[Stop, int]]:
        """By each function that runs then: where that is, and the inner function that is handed on, -1 for a call."""
        if function not in self._known:
            found: dict[int, list[tuple[Stop, int]]] = {}
            for begun, stop, inner in self._steps(function):
                for run in self._seen.reach.reached([begun]):
                    found.setdefault(run, []).append((stop, inner))
            self._known[function] = Index(found)
        return self._known[function]

    def _steps(self, function: int) -> Iterator[tuple[int, Stop, int]]:
        file = self._seen.file
        for call in file.calls_in.get(function, ()):
            target = file.target_of(call)
            if target is not None:
                yield target, Stop(call.extent, call.region), -1
        for inner in file.written_in.get(function, ()):
            if inner.fate.kind is not FateKind.KEPT:
                yield inner.index, Stop(inner.extent, inner.region), inner.index


def _ends_of_the_target(life: Lifetime, function: int, seen: Insight) -> Iterator[Stop]:
    """Calls that end the very thing that holds it: `socket.destroy()`."""
    target = seen.flow.canonical(life.holes.get(life.resource.holder))
    for call in seen.file.calls_in.get(function, ()) if target is not None else ():
        if seen.vocabulary.ends(seen.file.called(call)) and seen.flow.canonical(call.receiver) == target:
            yield Stop(call.extent, call.region)


def _left_out(life: Lifetime, start: Stop, stops: Sequence[Stop], function: int, seen: Insight) -> Exit | None:
    if _are_of_another_way(start, stops, function, seen):
        return None
    for exit_ in seen.ways.missed_by(start, stops, function):
        if exit_.kind is ExitKind.AWAIT and cannot_fail(exit_, seen):
            continue
        if exit_.kind is ExitKind.RETURN and (_waits_for_another_call(life, seen) or _goes_on(exit_, life, seen)):
            continue
        if not _asks_for_it(exit_, life, seen):
            return exit_
    return None


def _are_of_another_way(start: Stop, stops: Sequence[Stop], function: int, seen: Insight) -> bool:
    """`if (late) { timer = setTimeout(…); return; } clearTimeout(timer);`: what ends it ends that of another run."""
    around = set(seen.file.regions_of(start.region))
    for exit_ in seen.file.exits_of.get(function, ()):
        if exit_.kind in (ExitKind.RETURN, ExitKind.THROW) and exit_.region in around:
            branch = seen.file.facts.regions[exit_.region]
            if branch.kind in _BRANCHES and start.extent[1] <= exit_.extent[0]:
                return not any(branch.extent[0] <= stop.extent[0] < branch.extent[1] for stop in stops)
    return False


def _waits_for_another_call(life: Lifetime, seen: Insight) -> bool:
    """`guard = setTimeout(warn, 3000); return;` in a variable of the module, or a field: it is meant to run on."""
    place = life.call.fate.place
    if not life.resource.fires_once or life.call.fate.kind is not FateKind.KEPT or place is None:
        return False
    if seen.file.resolve(place).root is Root.SELF:
        return any(end.call.function != life.call.function for end in life.ends)
    binding = seen.file.binding(seen.file.resolve(place))
    return binding is not None and binding.function == MODULE != life.call.function


def _goes_on(exit_: Exit, life: Lifetime, seen: Insight) -> bool:
    """`return line.write(text, written);` with a timer for the answer: the work has only begun."""
    call = seen.file.call_of(exit_.value)
    if call is None or not life.resource.fires_once or call.extent == life.call.extent:
        return False
    return any(seen.file.function_at(argument) is not None for argument in call.arguments)


def cannot_fail(exit_: Exit, seen: Insight) -> bool:
    """Whether what is awaited is never rejected."""
    call = seen.file.call_of(exit_.value)
    if call is None:
        return False
    name = seen.file.called(call)
    return call.constructs or name in _NEVER_REJECT or name in seen.words["pauses"]


def _asks_for_it(exit_: Exit, life: Lifetime, seen: Insight) -> bool:
    """`if (!timer) return;`, `if (isLate) return;` where the timer says that it is: there is nothing to end."""
    said = _said_by(life, seen)
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(exit_.region))
    return any(
        isinstance(inner, Place) and (seen.file.resolve(inner) in life.journey.places or inner in said)
        for region in regions
        if region.test is not None
        for inner in inner_values(region.test)
    )


def _said_by(life: Lifetime, seen: Insight) -> frozenset[Place]:
    """The names that a one-shot sets as it fires."""
    callback = seen.file.function_at(life.holes.get(life.resource.keeps)) if life.resource.fires_once else None
    writes = seen.file.writes_in.get(callback, ()) if callback is not None else ()
    return frozenset(write.place for write in writes if write.place.root is Root.BINDING and not write.place.path)


def _failed_callback(ends: Sequence[Call], function: int, seen: Insight) -> Exit | None:
    """`work((err, result) => { if (err) return done(err); clearTimeout(timer); … })`."""
    file = seen.file
    callbacks = {end.function for end in ends}
    if len(callbacks) != 1 or function in callbacks:
        return None
    callback = file.facts.functions[callbacks.pop()]
    if callback.fate.kind is not FateKind.ARGUMENT or not callback.parameters:
        return None
    if not _ERROR.match(callback.parameters[0]):
        return None
    stops = [Stop(end.extent, end.region) for end in ends]
    beginning = Stop((callback.extent[0], callback.extent[0]), callback.body)
    for exit_ in seen.ways.missed_by(beginning, stops, callback.index):
        if exit_.kind is not ExitKind.AWAIT and _tests_parameter(exit_, callback.index, seen):
            return exit_
    return None


def _tests_parameter(exit_: Exit, function: int, seen: Insight) -> bool:
    test = seen.file.facts.regions[exit_.region].test
    for inner in inner_values(test):
        binding = seen.file.binding(inner) if isinstance(inner, Place) else None
        if binding is not None and binding.kind == "parameter" and binding.function == function:
            return binding.position == 0
    return False
