"""What comes between a wait and the line behind it: the end of the owner, unless somebody asks for it or breaks it off.

A line waits behind an `await` of its own way, or in what a promise runs when it is there; an `await` in another branch,
or one of a moment, is no wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from memlint.ledger import Insight
from memlint.model.facts import Exit, ExitKind, Extent
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, unwrapped


def wait_before(extent: Extent, region: int, function: int, seen: Insight) -> Exit | None:
    """The `await` that a line of a function comes after, or the promise in whose `then` the function stands."""
    around = set(seen.file.regions_of(region))
    for exit_ in seen.file.exits_of.get(function, ()):
        if exit_.kind is ExitKind.AWAIT and exit_.region in around and _is_over(exit_, extent):
            if not _is_short(exit_.value, seen):
                return exit_
    taker = seen.file.taker_of(seen.file.facts.functions[function].fate)
    if taker is None or seen.file.called(taker) != "then" or taker.receiver is None or _is_short(taker.receiver, seen):
        return None
    return Exit(ExitKind.AWAIT, None, taker.extent, function, taker.region)


def _is_over(exit_: Exit, extent: Extent) -> bool:
    """Whether it stands before a line, or inside of it: `off = await listen()`, `draw(await load())`."""
    return exit_.extent[1] <= extent[0] or (extent[0] < exit_.extent[0] and exit_.extent[1] <= extent[1])


def _is_short(value: Value | None, seen: Insight) -> bool:
    """Whether the wait is for a moment in which nothing ends: `await nextTick()`, `await this.updateComplete`."""
    value = unwrapped(value)
    call = seen.file.call_of(value)
    name = seen.file.name_of(call.callee if call is not None else value)
    return not seen.words["waits of a moment"].isdisjoint(name.split("."))


def is_asked(functions: Iterable[int], after: int, told: frozenset[Place], seen: Insight) -> bool:
    """Whether functions ask behind a place of the source if the owner is there, by what its end has `told`."""
    flags = told | {Place(place.root, place.key) for place in told if place.root is Root.BINDING}
    return any(
        isinstance(inner, Place) and _is_a_sign(inner, flags, seen)
        for function in functions
        for region in seen.file.regions_in.get(function, ())
        if region.extent[1] > after
        for inner in inner_values(region.test)
    )


def _is_a_sign(place: Place, flags: frozenset[Place], seen: Insight) -> bool:
    """What the end sets, a field of the owner, what a ref or a signal holds, or a word for being there."""
    place = seen.file.resolve(place)
    words = words_of(seen.file.name_of(place))
    if any(seen.words.any_of(names, words) for names in ("being there", "telling of an end")):
        return True
    if place.root is Root.RESULT:  # `if (this.isGone()) return;`: a function of this file may ask what the end has set
        call = seen.file.facts.calls[int(place.key)]
        of_self = call.receiver is not None and seen.file.resolve(call.receiver).root is Root.SELF
        return of_self or seen.file.target_of(call) is not None
    return place in flags or Place(place.root, place.key) in flags


def is_broken_off(ended: Iterable[int], seen: Insight) -> bool:
    """Whether the functions of an end break off what is waited for: `controller.abort()`."""
    calls = (call for function in ended for call in seen.file.calls_in.get(function, ()))
    return any(seen.file.called(call) in seen.words["breaking off a wait"] for call in calls)


def has_a_signal(function: int, seen: Insight) -> bool:
    """Whether a signal goes along with the wait, whose abort rejects it."""
    return any(
        "signal" in words_of(seen.file.name_of(inner))
        for call in seen.file.calls_in.get(function, ())
        for argument in call.arguments
        for inner in inner_values(argument)
        if isinstance(inner, Place) and not _is_a_deadline(inner, seen)
    )


def _is_a_deadline(place: Place, seen: Insight) -> bool:
    """`AbortSignal.timeout(5000)`: no end of anybody aborts it."""
    call = seen.file.call_of(place)
    return (
        call is not None and call.receiver == Place(Root.GLOBAL, "AbortSignal") and seen.file.called(call) == "timeout"
    )
