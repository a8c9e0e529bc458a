"""A cache on a method: its keys hold every instance that was ever asked."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, Constant, Function, FunctionKind, Place, Record, Root, Value
from memlint.model.finding import Answers, Confidence, Finding
from memlint.semantics.file import unwrapped
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"lru_cache", "cache", "cached", "alru_cache"})
_CACHES = {
    "functools": frozenset({"lru_cache", "cache"}),
    "cachetools": frozenset({"cached"}),
    "cachetools.func": frozenset({"lru_cache", "ttl_cache", "lfu_cache", "fifo_cache", "mru_cache", "rr_cache"}),
    "async_lru": frozenset({"alru_cache"}),
}
_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for function in seen.file.facts.functions:
        if not _takes_self(function, seen):
            continue
        for decorator in function.decorators:
            found = _cache(decorator, seen)
            if found is not None:
                yield _finding(card, seen, function, *found)


def _confidence(function: Function, name: str, call: Call | None, seen: Insight) -> Confidence:
    """Low for a limited cache of equal objects, which are one key: small values, as a rule."""
    unit = seen.file.facts.units[function.unit]
    line = [unit, *(seen.file.facts.units[index] for index in seen.file.relatives(unit.index))]
    methods = {method for one in line for method, _ in one.methods}
    is_value = {"__eq__", "__hash__"} <= methods or seen.file.name_of(unit.base).endswith("NamedTuple")
    if is_unlimited(name, call):
        return Confidence.HIGH
    return Confidence.LOW if is_value else Confidence.MEDIUM


def is_unlimited(name: str, call: Call | None) -> bool:
    """`functools.cache`, and `lru_cache(maxsize=None)`: entries stay for as long as the function does."""
    if name.rsplit(".", 1)[-1] == "cache":
        return True
    for argument in call.arguments[:2] if call is not None else ():
        size = dict(argument.items).get("maxsize", argument) if isinstance(argument, Record) else argument
        if size == Constant(None):
            return True
    return False


def _takes_self(function: Function, seen: Insight) -> bool:
    """A method of instances that come and go: no static or class method, no enum, not the module's one instance."""
    if function.unit < 0 or function.is_static or function.kind not in (FunctionKind.METHOD, FunctionKind.GETTER):
        return False
    unit = seen.file.facts.units[function.unit]
    if not any(index == function.index for _, index in unit.methods):
        return False
    return seen.file.name_of(unit.base).rsplit(".", 1)[-1] not in _ENUMS and not seen.origins.is_singleton(unit)


def _cache(decorator: Value, seen: Insight) -> tuple[str, Call | None] | None:
    """The name of the caching decorator, and its call if it is one."""
    value = unwrapped(decorator)
    call = None
    if isinstance(value, Place) and value.root is Root.RESULT and not value.path:
        call = seen.file.facts.calls[int(value.key)]
        value = call.callee
    if not isinstance(value, Place) or value.root is not Root.BINDING:
        return None
    entry = seen.file.imports.get(int(value.key))
    if entry is None:
        return None
    module, name = (entry.module, value.path[-1]) if value.path else (entry.module, entry.name)
    return (seen.file.name_of(value), call) if name in _CACHES.get(module, ()) else None


def _finding(card: Card, seen: Insight, function: Function, name: str, call: Call | None) -> Finding:
    file = seen.file
    unit = file.facts.units[function.unit]
    extent = call.extent if call is not None else _decorator_extent(function, seen)
    return finding(
        card,
        file,
        extent,
        function.index,
        confidence=_confidence(function, name, call, seen),
        answers=Answers(
            f"the cache of `{name}`, which the class keeps",
            f"each time {unit.name}.{function.name}() is called on another instance",
            "nothing lets an instance go before its entry is evicted",
            "nobody",
        ),
        path=(
            step(file, unit.extent, f"class {unit.name}"),
            step(file, extent, f"the cache around {function.name}()"),
            step(file, extent, "a key for each call"),
            step(file, unit.extent, f"self: {unit.name}"),
        ),
        decorator=name,
        unit=unit.name,
    )


def _decorator_extent(function: Function, seen: Insight) -> tuple[int, int]:
    """A decorator that is no call: the use of its name that stands last before the function."""
    named = [
        use.extent
        for use in seen.file.facts.uses
        if use.extent[1] <= function.extent[1]
        and any(
            isinstance(value, Place) and value.key == use.binding and value.root is Root.BINDING
            for value in function.decorators
        )
        and use.extent[0] >= function.extent[0] - 200
    ]
    return max(named) if named else function.extent
