"""A handle that is given to what cancels another kind of thing: `clearTimeout(this.frame)`.

Frames and timers are numbered in lists of their own (HTML, 8.6 and 8.12), and a number of the one means nothing in the
other.
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, FateKind
from memlint.model.value import Constant, Place, Root
from memlint.semantics.value.values import unwrapped


def mistaken(seen: Insight) -> tuple[tuple[Lifetime, Call, str], ...]:
    """The handles of the process that are kept at a place, and what cancels something else that is given the place."""
    return tuple(fault for life in seen.lifetimes for fault in _of(life, seen))


def _of(life: Lifetime, seen: Insight) -> Iterator[tuple[Lifetime, Call, str]]:
    if life.resource.holder != "process" or not life.shape.result or life.call.fate.kind is not FateKind.KEPT:
        return
    kept = seen.flow.canonical(life.call.fate.place)
    cancellers = seen.once(_cancellers)
    own = {name for one in _kept_at(kept, seen) for name in cancellers.get(one.resource.kind, ())}
    if kept is None or not own or not _holds_nothing_else(kept, seen):
        return
    for name in sorted({name for names in cancellers.values() for name in names} - own):
        for call in seen.file.calls_named.get(name, ()):
            given = seen.flow.canonical(call.arguments[0]) if call.arguments else None
            meant = given == kept and (not life.ends or _is_the_last(call, life, seen))
            if meant and call.callee in (Place(Root.GLOBAL, name), Place(Root.GLOBAL, "window", (name,))):
                what = seen.file.name_of(life.call.callee) if isinstance(life.call.callee, Place) else life.call.name
                yield life, call, f"`{name}` knows nothing of what `{what}` has answered"


def _is_the_last(call: Call, life: Lifetime, seen: Insight) -> bool:
    """Whether the teardown asks this alone, and what would end it is asked on other occasions."""
    reached = seen.reach.reached(one.index for one in seen.reach.teardowns(life.call.function))
    return call.function in reached and not any(end.call.function in reached for end in life.ends)


def _kept_at(kept: Place | None, seen: Insight) -> list[Lifetime]:
    return [one for one in seen.lifetimes if kept is not None and seen.flow.canonical(one.call.fate.place) == kept]


def _holds_nothing_else(kept: Place, seen: Insight) -> bool:
    """Whether all that is ever written there is empty, or a handle that the ledger knows."""
    handles = {Place(Root.RESULT, one.call.index) for one in _kept_at(kept, seen)}
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
