"""A cache on a method: its keys hold every instance that was ever asked."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Function, FunctionKind
from memlint.model.finding import Confidence, Finding
from memlint.verdicts.growth.caching import Cached, cache_finding, cached

WORDS = frozenset({"lru_cache", "cache", "cached", "alru_cache"})
_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in cached(seen):
        if _takes_self(one.function, seen):
            yield _finding(card, seen, one)


def _confidence(one: Cached, seen: Insight) -> Confidence:
    """Low for a limited cache of equal objects, which are one key: small values, as a rule."""
    unit = seen.file.facts.units[one.function.unit]
    line = [unit, *(seen.file.facts.units[index] for index in seen.file.relatives(unit.index))]
    methods = {method for one in line for method, _ in one.methods}
    is_value = {"__eq__", "__hash__"} <= methods or seen.file.name_of(unit.base).endswith("NamedTuple")
    if one.is_unlimited:
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


def _finding(card: Card, seen: Insight, one: Cached) -> Finding:
    function = one.function
    unit = seen.file.facts.units[function.unit]
    return cache_finding(
        card,
        seen,
        one,
        keeper="the class",
        often=f"each time {unit.name}.{function.name}() is called on another instance",
        lets_go="nothing lets an instance go before its entry is evicted",
        confidence=_confidence(one, seen),
        path=(
            (unit.extent, f"class {unit.name}"),
            (one.extent, f"the cache around {function.name}()"),
            (one.extent, "a key for each call"),
            (unit.extent, f"self: {unit.name}"),
        ),
        unit=unit.name,
    )
