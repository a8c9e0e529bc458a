"""Somebody else's target: is it known to outlive the one who listens to it?"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Binding, Call, FateKind, Function, FunctionKind
from memlint.model.finding import Confidence
from memlint.model.resource import Holder
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.verdicts.holder.brought import any_beside, closing_calls, is_for_own
from memlint.verdicts.holder.following import is_followed_to_its_end
from memlint.verdicts.holder.given import is_given_and_taken
from memlint.verdicts.holder.light import is_the_callers, keeps_nothing_more
from memlint.verdicts.holder.siblings import releases_a_sibling, releases_from_its_owner


def outlives(life: Lifetime, seen: Insight) -> Confidence:
    """A target that was handed in outlives us for certain if we take others of ours off it again."""
    if life.resource.trusts_holder:
        if not life.origin.shown:
            return Confidence.LOW
        if any(_is_of_an_owner(one, seen) for one in seen.reach.teardowns(life.call.function)):
            return Confidence.HIGH
        # An observer that nobody else keeps goes with what it observes (DOM, 4.3): is that known to stay?
        return Confidence.MEDIUM if _is_known_to_stay(life.holes.get(life.resource.holder), seen) else Confidence.LOW
    if life.frequency.rate < Rate.INSTANCE or is_the_callers(life, seen) or keeps_nothing_more(life, seen):
        return Confidence.LOW
    if _is_of_the_own_view(life, seen):
        return Confidence.LOW
    if releases_a_sibling(life, seen):
        if life.frequency.rate is Rate.INSTANCE and not has_an_end(life, seen):
            return Confidence.LOW  # what is taken off now and then is no proof that the owner goes first
        return Confidence.HIGH if life.origin.sure else Confidence.MEDIUM
    if life.origin.is_part:
        return Confidence.LOW
    if _is_of_one_that_stays(life, seen):
        return Confidence.MEDIUM
    if is_kept_beyond(life, seen) and _is_brought_to_an_owner_that_ends(life, seen):
        return Confidence.MEDIUM
    if is_given_and_taken(life, seen) or is_for_a_piece_of_work(life, seen):
        return Confidence.MEDIUM
    return Confidence.LOW


def _is_of_the_own_view(life: Lifetime, seen: Insight) -> bool:
    """`this.elementRef.nativeElement`: Angular makes and destroys an element together with its component."""
    target = life.holes.get("$target")
    steps = seen.file.name_of(target).split(".") if isinstance(target, Place) else []
    return len(steps) > 1 and steps[-1] in seen.words["elements of a component"]


def _is_of_one_that_stays(life: Lifetime, seen: Insight) -> bool:
    """`map.dragging`, where an owner that ends takes others of its listeners off the map itself."""
    if life.resource.adds_once or _is_private_to_another(life, seen):
        return False
    return has_an_end(life, seen) and releases_from_its_owner(life, seen)


def _is_brought_to_an_owner_that_ends(life: Lifetime, seen: Insight) -> bool:
    """Whether an owner that is destroyed was handed the target, and listens for each instance or on every event.

    An owner that is stopped, closed or cleared may be one with what it listens to; so may one whose target another file
    sets. And what a method adds that anybody may call, or nobody twice, says nothing.
    """
    function = seen.file.facts.functions[life.call.function]
    unit = seen.file.unit_of(function.index)
    if unit is not None and seen.words.any_of("parts of a host", words_of(unit.name)[-1:]):
        return False
    often = life.frequency.rate is Rate.INSTANCE or seen.vocabulary.is_handler(function.name)
    return (
        often
        and life.frequency.sure
        and life.origin.shown
        and not _is_private_to_another(life, seen)
        and any(seen.vocabulary.ends_for_good(end.name) for end in _ends(life, seen))
    )


def _is_private_to_another(life: Lifetime, seen: Insight) -> bool:
    """`item._emitter`: who reaches into another object is of one piece with it."""
    place = seen.flow.canonical(life.holes.get("$target"))
    own = place is not None and place.root is Root.SELF
    return place is not None and any(step.startswith(("_", "#")) for step in place.path[1 if own else 0 :])


def _is_of_an_owner(teardown: Function, seen: Insight) -> bool:
    """An end of an instance or of a closure: not of the module, of which there is one, and no `clear()`."""
    own = teardown.unit >= 0 or teardown.parent != MODULE
    return own and not set(words_of(teardown.name)[:1]) & seen.words["verbs after which an owner goes on"]


def _is_known_to_stay(value: Value | None, seen: Insight) -> bool:
    """Whether it was looked up, or its name tells more than that it is an element: a viewport, a terminal's element."""
    place = seen.flow.canonical(value)
    binding = seen.file.binding(place) if place is not None else None
    if place is None or (place.root is not Root.SELF and (binding is None or binding.kind != "parameter")):
        return True
    steps = seen.file.name_of(value).split(".") if isinstance(value, Place) else []
    while steps and seen.words.any_of("any element", words_of(steps[-1])[-1:]):
        steps.pop()
    return bool(steps) and steps != ["this"] and seen.origins.lives_long(steps[-1])


def is_lent(life: Lifetime, seen: Insight) -> bool:
    """Whether a callback was handed something that lives on after it: it takes others of its listeners off again."""
    place = seen.flow.canonical(life.holes.get("$target"))
    binding = seen.file.binding(place) if place is not None else None
    return (
        binding is not None
        and binding.kind == "parameter"
        and not life.ends
        and not life.resource.fires_once
        and not _is_brought(binding, seen)
        and not _is_of_a_request(binding, life, seen)
        and not is_followed_to_its_end(life, seen)
        and releases_a_sibling(life, seen)
    )


def _is_of_a_request(binding: Binding, life: Lifetime, seen: Insight) -> bool:
    """`request.transaction.on(…)`: it goes with the one request that has it, unless it is the connection."""
    place = seen.flow.canonical(life.holes.get("$target"))
    carries = place is not None and place.path[-1:] and place.path[-1] in seen.words["sockets of a request"]
    return binding.name in seen.words["of one event"] and not carries


def _is_brought(binding: Binding, seen: Insight) -> bool:
    """`request.on("response", (response) => …)`: what an event brings anew each time ends by itself."""
    fate = seen.file.facts.functions[binding.function].fate
    if fate.kind is not FateKind.ARGUMENT or fate.call < 0:
        return False
    call = seen.file.facts.calls[fate.call]
    event = seen.file.constant(call.arguments[0]) if call.arguments else None
    return event is not None and event.value in seen.words["events that bring something new"]


def is_given_back(life: Lifetime, seen: Insight) -> bool:
    """Whether the target is a loan that goes on to the next one: `pool.release(child)`, `client.release()`."""
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or target.path or life.ends or life.doubtful_ends or life.resource.fires_once:
        return False
    made = seen.file.maker_of(target) or seen.file.call_of(target)
    binding = seen.file.binding(target)
    if binding is None or binding.function == MODULE or (made is not None and _is_new(made, seen)):
        return False  # made here: one listener for each that there is
    if not _is_lent_by(binding, seen):
        return False
    loans = _loans(target, binding, seen)
    return any(
        seen.flow.canonical(call.receiver) in loans
        or any(seen.flow.canonical(argument) in loans for argument in call.arguments if isinstance(argument, Place))
        for name in seen.words["giving back"]
        for call in seen.file.calls_named.get(name, ())
    )


def _is_lent_by(binding: Binding, seen: Insight) -> bool:
    """`pool.getConnection((error, connection) => …)`: what any other call brings may be made for this callback."""
    fate = seen.file.facts.functions[binding.function].fate
    if binding.kind != "parameter" or fate.kind is not FateKind.ARGUMENT or fate.call < 0:
        return True
    call = seen.file.facts.calls[fate.call]
    if seen.file.called(call) in seen.words["calling back once"]:
        return True  # `printers.take().then((printer) => …)`
    words = words_of(seen.file.called(call))
    lender = words_of(seen.file.name_of(call.receiver)) if call.receiver is not None else ()
    return (
        seen.words.any_of("lenders", lender)
        or seen.words.any_of("verbs that only lend", words[:1])
        or seen.words.any_of("what is lent", words[-1:])
    )


def _loans(target: Place, binding: Binding, seen: Insight) -> set[Place]:
    """The names of one loan: what callers hand to a helper of this file, and the fields in which it is kept."""
    found = {target}
    helper = seen.file.facts.functions[binding.function]
    if binding.kind == "parameter" and not binding.member and helper.unit < 0:
        given = (call.arguments[binding.position : binding.position + 1] for call in seen.file.callers[helper.index])
        found |= {place for one in given for value in one if (place := seen.flow.canonical(value)) is not None}
    fields = (place for one in tuple(found) for place in seen.flow.journey(one).places)
    return found | {place for place in fields if place.root is Root.SELF and len(place.path) == 1}


def _is_new(made: Call, seen: Insight) -> bool:
    """`new Client()`, `net.createConnection()`, `open(options)`: not `pool.connect()`, which may lend what is there."""
    words = words_of(seen.file.called(made))
    if made.receiver is None and made.arguments and not seen.words.any_of("borrowing verbs", words[:1]):
        return True
    return made.constructs or words[:1] in (("create",), ("make",), ("build",))


def is_ended_by_its_owner(life: Lifetime, seen: Insight) -> bool:
    """Whether the teardown of who listens ends the target as well: `this.socket.destroy()`."""
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or life.origin.holder not in (Holder.FOREIGN, Holder.PROCESS) or _is_everybodys(target, seen):
        return False
    teardowns = frozenset(function.index for function in seen.reach.teardowns(life.call.function))
    return any(not is_for_own(call, target, seen) for call in closing_calls(target, teardowns, seen))


def _is_everybodys(target: Place, seen: Insight) -> bool:
    """A global that this file does not fill, or an import: nobody who listens to it ends it."""
    binding = seen.file.binding(target)
    if target.root is not Root.GLOBAL and (binding is None or binding.kind != "import"):
        return False
    return not any(seen.file.writes_at.get(place) for place in (target, any_beside(target)))


def is_for_a_piece_of_work(life: Lifetime, seen: Insight) -> bool:
    """A query listens to the connection it runs on: queries come and go, the connection stays."""
    unit = seen.file.unit_of(life.call.function)
    if unit is None or not life.origin.shown or life.resource.adds_once:
        return False
    words = words_of(unit.name)
    name = seen.file.name_of(life.holes.get("$target"))
    carrier = words_of(name.split(".")[1] if name.startswith("this.") else name.split(".")[0])
    if not words or not carrier or words[-1] == carrier[-1] or carrier[-1] not in seen.words["carriers of work"]:
        return False
    return words[-1] in seen.words["pieces of work"] or (
        words[-1] in seen.words["users of a carrier"]
        and any(seen.vocabulary.ends(one.name) for one in seen.reach.teardowns(life.call.function))
    )


def is_kept_beyond(life: Lifetime, seen: Insight) -> bool:
    """Whether the target is a field, or was handed in where the owner began: it is there when the owner ends."""
    place = seen.flow.canonical(life.holes.get("$target"))
    if place is None:
        return False
    if place.root is Root.SELF:
        is_handed_down = place.path[:1] and place.path[0] in seen.words["handed to a component"]
        is_shown = life.origin.shown or is_handed_down or seen.origins.lives_long(seen.file.name_of(place))
        return bool(is_shown) and "[]" not in place.path
    binding = seen.file.binding(place)
    if binding is None or binding.kind != "parameter" or "[]" in place.path:
        return False
    taker = seen.file.facts.functions[binding.function]
    if taker.kind is FunctionKind.CONSTRUCTOR or any(
        seen.file.contains(taker.index, end.index) for end in _ends(life, seen)
    ):
        return True
    return taker.unit >= 0 and not place.path and seen.vocabulary.begins_by_name(taker.name)


def has_an_end(life: Lifetime, seen: Insight) -> bool:
    """Whether the owner has a teardown that nobody can take for anything else."""
    return bool(_ends(life, seen))


def _ends(life: Lifetime, seen: Insight) -> list[Function]:
    handler = seen.file.function_at(life.holes.get("$handler"))
    return [
        function
        for function in seen.reach.teardowns(life.call.function)
        if (handler is None or not seen.file.contains(handler, function.index))
        and (seen.vocabulary.ends_by_name(function.name) or _releases_something(function, seen))
    ]


def _releases_something(function: Function, seen: Insight) -> bool:
    """Whether a teardown ends anything that this file acquired."""
    if not seen.vocabulary.ends(function.name) or seen.vocabulary.is_handler(function.name):
        return False
    return not seen.reach.reached([function.index]).isdisjoint(seen.once(_ending_functions))


def _ending_functions(seen: Insight) -> frozenset[int]:
    """The functions that end anything."""
    return frozenset(end.call.function for life in seen.lifetimes for end in life.ends)
