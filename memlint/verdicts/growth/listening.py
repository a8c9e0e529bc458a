"""A list that takes a listener from everybody who comes, tells them all, and knows no way to let one go."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import ExitKind, Function
from memlint.model.value import Place
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.names import words_of
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.holder.services import is_injected


def takes_listeners(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`addChangeListener(listener)` of what the whole program shares, where no `removeChangeListener` stands.

    Only where the file tells the listeners, too: a list that nobody reads here may be somebody else's to empty.
    """
    if collection.kind != "array" or collection.useless or collection.voids or collection.inner_drains:
        return False
    value = unwrapped(feed.value)
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    function = seen.file.facts.functions[feed.source.function]
    if binding is None or binding.kind != "parameter" or binding.function != function.index:
        return False
    answers = (exit_ for exit_ in seen.file.exits_of.get(function.index, ()) if exit_.kind is ExitKind.RETURN)
    if any(exit_.value is not None for exit_ in answers):
        return False
    return _asks_for_listeners(function, collection, seen) and _are_told(collection, seen)


def _asks_for_listeners(function: Function, collection: Collection, seen: Insight) -> bool:
    """By its name: `addChangeListener` tells what goes on; a mere `addListener` may be for the parts of the program."""
    words = words_of(function.name)
    first, *between, last = words if len(words) > 1 else ("", "")
    if between and first in seen.words["adding verbs"] and last in seen.words["those who listen"]:
        return collection.hold is Hold.PROCESS
    unit = seen.file.unit_of(function.index)
    return unit is not None and not seen.words["listening"].isdisjoint(words[:1]) and is_injected(unit, seen)


def _are_told(collection: Collection, seen: Insight) -> bool:
    """Whether the file calls what is in the list, or a method of it."""
    place = collection.place
    element = (*place.path, "[]")
    for call in seen.file.facts.calls:
        callee = seen.flow.canonical(call.callee) if isinstance(call.callee, Place) else None
        if callee is not None and callee.root is place.root and callee.key == place.key:
            if callee.path[: len(element)] == element:
                return True
    return False
