"""Decorators that cache: which one it is, where it stands, and whether it ever forgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, Extent, Function
from memlint.model.finding import Answers, Confidence, Finding
from memlint.model.frozen import frozen
from memlint.model.value import Constant, Place, Record, Root, Value
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.saying import finding, step

_CACHES = {
    "functools": frozenset({"lru_cache", "cache"}),
    "cachetools": frozenset({"cached"}),
    "cachetools.func": frozenset({"lru_cache", "ttl_cache", "lfu_cache", "fifo_cache", "mru_cache", "rr_cache"}),
    "async_lru": frozenset({"alru_cache"}),
}


@frozen
class Cached:
    """A function with a cache around it: the decorator's name, where it stands, and whether it ever forgets."""

    function: Function
    decorator: str
    extent: Extent
    is_unlimited: bool


def cached(seen: Insight) -> Iterator[Cached]:
    """Every function of a file that a decorator gives a cache."""
    for function in seen.file.facts.functions:
        for decorator in function.decorators:
            found = _cache_of(decorator, seen)
            if found is not None:
                name, call = found
                extent = call.extent if call is not None else _decorator_extent(function, seen)
                yield Cached(function, name, extent, _is_unlimited(name, call))


def cache_finding(
    card: Card,
    seen: Insight,
    one: Cached,
    *,
    keeper: str,
    often: str,
    lets_go: str,
    confidence: Confidence,
    path: Sequence[tuple[Extent, str]],
    **words: str,
) -> Finding:
    """What the cards about such caches say."""
    return finding(
        card,
        seen.file,
        one.extent,
        one.function.index,
        confidence=confidence,
        answers=Answers(f"the cache of `{one.decorator}`, which {keeper} keeps", often, lets_go, "nobody"),
        path=[step(seen.file, *place) for place in path],
        near_misses=(),
        decorator=one.decorator,
        **words,
    )


def _cache_of(decorator: Value, seen: Insight) -> tuple[str, Call | None] | None:
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


def _is_unlimited(name: str, call: Call | None) -> bool:
    """`functools.cache`, and `lru_cache(maxsize=None)`: entries stay for as long as the function does."""
    if name.rsplit(".", 1)[-1] == "cache":
        return True
    for argument in call.arguments[:2] if call is not None else ():
        size = dict(argument.items).get("maxsize", argument) if isinstance(argument, Record) else argument
        if size == Constant(None):
            return True
    return False


def _decorator_extent(function: Function, seen: Insight) -> Extent:
    """A decorator that is no call: the use of its name that stands last before the function."""
    named = [
        use.extent
        for value in function.decorators
        if isinstance(value, Place) and value.root is Root.BINDING
        for use in seen.file.uses_of[int(value.key)]
        if use.extent[1] <= function.extent[1] and use.extent[0] >= function.extent[0] - 200
    ]
    return max(named) if named else function.extent
