"""A cache on a method: its keys hold every instance that was ever asked."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, Function, FunctionKind
from memlint.model.finding import Answers, Confidence, Finding
from memlint.verdicts.caching import cache_of, decorator_extent, is_unlimited
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"lru_cache", "cache", "cached", "alru_cache"})
_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for function in seen.file.facts.functions:
        if not _takes_self(function, seen):
            continue
        for decorator in function.decorators:
            found = cache_of(decorator, seen)
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


def _takes_self(function: Function, seen: Insight) -> bool:
    """A method of instances that come and go: no static or class method, no enum, not the module's one instance."""
    if function.unit < 0 or function.is_static or function.kind not in (FunctionKind.METHOD, FunctionKind.GETTER):
        return False
    unit = seen.file.facts.units[function.unit]
    if not any(index == function.index for _, index in unit.methods):
        return False
    base = seen.file.name_of(unit.base).rsplit(".", 1)[-1]
    return base not in _ENUMS and not seen.origins.singletons.is_singleton(unit)


def _finding(card: Card, seen: Insight, function: Function, name: str, call: Call | None) -> Finding:
    file = seen.file
    unit = file.facts.units[function.unit]
    extent = call.extent if call is not None else decorator_extent(function, seen)
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
