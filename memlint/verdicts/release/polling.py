"""A race against a watch that looks again and again: when the other wins, the watch goes on looking."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, Write
from memlint.model.frozen import frozen
from memlint.model.value import Constant, Place
from memlint.semantics.repetition.loops import is_endless
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.promises import racers
from memlint.semantics.value.values import inner_values


@frozen
class Polling:
    """A race, the call that begins a watch for it, and where the watch looks once more."""

    race: Call
    watch: Call
    again: tuple[int, int]


def raced_watches(seen: Insight) -> Iterator[Polling]:
    """Races whose loser is a function of this file that calls itself until it has seen something."""
    for name in ("race", "any"):
        for race in seen.file.calls_named.get(name, ()):
            if race.receiver is None or not seen.file.name_of(race.receiver).endswith("Promise"):
                continue
            if seen.frequencies.of_call(race).rate is Rate.ONCE:
                continue
            entrants = racers(race)
            for watch in (call for entrant in entrants if (call := seen.file.call_of(entrant)) is not None):
                again = _looks_again(watch, seen) if len(entrants) > 1 else None
                if again is not None and not _is_told(watch, race, seen):
                    yield Polling(race, watch, again)


def _looks_again(watch: Call, seen: Insight) -> tuple[int, int] | None:
    """Where the function calls itself, or a loop without an end that waits between two looks."""
    file, target = seen.file, seen.file.target_of(watch)
    if target is None or watch.constructs:
        return None
    for inner in file.inside(target):
        for call in file.calls_in.get(inner, ()):
            if file.target_of(call) == target:
                return call.extent
    waits = {exit_.region for exit_ in file.exits_of.get(target, ()) if exit_.kind == "await"}
    for region in file.regions_in.get(target, ()):
        if region.kind == "loop" and is_endless(region, file) and region.index in waits:
            return region.extent
    return None


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
