"""A one-shot of a component that sets its state when it fires: does the unmount end it?"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, FateKind
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import is_hook_name, words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import inner_values
from memlint.verdicts.holder.mounted import Component, Components, is_the_page
from memlint.verdicts.release.beside import ALL, Beside
from memlint.verdicts.repetition.delays import delay_of
from memlint.verdicts.verdict import Verdict

_NOTICED = 100
"""Milliseconds from which a component may well be gone before its timer fires, whatever else its unmount forgets."""
_WHY = "it sets the state of a component that may be gone"


def judge_unmounting(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether the callback sets state, and no unmount ends it: it holds the component, and works on what is gone."""
    if life.call.fate.kind not in (FateKind.DISCARDED, FateKind.KEPT) or life.frequency.rate is Rate.ONCE:
        return None
    component = seen.once(Components).around(life.call.function)
    kept = seen.file.behind(life.holes.get(life.resource.keeps))
    if component is None or kept is None or is_the_page(component, seen):
        return None
    teardowns = (*component.unmounts, *seen.reach.teardowns(life.call.function))
    reached = seen.reach.reached(one.index for one in teardowns)
    if any(end.call.function in reached for end in (*life.ends, *life.doubtful_ends)):
        return None
    if not _lasts(life, reached, seen) or _is_shown(life, seen) or _is_left_to_the_caller(life, component):
        return None
    run = seen.reach.reached([kept])
    if not any(_sets_state(call, component, seen) for one in run for call in seen.file.calls_in.get(one, ())):
        return None
    return None if _asks(run, reached, seen) else Verdict(Confidence.MEDIUM, _WHY, component.unmounts)


def _lasts(life: Lifetime, reached: frozenset[int], seen: Insight) -> bool:
    """Whether it waits long enough to be missed, or is kept by a component whose unmount ends others of its things."""
    delay = delay_of(life, seen)
    if delay is None or delay >= _NOTICED:
        return True
    return life.call.fate.kind is FateKind.KEPT and seen.once(Beside).ends_another(reached, life, ALL)


def _is_shown(life: Lifetime, seen: Insight) -> bool:
    """Whether what keeps the handle is handed to somebody, who may end it: `clearLater(timer)`."""
    place = life.call.fate.place
    if place is None or place.root is not Root.BINDING:
        return False
    ends = {end.call.index for end in life.ends}
    mentions = (mention.sink for one in {place, Place(place.root, place.key)} for mention in seen.flow.mentions(one))
    return any(isinstance(sink, Call) and sink.index not in ends for sink in mentions)


def _is_left_to_the_caller(life: Lifetime, component: Component) -> bool:
    """Whether a hook may answer with what ends it, and whoever uses the hook runs that at the end."""
    function = component.function
    is_hook = function is not None and is_hook_name(function.name)
    return is_hook and any(end.call.function != life.call.function for end in life.ends)


def _sets_state(call: Call, component: Component, seen: Insight) -> bool:
    callee = call.callee
    if not isinstance(callee, Place):
        return False
    if component.unit is not None:
        is_own = callee.root is Root.SELF or seen.file.resolve(callee).root is Root.SELF
        return is_own and callee.path[-1:] != () and callee.path[-1] in seen.words["setting state"]
    asked = _asked(callee, seen)
    return asked is not None and seen.file.called(asked) in seen.words["hooks of state"]


def _asked(callee: Place, seen: Insight) -> Call | None:
    """The hook that answered with a setter: the second of its two answers."""
    place: Value | None = seen.flow.canonical(callee)
    binding = seen.file.binding(callee)
    if binding is not None and binding.member:
        place = binding.value if binding.member == ("1",) else None
    elif isinstance(place, Place):
        place = Place(place.root, place.key) if place.path == ("1",) else None
    return seen.file.call_of(place) or (seen.file.maker_of(place) if isinstance(place, Place) else None)


def _asks(run: frozenset[int], reached: frozenset[int], seen: Insight) -> bool:
    """Whether anything on its way asks whether the component is still there: `if (!mounted.current) return;`."""
    written = {seen.file.resolve(write.place) for here in reached for write in seen.file.writes_in.get(here, ())}
    tests = (region.test for here in run for region in seen.file.regions_in.get(here, ()) if region.test is not None)
    places = (inner for test in tests for inner in inner_values(test) if isinstance(inner, Place))
    return any(
        seen.file.resolve(place) in written or seen.words.any_of("being there", words_of(seen.file.name_of(place)))
        for place in places
    )
