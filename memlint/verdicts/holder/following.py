"""A target that is followed to its own end: it goes before the one who listens to it."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.resource import Holder
from memlint.model.value import Constant, Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.value.sameness import Sames
from memlint.verdicts.holder.siblings import releases_a_sibling

_NOTHING = (Constant(None), Place(Root.GLOBAL, "undefined"))


def is_followed_to_its_end(life: Lifetime, seen: Insight) -> bool:
    """Somebody else's emitter whose own end is listened for as well: it is the one that goes first."""
    if life.origin.holder not in (Holder.FOREIGN, Holder.CALL):
        return False
    target = life.holes.get("$target")
    unit = seen.file.facts.functions[life.call.function].unit
    for other in seen.once(_followed_to_the_end).of(target):
        if not is_an_end(other, seen) and releases_a_sibling(life, seen):
            continue  # it is let go of, and yet the work was to be over before
        near = other.call.function == life.call.function or (
            unit >= 0 and seen.file.facts.functions[other.call.function].unit == unit
        )
        if near:
            return True
    return False


def _followed_to_the_end(seen: Insight) -> Sames[Lifetime]:
    """The listeners of an end, by their target."""
    ends = (
        (life.holes.get("$target"), life)
        for life in seen.lifetimes
        if is_an_end(life, seen) or _lets_go_of_its_target(life, seen)
    )
    return Sames(ends, seen.flow)


def _lets_go_of_its_target(life: Lifetime, seen: Insight) -> bool:
    """`this.client.on("detached", () => { this.client = null; })`: who listens forgets the target when that goes."""
    handler = seen.file.function_at(life.holes.get("$handler"))
    target = life.holes.get("$target")
    if handler is None or not isinstance(target, Place) or not target.path:
        return False
    place = seen.file.resolve(target)
    return any(
        write.value in _NOTHING and seen.file.resolve(write.place) == place
        for write in seen.file.writes_in.get(handler, ())
    )


def is_an_end(life: Lifetime, seen: Insight) -> bool:
    """Whether the event is the target's own end, as a text or as a name: `'close'`, `SessionEvent.Disconnected`."""
    event = life.holes.get("$event")
    known = seen.file.constant(event)
    if isinstance(known, Constant):
        return known.value in seen.words["ends of an emitter"]
    if not isinstance(event, Place):
        return False
    words = words_of(event.path[-1]) if event.path else ()
    return bool(words) and words[-1] in seen.words["ends of an emitter"]
