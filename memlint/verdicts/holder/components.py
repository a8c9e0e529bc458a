"""A component of a page: a framework takes it out again, and what it was handed from above goes on without it."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Binding
from memlint.model.value import Root
from memlint.semantics.running.effects import effect_of
from memlint.verdicts.holder.belonging import has_an_end


def is_of_a_component(life: Lifetime, seen: Insight) -> bool:
    """Whether a component adds it as it is mounted: in an effect, or in a method that a framework calls then."""
    return any(
        effect_of(here, seen.file, seen.words) is not None or (here.unit >= 0 and seen.vocabulary.is_hook(here.name))
        for here in seen.file.enclosing(life.call.function)
    )


def outlives_a_component(life: Lifetime, seen: Insight) -> bool:
    """Whether a component listens to what those above it have made, and keep."""
    if life.resource.adds_once or not is_of_a_component(life, seen):
        return False
    return _is_from_above(life, seen) and (life.origin.sure or _is_long_lived(life, seen) or has_an_end(life, seen))


def outlives_its_component(life: Lifetime, seen: Insight) -> bool:
    """`this.props.room`, of a component that a framework ends: who handed it down goes on without the component."""
    place = seen.flow.canonical(life.holes.get("$target"))
    if place is None or place.root is not Root.SELF or not _is_from_above(life, seen):
        return False
    return any(
        seen.vocabulary.ends_for_good(one.name) and seen.vocabulary.ends_the_owner(one.name)
        for one in seen.reach.teardowns(life.call.function)
    )


def _is_long_lived(life: Lifetime, seen: Insight) -> bool:
    return seen.origins.lives_long(seen.file.name_of(life.holes.get("$target")))


def _is_from_above(life: Lifetime, seen: Insight) -> bool:
    """`socket` of `function Chat({ socket })`, `this.props.socket`, `useContext(SocketContext)`."""
    place = seen.flow.canonical(life.holes.get("$target"))
    if place is None:
        return False
    if place.root is Root.SELF:
        return bool(place.path) and place.path[0] in seen.words["handed to a component"]
    binding = seen.file.binding(place)
    return life.origin.is_asked or (binding is not None and _is_property(binding, life))


def _is_property(binding: Binding, life: Lifetime) -> bool:
    """A parameter of the component, which is a function around the effect."""
    return binding.kind == "parameter" and binding.function != life.call.function
