"""A handle that is given to what cancels another kind of thing: `clearTimeout(this.frame)`.

Frames and timers are numbered in lists of their own (HTML, 8.6 and 8.12), and a number of the one means nothing in the
other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, FateKind
from memlint.model.value import Constant, Place, Root
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.values import unwrapped


def mistaken(seen: Insight) -> tuple[tuple[Lifetime, Call, str], ...]:
    """The handles of the process that are kept at a place, and what cancels something else that is given the place."""
    return tuple(fault for kept, lives in _kept(seen).items() if kept is not None for fault in _at(kept, lives, seen))


def _at(kept: Place, lives: Sequence[Lifetime], seen: Insight) -> Iterator[tuple[Lifetime, Call, str]]:
    """What is kept there first, with each canceller of something else that is asked in place of its own."""
    cancellers = seen.once(_cancellers)
    own = {name for one in lives for name in cancellers.get(one.resource.kind, ())}
    held = [one for one in lives if _is_held(one)]
    life = next((one for one in held if not one.ends), held[0] if held else None)
    if life is None or not own or not _holds_nothing_else(kept, lives, seen):
        return
    for call in seen.once(_cancelling)[kept]:
        if call.name not in own and (not life.ends or _is_the_last(call, life, seen)):
            what = seen.file.name_of(life.call.callee) if isinstance(life.call.callee, Place) else life.call.name
            yield life, call, f"`{call.name}` knows nothing of what `{what}` has answered"


def _is_held(life: Lifetime) -> bool:
    kept = life.call.fate.kind is FateKind.KEPT
    return kept and life.resource.holder == "process" and bool(life.shape.result)


def _is_the_last(call: Call, life: Lifetime, seen: Insight) -> bool:
    """Whether the teardown asks this alone, and what would end it is asked on other occasions."""
    reached = seen.reach.reached(one.index for one in seen.reach.teardowns(life.call.function))
    return call.function in reached and not any(end.call.function in reached for end in life.ends)


def _kept(seen: Insight) -> Index[Place | None, Lifetime]:
    """What is acquired, by the place where it is kept."""
    return indexed(seen.lifetimes, lambda one: seen.flow.canonical(one.call.fate.place))


def _cancelling(seen: Insight) -> Index[Place | None, Call]:
    """The calls of the platform's cancellers, by the place of what they are given."""
    names = sorted({name for names in seen.once(_cancellers).values() for name in names})
    calls = [
        call
        for name in names
        for call in seen.file.calls_named.get(name, ())
        if call.arguments and call.callee in (Place(Root.GLOBAL, name), Place(Root.GLOBAL, "window", (name,)))
    ]
    return indexed(calls, lambda call: seen.flow.canonical(call.arguments[0]))


def _holds_nothing_else(kept: Place, lives: Sequence[Lifetime], seen: Insight) -> bool:
    """Whether all that is ever written there is empty, or a handle that the ledger knows."""
    handles = {Place(Root.RESULT, one.call.index) for one in lives}
    written = (unwrapped(write.value) for write in seen.file.writes_at.get(kept, ()) if write.value is not None)
    return all(value in handles or (isinstance(value, Constant) and not value.value) for value in written)


def _cancellers(seen: Insight) -> dict[str, frozenset[str]]:
    """For each kind that the process holds, the functions that cancel it."""
    found: dict[str, set[str]] = {}
    for row in seen.resources:
        if row.holder == "process":
            names = {shape.name for shape in row.release if not shape.receiver and not shape.calls_hole}
            found.setdefault(row.kind, set()).update(names)
    return {kind: frozenset(names) for kind, names in found.items() if names}
