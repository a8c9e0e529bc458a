"""Who else took the duty: the caller, a callee, another object, a signal?"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, Exit, FateKind, FunctionKind
from memlint.model.resource import Holder, Resource
from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.running.effects import effect_of
from memlint.semantics.running.passing import beside_attributes, comes_out_as, is_thrown_away
from memlint.semantics.running.promises import executor_of
from memlint.semantics.shapes import is_function
from memlint.semantics.value.values import unwrapped

OWNED = frozenset({"platform", "owner"})
"""Holders that stand for an object with an end of its own."""
_COLLECTIONS = frozenset({"collections", "queue", "multiprocessing", "asyncio", "weakref"})
"""Modules whose classes keep what is put in, and end nothing."""


def is_handed_over(life: Lifetime, seen: Insight) -> bool:
    """Whether somebody else took the duty: the caller, a function of unknown intent, a signal, another object."""
    if life.shape.result:
        journey = life.journey
        if journey.returned and _returns_to_outside(life, seen):
            return True
        ends = {end.call.index for end in life.ends}
        if any(call.index not in ends and _takes_over(call, life, seen) for call in journey.handed):
            return True
        if _end_is_handed_on(life, seen) or _is_given_a_signal(life, seen):
            return True
        if any(
            _is_taken(place, seen)
            for place in journey.places
            if not (place.path and is_shown(place.path[-1], life.resource))
        ):
            return True
    else:
        if not life.resource.answers_nothing and _answer_is_kept(life, seen):
            return True
        return _is_signalled(life, seen) or _is_given_an_owner(life, seen)
    return life.shape.helper is not None and _is_noted_elsewhere(life, seen)


def _is_given_an_owner(life: Lifetime, seen: Insight) -> bool:
    """`dom.addListener(element, "press", handler, editor)`: who stands behind the handler may take it off."""
    if "$target" not in life.shape.arguments:
        return False
    more = (unwrapped(value) for value in life.call.arguments[len(life.shape.arguments) :])
    places = [value for value in more if isinstance(value, Place) and value.root in (Root.BINDING, Root.SELF)]
    names = [seen.file.name_of(place).split(".")[-1] for place in places if place.path or place.root is Root.BINDING]
    return any(name not in seen.words["options of a listener"] for name in names)


def _answer_is_kept(life: Lifetime, seen: Insight) -> bool:
    """Whether somebody holds what `on(…)` answers with, which may take it off: a name, the caller, a list."""
    kind = life.call.fate.kind
    if kind is FateKind.RETURNED:
        if not life.shape.receiver:
            return True  # a function and no method: it answers with what takes it off, and its caller passes that on
        process = seen.origins.of(life.holes.get("$target")).holder is Holder.PROCESS
        here = seen.file.facts.functions[life.call.function]
        return not process or effect_of(here, seen.file, seen.words) is not None
    return kind in (FateKind.KEPT, FateKind.ARGUMENT) or (
        kind is FateKind.ELEMENT and not any(_is_put_away(place, life, seen) for place in life.journey.places)
    )


def _is_put_away(place: Place, life: Lifetime, seen: Insight) -> bool:
    """Whether it stands in a list in a field that nothing reads, not even the end of the unit, known here."""
    if place.root is not Root.SELF or len(place.path) != 2 or place.path[1] != "[]":
        return False
    field = Place(place.root, place.key, place.path[:1])
    teardowns = seen.reach.teardowns(life.call.function)
    at_home = not seen.file.extends_what_is_elsewhere(int(place.key))
    return at_home and any(one.unit >= 0 for one in teardowns) and field not in seen.fields_asked


def _is_noted_elsewhere(life: Lifetime, seen: Insight) -> bool:
    """Whether what keeps and what is kept are handed to somebody together: `note(it, {target, handler})`."""
    noted = [
        {
            mention.sink.index
            for mention in seen.flow.mentions(place)
            if isinstance(mention.sink, Call) and mention.sink.index != life.call.index
        }
        for name in (life.resource.holder, life.resource.keeps)
        if (place := seen.flow.canonical(life.holes.get(name))) is not None
    ]
    return len(noted) == 2 and bool(noted[0] & noted[1])


def _takes_over(call: Call, life: Lifetime, seen: Insight) -> bool:
    """Whether a function of unknown intent is really called, and does more than look."""
    return seen.running.runs_beside(call.function, life.call.function) and not _only_looks(call, life, seen)


def _is_only_shown(exit_: Exit, life: Lifetime, seen: Insight) -> bool:
    """Whether a function answers with elements that show it, `<img src={url}>`, and no end of its kind is near."""
    if not life.resource.shown_by or any(seen.file.calls_named.get(shape.name) for shape in life.resource.release):
        return False
    names = [name for value, name in beside_attributes(exit_.value) if value in life.journey.places]
    return bool(names) and all(name and is_shown(name, life.resource) for name in names)


def _only_looks(call: Call, life: Lifetime, seen: Insight) -> bool:
    """Whether a function takes nothing over from its arguments, for all that the table says of this kind.

    What is shown may be found again by another name, so one end of its kind in the file is enough to be silent.
    """
    name = seen.file.called(call)
    if is_shown(name, life.resource):
        return not any(seen.file.calls_named.get(shape.name) for shape in life.resource.release)
    return name in seen.words["only looking"] or any(
        is_function(call, looker, seen.file)
        for looker in seen.lookers.get(life.resource.kind, ())
        if looker.endswith(name)
    )


def is_shown(name: str, resource: Resource) -> bool:
    """Whether the row says that a function or field of this name only makes use of the handle: `src`, `setState`."""
    return any(name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in resource.shown_by)


def _returns_to_outside(life: Lifetime, seen: Insight) -> bool:
    owned = life.resource.holder in OWNED and bool(seen.reach.teardowns(life.call.function))
    for exit_ in life.journey.returned:
        function = seen.file.facts.functions[exit_.function]
        if (
            executor_of(exit_.function, seen.file) is not None
            or comes_out_as(function, seen.file, seen.words) is not None
        ):
            continue
        if _is_only_shown(exit_, life, seen) or is_thrown_away(function, seen.file, seen.words):
            continue
        if function.kind is FunctionKind.GETTER and exit_.function == life.call.function:
            continue  # who reads a property takes no duty over
        if owned and exit_.function != life.call.function:
            continue  # a look at what an owner with an end of its own keeps
        callers = seen.file.callers.get(exit_.function, ())
        if not callers or any(call.fate.kind is not FateKind.DISCARDED for call in callers):
            return True
    return False


def _end_is_handed_on(life: Lifetime, seen: Insight) -> bool:
    """`finalize(self, file.close)`: somebody else is given the very method that ends it."""
    methods = {shape.name for shape in life.resource.release if shape.receiver.startswith("$")}
    return any(
        isinstance(mention.sink, Call)
        for place in life.journey.places
        for name in methods
        for mention in seen.flow.mentions(Place(place.root, place.key, (*place.path, name)))
    )


def _is_taken(place: Place, seen: Insight) -> bool:
    """Whether what is kept at a place is somebody else's to end."""
    return (
        _is_foreign_place(place, seen)
        or _leaves_inside(place, seen)
        or _is_in_a_bag_handed_on(place, seen)
        or _is_given_to_object(place, seen)
    )


def _is_given_to_object(place: Place, seen: Insight) -> bool:
    """Put into an object of somebody else's class that is no mere collection: `ExitStack().push(file)`."""
    if place.path[-1:] != ("[]",):
        return False
    base = Place(place.root, place.key, place.path[:-1])
    made = seen.file.call_of(base)
    callee = made.callee if made is not None and made.constructs else None
    if not isinstance(callee, Place) or callee.root is not Root.BINDING:
        return False
    entry = seen.file.imports.get(int(callee.key))
    return entry is not None and entry.module not in _COLLECTIONS


def _leaves_inside(place: Place, seen: Insight) -> bool:
    """A field of a local object that is returned or handed on, and takes the handle along."""
    binding = seen.file.binding(place)
    if binding is None or not place.path or binding.function == MODULE:
        return False
    journey = seen.flow.journey(Place(Root.BINDING, binding.index))
    return bool(journey.returned or journey.handed)


def _is_in_a_bag_handed_on(place: Place, seen: Insight) -> bool:
    """An element of a collection that somebody else is given: `runAll(this.removers)`."""
    if "[]" not in place.path:
        return False
    bag = Place(place.root, place.key, place.path[: place.path.index("[]")])
    return any(isinstance(mention.sink, Call) for mention in seen.flow.mentions(bag))


def _is_foreign_place(place: Place, seen: Insight) -> bool:
    """A field of something that was handed in: its owner can end it."""
    if place.root is Root.GLOBAL:
        return bool(place.path) and place.key not in ("window", "globalThis", "global", "self")
    if place.root is Root.SELF:
        return len(place.path) > 1 and "[]" not in place.path  # a member of what a field holds: `self.child.stdin`
    binding = seen.file.binding(place)
    return (
        binding is not None and bool(place.path) and place.path[0] != "[]" and binding.kind in ("parameter", "import")
    )


def _is_given_a_signal(life: Lifetime, seen: Insight) -> bool:
    """`watch(folder, {signal})`: who aborts the signal ends it."""
    records = (unwrapped(argument) for argument in life.call.arguments)
    signals = (dict(record.items).get("signal") for record in records if isinstance(record, Record))
    return any(signal is not None and not _is_never_aborted(signal, seen) for signal in signals)


def _is_signalled(life: Lifetime, seen: Insight) -> bool:
    options = unwrapped(life.holes.get("$options"))
    if isinstance(options, Place):
        known = seen.file.constant(options)
        return known is None
    if not isinstance(options, Record):
        return False
    entries = dict(options.items)
    if "[]" in entries:
        return True
    signal = entries.get("signal")
    if signal is None:
        return False
    return not _is_never_aborted(signal, seen)


def _is_never_aborted(signal: Value, seen: Insight) -> bool:
    """A signal of a controller made in this file, kept to ourselves, whose `abort` is never called."""
    place = seen.flow.canonical(signal)
    if place is None or not place.path or place.path[-1] != "signal":
        return False
    controller = Place(place.root, place.key, place.path[:-1])
    made = _controller(controller, seen)
    if made is None:
        return False
    journey = seen.flow.journey(Place(Root.RESULT, made.index))
    if journey.returned or journey.handed:
        return False
    for call in seen.file.calls_named.get("abort", ()):
        if call.receiver is not None and seen.flow.canonical(call.receiver) in journey.places:
            return False
    return not any(
        isinstance(mention.sink, Call)
        for known in journey.places
        for mention in seen.flow.mentions(Place(known.root, known.key, (*known.path, "abort")))
    )


def _controller(place: Place, seen: Insight) -> Call | None:
    for call in seen.file.calls_named.get("AbortController", ()):
        if place in seen.flow.journey(Place(Root.RESULT, call.index)).places:
            return call
    return None
