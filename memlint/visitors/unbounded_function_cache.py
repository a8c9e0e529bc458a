"""A cache around a function of the module that keeps an answer for every argument it was ever given."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import MODULE, Function
from memlint.model.finding import Confidence, Finding
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.verdicts.growth.caching import Cached, cache_finding, cached

WORDS = frozenset({"lru_cache", "cache"})
_FEW_PARAMETERS = 2


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in cached(seen):
        function = one.function
        if not one.is_unlimited or not function.parameters or not _lasts(function) or _is_emptied(function, seen):
            continue
        if seen.frequencies.of(function.index).rate is not Rate.ONCE:
            yield _finding(card, seen, one)


def _lasts(function: Function) -> bool:
    """A function of the module, or one of a class that needs no instance: its cache stays as long as the process."""
    return function.parent == MODULE and (function.unit < 0 or function.is_static)


def _is_emptied(function: Function, seen: Insight) -> bool:
    """Whether the file itself calls `cache_clear()`."""
    return any(
        call.receiver is not None and seen.file.name_of(call.receiver).endswith(function.name)
        for call in seen.file.calls_named.get("cache_clear", ())
    )


def _confidence(function: Function, seen: Insight) -> Confidence:
    """Sure only if the argument's name says that it comes from outside: an id, an address, a text."""
    names = [binding.name for binding in seen.file.parameters_of[function.index]]
    if len(names) > _FEW_PARAMETERS:
        return Confidence.LOW  # a call with many arguments is a setting, more often than a question
    if any(name in seen.words["many by themselves"] for name in names):
        return Confidence.MEDIUM
    many = any(
        seen.words.any_of("given from outside", words_of(name)[-1:])
        or (
            words_of(name)[-1:]
            and seen.words.any_of("vague in a name", words_of(name)[-1:])
            and seen.words.any_of("given from outside", words_of(name)[:-1])
        )
        for name in names
    )
    return Confidence.MEDIUM if many else Confidence.LOW


def _finding(card: Card, seen: Insight, one: Cached) -> Finding:
    function = one.function
    listed = ", ".join(function.parameters)
    return cache_finding(
        card,
        seen,
        one,
        keeper="the function",
        often=f"each time {function.name}() is called with other arguments",
        lets_go="nothing lets an entry go",
        confidence=_confidence(function, seen),
        path=((function.extent, f"function {function.name}"), (one.extent, f"an entry for each ({listed})")),
        cached=function.name,
        keys=listed,
    )
