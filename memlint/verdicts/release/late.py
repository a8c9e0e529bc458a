"""What is acquired after a wait, by an owner that may have ended in the meantime: its teardown ran too early for it."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Extent, Function
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.semantics.running.effects import effect_of
from memlint.verdicts.release.meanwhile import has_a_signal, is_asked, is_broken_off, wait_before

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
        wait = wait_before(life.call.extent, life.call.region, life.call.function, seen)
        if wait is None or wait.extent in told:
            continue
        teardown = _ended_by(life, seen)
        if teardown is not None and not _is_asked(life, wait.extent, teardown, seen):
            told.add(wait.extent)
            yield Late(life, wait.extent, hook, teardown, Confidence.MEDIUM)


def _stands(life: Lifetime) -> bool:
    """Whether it works on, or is held, whoever let go of it: by the process, by the platform."""
    return life.resource.holder in _STANDING or life.origin.holder == "process"


def _hooks(seen: Insight) -> Iterator[Function]:
    """The functions that a framework runs when a component comes, without waiting for what they answer with."""
    names = seen.words["hooks that nobody waits for"]
    for one in seen.file.facts.functions:
        if (one.unit >= 0 and one.name in names) or effect_of(one, seen.file, seen.words) is not None:
            yield one


def _ended_by(life: Lifetime, seen: Insight) -> Function | None:
    """The first teardown of its owner that ends it."""
    for one in seen.reach.teardowns(life.call.function):
        reached = seen.reach.reached([one.index])
        if any(end.call.function in reached for end in life.ends):
            return one
    return None


def _is_asked(life: Lifetime, wait: Extent, teardown: Function, seen: Insight) -> bool:
    """Whether somebody asks, between the wait and the line or in what is kept, if the owner is still there."""
    file, here = seen.file, life.call.function
    ended = seen.reach.reached([teardown.index])
    told = frozenset(file.resolve(write.place) for one in ended for write in file.writes_in.get(one, ()))
    kept = file.behind(life.holes.get(life.resource.keeps))
    if kept is not None and (any(end.call.function == kept for end in life.ends) or is_asked([kept], 0, told, seen)):
        return True
    return is_asked([here], wait[0], told, seen) or has_a_signal(here, seen) or is_broken_off(ended, seen)
