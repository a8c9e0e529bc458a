"""A default that is made once and filled by each call."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import MODULE, Binding, Call, Function, Write
from memlint.model.finding import Answers, Confidence, Finding
from memlint.model.value import Place, Record, Root, Sequence, Value
from memlint.semantics.growth.keys import Number
from memlint.semantics.growth.putting import IN_PYTHON, KEYED
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.saying import finding, step

WORDS = IN_PYTHON
LANGUAGE = "python"
MARKS = (b"] =", b"]=")
_DRAINS = frozenset({"clear", "pop", "popleft", "popitem", "remove", "discard"})
_MAKERS = frozenset({"list", "dict", "set", "deque", "defaultdict", "OrderedDict"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for binding in seen.file.facts.bindings:
        if binding.kind != "parameter" or not _is_empty(binding.value, seen):
            continue
        if len(seen.file.writes_at.get(Place(Root.BINDING, binding.index), ())) > 0:
            continue  # `items = list(items)`
        function = seen.file.facts.functions[binding.function]
        if function.parent != MODULE:
            continue  # made anew by each call of the function around it
        fed = _first_feed(binding, seen)
        if fed is not None and seen.frequencies.of(function.index).rate is not Rate.ONCE:
            yield _finding(card, seen, binding, function, *fed)


def _is_empty(value: Value | None, seen: Insight) -> bool:
    """`[]`, `{}`, `set()`: made when the function is, and empty then."""
    value = unwrapped(value)
    if isinstance(value, Sequence | Record):
        return not value.items
    call = seen.file.call_of(value) if isinstance(value, Place) and value.root is Root.RESULT else None
    return (
        call is not None
        and call.callee == Place(Root.GLOBAL, seen.file.called(call))
        and (seen.file.called(call) in _MAKERS and not call.arguments)
    )


def _first_feed(binding: Binding, seen: Insight) -> tuple[Call | Write, Value | None] | None:
    """The first line that fills it, unless others empty it; in this function, or in the field that keeps it."""
    places = seen.flow.journey(Place(Root.BINDING, binding.index)).places
    places = {place for place in places if "[]" not in place.path}
    feeds: list[tuple[Call | Write, Value | None]] = []
    for name in (*IN_PYTHON, *_DRAINS):
        for call in seen.file.calls_named.get(name, ()):
            if call.receiver is not None and seen.flow.canonical(call.receiver) in places:
                if name in _DRAINS:
                    return None
                feeds.append((call, call.arguments[0] if name in KEYED and call.arguments else None))
    for place in places:
        for write in seen.file.writes_at.get(Place(place.root, place.key, (*place.path, "[]")), ()):
            if write.operator == "delete":
                return None
            feeds.append((write, write.key))
    return min(feeds, key=lambda feed: feed[0].extent) if feeds else None


def _confidence(binding: Binding, function: Function, key: Value | None, seen: Insight) -> Confidence:
    """Low if every caller here gives its own, or if the keys are few."""
    callers = [call for call in seen.file.callers.get(function.index, ()) if call.function != function.index]
    given = [call for call in callers if len(call.arguments) > binding.position]
    if callers and len(given) == len(callers):
        return Confidence.LOW
    if key is None:
        return Confidence.HIGH
    if seen.file.name_of(key) in seen.words["many by themselves"]:
        return Confidence.HIGH
    enough = Number.MANY if seen.words.any_of("meant as caches", words_of(binding.name)) else Number.UNKNOWN
    return Confidence.HIGH if seen.keys.number(key) >= enough else Confidence.LOW


def _finding(
    card: Card, seen: Insight, binding: Binding, function: Function, source: Call | Write, key: Value | None
) -> Finding:
    file = seen.file
    name = file.owner_name(function.index) or "the function"
    return finding(
        card,
        file,
        binding.extent,
        function.index,
        confidence=_confidence(binding, function, key, seen),
        answers=Answers(
            f"`{name}`, which keeps its defaults",
            seen.frequencies.of(function.index).phrase,
            "nothing takes an entry out",
            "nobody",
        ),
        path=(
            step(file, function.extent, f"function {name}"),
            step(file, binding.extent, f"the default of {binding.name}"),
            step(file, source.extent, "an entry for each " + ("key" if key is not None else "call")),
        ),
        name=binding.name,
        filler=name,
    )
