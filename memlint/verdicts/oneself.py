"""An object that listens to itself: harmless while it is made, one more each time where a method does it.

`request() { …; this.once("close", () => clearTimeout(timer)); }`: what waits for its own end piles up until then.
"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, Function, FunctionKind
from memlint.model.value import Place, Root
from memlint.semantics.identity import is_fresh
from memlint.semantics.names import words_of
from memlint.semantics.rate import Rate
from memlint.verdicts.ends import runs_again
from memlint.verdicts.following import is_an_end
from memlint.verdicts.once import is_once


def adds_to_itself(life: Lifetime, seen: Insight) -> bool:
    """Whether an object adds one more listener to itself each time that one of its methods is called."""
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or target.root is not Root.SELF or target.path or life.ends or life.doubtful_ends:
        return False
    method = _method_around(life.call, seen)
    if method is None or not is_fresh(seen.file, life.holes.get("$handler")):
        return False
    if seen.frequencies.guards.of(life.call) is not None:
        return False
    return (not is_once(life) and _is_entered_again(method, seen)) or _is_for_each_call(method, life, seen)


def _method_around(call: Call, seen: Insight) -> Function | None:
    here = next((one for one in seen.file.enclosing(call.function) if one.unit >= 0 and one.kind != "arrow"), None)
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
        and (runs_again(one) or _hears(one))
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
    if seen.vocabulary.ends(method.name):
        return False  # what waits for the end that it has just begun does not wait for long
    unit = seen.file.facts.units[method.unit]
    words = words_of(unit.name)
    lasting = bool(set(words[-1:]) & seen.words["serving units"])
    if set(words) & seen.words["brief units"] and not lasting:
        return False
    if is_once(life) and not is_an_end(life, seen):
        return False
    return (lasting or is_an_end(life, seen)) and _keeps_the_call(method, life, seen)


def _keeps_the_call(method: Function, life: Lifetime, seen: Insight) -> bool:
    """Whether the handler mentions a variable or a parameter of the call that adds it."""
    handler = seen.file.function_at(life.holes.get("$handler"))
    if handler is None or method.index == MODULE:
        return False
    around = {
        one.index for one in seen.file.enclosing(life.call.function) if seen.file.contains(method.index, one.index)
    }
    uses = (use for inner in seen.file.inside(handler) for use in seen.file.uses_in.get(inner, ()))
    bindings = (seen.file.facts.bindings[use.binding] for use in uses)
    return any(
        binding.function in around
        and binding.kind not in ("function", "class")
        and seen.file.resolve(Place(Root.BINDING, binding.index)).root is not Root.SELF
        for binding in bindings
    )
