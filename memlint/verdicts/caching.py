"""Decorators that cache: which one it is, where it stands, and whether it ever forgets."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import Call, Constant, Extent, Function, Place, Record, Root, Value
from memlint.semantics.values import unwrapped

_CACHES = {
    "functools": frozenset({"lru_cache", "cache"}),
    "cachetools": frozenset({"cached"}),
    "cachetools.func": frozenset({"lru_cache", "ttl_cache", "lfu_cache", "fifo_cache", "mru_cache", "rr_cache"}),
    "async_lru": frozenset({"alru_cache"}),
}


def cache_of(decorator: Value, seen: Insight) -> tuple[str, Call | None] | None:
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


def is_unlimited(name: str, call: Call | None) -> bool:
    """`functools.cache`, and `lru_cache(maxsize=None)`: entries stay for as long as the function does."""
    if name.rsplit(".", 1)[-1] == "cache":
        return True
    for argument in call.arguments[:2] if call is not None else ():
        size = dict(argument.items).get("maxsize", argument) if isinstance(argument, Record) else argument
        if size == Constant(None):
            return True
    return False


def decorator_extent(function: Function, seen: Insight) -> Extent:
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
