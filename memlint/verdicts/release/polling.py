"""A race against a watch that looks again and again: when the other wins, the watch goes on looking."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, Extent, RegionKind, Write
from memlint.model.frozen import frozen
from memlint.model.value import Constant, Place
from memlint.semantics.repetition.loops import is_endless, waits_for_the_next
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.pauses import Pauses
from memlint.semantics.running.promises import RACES, combined, racers
from memlint.semantics.value.values import inner_values


@frozen
class Polling:
    """A race, the call that begins a watch for it, and where the watch looks once more."""

    race: Call
    watch: Call
    again: Extent


def raced_watches(seen: Insight) -> Iterator[Polling]:
    """Races whose loser is a function of this file that looks again and again until it has seen something."""
    pauses = Pauses(seen.file, seen.words)
    for race in combined(seen.file, RACES):
        entrants = racers(race)
        if len(entrants) < 2 or seen.frequencies.of_call(race).rate is Rate.ONCE:
            continue
        for watch in (call for entrant in entrants if (call := seen.file.call_of(entrant)) is not None):
            again = _looks_again(watch, pauses, seen)
            if again is not None and not _is_told(watch, race, seen):
                yield Polling(race, watch, again)


def _looks_again(watch: Call, pauses: Pauses, seen: Insight) -> Extent | None:
    """Where it runs itself once more after a pause, or a loop without an end that waits between two looks.

    What goes on as soon as something is done, as a queue does that works itself off, comes to an end with it.
    """
    file, target = seen.file, seen.file.target_of(watch)
    if target is None or watch.constructs:
        return None
    waits = {
        index
        for exit_ in file.exits_of.get(target, ())
        if pauses.is_awaited_in(exit_)
        for index in file.regions_of(exit_.region)
    }
    for region in file.regions_in.get(target, ()):
        if region.kind is RegionKind.LOOP and is_endless(region, file):
            if region.index in waits or waits_for_the_next(region, file):
                return region.extent
    return pauses.again(target)


def _is_told(watch: Call, race: Call, seen: Insight) -> bool:
    """Whether something may end the watch: what it is given, or what is set beside the race and looked at by it."""
    file, target = seen.file, seen.file.target_of(watch)
    if watch.arguments or target is None:
        return True
    looked = {
        file.resolve(inner)
        for here in file.inside(target)
        for value in (
            *(region.test for region in file.regions_in.get(here, ())),
            *(exit_.value for exit_ in file.exits_of.get(here, ())),
        )
        for inner in inner_values(value)
        if isinstance(inner, Place)
    }
    around = [here.index for here in file.enclosing(race.function) if here.index]
    written = (write for outer in around[-1:] for here in file.inside(outer) for write in file.writes_in.get(here, ()))
    return any(file.resolve(write.place) in looked and not _empties(write) for write in written)


def _empties(write: Write) -> bool:
    return isinstance(write.value, Constant) and not write.value.value
