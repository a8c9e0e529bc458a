"""What is made without the limit that it offers, and has none of its own: the rows of `rules/limits.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.ledger import Insight
from memlint.model.facts import Call, FateKind, Write
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.limit import Limit
from memlint.model.value import Closure, Constant, Place, Record, Root, Value
from memlint.semantics.growth.births import Births
from memlint.semantics.growth.collections import Hold
from memlint.semantics.growth.keys import Number
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.callees import required
from memlint.semantics.shapes import is_of
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.values import unwrapped


@frozen
class Unlimited:
    """A call that makes something without a limit: who holds it, where it is fed, and how sure that is."""

    call: Call
    limit: Limit
    holder: str
    confidence: Confidence
    feed: Call | None = None


def unlimited(seen: Insight) -> Iterator[Unlimited]:
    """Everything that is made so, in source order."""
    if seen.words.any_of("measuring places", words_of(seen.file.facts.path)):
        return
    for call in seen.file.facts.calls:
        module, name = _made(call, seen)
        for limit in seen.limits if module else ():
            if name in limit.makes and is_of(module, limit.modules) and not _is_limited(limit, call, seen):
                found = _judged(limit, call, seen)
                if found is not None:
                    yield found


def _made(call: Call, seen: Insight) -> tuple[str, str]:
    """The module of what is called, and its name there: `default` for the module itself."""
    callee = call.callee
    if not isinstance(callee, Place):
        return "", ""
    if callee.root is Root.RESULT:  # `require("multer")()`
        return required(seen.file, seen.file.facts.calls[int(callee.key)]), ".".join(callee.path) or "default"
    entry = seen.file.imports.get(int(callee.key)) if callee.root is Root.BINDING else None
    if entry is None:
        return "", ""
    named = () if entry.name in ("default", "*") else (entry.name,)
    return entry.module, ".".join(named + callee.path) or "default"


# What is told


def _is_limited(limit: Limit, call: Call, seen: Insight) -> bool:
    """Whether an option says how much, or sends it elsewhere; also where nobody sees what the options are."""
    given = unwrapped(call.arguments[limit.position]) if len(call.arguments) > limit.position else None
    if given is None or isinstance(given, Closure):  # nothing, or the callback that follows the options
        return False
    if not limit.options:
        return any(_is_told(argument, seen) for argument in call.arguments)
    if not isinstance(given, Record):
        return _is_told(given, seen)
    if any(name == "[]" for name, _ in given.items) or _is_elsewhere(limit, given, seen):
        return True
    return any(_is_set(option.split("."), given, seen) for option in limit.options)


def _is_set(path: Sequence[str], given: Record, seen: Insight) -> bool:
    value = unwrapped(dict(given.items).get(path[0]))
    if value is None:
        return False
    if len(path) > 1 and isinstance(value, Record):
        return any(name == "[]" for name, _ in value.items) or _is_set(path[1:], value, seen)
    return _is_told(value, seen)


def _is_elsewhere(limit: Limit, given: Record, seen: Insight) -> bool:
    for name, value in given.items:
        made = seen.file.call_of(value) if name in limit.elsewhere else None
        if name in limit.elsewhere and (made is None or seen.file.called(made) not in limit.memory):
            return True
    return False


def _is_told(value: Value, seen: Insight) -> bool:
    """Whether a value may be a limit: `undefined`, `false`, 0, -1 and Infinity are none."""
    if value in (Place(Root.GLOBAL, "Infinity"), Place(Root.GLOBAL, "undefined")):
        return False
    known = seen.file.constant(value)
    if known is None:
        return True
    return (
        known != Constant(None)
        and known.value is not False
        and not (isinstance(known.value, int | float) and known.value <= 0)
    )


# Who keeps it, and what comes in


def _judged(limit: Limit, call: Call, seen: Insight) -> Unlimited | None:
    uses = _uses(call, seen)
    names = {seen.file.called(use) for use in uses}
    if names and names <= set(limit.unused_by):
        return None
    sure = Confidence.LOW if limit.is_advice else Confidence.MEDIUM
    if not limit.fed_by:
        return Unlimited(call, limit, f"what `{seen.file.name_of(call.callee)}` makes", sure)
    kept = _keeper(call, seen)
    if kept is None or not names.isdisjoint(limit.emptied_by):
        return None
    holder, hold = kept
    feeds = [use for use in uses if seen.file.called(use) in limit.fed_by]
    lasting = [feed for feed in feeds if _comes_again(feed, limit, seen)]
    if feeds and not lasting:
        return None
    proven = [feed for feed in lasting if _is_proven(feed, seen)]
    if not proven or hold < Hold.SERVICE or _is_handed_out(call, seen):
        sure = Confidence.LOW
    return Unlimited(call, limit, holder, sure, next(iter(proven or lasting), None))


def _uses(call: Call, seen: Insight) -> list[Call]:
    """The methods that are called on what a call makes."""
    asked = seen.once(_by_receiver)
    found = {use.index: use for place in _places(call, seen) for use in asked[place]}
    return [found[index] for index in sorted(found)]


def _places(call: Call, seen: Insight) -> frozenset[Place]:
    """Where what a call makes is found in this file."""
    return frozenset(seen.flow.journey(Place(Root.RESULT, call.index)).places)


def _by_receiver(seen: Insight) -> Index[Place | None, Call]:
    """Calls by what they are asked of, as it is written and as it stands for another place."""
    found: dict[Place | None, list[Call]] = {}
    for call in seen.file.facts.calls:
        if call.receiver is not None:
            for place in {call.receiver, seen.flow.canonical(call.receiver)}:
                found.setdefault(place, []).append(call)
    return Index(found)


def _by_value(seen: Insight) -> Index[Value | None, Write]:
    """Writes by what they write."""
    return indexed(seen.file.facts.writes, lambda write: unwrapped(write.value))


def _keeper(call: Call, seen: Insight) -> tuple[str, Hold] | None:
    """Who keeps it, beyond the call that makes it."""
    made = Place(Root.RESULT, call.index)
    if call.fate.kind is FateKind.EXPORTED:
        return "the module, for all who import it", Hold.PROCESS
    births = Births(seen.file, seen.flow, seen.origins, seen.words)
    writes = seen.once(_by_value)[made]
    return next((kept for kept in map(births.keeper, writes) if kept is not None), None)


def _comes_again(feed: Call, limit: Limit, seen: Insight) -> bool:
    """Whether entries keep coming, under keys that the source does not spell out, and without an end of their own."""
    if not feed.arguments or 0 <= limit.own_end < len(feed.arguments):
        return False
    once = seen.frequencies.of(feed.function, feed.region).rate is Rate.ONCE
    return not once and seen.keys.number(feed.arguments[0]) is not Number.FIXED


def _is_proven(feed: Call, seen: Insight) -> bool:
    """Whether the key is one of many, or the line is known to run again and the key may be any."""
    number = seen.keys.number(feed.arguments[0])
    return number is Number.MANY or (number is Number.UNKNOWN and seen.frequencies.of(feed.function, feed.region).sure)


def _is_handed_out(call: Call, seen: Insight) -> bool:
    """Whether others have it too, who may let go of what it keeps."""
    journey = seen.flow.journey(Place(Root.RESULT, call.index))
    exported = (
        place.root is Root.BINDING and not place.path and int(place.key) in seen.file.exported_bindings
        for place in _places(call, seen)
    )
    return bool(journey.handed or journey.returned) or call.fate.kind is FateKind.EXPORTED or any(exported)
