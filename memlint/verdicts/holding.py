"""Who holds it, and does the holder outlive the one who acquired it?"""

from __future__ import annotations

import re

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Place, Root
from memlint.model.finding import Confidence
from memlint.model.resource import Holder
from memlint.semantics.frequency import Rate
from memlint.semantics.identity import is_fresh

_PROCESS_EVENTS = frozenset(
    {
        "exit", "beforeExit", "SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGBREAK", "SIGABRT",
        "SIGCONT", "SIGTSTP", "message", "uncaughtException", "unhandledRejection", "disconnect", "warning",
        "rejectionHandled",
    }
)  # fmt: skip
_READY = re.compile(
    r"^(load|loaded|DOMContentLoaded|readystatechange|deviceready|\w*[rR]eady|\w*loaded(data|metadata)?)$"
)
_END_EVENTS = frozenset({"close", "end", "disconnect", "exit", "finish", "destroyed", "destroy", "disconnected"})


def outlived_by(life: Lifetime, seen: Insight) -> Confidence | None:
    """How sure it is that what holds it outlives the one who acquired it; None if it does not, or nobody knows."""
    holder = life.origin.holder
    if life.resource.started_by and life.start == life.call.extent:
        return None
    if holder in (Holder.UNIT, Holder.CALL) or _goes_along(life, seen):
        return None
    if _is_abort_signal(life, seen):
        return Confidence.HIGH if holder in (Holder.FOREIGN, Holder.PROCESS) else None
    if _fires_once_in_a_life(life, seen):
        return Confidence.LOW
    if holder is Holder.PROCESS:
        return _of_the_process(life, seen)
    return _of_somebody_else(life, seen) if holder is Holder.FOREIGN else None


def _goes_along(life: Lifetime, seen: Insight) -> bool:
    """Whether holder and held end together, or the duty is not this function's."""
    if life.resource.kind == "dom-listener" and _is_same_every_time(life, seen):
        return True
    return _is_wrapper(life, seen) or _is_followed_to_its_end(life, seen) or _listens_to_itself(life, seen)


def _of_the_process(life: Lifetime, seen: Insight) -> Confidence:
    if not life.frequency.sure:
        return Confidence.LOW
    event = seen.file.constant(life.holes.get("$event"))
    target = life.holes.get("$target")
    on_process = isinstance(target, Place) and target.root is Root.GLOBAL and target.key == "process"
    if isinstance(target, Place) and on_process and target.path[:1] == ("stdin",):
        return Confidence.LOW  # who reads standard input does so once per process
    if on_process and event is not None and event.value in _PROCESS_EVENTS:
        return Confidence.HIGH if _keeps_a_call(life, seen) else Confidence.LOW
    return Confidence.HIGH


def _keeps_a_call(life: Lifetime, seen: Insight) -> bool:
    """Whether the handler holds something of the call that registers it: then each call adds one."""
    function = seen.file.function_at(life.holes.get("$handler"))
    if function is None:
        return False
    for use in seen.file.facts.uses:
        binding = seen.file.facts.bindings[use.binding]
        if seen.file.contains(function, use.function) and binding.function == life.call.function != MODULE:
            value = binding.value
            is_self = isinstance(value, Place) and value.root is Root.SELF and not value.path
            if binding.kind not in ("function", "class") and not is_self:
                return True
    return False


def _of_somebody_else(life: Lifetime, seen: Insight) -> Confidence:
    """A target that was handed in outlives us for certain if we take others of ours off it again."""
    if life.resource.kind == "observer":
        return Confidence.HIGH if seen.reach.teardowns(life.call.function) else Confidence.MEDIUM
    if life.frequency.rate < Rate.INSTANCE or not _releases_a_sibling(life, seen):
        return Confidence.LOW
    return Confidence.HIGH if life.origin.sure else Confidence.MEDIUM


def _releases_a_sibling(life: Lifetime, seen: Insight) -> bool:
    """Whether something else is taken off the same target, here in this file."""
    target = life.holes.get("$target")
    reached = seen.flow.journey(target).places if target is not None else set()
    for shape in life.resource.release:
        for call in seen.file.calls_named.get(shape.name, ()):
            if call.receiver is None or call.function == MODULE:
                continue
            place = seen.flow.canonical(call.receiver)
            if seen.flow.same(call.receiver, target) or place in reached:
                return True
    return False


def _fires_once_in_a_life(life: Lifetime, seen: Insight) -> bool:
    """Events that a page, or what it loads, sends once: the listener's work is done with them."""
    event = seen.file.constant(life.holes.get("$event"))
    return event is not None and bool(_READY.search(str(event.value)))


def _is_wrapper(life: Lifetime, seen: Insight) -> bool:
    """`function listen(target, event, handler) { target.on(event, handler) }`: the duty is the caller's."""
    given = 0
    for name in ("$target", "$event", "$handler"):
        place = seen.flow.canonical(life.holes.get(name))
        binding = seen.file.binding(place) if place is not None else None
        if place is not None and binding is not None and binding.kind == "parameter" and not place.path:
            given += 1
            if name == "$event":
                return True
    return given >= 2


def _listens_to_itself(life: Lifetime, seen: Insight) -> bool:
    """An instance that registers with itself, as it is made: they go together."""
    place = seen.flow.canonical(life.holes.get("$target"))
    return place is not None and place.root is Root.SELF and not place.path and life.frequency.rate is Rate.INSTANCE


def _is_followed_to_its_end(life: Lifetime, seen: Insight) -> bool:
    """Somebody else's emitter whose own end is listened for as well: it is the one that goes first."""
    if life.origin.holder is not Holder.FOREIGN:
        return False
    target = life.holes.get("$target")
    unit = seen.file.facts.functions[life.call.function].unit
    for other in seen.lifetimes:
        event = seen.file.constant(other.holes.get("$event"))
        if event is None or event.value not in _END_EVENTS:
            continue
        near = other.call.function == life.call.function or (
            unit >= 0 and seen.file.facts.functions[other.call.function].unit == unit
        )
        if near and seen.flow.same(other.holes.get("$target"), target):
            return True
    return False


def _is_same_every_time(life: Lifetime, seen: Insight) -> bool:
    """A listener of the module itself, added again, is the same listener (DOM, 2.7: add an event listener)."""
    handler = life.holes.get("$handler")
    place = seen.flow.canonical(handler)
    binding = seen.file.binding(place) if place is not None else None
    return binding is not None and (binding.function == MODULE and not is_fresh(seen.file, handler))


def _is_abort_signal(life: Lifetime, seen: Insight) -> bool:
    event = seen.file.constant(life.holes.get("$event"))
    return event is not None and event.value == "abort"
