"""Armed, then something throws: the `catch` tells the caller that it failed, and forgets what was armed."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, Exit, ExitKind, Extent, Region, RegionKind
from memlint.model.value import Place
from memlint.semantics.running.promises import executor_of
from memlint.semantics.value.values import inner_values


def forgetful_catch(life: Lifetime, ends: Sequence[Call], seen: Insight) -> Extent | None:
    """Where a `catch` answers with a failure and leaves running what each other way ends.

    `try { timer = setTimeout(onLate, wait); socket = open(onReady, onError); } catch (error) { reject(error); }`: no
    callback comes once `open` has thrown.
    """
    file, here = seen.file, life.call
    if not ends or any(end.function == here.function for end in ends):
        return None
    for tried in file.regions_in.get(here.function, ()):
        if tried.kind is not RegionKind.TRY or not _may_throw(tried, life, seen):
            continue
        handlers = [file.facts.regions[index] for index in seen.ways.handlers_of(tried.index)]
        if any(_lets_go(handler, ends, seen) for handler in handlers) or _is_told_elsewhere(tried, life, ends, seen):
            continue
        for handler in handlers:
            told = _tells(handler, life, seen) if handler.kind is RegionKind.CATCH else None
            if told is not None:
                return told
    return None


def _may_throw(tried: Region, life: Lifetime, seen: Insight) -> bool:
    """Whether it is armed in the `try` or on the way to it, and another call follows that may throw."""
    start = life.call.extent[1]
    inside = tried.index in set(seen.file.regions_of(life.call.region))
    before = start <= tried.extent[0] and not seen.ways.are_exclusive(tried.index, life.call.region)
    return (inside or before) and any(
        start <= call.extent[0] and _catcher_of(call, seen) == tried.index
        for call in seen.file.calls_in.get(life.call.function, ())
    )


def _catcher_of(call: Call, seen: Insight) -> int | None:
    """The `try` whose `catch` hears of it when a call throws, by index."""
    regions = seen.file.facts.regions
    for index in seen.file.regions_of(call.region):
        if regions[index].kind is RegionKind.TRY and any(
            regions[handler].kind is RegionKind.CATCH for handler in seen.ways.handlers_of(index)
        ):
            return index
    return None


def _lets_go(handler: Region, ends: Sequence[Call], seen: Insight) -> bool:
    """Whether a `catch` or `finally` ends it, or hands on to what does."""
    places = {end.function for end in ends}
    for call in seen.file.calls_in.get(handler.function, ()):
        if handler.index in set(seen.file.regions_of(call.region)):
            target = seen.file.target_of(call)
            if target is not None and places & seen.reach.reached([target]):
                return True
    return False


def _is_told_elsewhere(tried: Region, life: Lifetime, ends: Sequence[Call], seen: Insight) -> bool:
    """Whether something outside of the `try` was given what ends it, and runs it whatever comes: `onDone(finish)`."""
    file, places = seen.file, {end.function for end in ends}
    for call in file.calls_in.get(life.call.function, ()):
        if tried.index in set(file.regions_of(call.region)) or call is life.call:
            continue
        given = (file.function_at(inner) for argument in call.arguments for inner in inner_values(argument))
        if any(places & seen.reach.reached([function]) for function in given if function is not None):
            return True
    return False


def _tells(handler: Region, life: Lifetime, seen: Insight) -> Extent | None:
    """Where a `catch` rejects the promise, calls back, or throws on."""
    executor = executor_of(life.call.function, seen.file)
    for call in seen.file.calls_in.get(handler.function, ()):
        if handler.index in set(seen.file.regions_of(call.region)) and _is_parameter(call, seen):
            return call.extent
    ways = (way for way in seen.file.exits_of.get(handler.function, ()) if _is_in(way, handler, seen))
    return None if executor is not None else next((way.extent for way in ways if way.kind is ExitKind.THROW), None)


def _is_in(way: Exit, handler: Region, seen: Insight) -> bool:
    return handler.index in set(seen.file.regions_of(way.region))


def _is_parameter(call: Call, seen: Insight) -> bool:
    """`reject(error)`, `callback(error)`: a function that was handed in is told."""
    binding = seen.file.binding(call.callee) if isinstance(call.callee, Place) and not call.callee.path else None
    return binding is not None and binding.kind == "parameter"
