"""Armed, then something throws: the `catch` tells the caller that it failed, and forgets what was armed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, Exit, ExitKind, Extent, Region
from memlint.model.frozen import frozen
from memlint.model.value import Place
from memlint.semantics.names import words_of
from memlint.semantics.running.promises import executor_of
from memlint.semantics.running.ways import HANDLERS
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.values import inner_values


@frozen
class _Teller:
    """A `try` whose `catch` answers with a failure: where, and which functions its handlers run."""

    tried: Region
    last: int
    """Where the last call begins of which the `catch` hears when it throws."""
    told: Extent
    run: frozenset[int]


def forgetful_catch(life: Lifetime, ends: Sequence[Call], seen: Insight) -> Extent | None:
    """Where a `catch` answers with a failure and leaves running what each other way ends.

    `try { timer = setTimeout(onLate, wait); socket = open(onReady, onError); } catch (error) { reject(error); }`: no
    callback comes once `open` has thrown.
    """
    here = life.call
    if not ends or any(end.function == here.function for end in ends):
        return None
    ending = {end.function for end in ends}
    tellers = seen.once(_tellers)[here.function]
    if not tellers:
        return None
    around = set(seen.file.regions_of(here.region))
    told = {call.index: call for place in ending for call in seen.once(_given)[place] if call.function == here.function}
    for one in tellers:
        if one.last < here.extent[1] or not ending.isdisjoint(one.run) or not _leads_to(one.tried, life, around, seen):
            continue
        if not any(_is_outside(call, one.tried, seen) for call in told.values() if call is not here):
            return one.told
    return None


def _leads_to(tried: Region, life: Lifetime, around: set[int], seen: Insight) -> bool:
    """Whether it is armed in the `try`, or on the way to it."""
    if tried.index in around:
        return True
    return life.call.extent[1] <= tried.extent[0] and not seen.ways.are_exclusive(tried.index, life.call.region)


def _is_outside(call: Call, tried: Region, seen: Insight) -> bool:
    """Whether what was given what ends it runs that whatever comes: `onDone(finish)`, before the `try`."""
    return tried.index not in seen.file.regions_of(call.region)


def _tellers(seen: Insight) -> Index[int, _Teller]:
    """Every `try` of the file with a `catch` that tells, by function."""
    last = _last_caught(seen)
    calls, throws = _handled(seen)
    found = []
    for tried, start in last.items():
        handlers = seen.ways.handlers_of(tried)
        told = next((one for at in seen.ways.catches_of(tried) if (one := _tells(calls[at], throws[at], seen))), None)
        if told is not None:
            targets = (seen.file.target_of(call) for handler in handlers for call in calls[handler])
            run = seen.reach.reached(target for target in targets if target is not None)
            found.append(_Teller(seen.file.facts.regions[tried], start, told, run))
    return indexed(sorted(found, key=lambda one: one.tried.extent), lambda one: one.tried.function)


def _last_caught(seen: Insight) -> dict[int, int]:
    """For each `try` with a `catch`, where the last call begins of which that `catch` hears when it throws."""
    found: dict[int, int] = {}
    for call in seen.file.facts.calls:
        catching = (one.index for one in seen.ways.tries_around(call.region) if seen.ways.catches_of(one.index))
        tried = next(catching, None)
        if tried is not None:
            found[tried] = max(call.extent[0], found.get(tried, 0))
    return found


def _handled(seen: Insight) -> tuple[Index[int, Call], Index[int, Exit]]:
    """The calls, and the throws, that stand anywhere in a `catch` or `finally`, by its region."""
    calls: dict[int, list[Call]] = {}
    for call in seen.file.facts.calls:
        for at in seen.file.regions_of(call.region):
            if seen.file.facts.regions[at].kind in HANDLERS:
                calls.setdefault(at, []).append(call)
    throws: dict[int, list[Exit]] = {}
    for way in seen.file.facts.exits:
        for at in seen.file.regions_of(way.region) if way.kind is ExitKind.THROW else ():
            if seen.file.facts.regions[at].kind in HANDLERS:
                throws.setdefault(at, []).append(way)
    return Index(calls), Index(throws)


def _given(seen: Insight) -> Index[int, Call]:
    """The calls beside a teller that are given a function, by each function that runs when it does."""
    found: dict[int, list[Call]] = {}
    for call in (call for function in seen.once(_tellers) for call in seen.file.calls_in[function]):
        for run in seen.reach.reached(_functions_in(call, seen)):
            found.setdefault(run, []).append(call)
    return Index(found)


def _functions_in(call: Call, seen: Insight) -> Iterator[int]:
    given = (seen.file.function_at(inner) for argument in call.arguments for inner in inner_values(argument))
    yield from (function for function in given if function is not None)


def _tells(calls: Sequence[Call], throws: Sequence[Exit], seen: Insight) -> Extent | None:
    """Where a `catch` rejects the promise, calls back, or throws on."""
    for call in calls:
        if _is_telling(call, seen):
            return call.extent
    return next((way.extent for way in throws if executor_of(way.function, seen.file) is None), None)


def _is_telling(call: Call, seen: Insight) -> bool:
    """`reject(error)`, `callback(error)`, `onError(error)`: who waits is told; whom `log(error)` tells does not."""
    binding = seen.file.binding(call.callee) if isinstance(call.callee, Place) and not call.callee.path else None
    if binding is None or binding.kind != "parameter":
        return False
    if executor_of(binding.function, seen.file) is not None:
        return True
    words = words_of(binding.name)
    waits = seen.words.any_of("callbacks", words[-1:])
    return waits or words[:1] == ("on",) or binding.name in seen.words["failures"]
