"""Sockets, workers, views, subscriptions: objects with an end of their own. Does the end of their owner reach it?"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Function, FunctionKind, Write
from memlint.model.finding import Confidence
from memlint.model.resource import Holder
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.effects import effect_of
from memlint.semantics.running.passing import comes_out_as
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.duty.duty import is_shown
from memlint.verdicts.holder.services import goes_on, is_component, is_of_the_component
from memlint.verdicts.release.handles import is_borrowed
from memlint.verdicts.release.leaving import judge_leaving
from memlint.verdicts.release.overwriting import judge_overwritten
from memlint.verdicts.verdict import Verdict

_OWN_ENDS = frozenset({"close", "end", "exit", "finish", "disconnect", "error", "onclose", "onerror", "onexit"})
"""Events by which something tells that it has ended by itself."""
_ERRORS = frozenset({"error", "onerror"})
_PIPES = 8
"""More pipes than anybody joins."""


def judge_owned(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether an object is forgotten by the end of its owner, or made by a call that keeps no way to end it."""
    if _is_managed(life) or is_borrowed(life, seen):
        return None
    if _goes_with_its_source(life, seen) or _is_ended_by_its_member(life, seen):
        return None
    if life.resource.of_services and not goes_on(life, seen):
        return None
    teardowns = seen.reach.teardowns(life.call.function)
    if not life.ends and all(_goes_on_after(teardown.name, life, seen) for teardown in teardowns):
        teardowns = []
    if life.ends:
        return _judge_ended(life, seen, teardowns)
    if life.resource.mostly_once and not teardowns and life.frequency.rate is Rate.INSTANCE:
        return Verdict(Confidence.LOW, "nothing ends it")  # a program watches its settings for as long as it runs
    if _is_ended_by_framework(life, seen) or (teardowns and _is_part(life, teardowns, seen)):
        return Verdict(_sure(life), "nothing ends it", tuple(teardowns))
    if life.resource.holder != "platform":
        return None
    if _is_lost_to_the_next(life, seen):
        return Verdict(Confidence.MEDIUM, "nothing ends it", tuple(teardowns))
    if _is_kept(life, seen) or _follows_its_end(life, seen):
        return Verdict(Confidence.LOW, "nothing ends it", tuple(teardowns))
    return Verdict(_sure(life), "nothing ends it", tuple(teardowns))


def _goes_on_after(name: str, life: Lifetime, seen: Insight) -> bool:
    """`clearCache`, `resetValues`: the owner goes on afterwards, so such a method is no proof that it ever ends.

    Nor is `stop` or `deactivate`, after which the owner may begin again, for what listens from its first day to what
    may complete by itself.
    """
    if words_of(name)[:1] and words_of(name)[0] in seen.words["verbs after which an owner goes on"]:
        return True
    begun = seen.file.facts.functions[life.call.function].kind is FunctionKind.CONSTRUCTOR
    return begun and bool(life.resource.completed_by and name) and not seen.vocabulary.ends_for_good(name)


def _judge_ended(life: Lifetime, seen: Insight, teardowns: list[Function]) -> Verdict | None:
    reached = seen.reach.reached(function.index for function in teardowns)
    if not teardowns or any(end.call.function in reached for end in life.ends):
        again = not _follows_its_end(life, seen)
        left = judge_leaving(life, seen, _sure(life))
        return left or (judge_overwritten(life, seen, _sure(life), teardowns) if again else None)
    before = all(
        end.call.function == life.call.function and end.call.extent[1] <= life.call.extent[0] for end in life.ends
    )
    if before and _is_part(life, teardowns, seen):
        return Verdict(_sure(life), "the next one ends it, but not the end of its owner", tuple(teardowns))
    return None


def _sure(life: Lifetime) -> Confidence:
    if not life.frequency.sure:
        return Confidence.LOW
    return Confidence.HIGH if life.resource.holder == "platform" else Confidence.MEDIUM


def _is_managed(life: Lifetime) -> bool:
    """`using socket = …`: the block ends it."""
    return any(isinstance(write, Write) and write.operator in ("using", "with") for write in life.journey.stored)


def _is_ended_by_its_member(life: Lifetime, seen: Insight) -> bool:
    """`link.href = URL.createObjectURL(blob); tidy(link)`, which asks to revoke the `href` of whatever link it has."""
    members = {place.path[-1] for place in life.journey.places if place.path} - {"[]"}
    return any(
        isinstance(argument, Place)
        and argument.path[-1:]
        and argument.path[-1] in members
        and _is_given(argument, seen)
        for shape in life.resource.release
        if not shape.receiver.startswith("$")
        for call in seen.file.calls_named.get(shape.name, ())
        for argument in call.arguments
    )


def _is_given(place: Place, seen: Insight) -> bool:
    """Whether it is a part of what a function of this file was handed by another one."""
    binding = seen.file.binding(place)
    return binding is not None and binding.kind == "parameter" and bool(seen.file.callers.get(binding.function))


def _goes_with_its_source(life: Lifetime, seen: Insight) -> bool:
    """Whether it was asked of something that the owner made itself: the two go together."""
    source = life.holes.get("$source")
    if source is None:
        return False
    made_of = _made_of(source, seen)
    own = all(seen.origins.of(part).holder in (Holder.UNIT, Holder.CALL) for part in made_of)
    return own or is_of_the_component(source, seen) or _is_of_what_ends(source, life, seen)


def _made_of(source: Value, seen: Insight, depth: int = 0) -> tuple[Value, ...]:
    """What a stream is made of: `fromEvent(window, "resize")` lives as long as the window, whoever made the stream.

    A pipe lives as long as what it is asked of, also where a field keeps it.
    """
    place = unwrapped(source)
    call = seen.file.call_of(place)
    if call is None and isinstance(place, Place) and place.root is Root.SELF:
        call = seen.file.maker_of(place)
    if call is None or depth > _PIPES:
        return (source,)
    if seen.file.called(call) in seen.words["streams of something else"]:
        return call.arguments or (source,)
    if call.receiver is None or seen.file.called(call) not in ("pipe", "asObservable"):
        return (source,)
    return _made_of(call.receiver, seen, depth + 1)


def _is_of_what_ends(source: Value, life: Lifetime, seen: Insight) -> bool:
    """Whether the end of the owner ends what it was asked of: `this.panel.keys().subscribe(…)`, `this.panel.dispose()`.

    What has ended speaks no more: who disposes of it completes its streams.
    """
    reached = seen.reach.reached(function.index for function in seen.reach.teardowns(life.call.function))
    places = _asked_of(source, seen)
    return any(
        call.function in reached and seen.flow.canonical(call.receiver) in places
        for name in seen.words["ends for good"]
        for call in seen.file.calls_named.get(name, ())
    )


def _asked_of(source: Value, seen: Insight) -> set[Place]:
    """All that a chain was asked of, link by link."""
    places: set[Place] = set()
    here: Value | None = unwrapped(source)
    for _ in range(8):
        if not isinstance(here, Place):
            break
        places |= {here, *seen.flow.journey(here).places}
        call = seen.file.call_of(here) or seen.file.maker_of(here)
        here = unwrapped(call.receiver) if call is not None else None
    return {place for place in places if place.root is not Root.GLOBAL}


def _is_kept(life: Lifetime, seen: Insight) -> bool:
    """Whether it is kept beyond the call that makes it: in a field, in a variable of a function around."""
    return any(
        _outlasts_call(place, life, seen)
        for place in life.journey.places
        if not (place.path and is_shown(place.path[-1], life.resource))
    )


def _is_lost_to_the_next(life: Lifetime, seen: Insight) -> bool:
    """`choose(file) { this.preview = URL.createObjectURL(file); }`: the next one replaces the only way to end this.

    Only where no end of its kind stands in the file, and no base class could know the field.
    """
    written = (write.place for write in life.journey.stored if isinstance(write, Write) and write.operator == "=")
    place = next((place for place in written if place.root is Root.SELF and len(place.path) == 1), None)
    if place is None or not life.resource.shown_by:
        return False
    if life.frequency.rate <= Rate.INSTANCE or not life.frequency.sure:
        return False
    if any(seen.file.calls_named.get(shape.name) for shape in life.resource.release):
        return False
    return not seen.file.extends_what_is_elsewhere(int(place.key))


def _outlasts_call(place: Place, life: Lifetime, seen: Insight) -> bool:
    if place.root in (Root.SELF, Root.GLOBAL):
        return True
    binding = seen.file.binding(place)
    return binding is not None and not seen.file.contains(_around_callbacks(life, seen), binding.function)


def _around_callbacks(life: Lifetime, seen: Insight) -> int:
    """The function that has in hand what its callbacks answer with: `const url = useMemo(() => …)`."""
    here = seen.file.facts.functions[life.call.function]
    while comes_out_as(here, seen.file, seen.words) is not None:
        here = seen.file.facts.functions[here.parent]
    return here.index


def _is_part(life: Lifetime, teardowns: list[Function], seen: Insight) -> bool:
    """Whether it belongs to the owner: the owner keeps it, or makes it in the place where owners begin.

    A module begins once: what its functions make counts as a part only if the module keeps what works on until ended.
    """
    kept = any(_outlasts_call(place, life, seen) for place in life.journey.places)
    if all(teardown.parent == MODULE and teardown.unit < 0 for teardown in teardowns):
        return kept and life.resource.holder == "platform"
    if kept:
        return True
    function = seen.file.facts.functions[life.call.function]
    return function.kind is FunctionKind.CONSTRUCTOR or seen.vocabulary.begins(function.name)


def _is_ended_by_framework(life: Lifetime, seen: Insight) -> bool:
    """Made in an effect or in a hook such as `componentDidMount`: the framework ends the owner, teardown or not."""
    for here in seen.file.enclosing(life.call.function):
        if here.index == MODULE:
            return False
        if here.unit >= 0 and (seen.vocabulary.is_hook(here.name) or is_component(here, seen)):
            return True
        if effect_of(here, seen.file, seen.words) is not None:
            return here.index == life.call.function
    return False


def _follows_its_end(life: Lifetime, seen: Insight) -> bool:
    """Whether somebody listens for its own end: then it is expected to end by itself."""
    own_ends = _OWN_ENDS - _ERRORS if life.resource.outlasts_errors else _OWN_ENDS
    for place in life.journey.places:
        for call in seen.flow.calls_on.get(place, ()):
            event = seen.file.constant(call.arguments[0]) if call.arguments else None
            if event is not None and event.value in own_ends:
                return True
        if any(seen.file.writes_at.get(Place(place.root, place.key, (*place.path, name))) for name in own_ends):
            return True
    return False


def is_completed(life: Lifetime, seen: Insight) -> bool:
    """Whether the chain before a subscription ends it: `source.pipe(takeUntil(this.gone)).subscribe(…)`."""
    wanted = life.resource.completed_by
    place = unwrapped(life.call.receiver) if wanted else None
    for _ in range(8):
        call = seen.file.call_of(place)
        if call is None:
            return False
        if seen.file.called(call) in wanted:
            return True
        for argument in call.arguments:
            operator = seen.file.call_of(argument)
            if operator is not None and seen.file.called(operator) in wanted:
                return not any(_never_speaks(notifier, seen) for notifier in operator.arguments)
        place = call.receiver
    return False


def _never_speaks(value: object, seen: Insight) -> bool:
    """A signal of our own, made here and kept to ourselves, on which nobody ever calls anything."""
    place = seen.flow.canonical(value) if isinstance(value, Place) else None
    maker = seen.file.maker_of(place) if place is not None and place.root is Root.SELF else None
    if place is None or maker is None or not maker.constructs:
        return False  # `inject(DestroyRef)`, `merge(this.closed, this.gone)`: others speak for it
    return not seen.flow.calls_on.get(place)
