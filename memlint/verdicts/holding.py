"""Who holds it, and does the holder outlive the one who acquired it?"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Root
from memlint.model.finding import Confidence
from memlint.model.resource import Holder
from memlint.semantics.frequency import Rate
from memlint.semantics.identity import is_fresh

_END_EVENTS = frozenset({"close", "end", "disconnect", "exit", "finish", "destroyed", "destroy", "disconnected"})


def outlived_by(life: Lifetime, seen: Insight) -> Confidence | None:
    """How sure it is that what holds it outlives the one who acquired it; None if it does not, or nobody knows."""
    origin = life.origin
    if life.resource.started_by and life.start == life.call.extent:
        return None
    if origin.holder in (Holder.UNIT, Holder.CALL):
        return None
    if life.resource.kind == "dom-listener" and _is_same_every_time(life, seen):
        return None
    if _is_wrapper(life, seen):
        return None
    if _is_followed_to_its_end(life, seen) or _listens_to_itself(life, seen):
        return None
    if _is_abort_signal(life, seen):
        return Confidence.HIGH if origin.holder in (Holder.FOREIGN, Holder.PROCESS) else None
    if origin.holder is Holder.PROCESS:
        return Confidence.HIGH if life.frequency.sure else Confidence.LOW
    teardowns = seen.reach.teardowns(life.call.function)
    if origin.holder is Holder.FOREIGN:
        if life.resource.kind == "observer":
            return Confidence.HIGH if teardowns else Confidence.MEDIUM
        if teardowns and life.frequency.rate >= Rate.INSTANCE:
            return Confidence.HIGH if origin.sure else Confidence.MEDIUM
        in_constructor = life.frequency.rate is Rate.INSTANCE and origin.sure
        return Confidence.MEDIUM if in_constructor else Confidence.LOW
    return None


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
    """Somebody else's emitter whose own end is listened for in the same function: it is the one that goes first."""
    if life.origin.holder is not Holder.FOREIGN:
        return False
    target = life.holes.get("$target")
    for other in seen.lifetimes:
        event = seen.file.constant(other.holes.get("$event"))
        if (
            event is not None
            and event.value in _END_EVENTS
            and other.call.function == life.call.function
            and seen.flow.same(other.holes.get("$target"), target)
        ):
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
