"""A one-shot that still waits when its owner has ended."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.ledger import End, Insight, Lifetime
from memlint.model.facts import MODULE, FateKind, Function
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.running.promises import executor_of
from memlint.semantics.value.values import places_in
from memlint.verdicts.release.beside import Beside, Group
from memlint.verdicts.release.rearming import goes_through_a_list
from memlint.verdicts.release.reviving import reopens, revives
from memlint.verdicts.repetition.delays import LONG, asks_first, delay_of, is_short, keeps_more_than_itself
from memlint.verdicts.verdict import Verdict

_WHY = "its owner can end before it fires"
_REOPENS = "it opens again what the end of its owner has closed"


def judge_outliving(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether the owner has an unmistakable end that does not reach this, and the callback holds the owner."""
    teardowns = _plain(seen.reach.teardowns(life.call.function), life, seen)
    if not teardowns or _is_ended_by(teardowns, life, seen) or _is_of_the_end(life, teardowns, seen):
        return None
    if any(_hears_of_the_end(end, life, seen) for end in life.ends):
        return None
    if goes_through_a_list(life, seen):
        return None
    delay = delay_of(life, seen)
    patient = _is_long(delay)
    if not patient and asks_first(seen.file.behind(life.holes.get(life.resource.keeps)), seen):
        return None
    if not keeps_more_than_itself(life, seen):
        return None
    if reopens(life, seen, teardowns):
        return Verdict(Confidence.MEDIUM, _REOPENS, tuple(teardowns))
    if _is_kept(life, seen):
        return _of_kept(life, seen, teardowns, delay)
    if life.ends or _is_elsewhere(life) or not _is_of_an_owner(life, seen) or is_short(life, seen):
        return None
    if not _is_long(delay) and _only_ends_the_owner(life, seen, teardowns):
        return None
    return Verdict(_sureness(life, seen, teardowns, delay), _WHY, tuple(teardowns))


def _is_of_the_end(life: Lifetime, teardowns: list[Function], seen: Insight) -> bool:
    """Whether the end alone sleeps for it: a pause while what is under way comes to its own end."""
    if executor_of(life.call.function, seen.file) is None:
        return False
    reached = seen.reach.reached(one.index for one in teardowns)
    here = next((one for one in seen.file.enclosing(life.call.function) if one.index in seen.file.methods), None)
    callers = seen.file.callers.get(here.index, ()) if here is not None else ()
    return bool(callers) and all(call.function in reached for call in callers)


def _of_kept(life: Lifetime, seen: Insight, teardowns: list[Function], delay: float | None) -> Verdict | None:
    """The handle stands where the teardown could find it."""
    others = [end for end in life.ends if end.call.function != life.call.function]
    long = _is_long(delay)
    if others and ((delay is not None and not long) or _is_ended_around(others, life, seen)):
        return None
    if others and delay is None:
        sure = Confidence.MEDIUM if _ends_the_rest(teardowns, life, seen) else Confidence.LOW
        return Verdict(sure, _WHY, tuple(teardowns))
    if others and _is_out_of_their_sight(life, seen, teardowns):
        return None
    if long and not life.ends:
        return Verdict(Confidence.HIGH, "its owner can end long before it fires", tuple(teardowns))
    return Verdict(_sureness(life, seen, teardowns, delay), _WHY, tuple(teardowns))


def _sureness(life: Lifetime, seen: Insight, teardowns: list[Function], delay: float | None) -> Confidence:
    """A one-shot of a moment ends itself; a wait that is long, or set elsewhere and forgotten, keeps its owner."""
    if revives(life, seen, teardowns) or (not is_short(life, seen) and _ends_its_twin(teardowns, life, seen)):
        return Confidence.MEDIUM
    if not is_short(life, seen) and _goes_without_notice(life, seen, teardowns):
        return Confidence.MEDIUM
    if delay is not None or is_short(life, seen):
        return Confidence.MEDIUM if _is_long(delay) else Confidence.LOW
    again = _is_of_self_alone(life) and _comes_again(life, seen)
    forgotten = (
        again or _ends_another(teardowns, life, seen, ("kind", life.resource.kind)) or _is_empty(teardowns, seen)
    )
    return Confidence.MEDIUM if forgotten else Confidence.LOW


def _goes_without_notice(life: Lifetime, seen: Insight, teardowns: list[Function]) -> bool:
    """Whether a framework takes its component out, and the callback does not ask what the last hook has written."""
    last = {one.index for one in teardowns if one.name in seen.words["last hooks of components"]}
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    calls = seen.file.calls_in.get(kept, ()) if kept is not None else ()
    if not last or kept is None or (calls and all(seen.vocabulary.ends(seen.file.called(call)) for call in calls)):
        return False
    written = {seen.file.resolve(write.place) for here in last for write in seen.file.writes_in.get(here, ())}
    inside = seen.file.inside(kept)
    tests = (region.test for here in inside for region in seen.file.regions_in.get(here, ()))
    return written.isdisjoint(seen.file.resolve(place) for test in tests for place in places_in(test))


def _ends_the_rest(teardowns: list[Function], life: Lifetime, seen: Insight) -> bool:
    """Whether a teardown ends others and misses this: two of three timers, or all else that `setUp()` begins."""
    beside, reached = seen.once(Beside), seen.reach.reached(one.index for one in teardowns)
    if beside.ends_the_rest(reached, life):
        return True
    place = life.call.fate.place
    in_a_field = place is not None and seen.file.resolve(place).root is Root.SELF
    return in_a_field and beside.ends_several(reached, life, ("kind", life.resource.kind))


def _ends_its_twin(teardowns: list[Function], life: Lifetime, seen: Insight) -> bool:
    """Whether a teardown ends another one that leads to the same method: the next call is ended, the first is not."""
    own = seen.once(Beside).methods_of(life) - seen.reach.reached(one.index for one in teardowns)
    return _ends_another(teardowns, life, seen, *(("method", (life.resource.kind, method)) for method in own))


def _is_long(delay: float | None) -> bool:
    return delay is not None and delay >= LONG


def _is_of_self_alone(life: Lifetime) -> bool:
    """Whether the handle stands in a field of the instance, and nothing ever ends it."""
    place = life.call.fate.place
    return place is not None and place.root is Root.SELF and not life.ends


def _comes_again(life: Lifetime, seen: Insight) -> bool:
    """Whether the callback leads to the line that arms it."""
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    return kept is not None and life.call.function in seen.reach.reached([kept])


def _is_ended_around(others: Sequence[End], life: Lifetime, seen: Insight) -> bool:
    """Whether the function around, which holds the variable, ends it itself."""
    return any(seen.file.contains(end.call.function, life.call.function) for end in others)


def _is_out_of_their_sight(life: Lifetime, seen: Insight, teardowns: list[Function]) -> bool:
    """Whether the variable is that of a session inside, which ends it itself: no teardown can see it."""
    binding = seen.file.binding(life.call.fate.place) if life.call.fate.place is not None else None
    return binding is not None and not any(seen.file.contains(binding.function, one.index) for one in teardowns)


def _is_of_an_owner(life: Lifetime, seen: Insight) -> bool:
    """Whether what ends is an instance or a call, and not the module, of which there is one."""
    return any(teardown.parent != MODULE or teardown.unit >= 0 for teardown in seen.reach.teardowns(life.call.function))


def _is_elsewhere(life: Lifetime) -> bool:
    """Whether the handle went to a field of something else: its owner may end it."""
    place = life.call.fate.place
    return life.call.fate.kind is FateKind.KEPT and place is not None and bool(place.path)


def _only_ends_the_owner(life: Lifetime, seen: Insight, teardowns: list[Function]) -> bool:
    """`setTimeout(() => this.destroy(), 1000)`: it is a teardown on its way."""
    kept = life.holes.get(life.resource.keeps)
    function = seen.file.behind(kept)
    ending = {one.index for one in teardowns}
    if function is None or function in ending:
        return function in ending
    calls = seen.file.calls_in.get(function, ())
    if calls and all(seen.vocabulary.ends(seen.file.called(call)) for call in calls):
        return True  # whatever it is that stops then
    return any(seen.file.target_of(call) in ending for call in calls)


def _is_empty(teardowns: list[Function], seen: Insight) -> bool:
    """A teardown that does nothing at all."""
    return not any(
        seen.file.calls_in.get(one.index) or seen.file.writes_in.get(one.index) or seen.file.written_in.get(one.index)
        for one in teardowns
    )


def _plain(teardowns: list[Function], life: Lifetime, seen: Insight) -> list[Function]:
    """Those that can mean nothing but an end, or of one word (`cancel`) that end something of the same kind."""
    return [
        one
        for one in teardowns
        if seen.vocabulary.ends_the_owner(one.name)
        or not one.name
        or (len(words_of(one.name)) == 1 and _ends_another([one], life, seen, ("holder", life.resource.holder)))
    ]


def _hears_of_the_end(end: End, life: Lifetime, seen: Insight) -> bool:
    """`socket.on("close", () => clearTimeout(this.timer))`: what the end of the owner closes tells so."""
    handlers = (here for here in seen.file.enclosing(end.call.function) if here.index != life.call.function)
    for call in (call for here in handlers for call in seen.frequencies.handed.to(here)):
        event = seen.file.constant(call.arguments[0]) if len(call.arguments) > 1 else None
        if event is not None and event.value in seen.words["last events"]:
            return True
    return False


def _is_ended_by(teardowns: list[Function], life: Lifetime, seen: Insight) -> bool:
    reached = seen.reach.reached(one.index for one in teardowns)
    if any(end.call.function in reached for end in (*life.ends, *life.doubtful_ends)):
        return True
    place = life.call.fate.place
    name = place.path[-1:] if place is not None and life.call.fate.kind is FateKind.KEPT else ()
    ending = (call for shape in life.resource.release for call in seen.file.calls_named.get(shape.name, ()))
    return (
        bool(name)
        and any(  # a function that is called on the owner (`ping.apply(pinger)`) has another `this`
            isinstance(given, Place) and given.path[-1:] == name
            for call in ending
            if call.function in reached
            for given in call.arguments
        )
    )


def _ends_another(teardowns: list[Function], life: Lifetime, seen: Insight, *groups: Group) -> bool:
    """Whether a teardown ends another one of a group: so this one was forgotten."""
    return seen.once(Beside).ends_another(seen.reach.reached(one.index for one in teardowns), life, *groups)


def _is_kept(life: Lifetime, seen: Insight) -> bool:
    """Whether the handle was put where a teardown could find it: a field, or a variable around the function."""
    place = life.call.fate.place
    if life.call.fate.kind is not FateKind.KEPT or place is None:
        return False
    place = seen.file.resolve(place)
    binding = seen.file.binding(place)
    return place.root is Root.SELF or (
        binding is not None and not place.path and binding.function != life.call.function
    )
