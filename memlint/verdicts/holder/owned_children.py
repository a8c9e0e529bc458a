"""What an owner made and keeps: must it be ended, and does the end of its owner reach it?"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import CHILD, Insight, Lifetime
from memlint.model.facts import MODULE, Call, Extent, Function, FunctionKind
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Place, Root
from memlint.semantics.holder.children import Child, is_argument_of
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.flow import Journey
from memlint.verdicts.holder.owner_ends import OwnerEnds, ends_plainly, plainly_reached


@frozen
class Forgotten:
    """A child that its owner's end does not reach: what tells that it must be ended, and where that was seen."""

    child: Child
    why: str
    evidence: Extent | None
    teardowns: tuple[Function, ...]
    confidence: Confidence


def forgotten(seen: Insight) -> Iterator[Forgotten]:
    """Children with an end of their own that the end of their owner does not reach."""
    lives = {life.call.index: life for life in seen.lifetimes}
    judged: set[Place] = set()
    for child in sorted(seen.children.kept(), key=lambda child: child.write.extent):
        life = lives.get(child.call.index)
        if (life is not None and life.resource.kind != CHILD) or child.place in judged:
            continue
        verdict = _judge(child, life, seen)
        if verdict is not None and seen.frequencies.of_call(child.call).rate is not Rate.ONCE:
            judged.add(child.place)
            yield verdict


def _judge(child: Child, life: Lifetime | None, seen: Insight) -> Forgotten | None:
    if seen.vocabulary.ends(seen.file.facts.functions[child.call.function].name):
        return None  # made anew by an end, for the case that the owner is used once more: it is empty
    teardowns = tuple(seen.reach.teardowns(child.call.function))
    in_care = _keeps_others_in_care(child, seen)
    if not in_care and not any(ends_plainly(one, seen) for one in teardowns):
        return None
    journey = seen.children.journey(child)
    if _is_given_away(child, journey, seen):
        return None
    reached = seen.reach.reached(function.index for function in teardowns)
    ends = [call for call in seen.children.calls_to(journey) if _is_end(call, seen)]
    plainly = plainly_reached(teardowns, seen)
    pausing = seen.lists.words["pausing"]
    if any(call.function in plainly for call in ends) or seen.once(OwnerEnds).is_for_everything(reached):
        return None
    if child.place in seen.once(OwnerEnds).in_parts(plainly):
        return None
    ends = [call for call in ends if seen.file.called(call) not in pausing]
    if any(call.function in reached for call in ends):
        return None
    if ends:
        if child.place.root is Root.SELF and all(_makes_room(call, child.place, seen) for call in ends):
            why = "the next one ends it, but not the end of its owner"
            return Forgotten(child, why, ends[0].extent, teardowns, Confidence.MEDIUM)
        return None
    return _by_evidence(child, life, teardowns, seen)


def _is_end(call: Call, seen: Insight) -> bool:
    """Whether a call ends what it is asked of: not one that takes a single listener off."""
    if seen.file.called(call) in seen.words["taking one listener off"] and call.arguments:
        return False
    return seen.vocabulary.ends(seen.file.called(call))


def _makes_room(end: Call, place: Place, seen: Insight) -> bool:
    """Whether a call only ends the former one, since the next one is made after it, whatever happens."""
    if not seen.vocabulary.ends_plainly(seen.file.called(end)):
        return False
    around = set(seen.file.regions_of(end.region))
    return any(
        write.function == end.function
        and write.region in around
        and write.extent[0] >= end.extent[1]
        and seen.children.made(write.value) is not None
        for write in seen.file.writes_at.get(place, ())
    )


def _by_evidence(
    child: Child, life: Lifetime | None, teardowns: tuple[Function, ...], seen: Insight
) -> Forgotten | None:
    if life is not None:
        is_begun = not life.resource.started_by or life.start != life.call.extent
        end = life.resource.release[0].name
        why = f"its {end}() is never called"
        return Forgotten(child, why, None, teardowns, Confidence.HIGH) if is_begun and not life.ends else None
    if not seen.callees.is_maker(child.call, seen.lists.words) or _is_plain_emitter(child.call, seen):
        return None
    sibling = _ended_sibling(child, seen)
    if sibling is not None:
        why = "another one of its kind is ended"
        return Forgotten(child, why, sibling.extent, teardowns, Confidence.HIGH)
    unit = seen.callees.unit_at(child.call.callee) if isinstance(child.call.callee, Place) else None
    if unit is not None and seen.callees.base_of(unit) is not None and in_care(unit.index, seen):
        why = "its class registers what its end gives back"
        return Forgotten(child, why, unit.extent, teardowns, Confidence.HIGH)
    others = _ended_beside(child, teardowns, seen) if _works_on(child.call, seen) else []
    if len(others) > 1:
        why = "it works on until it is told to stop, and others beside it are ended"
        return Forgotten(child, why, others[0].extent, teardowns, Confidence.MEDIUM)
    return None


def _works_on(call: Call, seen: Insight) -> bool:
    """`new PageWatcher()`, `new WorkerManager()`: its name tells of work that does not stop with its last reference."""
    words = words_of(seen.file.called(call)) if call.constructs else ()
    is_thing = not seen.words.any_of("parts and plans of work", words[-1:])
    return is_thing and seen.words.any_of("what works on by itself", words)


def _ended_beside(child: Child, teardowns: tuple[Function, ...], seen: Insight) -> list[Call]:
    """What the end of the owner ends of its other fields, the first two: `this.clock.destroy()`."""
    found = seen.once(OwnerEnds).fields(plainly_reached(teardowns, seen)).get(child.place.key, ())
    return [call for place, call in found[:3] if place != child.place][:2]


# Who else may end it


def _is_given_away(child: Child, journey: Journey, seen: Insight) -> bool:
    """Whether somebody else may end it: who gets it as an argument, from a method, or inside of something else."""
    if journey.handed or any(place in seen.children.in_literals for place in journey.places):
        return True
    if any(isinstance(stored, Call) for stored in journey.stored):
        return True  # `store.add(child)`, `this.children.push(child)`: whoever walks over them may end them all
    functions = seen.file.facts.functions
    if any(functions[exit_.function].kind is not FunctionKind.GETTER for exit_ in journey.returned):
        return True
    if is_argument_of(child.call, seen.file) is not None:
        return True
    return any(
        place.root is not child.place.root or place.path[1:] for place in journey.places if _is_kept(place, seen)
    )


def _is_kept(place: Place, seen: Insight) -> bool:
    """Whether a place outlasts a call: a field, a variable of the module, an element of something."""
    if place.root is Root.RESULT:
        return False
    binding = seen.file.binding(place)
    return binding is None or bool(place.path) or binding.function == MODULE


# What tells that it must be ended


def _keeps_others_in_care(child: Child, seen: Insight) -> bool:
    """Whether its owner hands others of its children to something that ends them: `this._register(new Menu())`."""
    if child.place.root is not Root.SELF:
        return False
    unit = seen.file.facts.functions[child.call.function].unit
    return unit >= 0 and bool(in_care(unit, seen))


def in_care(unit: int, seen: Insight) -> list[Call]:
    """What a unit makes and hands over to its own base class, or to a bag of its own, to be ended with it."""
    found = []
    for name in seen.lists.words["taking into care"]:
        for call in seen.file.calls_named.get(name, ()):
            receiver = call.receiver
            own = receiver is not None and receiver.root is Root.SELF and not receiver.path
            if own and seen.file.facts.functions[call.function].unit == unit and seen.file.target_of(call) is None:
                found += [made for argument in call.arguments if (made := seen.file.call_of(argument)) is not None]
    return found


def _is_plain_emitter(call: Call, seen: Insight) -> bool:
    """`new EventEmitter()` in an own field: nobody outside holds it, so that its end only empties its own list."""
    return call.constructs and seen.words.any_of("plain emitters", words_of(seen.file.called(call))[-1:])


def _ended_sibling(child: Child, seen: Insight) -> Call | None:
    """Another call that makes the same kind of thing, and whose result the file ends."""
    unit = seen.file.facts.functions[child.call.function].unit
    cared = {call.index for call in in_care(unit, seen)} if unit >= 0 else set()
    for other in seen.children.alike(child.call):
        if other.index in cared:
            return other
        teardowns = seen.reach.teardowns(other.function)
        reached = seen.reach.reached(function.index for function in teardowns)
        journey = seen.flow.journey(Place(Root.RESULT, other.index))
        if child.place in journey.places:
            continue
        for call in seen.children.calls_to(journey):
            if seen.vocabulary.ends_plainly(seen.file.called(call)) and call.function in reached:
                return other
    return None
