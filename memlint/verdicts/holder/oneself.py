"""An object that listens to itself: harmless while it is made, one more each time where a method does it.

`request() { …; this.once("close", () => clearTimeout(timer)); }`: what waits for its own end piles up until then.
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Binding, Call, ExitKind, Function, FunctionKind
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.identity import is_fresh
from memlint.verdicts.holder.following import is_an_end
from memlint.verdicts.release.once import is_a_failure, is_once
from memlint.verdicts.release.overwriting import runs_again

_THIS = Place(Root.GLOBAL, "this")
"""In a handler of its own, which an emitter calls on itself."""


def adds_to_itself(life: Lifetime, seen: Insight) -> bool:
    """Whether an object adds one more listener to itself each time that one of its methods is called."""
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or target.root is not Root.SELF or target.path or life.ends or life.doubtful_ends:
        return False
    method = _method_around(life.call, seen)
    if method is None or not _is_made_here(life.holes.get("$handler"), method, seen):
        return False
    if seen.frequencies.guards.of(life.call) is not None:
        return False
    if is_an_end(life, seen) and _tries_again(method, life, seen):
        return True
    return (not is_once(life) and _is_entered_again(method, seen)) or _is_for_each_call(method, life, seen)


def _is_made_here(handler: Value | None, method: Function, seen: Insight) -> bool:
    """Whether each call of a method adds a handler of its own: written there, bound there, or made by a maker."""
    known = seen.file.function_at(handler)
    if known is not None and seen.file.contains(method.index, known):
        return True
    return bool(is_fresh(seen.file, handler)) or _maker(handler, seen) is not None


def _maker(handler: Value | None, seen: Insight) -> Call | None:
    """The call that makes a handler: `relay(this, "error", session)`, which answers with a function of its own."""
    call = seen.file.call_of(handler)
    target = seen.file.target_of(call) if call is not None else None
    answers = [
        exit_.value
        for exit_ in (seen.file.exits_of.get(target, ()) if target is not None else ())
        if exit_.kind is ExitKind.RETURN
    ]
    written = [seen.file.function_at(answer) for answer in answers]
    made = target is not None and all(one is not None and seen.file.contains(target, one) for one in written)
    return call if written and made else None


def _tries_again(method: Function, life: Lifetime, seen: Insight) -> bool:
    """`connect()` calls itself again, from what it has others call: what waits for the last end waits on.

    A listener for a single time that makes the new attempt itself is gone by then.
    """
    handler = seen.file.function_at(life.holes.get("$handler")) if is_once(life) else None
    return any(
        call.function != method.index
        and not (handler is not None and seen.file.contains(handler, call.function))
        and seen.file.contains(method.index, call.function)
        and (seen.file.target_of(call) == method.index or call.receiver == _THIS)
        for call in seen.file.calls_named.get(method.name, ())
    )


def _method_around(call: Call, seen: Insight) -> Function | None:
    here = next((one for one in seen.file.enclosing(call.function) if one.index in seen.file.methods), None)
    if here is None or here.kind is FunctionKind.CONSTRUCTOR:
        return None
    return here if seen.file.members[here.unit].get("constructor") != here.index else None


def _is_entered_again(method: Function, seen: Insight) -> bool:
    """`init()` as it is made, and once more from `onRedirect()`: what was added the first time is still there."""
    outer = [(call, _method_around(call, seen)) for call in seen.file.callers.get(method.index, ())]
    first = [call for call, one in outer if one is None or seen.vocabulary.begins(one.name)]
    again = [
        call
        for call, one in outer
        if one is not None
        and one.index != method.index
        and (runs_again(one, seen) or _hears(one))
        and not _ends_first(call, seen)
    ]
    return bool(first and again)


def _hears(method: Function) -> bool:
    """`onRedirect`, `handleClose`: it is called with each event."""
    words = words_of(method.name)
    return len(words) > 1 and words[0] in ("on", "handle")


def _ends_first(call: Call, seen: Insight) -> bool:
    """`this.teardown(); this.init();`: what was there before is let go of."""
    return any(
        other.extent[1] <= call.extent[0] and seen.vocabulary.ends(seen.file.called(other))
        for other in seen.file.calls_in.get(call.function, ())
        if other.receiver is not None and other.receiver.root is Root.SELF
    )


def _is_for_each_call(method: Function, life: Lifetime, seen: Insight) -> bool:
    """Whether a listener is about this one call, and stays when the call is over."""
    first = words_of(method.name)[:1]
    if life.frequency.rate < Rate.CALL or not life.frequency.sure or set(first) & seen.words["taking listeners"]:
        return False
    if seen.vocabulary.begins(method.name) and is_an_end(life, seen):
        return False  # it waits for its own end from its first day
    if seen.vocabulary.ends(method.name) or _is_read_to_its_end(life, seen):
        return False  # what waits for the end that it has just begun does not wait for long
    unit = seen.file.facts.units[method.unit]
    words = words_of(unit.name)
    lasting = bool(set(words[-1:]) & seen.words["serving units"])
    if set(words) & seen.words["brief units"] and not lasting:
        return False
    if is_once(life) and not is_an_end(life, seen) and not (lasting and is_a_failure(life, seen)):
        return False
    return (lasting or is_an_end(life, seen)) and _keeps_the_call(method, life, seen)


def _is_read_to_its_end(life: Lifetime, seen: Insight) -> bool:
    """Whether the same call takes in what the object has to give: a stream is read once, and then it ends."""
    target = seen.flow.canonical(life.holes.get("$target"))
    return any(
        event is not None
        and event.value in seen.words["taking in a stream"]
        and seen.flow.canonical(call.receiver) == target
        for call in seen.file.calls_in[life.call.function]
        if call.name in seen.words["listening for an event"] and call.arguments
        for event in [seen.file.constant(call.arguments[0])]
    )


def _keeps_the_call(method: Function, life: Lifetime, seen: Insight) -> bool:
    """Whether the handler mentions a variable or a parameter of the call that adds it."""
    around = {
        one.index for one in seen.file.enclosing(life.call.function) if seen.file.contains(method.index, one.index)
    }
    return method.index != MODULE and any(
        binding.function in around
        and binding.kind not in ("function", "class")
        and seen.file.resolve(Place(Root.BINDING, binding.index)).root is not Root.SELF
        for binding in _kept_by(life.holes.get("$handler"), seen)
    )


def _kept_by(handler: Value | None, seen: Insight) -> Iterator[Binding]:
    """What a handler mentions, or what its maker is given."""
    function = seen.file.function_at(handler)
    if function is not None:
        uses = (use for inner in seen.file.inside(function) for use in seen.file.uses_in.get(inner, ()))
        yield from (seen.file.facts.bindings[use.binding] for use in uses)
    maker = _maker(handler, seen)
    for argument in maker.arguments if maker is not None else ():
        binding = seen.file.binding(argument) if isinstance(argument, Place) else None
        if binding is not None:
            yield binding
