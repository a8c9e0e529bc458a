"""Several are opened at once: when one of them fails, the others are open, and nobody has them."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, Exit, ExitKind, FateKind
from memlint.model.value import Closure, Place, Root, Sequence, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.promises import combined
from memlint.semantics.tables import Index
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.release.opened import Opened

_WHY = "when one cannot be opened, the others stay open"


def opened_together(seen: Insight) -> Iterator[Opened]:
    """`this.links = await Promise.all(hosts.map((host) => this.open(host)))`, each of which is closed later on."""
    for call in combined(seen.file, ("all",)):
        if not call.awaited or not _opens_many(call, seen):
            continue
        if seen.frequencies.of_call(call).rate is Rate.ONCE or any(seen.ways.tries_around(call.region)):
            continue  # a `try` around it may look after those that were opened
        ends = [end for place in _kept(call, seen) for end in seen.flow.calls_on.get(place, ()) if _closes(end, seen)]
        way = Exit(ExitKind.AWAIT, None, call.extent, call.function, call.region)
        if ends:
            yield Opened(call, ends, way, _WHY)


def _closes(end: Call, seen: Insight) -> bool:
    return seen.vocabulary.ends_plainly(end.name) or end.name in seen.words["closing what was opened"]


def _opens_many(call: Call, seen: Insight) -> bool:
    given = unwrapped(call.arguments[0]) if call.arguments else None
    if isinstance(given, Sequence):
        return len(given.items) > 1 and all(_opens(item, seen) for item in given.items)
    mapped = seen.file.call_of(given)
    if mapped is None or mapped.name != "map" or not mapped.arguments:
        return False
    function = seen.file.function_at(mapped.arguments[0])
    answers = seen.file.exits_of.get(function, ()) if function is not None else ()
    return any(one.kind is ExitKind.RETURN and _opens(one.value, seen) for one in answers)


def _opens(value: Value | None, seen: Insight) -> bool:
    opening = seen.file.call_of(unwrapped(value)) if not isinstance(value, Closure) else None
    if opening is None or opening.constructs:
        return False
    return not seen.words["opening verbs"].isdisjoint(words_of(seen.file.called(opening))[:1])


def _kept(call: Call, seen: Insight) -> Iterator[Place]:
    """Where those that were opened are kept: the elements of a field or variable, or names of their own."""
    if call.fate.kind is FateKind.KEPT and call.fate.place is not None:
        kept = seen.flow.canonical(call.fate.place) or call.fate.place
        yield Place(kept.root, kept.key, (*kept.path, "[]"))
    yield from (Place(Root.BINDING, index) for index in seen.once(_unpacked)[call.index])


def _unpacked(seen: Insight) -> Index[int, int]:
    """The names of what answers hold, by the call that gave the answer: `const [first, second] = await …`."""
    found: dict[int, list[int]] = {}
    for binding in seen.file.facts.bindings:
        value = unwrapped(binding.value) if binding.member else None
        if isinstance(value, Place) and value.root is Root.RESULT and not value.path:
            found.setdefault(int(value.key), []).append(binding.index)
    return Index(found)
