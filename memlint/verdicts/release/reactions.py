"""Reactions on a promise of an end that is far away: each call leaves one, and nothing takes a reaction off."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Call, FateKind, Function
from memlint.model.value import Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import unwrapped


def left_reactions(seen: Insight) -> Iterator[tuple[Call, Place]]:
    """`token.promise.then(reject)`, `this.closed.then(() => job.stop())`, in a call: each `then`, and on what."""
    for call in seen.file.calls_named.get("then", ()):
        promise = call.receiver
        if promise is None or not tells_of_an_end(promise, call, seen):
            continue
        frequency = seen.frequencies.of(call.function, call.region)
        dropped = call.fate.kind in (FateKind.DISCARDED, FateKind.RECEIVER)
        if dropped and frequency.rate >= Rate.CALL and any(_is_of_a_call(each, seen) for each in call.arguments):
            yield call, promise


def tells_of_an_end(value: Value, call: Call, seen: Insight) -> bool:
    """Whether a promise says by its name that something ends, which began before the call and goes on after it."""
    place = unwrapped(value)
    steps = seen.file.name_of(place).split(".") if isinstance(place, Place) else []
    if not isinstance(place, Place) or not steps or "[]" in place.path:
        return False
    if steps[-1] == "promise" and len(steps) > 1:
        is_token = bool(words_of(steps[-2])[-1:]) and words_of(steps[-2])[-1] in seen.words["tokens of an end"]
        return is_token and _is_handed_in(place, call, seen)
    known = seen.file.resolve(place)
    is_own = known.root is Root.SELF and len(known.path) == 1  # a member of what it holds may be filled anew
    return is_own and words_of(steps[-1])[-1:] in {(word,) for word in seen.words["promised ends"]}


def _is_handed_in(place: Place, call: Call, seen: Insight) -> bool:
    """Whether the token is the caller's, or one that the instance or the module keeps for all of its calls."""
    known = seen.flow.canonical(place) or seen.file.resolve(place)
    if known.root is Root.SELF:
        return True
    binding = seen.file.binding(known)
    return binding is not None and (
        binding.kind == "parameter" or not seen.file.contains(_around(call, seen).index, binding.function)
    )


def _around(call: Call, seen: Insight) -> Function:
    """The outermost function around a call below the module: what one call of it makes ends with it."""
    return [each for each in seen.file.enclosing(call.function) if each.index != MODULE][-1]


def _is_of_a_call(value: Value, seen: Insight) -> bool:
    """Whether a reaction keeps something of the call: it is one of its names, or mentions one."""
    place = unwrapped(value)
    binding = seen.file.binding(place) if isinstance(place, Place) and not place.path else None
    if binding is not None and binding.kind == "parameter":
        return True
    function = seen.file.function_at(value)
    if function is None:
        return False
    inside = frozenset(seen.file.inside(function))
    uses = (use for here in inside for use in seen.file.uses_in.get(here, ()))
    bindings = (seen.file.facts.bindings[use.binding] for use in uses)
    return any(one.function not in (MODULE, *inside) and one.kind not in ("function", "class") for one in bindings)
