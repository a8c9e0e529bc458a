"""What answers with a remover, and nobody keeps the answer, or keeps it under its name and never calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, Extent, FateKind, FunctionKind, Place, Root, Value
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.resource import Holder
from memlint.semantics.identity import is_fresh
from memlint.semantics.names import words_of
from memlint.semantics.rate import Rate
from memlint.verdicts.owned_children import in_care

_EVENT = re.compile(r"^on[A-Z]")


@frozen
class Dropped:
    """A call whose answer would take off again what it added, and what tells so."""

    call: Call
    why: str
    evidence: Extent
    confidence: Confidence


def dropped(seen: Insight) -> Iterator[Dropped]:
    """Calls whose remover is lost."""
    known = {life.call.index for life in seen.lifetimes} | {
        end.call.index for life in seen.lifetimes for end in life.ends
    }
    removers = seen.lists.words["names of removers"]
    for call in seen.file.facts.calls:
        if call.index in known:
            continue
        one = None
        if call.fate.kind is FateKind.DISCARDED:
            one = _beside_a_sibling(call, seen)
        elif call.fate.kind is FateKind.KEPT and call.fate.place is not None:
            one = _never_called(call, call.fate.place, removers, seen)
        if one is not None:
            yield one


# Its sibling's answer is kept


def _beside_a_sibling(call: Call, seen: Insight) -> Dropped | None:
    """`target.onChange(handler);` where others of the same owner are handed to what ends them."""
    name = seen.file.called(call)
    if call.receiver is None or not _EVENT.match(name) or not _has_handler(call, seen):
        return None
    unit = seen.file.unit_of(call.function)
    if unit is None or seen.frequencies.of_call(call).rate is Rate.ONCE:
        return None
    if seen.vocabulary.ends(name) or not _outlives(call.receiver, seen):
        return None
    sibling = next(
        (one for one in in_care(unit.index, seen) if _EVENT.match(one.name) and one.receiver is not None), None
    )
    if sibling is None:
        return None
    return Dropped(call, "the answer of its sibling is kept to be ended", sibling.extent, Confidence.HIGH)


def _outlives(receiver: Place, seen: Insight) -> bool:
    """Whether whose event it is was handed to the owner as it was made; what is asked for later may be a part of it."""
    place = seen.flow.canonical(receiver) or receiver
    if place.root is Root.SELF:
        first = seen.origins.of(Place(place.root, place.key, place.path[:1])) if place.path else None
        return first is not None and first.holder in (Holder.FOREIGN, Holder.PROCESS)
    binding = seen.file.binding(place)
    if binding is None or binding.kind != "parameter":
        return False
    return seen.file.facts.functions[binding.function].kind is FunctionKind.CONSTRUCTOR


def _has_handler(call: Call, seen: Insight) -> bool:
    return bool(call.arguments) and (
        seen.file.function_at(call.arguments[0]) is not None or bool(is_fresh(seen.file, call.arguments[0]))
    )


# It is kept under its name, and never called


def _never_called(call: Call, place: Place, removers: frozenset[str], seen: Insight) -> Dropped | None:
    """`this.unsubscribe = store.subscribe(…)`, and nobody ever asks for `this.unsubscribe`."""
    name = place.path[-1] if place.path else seen.file.name_of(place)
    words = words_of(name)
    if not words or not {words[0], words[-1]} & removers or not call.arguments or call.constructs:
        return None
    if (place.root is Root.SELF and len(place.path) != 1) or place.root not in (Root.SELF, Root.BINDING):
        return None
    if not any(_has_function(argument, seen) for argument in call.arguments):
        return None
    frequency = seen.frequencies.of_call(call)
    if frequency.rate is Rate.ONCE or _is_mentioned(place, seen):
        return None
    return Dropped(call, f"`{name}` is never called", call.extent, _sureness(call, place, name, seen))


def _has_function(value: Value, seen: Insight) -> bool:
    return seen.file.function_at(value) is not None or bool(is_fresh(seen.file, value))


def _sureness(call: Call, place: Place, name: str, seen: Insight) -> Confidence:
    """A field that nobody else knows of, or an owner whose end is known: others cannot do what the file does not."""
    function = seen.file.facts.functions[call.function]
    if place.root is Root.BINDING:
        return Confidence.MEDIUM
    if seen.vocabulary.is_hook(function.name) or seen.reach.teardowns(call.function):
        return Confidence.HIGH
    return Confidence.MEDIUM if name.startswith(("_", "#")) else Confidence.LOW


def _is_mentioned(place: Place, seen: Insight) -> bool:
    """Whether anything but a write asks for a place."""
    if place.root is Root.BINDING:
        binding = seen.file.facts.bindings[int(place.key)]
        exported = binding.index in seen.file.exported_bindings
        return exported or bool(seen.file.uses_of[binding.index])
    return seen.file.resolve(place) in seen.fields_read
