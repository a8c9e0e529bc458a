"""Versions of a document that are kept as long texts, each as large as the document."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.value import Place, Value
from memlint.semantics.growth.collections import Collection, Feed
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import inner_values
from memlint.verdicts.growth.windows import histories


def plain_snapshots(seen: Insight) -> Iterator[tuple[Collection, Feed]]:
    """Histories with a limit, or keyed by a version, whose entries are whole states written out as text."""
    told = {history.collection.place for history in histories(seen) if history.collection is not None}
    for collection in seen.collections:
        words = {word for part in collection.name.split(".")[-2:] for word in words_of(part)}
        if collection.place in told or not words & seen.words["states of the past"] or not collection.drains:
            continue
        found = next((feed for feed in collection.feeds if _is_plain(feed, seen)), None)
        if found is not None:
            yield collection, found


def _is_plain(feed: Feed, seen: Insight) -> bool:
    """Whether a state goes in as text, again and again: nobody packs it in the line that puts it in."""
    if feed.frequency.rate is Rate.ONCE:
        return False
    return any(_is_written_out(inner, seen) for inner in inner_values(feed.value))


def _is_written_out(value: Value, seen: Insight) -> bool:
    call = seen.file.call_of(value) if isinstance(value, Place) and not value.path else None
    return call is not None and seen.file.called(call) in seen.words["states as text"]
