"""Who holds it, and does the holder outlive the one who acquired it?"""

from __future__ import annotations

import re

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import ExitKind, FateKind, FunctionKind, RegionKind, Unit
from memlint.model.finding import Confidence
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.identity import captures_self, is_fresh
from memlint.semantics.value.values import inner_values
from memlint.verdicts.duty.wrapping import is_no_function, is_wrapper, only_makes_an_answer
from memlint.verdicts.holder.belonging import has_an_end, is_ended_by_its_owner, is_given_back, is_lent, outlives
from memlint.verdicts.holder.brought import outlives_if_brought
from memlint.verdicts.holder.components import is_of_a_component, outlives_a_component
from memlint.verdicts.holder.filled import is_filled_in_this_call
from memlint.verdicts.holder.following import is_followed_to_its_end
from memlint.verdicts.holder.found_again import is_found_again
from memlint.verdicts.holder.hosting import goes_with_its_host
from memlint.verdicts.holder.kept_alive import stays_on_connection
from memlint.verdicts.holder.oneself import adds_to_itself
from memlint.verdicts.holder.piling import is_first_alone, piles_up
from memlint.verdicts.holder.siblings import releases_a_sibling
from memlint.verdicts.holder.standing import (
    asks_at_the_terminal,
    ends_the_program,
    is_a_server_started_here,
    is_of_a_worker,
    is_of_the_page,
    is_of_the_program,
    is_of_the_thread,
    is_on_process,
    keeps_one_of_each,
)
from memlint.verdicts.release.once import is_once, may_never_fire
from memlint.verdicts.release.removals import is_handed_on
from memlint.verdicts.repetition.adding import adds_more, is_for_one_of_many
from memlint.verdicts.repetition.outcomes import hears_each_end
from memlint.verdicts.repetition.repeating import is_repeated
from memlint.verdicts.repetition.turns import is_begun_again
from memlint.verdicts.repetition.wiring import is_wiring, keeps_a_call

_AT_START = re.compile(
    r"^(load|loaded|DOMContentLoaded|readystatechange|deviceready|\w*[rR]eady|\w*loaded(data|metadata)?)$"
)
_LOOKING = frozenset({"find", "some", "includes", "indexOf", "filter"})
"""What is asked of a list of handlers."""
_LASTING = frozenset({Holder.FOREIGN, Holder.PROCESS})
_READY = re.compile(r"^(load|DOMContentLoaded|readystatechange|[\w:.-]*[rR]eady|[\w:.-]*[lL]oaded(data|metadata)?)$")


def outlived_by(life: Lifetime, seen: Insight) -> Confidence | None:
    """How sure it is that what holds it outlives the one who acquired it; None if it does not, or nobody knows."""
    holder = life.origin.holder
    if _is_not_begun(life) or is_first_alone(life, seen) or keeps_one_of_each(life, seen):
        return None
    is_on_loan = (holder is Holder.CALL and is_lent(life, seen)) or is_given_back(life, seen)
    is_asked_for = asks_at_the_terminal(life, seen) or hears_each_end(life, seen)
    if is_on_loan or is_asked_for or is_repeated(life, seen) or is_begun_again(life, seen):
        return Confidence.MEDIUM
    kept_alive = stays_on_connection(life, seen)
    if kept_alive is not None:
        return kept_alive
    if is_found_again(life, seen) or piles_up(life, seen):
        return None if _is_asked_first(life, seen) else Confidence.MEDIUM
    if holder is Holder.UNIT and adds_to_itself(life, seen):
        return None if _is_asked_first(life, seen) else Confidence.MEDIUM
    if holder in (Holder.UNIT, Holder.CALL) or _goes_along(life, seen):
        return None
    if _is_abort_signal(life, seen):
        return _of_a_signal(life, seen) if holder in _LASTING or _is_an_option(life, seen) else None
    if is_once(life):
        return Confidence.MEDIUM if holder in _LASTING and may_never_fire(life, seen) else None
    if _fires_once_in_a_life(life, seen):
        return Confidence.LOW
    if holder is Holder.PROCESS:
        return _of_the_process(life, seen)
    if holder is Holder.EITHER:
        return outlives_if_brought(life, seen)
    return _of_somebody_else(life, seen) if holder is Holder.FOREIGN else None


def _is_not_begun(life: Lifetime) -> bool:
    """An observer that nobody has told what to observe."""
    return bool(life.resource.started_by) and life.start == life.call.extent


def _of_somebody_else(life: Lifetime, seen: Insight) -> Confidence:
    return Confidence.MEDIUM if outlives_a_component(life, seen) else outlives(life, seen)


def _is_an_option(life: Lifetime, seen: Insight) -> bool:
    """`this.options.signal`: whoever gave the options made the signal, even where they were copied since."""
    target = life.holes.get("$target")
    steps = seen.file.name_of(target).split(".") if isinstance(target, Place) else []
    return len(steps) > 1 and steps[-1] == "signal" and steps[-2] in seen.words["options of a caller"]


def _of_a_signal(life: Lifetime, seen: Insight) -> Confidence:
    if _is_of_a_controller(life, seen):
        return Confidence.LOW  # controllers are made for one task each; signals are handed around
    return Confidence.HIGH if life.origin.holder is Holder.FOREIGN or life.origin.sure else Confidence.MEDIUM


def _is_of_a_controller(life: Lifetime, seen: Insight) -> bool:
    """`controller.signal`: who was handed the controller itself is the one who aborts."""
    target = life.holes.get("$target")
    steps = seen.file.name_of(target).split(".") if isinstance(target, Place) else []
    return len(steps) > 1 and steps[-1] == "signal" and words_of(steps[-2])[-1:] == ("controller",)


def _goes_along(life: Lifetime, seen: Insight) -> bool:
    """Whether holder and held end together, or the duty is not this function's."""
    if life.resource.adds_once:
        if _is_same_every_time(life, seen):
            return True
    elif is_no_function(life, seen):
        return True
    return (
        is_wrapper(life, seen)
        or only_makes_an_answer(life, seen)
        or _is_asked_first(life, seen)
        or _is_marked_there(life, seen)
        or is_followed_to_its_end(life, seen)
        or is_ended_by_its_owner(life, seen)
        or _listens_to_itself(life, seen)
        or goes_with_its_host(life, seen)
        or is_a_server_started_here(life, seen)
        or is_handed_on(life, seen)
        or _is_fed_by_its_owner(life, seen)
        or is_filled_in_this_call(life, seen)
    )


def _is_asked_first(life: Lifetime, seen: Insight) -> bool:
    """`if not logger.handlers:`: who holds it is asked whether there is one already."""
    holder = seen.flow.canonical(life.holes.get(life.resource.holder))
    if holder is None:
        return False
    before = (
        region.test for region in seen.file.regions_in[life.call.function] if region.extent[0] <= life.call.extent[0]
    )
    names = seen.words["asking for handlers"]
    for inner in (value for test in before for value in inner_values(test)):
        call = seen.file.call_of(inner) or (seen.file.maker_of(inner) if isinstance(inner, Place) else None)
        while call is not None and seen.file.called(call) in _LOOKING:  # `const known = bus.listeners("end").find(…)`
            call = seen.file.call_of(call.receiver) or (seen.file.maker_of(call.receiver) if call.receiver else None)
        asked = call.callee if call is not None else inner
        if isinstance(asked, Place) and asked.path and asked.path[-1] in names:
            given = call.arguments[:1] if call is not None else ()
            if holder in (seen.flow.canonical(one) for one in (Place(asked.root, asked.key, asked.path[:-1]), *given)):
                return True
    return False


def _is_marked_there(life: Lifetime, seen: Insight) -> bool:
    """`if (!map.isWatched) { map.isWatched = true; map.on(…); }`: each has one, as a mark on itself sees to."""
    guard, target = seen.frequencies.guards.of(life.call), life.holes.get(life.resource.holder)
    place = seen.file.resolve(target) if isinstance(target, Place) and target.root is Root.BINDING else None
    if guard is None or place is None or len(guard.path) <= len(place.path):
        return False
    return Place(guard.root, guard.key, guard.path[: len(place.path)]) == place


def _of_the_process(life: Lifetime, seen: Insight) -> Confidence:
    if life.resource.mostly_once and not adds_more(life, seen):
        return Confidence.LOW
    if not life.origin.sure:
        return Confidence.MEDIUM if _comes_and_goes(life, seen) else Confidence.LOW
    if not life.frequency.sure:
        return Confidence.MEDIUM if _has_a_method_that_ends(life, seen) else Confidence.LOW
    if is_of_the_program(life, seen) and not (is_for_one_of_many(life, seen) or is_of_a_component(life, seen)):
        return Confidence.LOW
    event = seen.file.constant(life.holes.get("$event"))
    target = life.holes.get("$target")
    on_process = is_on_process(life)
    stream = target.path[0] if isinstance(target, Place) and on_process and target.path else ""
    if stream == "stdin" or (stream and not _comes_often(life, seen)):
        return Confidence.LOW  # who reads standard input, or works with the terminal, does so once per process
    if is_of_a_worker(life, seen) or (is_of_the_page(life, seen) and not has_an_end(life, seen)):
        return Confidence.LOW
    if on_process and event is not None and event.value in seen.words["events of the process"]:
        if life.frequency.rate > Rate.INSTANCE and ends_the_program(life, seen):
            return Confidence.LOW
        if keeps_a_call(life, seen) and _comes_often(life, seen):
            return Confidence.HIGH
        if keeps_a_call(life, seen) and _is_told_to_answer(life, seen):
            return Confidence.MEDIUM
        return Confidence.MEDIUM if _is_one_more_each_time(life, seen) else Confidence.LOW
    if is_of_the_thread(life, seen) and not _comes_often(life, seen):
        return Confidence.LOW
    return Confidence.LOW if is_wiring(life, seen) or _is_the_one_of_its_kind(life, seen) else Confidence.HIGH


def _is_the_one_of_its_kind(life: Lifetime, seen: Insight) -> bool:
    """`class Game`, without an end of its own: a page makes one, and goes with it."""
    unit = seen.file.unit_of(life.call.function)
    if unit is None or life.frequency.rate is not Rate.INSTANCE:
        return False
    named = seen.words.any_of("the one of its kind", words_of(unit.name)[-1:])
    return named and not seen.reach.teardowns(life.call.function)


def _comes_and_goes(life: Lifetime, seen: Insight) -> bool:
    """Whether who listens surely ends before what everybody asks for does."""
    return is_of_a_component(life, seen) or has_an_end(life, seen) or releases_a_sibling(life, seen)


def _comes_often(life: Lifetime, seen: Insight) -> bool:
    """Whether the file shows that the line runs again: on an event, for a job that is handed in, beside an end."""
    return is_for_one_of_many(life, seen) or has_an_end(life, seen) or releases_a_sibling(life, seen)


def _is_told_to_answer(life: Lifetime, seen: Insight) -> bool:
    """`module.exports = (job, callback) => …`: who is handed what to call at the end does one job of many."""
    function = seen.file.facts.functions[life.call.function]
    told = {binding.index for binding in seen.file.parameters_of.get(function.index, ())}
    named = {index for index in told if seen.file.facts.bindings[index].name in seen.words["callbacks of an answer"]}
    return life.frequency.sure and any(
        isinstance(call.callee, Place) and call.callee.root is Root.BINDING and call.callee.key in named
        for inner in seen.file.inside(function.index)
        for call in seen.file.calls_in.get(inner, ())
    )


def _has_a_method_that_ends(life: Lifetime, seen: Insight) -> bool:
    """`init` may run once in a program; where `remove` stands beside it, both run as often as wanted."""
    is_method = seen.file.facts.functions[life.call.function].unit >= 0
    return is_method and not life.ends and not is_on_process(life) and has_an_end(life, seen)


def _is_one_more_each_time(life: Lifetime, seen: Insight) -> bool:
    """A handler of the process that each new instance, or each event of something else, adds anew."""
    function = seen.file.facts.functions[life.call.function]
    if life.frequency.rate is Rate.INSTANCE and function.kind is not FunctionKind.METHOD:
        unit = seen.file.unit_of(function.index)
        return (
            unit is not None
            and (unit.binding in seen.file.exported_bindings or _is_answer_of_the_module(unit, seen))
            and captures_self(seen.file, life.holes.get("$handler"))
        )
    return life.frequency.rate is Rate.EVENT and bool(is_fresh(seen.file, life.holes.get("$handler")))


def _is_answer_of_the_module(unit: Unit, seen: Insight) -> bool:
    """`module.exports = (function () { … return Manager; })()`: a class that others make instances of."""
    if unit.binding < 0:
        return False
    around = seen.file.facts.functions[seen.file.facts.bindings[unit.binding].function]
    return around.fate.kind is FateKind.RECEIVER and any(
        exit_.kind is ExitKind.RETURN and exit_.value == Place(Root.BINDING, unit.binding)
        for exit_ in seen.file.exits_of.get(around.index, ())
    )


def _fires_once_in_a_life(life: Lifetime, seen: Insight) -> bool:
    """Events that a page, or what it loads, sends once: the listener's work is done with them."""
    event = seen.file.constant(life.holes.get("$event"))
    if event is None or not _READY.search(str(event.value)):
        return False
    return bool(_AT_START.search(str(event.value))) or _is_conditional(life, seen)


def _is_conditional(life: Lifetime, seen: Insight) -> bool:
    """Whether something decides if it is listened to: `if (!scene.hasLoaded) scene.on("loaded", …)`."""
    regions = (seen.file.facts.regions[index] for index in seen.file.regions_of(life.call.region))
    return any(region.kind in (RegionKind.THEN, RegionKind.ELSE) for region in regions)


def _listens_to_itself(life: Lifetime, seen: Insight) -> bool:
    """An instance that registers with itself, as it is made: they go together. So does the only one there is."""
    place = seen.flow.canonical(life.holes.get("$target"))
    if place is None or place.root is not Root.SELF or place.path:
        return False
    if life.origin.holder is Holder.PROCESS:
        return not adds_to_itself(life, seen)
    return life.frequency.rate is Rate.INSTANCE or is_of_a_component(life, seen)


def _is_fed_by_its_owner(life: Lifetime, seen: Insight) -> bool:
    """`this.socket.pipe(this.inflater)`: a stream that the owner feeds from what is its own ends with that."""
    target = seen.flow.canonical(life.holes.get("$target"))
    return (
        target is not None
        and target.root is not Root.GLOBAL
        and any(
            seen.flow.canonical(argument) == target
            and call.receiver is not None
            and seen.file.resolve(call.receiver).root is Root.SELF
            for call in seen.file.calls_in[life.call.function]
            if call.name == "pipe"
            for argument in call.arguments[:1]
        )
    )


def _is_same_every_time(life: Lifetime, seen: Insight) -> bool:
    """A listener of the module itself, added again, is the same listener (DOM, 2.7: add an event listener)."""
    handler = life.holes.get("$handler")
    place = seen.flow.canonical(handler)
    binding = seen.file.binding(place) if place is not None else None
    once = binding is not None and seen.frequencies.of(binding.function).rate is Rate.ONCE
    return once and not is_fresh(seen.file, handler)


def _is_abort_signal(life: Lifetime, seen: Insight) -> bool:
    event = seen.file.constant(life.holes.get("$event"))
    return event is not None and event.value == "abort"
