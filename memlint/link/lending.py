"""What a file hands to the classes and functions of others that is its own: who keeps that goes together with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Call, FunctionKind
from memlint.model.resource import Holder
from memlint.model.value import Constant, Place, Root, Value
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.callees import OF_INSTANCES

CONSTRUCTOR = f".{OF_INSTANCES}.constructor"


def lent(seen: Insight) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Functions of other files that are called here: the module, the name, and which arguments are always our own.

    `this.reader = new Reader(this.socket)` in a constructor: the reader and the socket are parts of the same thing.
    """
    for (module, name), calls in seen.callees.of_imports.items():
        if module.startswith("."):
            common: dict[str, tuple[int, ...]] = {}
            for call in calls:
                given = name + CONSTRUCTOR if call.constructs else name
                common[given] = tuple(_own(call, common.get(given, range(len(call.arguments))), seen))
            yield from ((module, given, own) for given, own in common.items())


def _own(call: Call, positions: Iterable[int], seen: Insight) -> Iterator[int]:
    """Those of the positions whose argument is the caller's own."""
    for position in positions:
        argument = call.arguments[position] if position < len(call.arguments) else None
        if isinstance(argument, Place) and _is_own(argument, call, seen):
            yield position


def _is_own(value: Place, call: Call, seen: Insight) -> bool:
    """Whether a value is made for this call, or is the caller's and given away once in the caller's life."""
    origin = seen.origins.of(value)
    if origin.holder is Holder.CALL:
        return origin.sure and call.function != MODULE
    if origin.holder is not Holder.UNIT:
        return False
    return _is_made_with_its_owner(call, seen) or _is_made_again(value, seen)


def _is_made_with_its_owner(call: Call, seen: Insight) -> bool:
    """Whether a call stands in a constructor, or in what only the constructor calls."""
    functions = seen.file.facts.functions
    if seen.frequencies.of_call(call).rate is not Rate.INSTANCE or seen.file.in_loop(call.region, call.function):
        return False
    callers = seen.file.callers.get(call.function, ())
    return functions[call.function].kind is FunctionKind.CONSTRUCTOR or (
        bool(callers) and all(functions[one.function].kind is FunctionKind.CONSTRUCTOR for one in callers)
    )


def _is_made_again(value: Place, seen: Insight) -> bool:
    """Whether a field is filled anew after its owner was made: it holds something for a while, as its neighbours do."""
    place = seen.flow.canonical(value)
    if place is None or place.root is not Root.SELF or len(place.path) != 1:
        return False
    return any(
        not _is_nothing(write.value) and seen.file.facts.functions[write.function].kind is not FunctionKind.CONSTRUCTOR
        for write in seen.file.writes_at.get(place, ())
        if write.operator == "="
    )


def _is_nothing(value: Value | None) -> bool:
    return value is None or (isinstance(value, Constant) and not value.value)
