"""Ended by hand, and left running when the framework takes its component out.

`play() { this.timer = setInterval(…); }` and `pause() { clearInterval(this.timer); }`: nobody pauses what is shown no
more, unless the last hook of the component does.
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, Function
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.effects import effect_of
from memlint.verdicts.holder.taken_out import TakenOuts, is_whole_page
from memlint.verdicts.release.pausing import own_callback
from memlint.verdicts.verdict import Verdict, at_most

_WHY = "it is ended by hand, but not when its component goes"


def judge_leaving(life: Lifetime, seen: Insight, confidence: Confidence) -> Verdict | None:
    """Whether a component begins it on demand and ends it on demand, and goes without a look at it."""
    if life.resource.fires_once or life.frequency.rate is Rate.ONCE or _is_for_an_effect(life, seen):
        return None
    component = seen.once(TakenOuts).around(life.call.function)
    if component is None or is_whole_page(component, seen) or _ends_with_an_event(life, seen):
        return None
    reached = seen.reach.reached(component.leaving)
    if any(end.call.function in reached for end in (*life.ends, *life.doubtful_ends)):
        return None
    if any(_asks_somebody_to_end(call, seen) for here in reached for call in seen.file.calls_in.get(here, ())):
        return None
    functions = tuple(seen.file.facts.functions[index] for index in component.leaving)
    return Verdict(at_most(confidence, Confidence.MEDIUM), _WHY, functions)


def _is_for_an_effect(life: Lifetime, seen: Insight) -> bool:
    """What an effect or a hook begins is ended by what that answers with, or is told of already."""
    return any(
        effect_of(here, seen.file, seen.words) is not None
        for here in seen.file.enclosing(life.call.function)
        if here.index != MODULE
    )


def _ends_with_an_event(life: Lifetime, seen: Insight) -> bool:
    """Whether it ends itself as it is called, or with an event that is listened for along with it."""
    made = seen.file.call_of(seen.flow.canonical(life.holes.get(life.resource.keeps)))
    wrapped = (seen.file.behind(argument) for argument in made.arguments) if made is not None else ()
    own = [*own_callback(life, seen), *(function for function in wrapped if function is not None)]
    places = {end.call.function for end in life.ends}
    if places & seen.reach.reached(own):
        return True
    here = life.call.function
    handed = (call for each in _leading_to(places, here, seen) for call in seen.frequencies.handed.to(each))
    return any(call.function == here and call.index != life.call.index for call in handed)


def _leading_to(places: set[int], here: int, seen: Insight) -> Iterator[Function]:
    """The functions around these, and those that call them: not the one that begins, nor what is around it."""
    known = {each.index for each in seen.file.enclosing(here)}
    waiting = list(places)
    while waiting:
        for each in seen.file.enclosing(waiting.pop()):
            if each.index not in known:
                known.add(each.index)
                yield each
                waiting.extend(call.function for call in seen.file.callers.get(each.index, ()))


def _asks_somebody_to_end(call: Call, seen: Insight) -> bool:
    """`this.stopAll()` of a mixin, `super.disconnectedCallback()` of a base class that is out of sight."""
    receiver = call.receiver
    own = receiver is not None and receiver.root is Root.SELF and not receiver.path
    if not own or seen.file.target_of(call) is not None:
        return False
    return seen.vocabulary.ends(seen.file.called(call)) and isinstance(call.callee, Place)
