"""Histories without a window: states of the past that are kept for ever, so that someone might go back to them."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, Exit, ExitKind, Write
from memlint.model.finding import Answers, Confidence, Finding
from memlint.model.frozen import frozen
from memlint.model.value import Compound, Place, Record, Sequence, Value
from memlint.semantics.growth.collections import Collection, Feed
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.verdicts.saying import finding, step

_STACKS = frozenset({"undo", "redo"})
_MOVES = frozenset({"undo", "redo"})


@frozen
class History:
    """A list of past states that only grows: its name, the line that adds one, and whether that is a whole copy."""

    name: str
    source: Call | Write | Exit
    is_copy: bool
    collection: Collection | None = None
    feed: Feed | None = None


def histories(seen: Insight) -> Iterator[History]:
    """Every list of past states without a window."""
    for collection in seen.collections:
        found = _history(collection, seen)
        if found is not None:
            yield found
    yield from _in_reducers(seen)


def _history(collection: Collection, seen: Insight) -> History | None:
    *_, last = ("", *collection.name.split(".")[-2:])
    words = {word for part in collection.name.split(".")[-2:] for word in words_of(part)}
    if collection.kind != "array" or not words & seen.words["states of the past"] or "redo" in words_of(last):
        return None
    if seen.bounds.in_other_hands(collection):
        return None
    feed = next(
        (feed for feed in (*collection.feeds, *_after_cuts(collection, seen)) if _adds_a_state(feed, seen)), None
    )
    if feed is None or seen.bounds.is_full_refused(collection, feed):
        return None
    if any(_is_window(drain, feed, collection, seen) for drain in collection.drains):
        return None
    copy = _is_copy(feed.value, seen)
    return History(collection.name, feed.source, copy, collection, feed) if copy or words & _STACKS else None


def _after_cuts(collection: Collection, seen: Insight) -> Iterator[Feed]:
    """`history = [...history.slice(0, at + 1), state]`: what was undone goes, and one state more stays."""
    for drain in collection.drains:
        value = unwrapped(drain.value) if isinstance(drain, Write) else None
        if isinstance(drain, Write) and isinstance(value, Sequence) and len(value.items) > 1:
            kept = [unwrapped(item.parts[0]) for item in value.items if isinstance(item, Compound) and item.parts]
            cuts = [call for call in map(seen.file.call_of, kept) if call is not None]
            if len(cuts) == 1 and _cuts_the_end(cuts[0], seen):
                yield Feed(drain, None, seen.frequencies.of(drain.function, drain.region), value.items[-1])


def _adds_a_state(feed: Feed, seen: Insight) -> bool:
    """Whether a feed records what happens, and does not only move a state from one list to the other."""
    name = seen.file.facts.functions[feed.source.function].name
    return not set(words_of(name)) & _MOVES and feed.frequency.rate > 0


def _is_copy(value: Value | None, seen: Insight) -> bool:
    """Whether a value is a whole state: a clone, a serialisation, a record or list into which one is spread."""
    copies = seen.words["copies of a state"]
    for inner in inner_values(value):
        if isinstance(inner, Compound) and inner.operator == "spread":
            return True
        call = seen.file.call_of(inner) if isinstance(inner, Place) else None
        if call is not None and seen.file.called(call) in copies:
            return True
        if isinstance(inner, Place) and set(inner.path[-1:]) & copies:
            return True
    return False


def history_finding(card: Card, seen: Insight, history: History) -> Finding:
    """The finding for one history, at the line that adds a state."""
    file, source = seen.file, history.source
    frequency = seen.frequencies.of(source.function, source.region)
    holder = history.collection.holder if history.collection is not None else f"`{history.name}` of the state"
    kept = "a whole copy of the state" if history.is_copy else "a step back"
    path = [step(file, source.extent, holder.replace("`", "")), step(file, source.extent, kept)]
    if history.collection is not None:
        path.insert(0, step(file, history.collection.born, "made here"))
    return finding(
        card,
        file,
        source.extent,
        source.function,
        confidence=Confidence.HIGH if history.is_copy and frequency.sure else Confidence.MEDIUM,
        answers=Answers(holder, frequency.phrase, "nothing takes the oldest away", "nobody"),
        path=path,
        collection=history.name,
        kept=kept,
    )


# Windows


def _is_window(drain: Call | Write, feed: Feed, collection: Collection, seen: Insight) -> bool:
    """Whether a drain takes the oldest states away, and not the newest, the ones after an index, or all."""
    file = seen.file
    if isinstance(drain, Write):
        if drain is feed.source:
            return False
        if drain.place.path[-1:] == ("length",):
            return _is_new_length(drain.value, seen)
        if isinstance(unwrapped(drain.value), Sequence):
            return bool(getattr(unwrapped(drain.value), "items", ()))
        call = file.call_of(drain.value)
        return drain.operator == "delete" or (
            call is not None and file.called(call) in ("slice", "filter") and not _cuts_the_end(call, seen)
        )
    name = file.called(drain)
    first = file.constant(drain.arguments[0]) if drain.arguments else None
    if name == "pop" and first is None:
        at_front = isinstance(feed.source, Call) and file.called(feed.source) in ("unshift", "insert", "appendleft")
        return at_front and seen.bounds.is_under_size_test(drain, collection)
    if name in ("splice", "pop"):
        return first is not None and first.value == 0
    return name in ("shift", "popleft", "remove", "delete", "truncate")


def _is_new_length(value: Value | None, seen: Insight) -> bool:
    """`history.length = LIMIT`, `= Math.min(history.length, 20)`; not `= index + 1`, and not `= 0`."""
    known = seen.file.constant(value)
    if known is not None:
        return known.value != 0
    return _is_limit(value, seen) or seen.file.call_of(value) is not None


def _cuts_the_end(call: Call, seen: Insight) -> bool:
    """`history.slice(0, index + 1)`: what was undone is forgotten."""
    if seen.file.called(call) != "slice" or len(call.arguments) != 2:
        return False
    first, last = seen.file.constant(call.arguments[0]), call.arguments[1]
    return first is not None and first.value == 0 and seen.file.constant(last) is None and not _is_limit(last, seen)


def _is_limit(value: Value | None, seen: Insight) -> bool:
    value = unwrapped(value)
    return value is not None and seen.words.any_of("limits", words_of(seen.file.name_of(value)))


# Histories inside of a state: reducers and setters


def _in_reducers(seen: Insight) -> Iterator[History]:
    """`return { ...state, past: [...state.past, state.present] }`."""
    for exit_ in seen.file.facts.exits:
        if exit_.kind is not ExitKind.RETURN:
            continue
        for inner in inner_values(exit_.value):
            for name, item in inner.items if isinstance(inner, Record) else ():
                past = set(words_of(name)) & seen.words["states of the past"] and "redo" not in name.lower()
                if past and isinstance(item, Sequence) and _is_longer(name, item, seen):
                    moves = set(words_of(seen.file.facts.functions[exit_.function].name)) & _MOVES
                    if not moves and not _is_move(exit_.region, seen):
                        yield History(name, exit_, is_copy=True)


def _is_longer(name: str, item: Sequence, seen: Insight) -> bool:
    """All of the old list, and one state more."""
    whole = [
        part
        for part in item.items
        if isinstance(part, Compound) and part.operator == "spread" and _ends_in(part.parts[0], name, seen)
    ]
    return len(whole) == 1 and len(item.items) > 1


def _ends_in(value: Value, name: str, seen: Insight) -> bool:
    value = unwrapped(value) or value
    return isinstance(value, Place) and seen.file.name_of(value).rsplit(".", 1)[-1] == name


def _is_move(region: int, seen: Insight) -> bool:
    """A branch of a reducer that undoes or redoes: `case "redo":`."""
    for index in seen.file.regions_of(region):
        for inner in inner_values(seen.file.facts.regions[index].test):
            known = seen.file.constant(inner)
            text = str(known.value) if known is not None else seen.file.name_of(inner)
            if set(words_of(text)) & _MOVES:
                return True
    return False
