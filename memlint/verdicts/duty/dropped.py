"""What answers with a remover, and nobody keeps it, or it is kept and never called, or another takes its place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, FateKind, FunctionKind
from memlint.model.finding import Confidence
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.verdicts.duty.bags import in_bags
from memlint.verdicts.duty.lost import Dropped, adds, has_function, lost
from memlint.verdicts.holder.owned_children import in_care
from memlint.verdicts.holder.services import are_of_one_container
from memlint.verdicts.release.displaced import displaced_by

_EVENT = re.compile(r"^on[A-Z]")


def dropped(seen: Insight) -> Iterator[Dropped]:
    """Calls whose remover is lost."""
    known = {life.call.index for life in seen.lifetimes if not _is_left_to_its_answer(life)} | {
        end.call.index for life in seen.lifetimes for end in life.ends
    }
    removers = seen.lists.words["names of removers"]
    for call in seen.file.facts.calls:
        if call.index in known:
            continue
        one = None
        if call.fate.kind is FateKind.DISCARDED:
            one = _beside_a_sibling(call, seen) or lost(call, seen)
        elif call.fate.kind is FateKind.KEPT and call.fate.place is not None:
            one = _never_called(call, call.fate.place, removers, seen) or _displaced(call, call.fate.place, seen)
        if one is not None:
            yield one


def _is_left_to_its_answer(life: Lifetime) -> bool:
    """Whether the ledger is silent on a listener because its answer is kept, which may take it off."""
    answers = not life.shape.result and not life.resource.answers_nothing
    return answers and not life.ends and not life.doubtful_ends and life.call.fate.kind is FateKind.KEPT


# Its sibling's answer is kept


def _beside_a_sibling(call: Call, seen: Insight) -> Dropped | None:
    """`target.onChange(handler);` where others of the same owner are handed to what ends them."""
    name = seen.file.called(call)
    if call.receiver is None or not (_EVENT.match(name) or adds(call, seen)) or not _has_handler(call, seen):
        return None
    unit = seen.file.unit_of(call.function)
    if unit is None or seen.frequencies.of_call(call).rate is Rate.ONCE:
        return None
    if seen.vocabulary.ends(name) or not _outlives(call.receiver, seen):
        return None
    if are_of_one_container(call.receiver, call.function, seen):
        return None
    sibling = _ended_with(unit.index, call, seen)
    if sibling is None:
        return None
    return Dropped(call, "the answer of its sibling is kept to be ended", sibling.extent, Confidence.HIGH)


def _ended_with(unit: int, call: Call, seen: Insight) -> Call | None:
    """A call that answers with a remover which the end of the same unit runs: in its care, or alike and in a field."""
    kept = (one for one in seen.once(_kept_adders).get(unit, ()) if _is_alike(one, call, seen) and _is_ended(one, seen))
    return next(chain(_cared(unit, call.name, seen), kept), None)


def _cared(unit: int, name: str, seen: Insight) -> list[Call]:
    given = (*in_care(unit, seen), *seen.once(in_bags).get(unit, ()))
    cared = [one for one in given if one.receiver is not None]
    return [one for one in cared if one.name == name or (_EVENT.match(one.name) and _EVENT.match(name))]


def _is_alike(one: Call, other: Call, seen: Insight) -> bool:
    """The same method, or another event of the same thing: `buffer.onDidSave`, `buffer.onDidChange`."""
    return one.name == other.name or seen.flow.canonical(one.receiver) == seen.flow.canonical(other.receiver)


def _kept_adders(seen: Insight) -> dict[int, list[Call]]:
    """The calls that add a listener and whose answer a field keeps, by unit."""
    found: dict[int, list[Call]] = defaultdict(list)
    for call in seen.file.facts.calls:
        if call.fate.kind is FateKind.KEPT and (_EVENT.match(call.name) or adds(call, seen)):
            found[seen.file.facts.functions[call.function].unit].append(call)
    return found


def _is_ended(call: Call, seen: Insight) -> bool:
    """Whether the end of its unit asks anything of what a call answers with, or calls it."""
    teardowns = [one for one in seen.reach.teardowns(call.function) if seen.vocabulary.ends(one.name)]
    reached = seen.reach.reached(one.index for one in teardowns)
    places = seen.flow.journey(Place(Root.RESULT, call.index)).places
    return any(
        isinstance(other.callee, Place)
        and (seen.flow.canonical(other.receiver) in places or seen.flow.canonical(other.callee) in places)
        for function in reached
        for other in seen.file.calls_in.get(function, ())
    )


def _outlives(receiver: Place, seen: Insight) -> bool:
    """Whether whose event it is was handed to the owner as it was made; what is asked for later may be a part of it."""
    place = seen.flow.canonical(receiver) or receiver
    if place.root is Root.SELF:
        first = seen.origins.of(Place(place.root, place.key, place.path[:1])) if place.path else None
        return first is not None and first.holder in (Holder.FOREIGN, Holder.PROCESS)
    binding = seen.file.binding(place)
    if binding is not None and binding.kind == "import":
        return True
    if binding is None or binding.kind != "parameter":
        return False
    return seen.file.facts.functions[binding.function].kind is FunctionKind.CONSTRUCTOR


def _has_handler(call: Call, seen: Insight) -> bool:
    taken = call.arguments[:2] if adds(call, seen) else call.arguments[:1]
    return any(has_function(argument, seen) for argument in taken)


# It is kept under its name, and never called


def _never_called(call: Call, place: Place, removers: frozenset[str], seen: Insight) -> Dropped | None:
    """`this.unsubscribe = store.subscribe(…)`, and nobody ever asks for `this.unsubscribe`."""
    name = place.path[-1] if place.path else seen.file.name_of(place)
    words = words_of(name)
    named = bool(words) and not {words[0], words[-1]}.isdisjoint(removers)
    if not (named or _is_token(call, place, seen)) or not call.arguments or call.constructs:
        return None
    if (place.root is Root.SELF and len(place.path) != 1) or place.root not in (Root.SELF, Root.BINDING):
        return None
    if not any(has_function(argument, seen) for argument in call.arguments):
        return None
    frequency = seen.frequencies.of_call(call)
    if frequency.rate is Rate.ONCE or _is_mentioned(place, seen):
        return None
    return Dropped(call, f"`{name}` is never called", call.extent, _sureness(call, place, name, seen))


def _is_token(call: Call, place: Place, seen: Insight) -> bool:
    """`this.token = store.addListener(…)`, of a store that lives on, for an owner whose end is known."""
    if place.root is not Root.SELF or not adds(call, seen):
        return False
    function = seen.file.facts.functions[call.function]
    if not (seen.vocabulary.is_hook(function.name) or seen.reach.teardowns(call.function)):
        return False
    origin = seen.origins.of(call.receiver)
    return origin.sure and (origin.holder is Holder.PROCESS or (origin.holder is Holder.FOREIGN and origin.shown))


def _sureness(call: Call, place: Place, name: str, seen: Insight) -> Confidence:
    """A field that nobody else knows of, or an owner whose end is known: others cannot do what the file does not."""
    function = seen.file.facts.functions[call.function]
    if place.root is Root.BINDING:
        return Confidence.MEDIUM
    if seen.vocabulary.is_hook(function.name) or seen.reach.teardowns(call.function):
        return Confidence.HIGH
    return Confidence.MEDIUM if seen.file.hides(int(place.key), name) else Confidence.LOW


def _is_mentioned(place: Place, seen: Insight) -> bool:
    """Whether anything but a write asks for a place."""
    if place.root is Root.BINDING:
        binding = seen.file.facts.bindings[int(place.key)]
        exported = binding.index in seen.file.exported_bindings
        return exported or bool(seen.file.uses_of[binding.index])
    return seen.file.resolve(place) in seen.fields_asked


# Another one takes its place


def _displaced(call: Call, place: Place, seen: Insight) -> Dropped | None:
    """`this.off = listenOutside(close); this.off = listenKeys(close);`, and `this.off()` ends the second alone."""
    write = displaced_by(call, seen)
    next_one = seen.file.call_of(write.value) if write is not None else None
    if write is None or next_one is None or seen.frequencies.of_call(call).rate is Rate.ONCE:
        return None
    if not all(any(has_function(given, seen) for given in one.arguments) for one in (call, next_one)):
        return None
    taking = seen.words.any_of("taking listeners", words_of(seen.file.called(call))[:1])
    if call.constructs or not taking or not _is_called_off(seen.file.resolve(place), seen):
        return None
    return Dropped(call, "the next one takes its place", write.extent, Confidence.MEDIUM)


def _is_called_off(place: Place, seen: Insight) -> bool:
    """Whether the file calls what a place keeps, with nothing, or asks it to end."""
    return any(
        (not call.arguments and seen.file.resolve(call.callee) == place)
        or (call.receiver is not None and seen.vocabulary.ends(call.name) and seen.file.resolve(call.receiver) == place)
        for call in seen.file.facts.calls
        if isinstance(call.callee, Place)
    )
