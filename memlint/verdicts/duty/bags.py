"""What a unit puts into a bag of its own, `this.toDispose.push(…)`, whose things its end ends one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call
from memlint.model.value import Place, Root, Sequence
from memlint.semantics.growth.putting import PUTS
from memlint.semantics.value.values import unwrapped


def in_bags(seen: Insight) -> dict[int, list[Call]]:
    """The calls whose answers are put into such bags, by unit."""
    found: dict[int, list[Call]] = defaultdict(list)
    for name in PUTS:
        for put in seen.file.calls_named.get(name, ()):
            unit = seen.file.unit_of(put.function)
            bag = seen.flow.canonical(put.receiver)
            if unit is not None and bag is not None and bag.root is Root.SELF and len(bag.path) == 1:
                made = list(_made(put, seen))
                if made and _is_emptied(bag, put, seen):
                    found[unit.index] += made
    return found


def _made(put: Call, seen: Insight) -> Iterator[Call]:
    """What the arguments are the answers of; a list that is written in place is looked into."""
    for argument in put.arguments:
        value = unwrapped(argument)
        for one in value.items if isinstance(value, Sequence) else (argument,):
            call = seen.file.call_of(one)
            if call is not None and put.extent[0] <= call.extent[0] < put.extent[1]:
                yield call


def _is_emptied(bag: Place, put: Call, seen: Insight) -> bool:
    """`this.bag.dispose()`, `disposeAll(this.bag)`, `this.bag.forEach((one) => one.dispose())`, `… => one()`."""
    item = Place(bag.root, bag.key, (*bag.path, "[]"))
    reached = seen.reach.reached(one.index for one in seen.reach.teardowns(put.function))
    for function in reached:
        for call in seen.file.calls_in.get(function, ()):
            if seen.flow.canonical(call.callee) == item:
                return True
            asked = (call.receiver, *call.arguments)
            if seen.vocabulary.ends(seen.file.called(call)) and any(
                seen.flow.canonical(one) in (bag, item) for one in asked
            ):
                return True
    return False
