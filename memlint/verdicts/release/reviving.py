"""A one-shot that starts anew what the end of its owner has ended: then nobody ends it any more."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Function
from memlint.model.value import Place
from memlint.semantics.value.values import inner_values
from memlint.verdicts.release.beside import Beside
from memlint.verdicts.repetition.delays import asks_first


def revives(life: Lifetime, seen: Insight, teardowns: Sequence[Function]) -> bool:
    """Whether the callback leads to an acquisition that lasts and that a teardown ends, and nothing asks in between.

    `setTimeout(() => this.beginBeat(), wait)` fires after `close()`, which has just cleared the beat.
    """
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    if kept is None:
        return False
    run = seen.reach.reached([kept])
    ended = seen.reach.reached(one.index for one in teardowns)
    if not run.isdisjoint(one.index for one in teardowns):
        return False
    return any(
        other is not life
        and other.resource.holder == life.resource.holder
        and _lasts(other, seen)
        and any(end.call.function in ended for end in other.ends)
        and not _is_asked(kept, ended, seen)
        and not _is_asked(other.call.function, ended, seen)
        for function in run - ended
        for other in seen.once(Beside).begun_in[function]
    )


def _lasts(other: Lifetime, seen: Insight) -> bool:
    """Whether it goes on by itself: an interval, or a one-shot that arms itself again."""
    if not other.resource.fires_once:
        return True
    kept = seen.file.behind(other.holes.get(other.resource.keeps))
    return kept is not None and other.call.function in seen.reach.reached([kept])


def _is_asked(function: int, ended: frozenset[int], seen: Insight) -> bool:
    """Whether a function looks first whether it comes too late: at once, or at what a teardown writes."""
    if asks_first(function, seen):
        return True
    written = {seen.file.resolve(write.place) for here in ended for write in seen.file.writes_in.get(here, ())}
    tests = (region.test for region in seen.file.regions_in[function] if region.test is not None)
    return any(
        isinstance(inner, Place) and seen.file.resolve(inner) in written
        for test in tests
        for inner in inner_values(test)
    )
