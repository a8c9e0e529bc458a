"""An end that asks first for what is empty by then: `if (ref.current) observer.disconnect();` in the clean-up.

React sets the refs to the elements of a component back to null when it takes the elements out, and only then runs the
clean-ups of its effects (React, "Manipulating the DOM with refs"; eslint-plugin-react-hooks, exhaustive-deps).
"""

from __future__ import annotations

from collections.abc import Sequence

from memlint.ledger import End, Insight, Lifetime
from memlint.model.facts import Function, RegionKind
from memlint.model.finding import Confidence
from memlint.model.value import Compound, Constant, Place, Root, Value
from memlint.semantics.running.effects import effect_of
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.verdict import Verdict, at_most

_CURRENT = "current"


def judge_emptied(
    life: Lifetime, seen: Insight, confidence: Confidence, teardowns: Sequence[Function]
) -> Verdict | None:
    """Whether all ends in the clean-up of an effect wait for an element that is gone by then."""
    effect = next((here for here in seen.file.enclosing(life.call.function) if _is_late(here, seen)), None)
    if effect is None:
        return None
    ends = [end for end in life.ends if end.call.function != life.call.function]
    if not ends or not all(_asks_for_a_ref(end, effect, life, seen) for end in ends):
        return None
    why = "its clean-up asks for an element that is gone by then"
    ways = tuple((end.call.extent, why) for end in ends[:1])
    return Verdict(at_most(confidence, Confidence.MEDIUM), why, tuple(teardowns), ways=ways)


def _is_late(here: Function, seen: Insight) -> bool:
    """Whether it is the function of an effect whose clean-up runs after the elements are taken out."""
    return effect_of(here, seen.file, seen.words, "effects that end after the page") is not None


def _asks_for_a_ref(end: End, effect: Function, life: Lifetime, seen: Insight) -> bool:
    """Whether an end in the clean-up runs only if a ref, which the page fills, still holds an element."""
    if not seen.file.contains(effect.index, end.call.function) or seen.file.callers.get(end.call.function):
        return False
    tests = (seen.file.facts.regions[index] for index in seen.file.regions_of(end.call.region))
    return any(
        _is_filled_by_the_page(inner, life, seen)
        for region in tests
        if region.kind is RegionKind.THEN and region.function == end.call.function
        for inner in ((region.test,) if isinstance(region.test, Place) else _all_of(region.test))
    )


def _all_of(test: Value | None) -> tuple[Value, ...]:
    """What must hold together: the parts of `observer && ref.current`."""
    return test.parts if isinstance(test, Compound) and test.operator == "&&" else ()


def _is_filled_by_the_page(place: Value | None, life: Lifetime, seen: Insight) -> bool:
    """`box.current`, of a ref that this file gives nothing; what listens to the element itself goes with it.

    A name for it that was taken while the element was there, `const box = ref.current`, still holds the element.
    """
    if not isinstance(place, Place) or place.root is not Root.BINDING or place.path != (_CURRENT,):
        return False
    ref = seen.file.call_of(seen.file.facts.bindings[int(place.key)].value)
    holds = unwrapped(ref.arguments[0]) if ref is not None and ref.arguments else Constant(None)
    if ref is None or seen.file.called(ref) not in seen.words["makers of refs"] or holds != Constant(None):
        return False
    is_asked = not life.resource.trusts_holder and seen.flow.canonical(life.holes.get("$target")) == place
    return not is_asked and not seen.file.writes_at.get(place)
