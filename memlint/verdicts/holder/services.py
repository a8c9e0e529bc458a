"""Streams of services, which an injector keeps for as long as the program runs: whose are they, and do they go on?"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, Function, FunctionKind, Unit
from memlint.model.resource import Holder
from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, unwrapped

_PIPES = 8
"""More pipes than anybody joins."""


def goes_on(life: Lifetime, seen: Insight) -> bool:
    """Whether a service was handed in and asked for a stream that goes on, and is not told of the owner's end."""
    asked = _asked(life.holes.get("$source"), seen)
    if asked is None:
        return False
    service, name = asked
    origin = seen.origins.of(service)
    if origin.holder is not Holder.FOREIGN or not origin.shown or _is_made_once(life, seen):
        return False
    return _names_what_goes_on(name, seen) and is_service(service, seen) and not _is_told(service, life, seen)


def is_of_the_component(source: Value | None, seen: Insight) -> bool:
    """Whether a service was asked that a component of the file provides for itself: both end together."""
    asked = _asked(source, seen)
    components = _decorators("decorators of components", seen) if asked is not None else []
    return asked is not None and any(_provides(call, asked[0], seen) for call in components)


def is_component(function: Function, seen: Insight) -> bool:
    """Whether it is the constructor of a class that a framework makes for the page, and ends with that part of it."""
    unit = seen.file.unit_of(function.index)
    if function.kind is not FunctionKind.CONSTRUCTOR or unit is None:
        return False
    return unit.index in seen.file.decorated(seen.words["decorators of components"])


def _is_made_once(life: Lifetime, seen: Insight) -> bool:
    """Whether the listener is a service itself, or the component that is the whole page."""
    unit = seen.file.unit_of(life.call.function)
    if unit is None:
        return True
    words = tuple(word for word in words_of(unit.name) if word != "component")
    if all(word in seen.words["names of the whole page"] for word in words):
        return True
    return is_injected(unit, seen)


def is_injected(unit: Unit, seen: Insight) -> bool:
    """Whether an injector makes one of a class for the whole program."""
    return unit.index in seen.file.decorated(seen.words["decorators of services"])


def are_of_one_container(place: Place, function: int, seen: Insight) -> bool:
    """`this._bufferService.onTrim(…)` in a `SelectionService`: what makes the one makes the other, and ends both."""
    unit = seen.file.unit_of(function)
    words = words_of(unit.name) if unit is not None else ()
    first = Place(place.root, place.key, place.path[:1] if place.root is Root.SELF else ())
    return words[-1:] == ("service",) and words_of(_name(first, seen))[-1:] == ("service",)


def _asked(source: Value | None, seen: Insight) -> tuple[Place, str] | None:
    """Who was asked, and for what: `this.zone` and `onStable`, `bus` and `watch`; pipes change nothing."""
    place = unwrapped(source)
    for _ in range(_PIPES):
        if not isinstance(place, Place):
            return None
        call = seen.file.call_of(place) if not place.path else None
        if call is None:
            return (Place(place.root, place.key, place.path[:-1]), place.path[-1]) if place.path else None
        if call.receiver is None or call.constructs:
            return None
        if seen.file.called(call) != "pipe":
            return call.receiver, seen.file.called(call)
        place = call.receiver
    return None


def _names_what_goes_on(name: str, seen: Insight) -> bool:
    words = words_of(name)
    if not words or words[-1] in seen.words["ends of an emitter"]:
        return False
    begins = words[0] in seen.words["verbs of streams that go on"]
    return begins or words[-1] in seen.words["names of streams that go on"]


def is_service(place: Place, seen: Insight) -> bool:
    """Whether its type or its name is a service's, and no component of the file provides one of its own."""
    words = words_of(_declared(place, seen) or _name(place, seen))
    return bool(words) and words[-1] in seen.words["services"]


def _name(place: Place, seen: Insight) -> str:
    return place.path[-1] if place.path else seen.file.name_of(place)


def _declared(place: Place, seen: Insight) -> str:
    """The name of the type of a parameter, or of the one that a field was given."""
    here = seen.flow.canonical(place) or place
    writes = seen.file.writes_at.get(here, ())
    given = (unwrapped(write.value) for write in writes)
    bindings = [seen.file.binding(one) for one in (here, *given) if isinstance(one, Place)]
    return next((one.declared for one in bindings if one is not None and one.declared != "object"), "")


def _decorators(names: str, seen: Insight) -> list[Call]:
    return [call for name in seen.words[names] for call in seen.file.calls_named.get(name, ())]


def _provides(call: Call, service: Place, seen: Insight) -> bool:
    """Whether a component brings its own instance of a service: `providers: [LaneStore]`, by its type or last word."""
    records = (unwrapped(argument) for argument in call.arguments)
    entries = [entry for record in records if isinstance(record, Record) for entry in record.items]
    own = [value for key, value in entries if key in ("providers", "viewProviders")]
    names = [seen.file.name_of(inner) for value in own for inner in inner_values(value)]
    kind, last = _declared(service, seen), words_of(_name(service, seen))[-1:]
    return kind in names if kind else any(words_of(name)[-1:] == last for name in names if name)


def _is_told(service: Place, life: Lifetime, seen: Insight) -> bool:
    """Whether the end of the owner asks the same service to stop: `this.monitor.stopMonitoring(element)`."""
    reached = seen.reach.reached(one.index for one in seen.reach.teardowns(life.call.function))
    place = seen.flow.canonical(service)
    return any(
        seen.flow.canonical(call.receiver) == place and seen.vocabulary.ends(seen.file.called(call))
        for function in reached
        for call in seen.file.calls_in.get(function, ())
        if call.receiver is not None
    )
