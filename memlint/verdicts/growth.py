"""What only grows: the verdict on a long-lived collection, shared by the cards that speak about them."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, Place, Value
from memlint.model.finding import Answers, Confidence, Finding, Step
from memlint.semantics.collections import Collection, Feed
from memlint.semantics.names import words_of
from memlint.semantics.objects import is_object, uses_by_binding
from memlint.verdicts.saying import finding, step

WORDS = frozenset(
    {"set", "add", "push", "unshift", "append", "setdefault", "extend", "insert", "appendleft", "update", "concat"}
)
MARKS = (b"] =", b"]=", b"] ||=", b"] ??=", b", ...", b"[...")
"""What feeds a collection without a word of its own: `table[key] = value`, `[...list, item]`."""
_KINDS = frozenset(
    {
        "type", "kind", "event", "level", "dialect", "method", "tag", "status", "lang", "language", "locale",
        "mode", "format", "plugin", "option", "opt", "opts", "prop", "property", "style", "attribute", "attr",
        "component", "module", "family", "protocol", "driver", "engine", "theme", "unit", "category", "feature",
        "flag", "extension", "ext", "mime", "charset", "encoding", "algorithm", "command", "constructor", "ctor",
        "class", "proto", "prototype", "font", "delimiter", "separator", "store", "n", "length", "size", "count",
        "state", "name", "warning", "deprecation",
    }
)  # fmt: skip
_REGISTERS = frozenset(
    {"register", "define", "declare", "provide", "extend", "install", "configure", "use", "plugin", "mixin"}
)


def growing(seen: Insight) -> Iterator[tuple[Collection, Feed, bool]]:
    """Collections that only grow, the line that feeds them first, and whether a weak one should hold the keys."""
    uses = uses_by_binding(seen.file)
    for collection in seen.collections:
        feed = seen.bounds.first_feed(collection)
        if feed is None or seen.bounds.bound(collection, feed):
            continue
        keyed = collection.kind in ("Map", "Set") and not collection.walked
        yield collection, feed, keyed and is_object(feed.key, seen.file, uses)


def confidence_of(collection: Collection, feed: Feed, seen: Insight) -> Confidence:
    """Low where a function of this name is called while modules load, or nobody is known to call it."""
    function = seen.file.facts.functions[feed.source.function]
    words = words_of(function.name)
    if words and words[0] in _REGISTERS:
        return Confidence.LOW
    if not feed.frequency.sure or _is_probably_finite(feed, seen):
        return Confidence.LOW
    return Confidence.HIGH if not collection.drains else Confidence.MEDIUM


def _is_probably_finite(feed: Feed, seen: Insight) -> bool:
    """Keys whose name says that they are kinds of things, of which a program has few: `dialect`, `eventName`."""
    if not isinstance(feed.key, Place):
        return False
    words = words_of(seen.file.name_of(feed.key))
    return bool(words) and (
        words[-1] in _KINDS or (words[-1] in ("name", "key", "id") and bool(set(words[:-1]) & _KINDS))
    )


def growth_finding(card: Card, seen: Insight, collection: Collection, feed: Feed, **words: str) -> Finding:
    """The finding for one collection, at the line that feeds it."""
    file = seen.file
    kept = "entries"
    if isinstance(feed.source, Call) and feed.source.arguments:
        kept = _kept(feed.source.arguments[-1], seen)
    elif not isinstance(feed.source, Call) and feed.source.value is not None:
        kept = _kept(feed.source.value, seen)
    return finding(
        card,
        file,
        feed.source.extent,
        feed.source.function,
        confidence=confidence_of(collection, feed, seen),
        answers=Answers(collection.holder, feed.frequency.phrase, why(collection), "nobody"),
        path=(
            step(file, collection.born, collection.holder.replace("`", "")),
            step(file, feed.source.extent, "an entry for each " + ("key" if feed.key is not None else "call")),
            step(file, feed.source.extent, kept),
        ),
        near_misses=_misses(collection, seen),
        collection=collection.name,
        **words,
    )


def why(collection: Collection) -> str:
    """What is missing, in a phrase."""
    if collection.drains:
        return "what takes entries out does not run on every way"
    return "nothing takes an entry out"


def _kept(value: Value, seen: Insight) -> str:
    name = seen.file.name_of(value)
    return "the value" if name.startswith(("an expression", "'")) else name


def _misses(collection: Collection, seen: Insight) -> list[Step]:
    return [
        step(seen.file, drain.extent, "taken out here, but not on every way, or nobody calls it")
        for drain in collection.drains[:3]
    ]
