"""Things that hold themselves open: files, sockets, pools of workers. They must be ended on every way out."""

from __future__ import annotations

import re

from memlint.ledger import End, Insight, Lifetime
from memlint.model.facts import Call, ExitKind, FateKind, RegionKind
from memlint.model.finding import Confidence
from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.verdicts.verdict import Verdict

_PROCESS = Place(Root.GLOBAL, "process")
_OPENS = re.compile(r"(open|BytesIO|StringIO|TemporaryFile|makefile|File)$")


def judge_handle(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether a handle stays open: nothing closes it, or only when all goes well, or not when its owner ends."""
    if _is_managed(life, seen) or is_borrowed(life, seen):
        return None
    teardowns = seen.reach.teardowns(life.call.function)
    if not life.ends:
        if _is_kept_by_unit(life) and _is_handed_out(life):
            return None
        kept = life.call.fate.kind is FateKind.KEPT
        return Verdict(Confidence.HIGH if kept else Confidence.MEDIUM, "nothing ends it", tuple(teardowns))
    if _is_kept_by_another(life, seen):
        return None
    here = [end for end in life.ends if end.call.function == life.call.function]
    if _is_local(life, seen):
        if any(_is_sure(end, life, seen) for end in life.ends) or _is_the_last_act(life, seen):
            return None
        if len(here) == len(life.ends):
            return Verdict(Confidence.HIGH, "it is ended only when all goes well", tuple(teardowns))
        return None
    if not teardowns or any(
        end.call.function in seen.reach.reached(one.index for one in teardowns) for end in life.ends
    ):
        return None
    return Verdict(Confidence.MEDIUM, "it is ended elsewhere, but not when its owner ends", tuple(teardowns))


def is_borrowed(life: Lifetime, seen: Insight) -> bool:
    """Whether it only wraps something that is open already: who opened that will close it."""
    value = unwrapped(life.holes.get(life.resource.wraps))
    if isinstance(value, Record):
        return any(name in seen.words["open files"] for name, _ in value.items)
    if not isinstance(value, Place):
        return False
    if value.root is Root.SELF and not value.path:
        return True
    made = seen.file.call_of(value)
    if made is not None:
        return bool(_OPENS.search(seen.file.called(made)))
    return bool(set(words_of(seen.file.name_of(value))[-1:]) & seen.words["open files"])


def _is_managed(life: Lifetime, seen: Insight) -> bool:
    """`with open(…) as file`, `using`."""
    return not seen.once(_managed).isdisjoint(life.journey.places)


def _managed(seen: Insight) -> frozenset[Value]:
    """All values of a file that such a block ends."""
    return frozenset(
        value
        for write in seen.file.facts.writes
        if write.operator in ("with", "using")
        for value in inner_values(write.value)
    )


def _is_local(life: Lifetime, seen: Insight) -> bool:
    place = life.call.fate.place
    if life.call.fate.kind is not FateKind.KEPT or place is None:
        return True
    if any(known.root is Root.SELF for known in life.journey.places):
        return False
    binding = seen.file.binding(place)
    return binding is not None and not place.path and binding.function == life.call.function


def _is_kept_by_unit(life: Lifetime) -> bool:
    place = life.call.fate.place
    return place is not None and place.root is Root.SELF


def _is_kept_by_another(life: Lifetime, seen: Insight) -> bool:
    """Given to an object of another class of this file, which knows how to end it."""
    own = seen.file.unit_of(life.call.function)
    line = {own.index, *seen.file.relatives(own.index)} if own is not None else set()
    return any(place.root is Root.SELF and place.key not in line for place in life.journey.places)


def _is_handed_out(life: Lifetime) -> bool:
    """The unit hands the handle out in some way: a getter, a property, an argument."""
    return bool(life.journey.returned)


def _is_the_last_act(life: Lifetime, seen: Insight) -> bool:
    """`…; fs.closeSync(file); process.exit(0);`: whatever goes wrong before, the program ends here."""
    around = set(seen.file.regions_of(life.call.region))
    return any(
        call.function == life.call.function and call.region in around and call.extent[0] >= life.call.extent[1]
        for call in seen.file.calls_named.get("exit", ())
        if call.receiver in (None, _PROCESS)
    )


def _is_sure(end: End, life: Lifetime, seen: Insight) -> bool:
    """Whether an end in the acquiring function runs whatever happens between."""
    file = seen.file
    if end.call.function != life.call.function:
        return True
    kinds = {file.facts.regions[index].kind for index in file.regions_of(end.call.region)}
    if RegionKind.FINALLY in kinds or _ends_both_ways(end, life, seen):
        return True
    start, stop = life.call.extent[1], end.call.extent[0]
    failed = _where_it_failed(life, seen)
    for exit_ in file.exits_of.get(life.call.function, ()):
        if exit_.kind in (ExitKind.RETURN, ExitKind.THROW) and start <= exit_.extent[0] < stop:
            if failed.isdisjoint(file.regions_of(exit_.region)) and exit_.region != end.call.region:
                return False
    return not any(
        _may_raise(call, life, seen)
        and failed.isdisjoint(file.regions_of(call.region))
        and not _is_caught(call, end.call, seen)
        for call in _between(life.call, end.call, seen)
    )


def _ends_both_ways(end: End, life: Lifetime, seen: Insight) -> bool:
    """`try { …; client.release() } catch (error) { client.release(error); throw error; }`."""
    others = {region for other in life.ends for region in seen.file.regions_of(other.call.region)}
    for tried in seen.ways.tries_around(end.call.region):
        before = _between_in(life.call, tried.extent[0], seen)
        if not any(_may_raise(call, life, seen) for call in before):
            return any(region in others and _catches_all(region, seen) for region in seen.ways.catches_of(tried.index))
    return False


def _is_caught(call: Call, before: Call, seen: Insight) -> bool:
    """Whether what a call raises is caught, whatever it is, before another call comes."""
    return any(
        tried.extent[1] <= before.extent[0]
        and any(_catches_all(one, seen) for one in seen.ways.catches_of(tried.index))
        for tried in seen.ways.tries_around(call.region)
    )


def _catches_all(region: int, seen: Insight) -> bool:
    return seen.file.facts.regions[region].test is None


def _where_it_failed(life: Lifetime, seen: Insight) -> set[int]:
    """The handlers of a `try` whose last step is the acquisition: who gets there has nothing to give back."""
    tried = next(seen.ways.tries_around(life.call.region), None)
    if tried is None or _between_in(life.call, tried.extent[1], seen):
        return set()
    return set(seen.ways.catches_of(tried.index))


def _between(one: Call, other: Call, seen: Insight) -> list[Call]:
    return _between_in(one, other.extent[0], seen)


def _between_in(one: Call, stop: int, seen: Insight) -> list[Call]:
    return [
        call
        for call in seen.file.calls_in.get(one.function, ())
        if one.extent[1] <= call.extent[0] and call.extent[1] <= stop
    ]


def _may_raise(call: Call, life: Lifetime, seen: Insight) -> bool:
    """Any call that is not one of the handle's own, and any that is awaited: a promise may be rejected."""
    receiver = call.receiver
    if receiver is None or call.awaited:
        return True
    place = seen.flow.canonical(receiver) or receiver
    return Place(place.root, place.key) not in {Place(known.root, known.key) for known in life.journey.places}
