"""What a function opens and closes itself, and closes only when all goes well: the code says that it must be closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.ledger import Insight
from memlint.model.facts import Call, Exit, ExitKind, FateKind, RegionKind
from memlint.model.frozen import frozen
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.ways import Stop
from memlint.semantics.value.values import inner_values
from memlint.verdicts.release.partial import cannot_fail


@frozen
class Opened:
    """A call that opens something, the calls that close it, and a way out that leaves it open."""

    call: Call
    ends: Sequence[Call]
    way: Exit
    why: str = ""
    """What happens on that way, if its kind alone does not say it."""


def left_open(seen: Insight) -> Iterator[Opened]:
    """Everything that is opened, used and closed in one function, where a way out before the close leaves it open."""
    known = {life.call.index for life in seen.lifetimes}
    for place, ends in _closed_locals(seen).items():
        call = _opening(place, ends, seen)
        if call is None or call.index in known or any(end.function != call.function for end in ends):
            continue
        if seen.frequencies.of_call(call).rate is Rate.ONCE or _is_anothers(call, ends, seen):
            continue
        way = next(_left_out(call, place, ends, seen), None)
        if way is not None:
            yield Opened(call, ends, way)


def _closed_locals(seen: Insight) -> dict[Place, list[Call]]:
    """Local names on which something is called that closes, with these calls; a lock is given back by calling it."""
    found: dict[Place, list[Call]] = {}
    closing = [call for name in seen.words["closing what was opened"] for call in seen.file.calls_named.get(name, ())]
    for call in closing:
        place = seen.file.resolve(call.receiver) if call.receiver is not None else None
        if place is not None and place.root is Root.BINDING and not place.path:
            found.setdefault(place, []).append(call)
    for name in seen.words["lending"]:
        for call in seen.file.calls_named.get(name, ()):
            kept = call.fate.place
            if call.awaited and kept is not None and kept.root is Root.BINDING and not kept.path:
                back = seen.callees.of_places.get(kept, ())
                if back:
                    found.setdefault(kept, []).extend(back)
    return found


def _opening(place: Place, ends: Sequence[Call], seen: Insight) -> Call | None:
    """The one call whose awaited answer a local name is bound to, if its name says that it opens something.

    Whatever it is called, what takes its time to close is open: `const bundle = await pack(…); await bundle.close()`.
    """
    made = [
        call
        for write in seen.file.writes_at.get(place, ())
        for call in [seen.file.call_of(next(iter(inner_values(write.value)), None))]
        if call is not None
    ]
    call = made[0] if len(made) == 1 else None
    if call is None or not call.awaited or call.constructs or call.fate.kind is not FateKind.KEPT:
        return None
    binding = seen.file.binding(place)
    first = words_of(seen.file.called(call))[:1]
    if binding is None or binding.function != call.function or not first:
        return None
    takes_time = any(end.awaited for end in ends) and not seen.words.any_of("writing ends", words_of(binding.name))
    return call if first[0] in seen.words["opening verbs"] or takes_time else None


def _is_anothers(call: Call, ends: Sequence[Call], seen: Insight) -> bool:
    """Whether somebody else may close it: who gets it back, an owner that keeps it, or another kind of end."""
    journey = seen.flow.journey(Place(Root.RESULT, call.index))
    if journey.returned or any(kept.root in (Root.SELF, Root.GLOBAL) or kept.path for kept in journey.places):
        return True
    own = {end.index for end in ends}
    return any(
        other.index not in own and seen.vocabulary.ends(seen.file.called(other))
        for known in journey.places
        for other in seen.flow.calls_on.get(known, ())
    )


def _left_out(call: Call, place: Place, ends: Sequence[Call], seen: Insight) -> Iterator[Exit]:
    stops = [Stop(end.extent, end.region) for end in ends]
    for way in seen.ways.missed_by(Stop(call.extent, call.region), stops, call.function):
        if any(way.extent[0] <= end.extent[0] and end.extent[1] <= way.extent[1] for end in ends):
            continue  # the way is the close itself
        if way.kind is ExitKind.AWAIT and (cannot_fail(way, seen) or _is_clearing_up(way, seen)):
            continue
        if not _asks_for_it(way, place, seen):
            yield way


def _is_clearing_up(way: Exit, seen: Insight) -> bool:
    """`finally { await muxer.destroy(); await parser.stop(); }`: what may fail there is an end itself."""
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(way.region))
    return any(region.kind is RegionKind.FINALLY for region in regions)


def _asks_for_it(way: Exit, place: Place, seen: Insight) -> bool:
    """`if (!connection) return;`: there is nothing to close."""
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(way.region))
    return any(
        isinstance(inner, Place) and seen.file.resolve(inner) == place
        for region in regions
        if region.test is not None
        for inner in inner_values(region.test)
    )
