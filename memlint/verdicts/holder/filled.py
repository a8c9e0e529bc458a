"""A place of something long-lived that the same call has just filled with something new.

`api.queue = new Queue(); api.queue.on("error", report);`: whatever keeps the queue, each queue has one such listener.
"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, Function
from memlint.model.resource import Holder
from memlint.model.value import Place, Root, Value


def is_filled_in_this_call(life: Lifetime, seen: Insight) -> bool:
    """Whether what holds it is a place that was given something new on the way to here."""
    return is_new_at(life.holes.get(life.resource.holder), life.call, seen)


def is_new_at(place: Value | None, call: Call, seen: Insight) -> bool:
    """Whether the last thing before a call gave a place what was not there before: `new Queue()`, what came in.

    It counts on every way to the call, or not at all. Of what is looked up nobody knows that it is new.
    """
    if call.function == MODULE or not isinstance(place, Place) or place.root is Root.RESULT:
        return False
    around = {-1, *seen.file.regions_of(call.region)}
    before = [
        write
        for known in dict.fromkeys((place, seen.file.resolve(place)))
        for write in seen.file.writes_at.get(known, ())
        if write.function == call.function and write.extent[1] <= call.extent[0]
    ]
    last = max(before, key=lambda write: write.extent[1], default=None)
    if last is None or last.operator not in ("=", "declare") or last.region not in around:
        return False
    made = seen.file.call_of(last.value)
    if made is not None and seen.origins.makes(made):
        return True
    return seen.origins.of(last.value).holder in (Holder.CALL, Holder.UNKNOWN)


def is_given_what_is_new(function: Function, position: int, seen: Insight) -> bool:
    """Whether all who call a function in this file made for it what they hand in, and there is one who does."""
    callers = seen.file.callers.get(function.index, ())
    given = [(call.arguments[position], call) for call in callers if position < len(call.arguments)]
    return bool(given) and all(is_new_at(value, call, seen) for value, call in given)
