"""Listeners that go when they have fired: what if another one fires instead?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, FateKind
from memlint.model.resource import Holder
from memlint.model.value import Constant, Place, Record, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.duty.duty import is_handed_over
from memlint.verdicts.holder.belonging import has_an_end, is_for_a_piece_of_work, is_kept_beyond
from memlint.verdicts.holder.following import is_an_end
from memlint.verdicts.holder.siblings import releases_a_sibling, releases_from_its_owner


def is_once(life: Lifetime) -> bool:
    """Whether a listener is taken off as it fires: `once(…)`, `{once: true}`."""
    if life.resource.fires_once:
        return True
    options = (unwrapped(value) for value in life.call.arguments)
    return any(isinstance(each, Record) and dict(each.items).get("once") == Constant(True) for each in options)


def may_never_fire(life: Lifetime, seen: Insight) -> bool:
    """Whether the event of a listener for a single time may come late or never, and the next one is added before."""
    if _is_taken_off_here(life, seen):
        return True
    words = words_of(_event(life, seen))
    if not words or comes_soon(words, seen):
        return False
    if life.origin.holder is Holder.PROCESS and life.resource.adds_once and life.frequency.sure:
        return True
    if words[-1] in seen.words["failures"] and is_for_a_piece_of_work(life, seen):
        return True
    if not has_an_end(life, seen) or not is_kept_beyond(life, seen):
        return False
    if life.origin.holder is Holder.PROCESS or releases_a_sibling(life, seen):
        return True
    return releases_from_its_owner(life, seen)


def _is_taken_off_here(life: Lifetime, seen: Insight) -> bool:
    """`source.once(LATE, tell); await work(); source.off(LATE, tell);`: whoever wrote it knows that it may not come."""
    handler = seen.file.function_at(life.holes.get("$handler"))
    around = {one.index for one in seen.file.enclosing(life.call.function)}
    return any(end.call.function in around and end.call.function not in (handler, MODULE) for end in life.ends)


def is_a_failure(life: Lifetime, seen: Insight) -> bool:
    """Whether the event is one that comes instead of what was hoped for, and may never come."""
    return words_of(_event(life, seen))[-1:] in {(word,) for word in seen.words["failures"]}


def comes_soon(event: Sequence[str], seen: Insight) -> bool:
    """Whether an event, in words, comes by itself before long: a click, the end of a drag, the next frame."""
    last = event[-1] if event else ""
    return last in seen.words["soon to come"] or any(
        word.startswith(("mouse", "pointer", "touch", "key")) for word in event
    )


def races(seen: Insight) -> Iterator[tuple[Lifetime, Lifetime]]:
    """Pairs of a listener that stays and the one that fires instead; one pair for each race."""
    for group in _groups(seen):
        for loser in group:
            winner = _winner(loser, group, seen) if _may_stay(loser, group, seen) else None
            if winner is not None:
                yield loser, winner
                break


def _groups(seen: Insight) -> list[list[Lifetime]]:
    """Listeners that one function adds to one target, for different events, one at least for a single time."""
    found: dict[tuple[int, Place], list[Lifetime]] = defaultdict(list)
    for life in seen.lifetimes:
        place = seen.flow.canonical(life.holes.get("$target"))
        if place is not None and "$handler" in life.holes and _is_of_somebody(life, place):
            found[life.call.function, place].append(life)
    return [group for group in found.values() if len(group) > 1 and any(is_once(life) for life in group)]


def _is_of_somebody(life: Lifetime, place: Place) -> bool:
    """Whether the target is there before the call, and stays when it is over."""
    if life.origin.holder is Holder.UNIT:
        return life.frequency.rate >= Rate.CALL and not place.path
    return life.origin.holder in (Holder.FOREIGN, Holder.PROCESS) and life.frequency.rate >= Rate.INSTANCE


def _may_stay(life: Lifetime, group: Sequence[Lifetime], seen: Insight) -> bool:
    """Whether nothing but a handler of the race itself takes the listener off."""
    racing = _reached_by(group, seen)
    if not is_once(life) or is_an_end(life, seen) or is_handed_over(life, seen):
        return False
    return all(end.call.function in racing or _is_for_a_failure(end.call, seen) for end in life.ends)


def _is_for_a_failure(call: Call, seen: Insight) -> bool:
    """`handleError`, `onTimeout`: it takes off what stays if the work fails, and is not run if it succeeds."""
    words = words_of(seen.file.facts.functions[call.function].name)
    return bool(words) and words[-1] in seen.words["failures"]


def _reached_by(group: Sequence[Lifetime], seen: Insight) -> frozenset[int]:
    handlers = (seen.file.function_at(life.holes["$handler"]) for life in group)
    return seen.reach.reached(function for function in handlers if function is not None)


def _winner(loser: Lifetime, group: Sequence[Lifetime], seen: Insight) -> Lifetime | None:
    """Another of the group that fires instead, does not end the target, and leaves the loser where it is."""
    for other in group:
        if other is loser or not is_once(other) or is_an_end(other, seen) or not _are_rivals(loser, other, seen):
            continue
        if _event(other, seen) in seen.words["failures"] and not _takes_off(loser, other, seen):
            continue
        if not _takes_off(other, loser, seen):
            return other
    return None


def _event(life: Lifetime, seen: Insight) -> str:
    known = seen.file.constant(life.holes.get("$event"))
    return str(known.value) if known is not None else ""


def _takes_off(winner: Lifetime, loser: Lifetime, seen: Insight) -> bool:
    reached = _reached_by([winner], seen)
    return any(end.call.function in reached for end in loser.ends)


def _are_rivals(one: Lifetime, other: Lifetime, seen: Insight) -> bool:
    """Whether one of two is meant to fire: one takes the other off, both settle a promise, or one is a failure."""
    if _takes_off(one, other, seen) or _takes_off(other, one, seen):
        return True
    if _settles(one, seen) and _settles(other, seen):
        return True
    return (
        _event(one, seen) in seen.words["failures"] and _event(other, seen) in seen.words["beginnings of a connection"]
    )


def _settles(life: Lifetime, seen: Insight) -> bool:
    """Whether the handler settles the promise in whose making it is added."""
    maker = seen.file.facts.functions[life.call.function]
    fate = maker.fate
    if fate.kind is not FateKind.ARGUMENT or seen.file.called(seen.file.facts.calls[fate.call]) != "Promise":
        return False
    handler = life.holes.get("$handler")
    place = seen.flow.canonical(handler)
    binding = seen.file.binding(place) if place is not None and place.root is Root.BINDING else None
    if binding is not None and binding.kind == "parameter" and binding.function == maker.index:
        return True
    function = seen.file.function_at(handler)
    if function is None:
        return False
    uses = (use for inner in seen.reach.reached([function]) for use in seen.file.uses_in.get(inner, ()))
    bindings = (seen.file.facts.bindings[use.binding] for use in uses)
    return any(each.kind == "parameter" and each.function == maker.index for each in bindings)
