"""Whether others of its kind are taken off the same target: then this one was meant to go too."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call
from memlint.model.value import Place, Root
from memlint.semantics.value.sameness import Sames


def releases_a_sibling(life: Lifetime, seen: Insight) -> bool:
    """Whether something else is taken off the same target, here in this file."""
    target = life.holes.get("$target")
    released = seen.once(_released_targets)
    reached = seen.flow.journey(target).places if target is not None else set()
    for name in {shape.name for shape in life.resource.release} & released.keys():
        places, receivers = released[name]
        if not places.isdisjoint(reached) or next(receivers.of(target), None) is not None:
            return True
    return False


def releases_from_its_owner(life: Lifetime, seen: Insight) -> bool:
    """Whether something is taken off the object that the target is a member of: `map`, of `map.dragging`."""
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or target.root not in (Root.SELF, Root.BINDING) or "[]" in target.path:
        return False
    own = 1 if target.root is Root.SELF else 0
    bases = (Place(target.root, target.key, target.path[:size]) for size in range(own, len(target.path)))
    owners = {place for base in bases for place in seen.flow.journey(base).places}
    released = seen.once(_released_targets)
    names = {shape.name for shape in life.resource.release} & released.keys()
    return any(not owners.isdisjoint(released[name][0]) for name in names)


def _released_targets(seen: Insight) -> dict[str, tuple[set[Place | None], Sames[Call]]]:
    """What functions ask to release something, by the name of the releasing method."""
    found = {}
    for name in {
        shape.name for resource in seen.resources for shape in resource.release
    } & seen.file.calls_named.keys():
        calls = [(call.receiver, call) for call in seen.file.calls_named[name] if call.function != MODULE]
        asked = [(receiver, call) for receiver, call in calls if receiver is not None]
        if asked:
            found[name] = ({seen.flow.canonical(receiver) for receiver, _ in asked}, Sames(asked, seen.flow))
    return found
