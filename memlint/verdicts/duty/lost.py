"""An answer that is thrown away, where the file or the framework around it shows that it is the only way back."""

from __future__ import annotations

import re

from memlint.ledger import Insight
from memlint.model.facts import Call, Extent, FateKind
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.resource import Holder
from memlint.model.value import Place, Root, Value
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.identity import captures_self, is_fresh
from memlint.verdicts.holder.services import is_component, is_injected, is_service

_ADDING = re.compile(r"^(add\w*Listener|on(Did|Will)[A-Z]\w*)$")


@frozen
class Dropped:
    """A call whose answer would take off again what it added, and what tells so."""

    call: Call
    why: str
    evidence: Extent
    confidence: Confidence


def adds(call: Call, seen: Insight) -> bool:
    """Whether a method adds a listener, and answers with what takes it off: `addListener`, `listen`, `onDidChange`."""
    name = seen.file.called(call)
    return call.receiver is not None and (name in seen.words["adding a listener"] or bool(_ADDING.match(name)))


def has_function(value: Value, seen: Insight) -> bool:
    """Whether a value is a function, or made to be one on the spot."""
    return seen.file.function_at(value) is not None or bool(is_fresh(seen.file, value))


def lost(call: Call, seen: Insight) -> Dropped | None:
    """Whether an answer that nobody keeps would have taken off what outlives the one who added it."""
    if call.receiver is None:
        return None
    found = _found(call, seen)
    return found if found is not None and seen.frequencies.of_call(call).rate is not Rate.ONCE else None


def _found(call: Call, seen: Insight) -> Dropped | None:
    hears = any(has_function(argument, seen) for argument in call.arguments)
    if hears and _is_of_a_component(call, seen):
        return Dropped(call, "its answer is thrown away, and the component goes", call.extent, Confidence.MEDIUM)
    sibling = _ended_elsewhere(call, seen)
    if sibling is None:
        return None
    return Dropped(call, "the answer of its like is kept to be ended", sibling.extent, Confidence.MEDIUM)


# A component asks a service that stays


def _is_of_a_component(call: Call, seen: Insight) -> bool:
    """`_dispatcher.listen(…)` in the constructor or a hook of a component, which ends before the service does."""
    unit = seen.file.unit_of(call.function)
    if unit is None or call.receiver is None or not adds(call, seen) or is_injected(unit, seen):
        return False
    around = seen.file.enclosing(call.function)
    if not any(here.unit >= 0 and (seen.vocabulary.is_hook(here.name) or is_component(here, seen)) for here in around):
        return False
    origin = seen.origins.of(call.receiver)
    stays = origin.holder is Holder.FOREIGN and origin.shown and is_service(call.receiver, seen)
    return (
        stays
        and any(captures_self(seen.file, argument) for argument in call.arguments)
        and not _is_told(call, call.receiver, seen)
    )


def _is_told(call: Call, service: Place, seen: Insight) -> bool:
    """Whether the end of the component asks the service for anything: it may tell it who goes."""
    place = seen.flow.canonical(service)
    reached = seen.reach.reached(one.index for one in seen.reach.teardowns(call.function))
    return any(
        seen.flow.canonical(other.receiver) == place
        for function in reached
        for other in seen.file.calls_in.get(function, ())
        if other.receiver is not None
    )


# The answer of its like is kept and ended


def _ended_elsewhere(call: Call, seen: Insight) -> Call | None:
    """Another call of the same helper, whose answer is kept and asked to let go: `const bound = Dom.bind(…)`."""
    helper = seen.file.binding(call.receiver) if call.receiver is not None else None
    if helper is None or helper.kind != "import" or not _listens(call, seen):
        return None
    like = (one for one in seen.once(_kept_of_helpers).get(helper.index, ()) if one.index != call.index)
    return next((one for one in like if _is_let_go(one, seen)), None)


def _listens(call: Call, seen: Insight) -> bool:
    """`Dom.bind(element, "scroll", follow)`: a target, an event, and what can be a function."""
    if len(call.arguments) < 3 or seen.file.constant(call.arguments[2]) is not None:
        return False
    event = seen.file.constant(call.arguments[1])
    return event is not None and isinstance(event.value, str)


def _kept_of_helpers(seen: Insight) -> dict[int, list[Call]]:
    """Calls of the same form whose answer is kept, by the import that they are asked of."""
    found: dict[int, list[Call]] = {}
    for call in seen.file.facts.calls:
        helper = seen.file.binding(call.receiver) if call.receiver is not None else None
        if helper is not None and helper.kind == "import" and call.fate.kind is FateKind.KEPT and _listens(call, seen):
            found.setdefault(helper.index, []).append(call)
    return found


def _is_let_go(call: Call, seen: Insight) -> bool:
    """`bound.unbind()`: a method that ends is called on the answer, or the answer itself."""
    places = seen.flow.journey(Place(Root.RESULT, call.index)).places
    return any(
        other.callee == place or (other.receiver is not None and seen.vocabulary.ends(seen.file.called(other)))
        for place in places
        for other in seen.flow.calls_on.get(place, ())
    )
