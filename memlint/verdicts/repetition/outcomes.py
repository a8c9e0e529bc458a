"""The end of one run, heard by a listener for each run: it was meant for one time, and hears all that come after.

`leave() { panel.classList.add("gone"); panel.addEventListener("transitionend", () => this.gone()); }`: no `once`.
"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Function, FunctionKind
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.identity import is_fresh
from memlint.verdicts.holder.filled import is_new_at
from memlint.verdicts.release.once import is_once

_SOMEBODYS = frozenset({Holder.FOREIGN, Holder.UNKNOWN})


def hears_each_end(life: Lifetime, seen: Insight) -> bool:
    """Whether each call begins something on a target that was there before, and adds one more who hears it end."""
    if life.ends or is_once(life) or life.frequency.rate < Rate.CALL or not life.frequency.sure:
        return False
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or target.root is Root.RESULT or life.origin.holder not in _SOMEBODYS:
        return False
    if not _is_an_end(life, target, seen) or not is_fresh(seen.file, life.holes.get("$handler")):
        return False
    if life.doubtful_ends or seen.frequencies.guards.of(life.call) is not None:
        return False
    if is_new_at(life.holes.get("$target"), life.call, seen) or _takes_it_away(life, target, seen):
        return False
    return any(_begins(here, life, target, seen) for here in _around(life, seen))


def _is_an_end(life: Lifetime, target: Place, seen: Insight) -> bool:
    """`transitionend`, `after-leave`; `blur`, where the same call gives the focus."""
    known = seen.file.constant(life.holes.get("$event"))
    event = str(known.value) if known is not None else ""
    if event in seen.words["ends of the focus"]:
        return any(
            seen.file.called(call) == "focus" and seen.flow.canonical(call.receiver) == target
            for here in _around(life, seen)
            for call in seen.file.calls_in.get(here.index, ())
            if call.receiver is not None
        )
    return event in seen.words["ends of one run"]


def _around(life: Lifetime, seen: Insight) -> list[Function]:
    """The functions around the line, up to the one that others call by its name."""
    found = []
    for one in seen.file.enclosing(life.call.function):
        found.append(one)
        if one.name and one.kind is not FunctionKind.CONSTRUCTOR:
            break
    return found


def _begins(here: Function, life: Lifetime, target: Place, seen: Insight) -> bool:
    """Whether a function changes the target, or asks it to do something: `panel.hidden = true`, `panel.focus()`."""
    return any(
        write.place.path and _is_of(Place(write.place.root, write.place.key, write.place.path[:-1]), target, seen)
        for write in seen.file.writes_in.get(here.index, ())
    ) or any(
        call.receiver is not None
        and call.index != life.call.index
        and seen.file.called(call) != seen.file.called(life.call)
        and _is_of(call.receiver, target, seen)
        for call in seen.file.calls_in.get(here.index, ())
    )


def _is_of(place: Place, target: Place, seen: Insight) -> bool:
    known = seen.flow.canonical(place)
    return known is not None and Place(known.root, known.key, known.path[: len(target.path)]) == target


def _takes_it_away(life: Lifetime, target: Place, seen: Insight) -> bool:
    """Whether the handler takes the target off the page, or ends it: `panel.remove()`, `event.target.remove()`."""
    handler = seen.file.function_at(life.holes.get("$handler"))
    if handler is None:
        return False
    taken = seen.once(_taken)
    events = [one for one in seen.file.parameters_of.get(handler, ()) if not one.position and not one.member]
    of_the_event = (Place(Root.BINDING, one.index, (name,)) for one in events for name in ("target", "currentTarget"))
    places = {function for place in (target, *of_the_event) for function in taken.get(place, ())}
    return bool(places) and not places.isdisjoint(seen.reach.reached([handler]))


def _taken(seen: Insight) -> dict[Place, set[int]]:
    """What is taken off the page, or ended, by the functions that do so."""
    found: dict[Place, set[int]] = {}
    for call in seen.file.facts.calls:
        if _takes_away(seen.file.called(call), seen):
            for place in (call.receiver, *call.arguments):
                known = seen.flow.canonical(place) if isinstance(place, Place) else None
                if known is not None:
                    found.setdefault(known, set()).add(call.function)
    for write in seen.file.facts.writes:
        if write.place.path[-1:] == ("outerHTML",):
            known = seen.flow.canonical(Place(write.place.root, write.place.key, write.place.path[:-1]))
            if known is not None:
                found.setdefault(known, set()).add(write.function)
    return found


def _takes_away(name: str, seen: Insight) -> bool:
    return name in ("removeChild", "replaceWith") or seen.vocabulary.ends(name)
