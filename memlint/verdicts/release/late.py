"""What is acquired after a wait, by an owner that may have ended in the meantime: its teardown ran too early for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Exit, ExitKind, Extent, FateKind, Function
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.running.effects import effect_of
from memlint.semantics.value.values import inner_values, unwrapped

_STANDING = frozenset({"process", "platform"})


@frozen
class Late:
    """An acquisition, the wait before it, the hook that runs both, and the teardown that may come between."""

    life: Lifetime
    wait: Extent
    hook: Function
    teardown: Function
    confidence: Confidence


def late(seen: Insight) -> Iterator[Late]:
    """Acquisitions of components whose teardown would end them, did it not come while they wait; one for each wait."""
    told: set[Extent] = set()
    hooks = {index: one for one in _hooks(seen) for index in seen.reach.reached([one.index])}
    if not hooks:
        return
    for life in seen.lifetimes:
        hook = hooks.get(life.call.function)
        if hook is None or life.resource.fires_once or life.shape.helper is not None or not _stands(life):
            continue
        wait = _wait_before(life, seen)
        if wait is None or wait in told:
            continue
        teardown = _ended_by(life, seen)
        if teardown is not None and not _is_asked(life, wait, teardown, seen):
            told.add(wait)
            yield Late(life, wait, hook, teardown, Confidence.MEDIUM)


def _stands(life: Lifetime) -> bool:
    """Whether it works on, or is held, whoever let go of it: by the process, by the platform."""
    return life.resource.holder in _STANDING or life.origin.holder == "process"


def _hooks(seen: Insight) -> Iterator[Function]:
    """The functions that a framework runs when a component comes, without waiting for what they answer with."""
    names = seen.words["hooks that nobody waits for"]
    for one in seen.file.facts.functions:
        if (one.unit >= 0 and one.name in names) or effect_of(one, seen.file, seen.words) is not None:
            yield one


# The wait


def _wait_before(life: Lifetime, seen: Insight) -> Extent | None:
    """The `await` that the line comes after, or the promise in whose `then` it stands."""
    call = life.call
    around = set(seen.file.regions_of(call.region))
    for exit_ in seen.file.exits_of.get(call.function, ()):
        if exit_.kind is ExitKind.AWAIT and exit_.region in around and _is_over(exit_, call.extent):
            if not _is_short(exit_.value, seen):
                return exit_.extent
    function = seen.file.facts.functions[call.function]
    if function.fate.kind is FateKind.ARGUMENT and function.fate.call >= 0:
        then = seen.file.facts.calls[function.fate.call]
        if seen.file.called(then) == "then" and then.receiver is not None and not _is_short(then.receiver, seen):
            return then.extent
    return None


def _is_over(exit_: Exit, extent: Extent) -> bool:
    return exit_.extent[1] <= extent[0] or (extent[0] < exit_.extent[0] and exit_.extent[1] < extent[1])


def _is_short(value: Value | None, seen: Insight) -> bool:
    """Whether the wait is for a moment in which nothing ends: `await nextTick()`, `await this.updateComplete`."""
    value = unwrapped(value)
    call = seen.file.call_of(value)
    name = seen.file.name_of(call.callee if call is not None else value)
    return not seen.words["waits of a moment"].isdisjoint(name.split("."))


# The end


def _ended_by(life: Lifetime, seen: Insight) -> Function | None:
    """The first teardown of its owner that ends it."""
    for one in seen.reach.teardowns(life.call.function):
        reached = seen.reach.reached([one.index])
        if any(end.call.function in reached for end in life.ends):
            return one
    return None


def _is_asked(life: Lifetime, wait: Extent, teardown: Function, seen: Insight) -> bool:
    """Whether somebody asks, between the wait and the line or in what is kept, if the owner is still there."""
    file = seen.file
    ended = seen.reach.reached([teardown.index])
    written = {file.resolve(write.place) for here in ended for write in file.writes_in.get(here, ())}
    kept = file.behind(life.holes.get(life.resource.keeps))
    inside = [life.call.function, *([kept] if kept is not None else [])]
    for here in inside:
        if here == kept and any(end.call.function == kept for end in life.ends):
            return True
        for region in file.regions_in.get(here, ()):
            after = here == kept or region.extent[1] > wait[0]
            if (
                after
                and region.test is not None
                and any(_is_a_sign(one, written, seen) for one in _places(region.test))
            ):
                return True
    return _has_a_signal(life.call.function, seen) or _is_broken_off(ended, seen)


def _places(test: Value) -> Iterator[Place]:
    yield from (inner for inner in inner_values(test) if isinstance(inner, Place))


def _is_a_sign(place: Place, written: set[Place], seen: Insight) -> bool:
    """What the teardown sets, a field of the owner, what a ref holds, or a word for being there."""
    place = seen.file.resolve(place)
    if place.root is Root.RESULT:  # `if (isGone()) return;`: nobody sees what it asks
        return True
    words = words_of(seen.file.name_of(place))
    return place in written or place.root is Root.SELF or "current" in words or seen.words.any_of("being there", words)


def _is_broken_off(ended: Iterable[int], seen: Insight) -> bool:
    """Whether the end breaks off what is waited for: `controller.abort()`."""
    calls = (call for function in ended for call in seen.file.calls_in.get(function, ()))
    return any(seen.file.called(call) in seen.words["breaking off"] for call in calls)


def _has_a_signal(function: int, seen: Insight) -> bool:
    """Whether a signal goes along with the wait, whose abort rejects it."""
    return any(
        "signal" in words_of(seen.file.name_of(inner))
        for call in seen.file.calls_in.get(function, ())
        for argument in call.arguments
        for inner in inner_values(argument)
        if isinstance(inner, Place)
    )
