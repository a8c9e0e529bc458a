"""Queries that answer with every row of a table, however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, RegionKind
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Compound, Place, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import unwrapped

_FLAGS = re.IGNORECASE | re.DOTALL
_WHOLE_TABLE = re.compile(r"^\s*select\b(?!.*\b(where|limit|fetch\s+first|top|join)\b).*\bfrom\s+[\"`]?(\w+)", _FLAGS)
_ONE_ROW = re.compile(r"^\s*select\s+(count|max|min|sum|avg|exists|distinct)\b(?!.*\bgroup\s+by\b)", _FLAGS)
_OF_DATABASE = re.compile(r"\b(information_schema|pg_\w+|sqlite_\w+|sys\.\w+|all_\w+|dual)\b", _FLAGS)


@frozen
class Unpaged:
    """A call that takes all rows of a table at once."""

    call: Call
    table: str
    confidence: Confidence


def unpaged(seen: Insight) -> Iterator[Unpaged]:
    """All of them that run more than once."""
    for name, taken in (("fetchall", _selected), ("all", _asked)):
        for call in seen.file.calls_named.get(name, ()):
            if call.arguments or call.receiver is None or _rate(call, seen) is Rate.ONCE:
                continue
            table = taken(call, seen)
            if table is not None:
                yield Unpaged(call, *table)


def _rate(call: Call, seen: Insight) -> Rate:
    return seen.frequencies.of(call.function, call.region).rate


# SQL


def _selected(call: Call, seen: Insight) -> tuple[str, Confidence] | None:
    """The table behind `cursor.execute("SELECT … FROM table"); cursor.fetchall()`."""
    text = _statement(call, seen)
    whole = _WHOLE_TABLE.match(text) if text else None
    if whole is None or _ONE_ROW.match(text) or _OF_DATABASE.search(text):
        return None
    return whole[2], _by_name(whole[2], seen)


def _statement(call: Call, seen: Insight) -> str:
    """The statement that was executed last before the rows are fetched, as far as the source spells it out."""
    made = seen.file.call_of(call.receiver)
    if made is not None and seen.file.called(made) in seen.words["running a query"] and made.arguments:
        return _text(made.arguments[0], seen)
    place = seen.flow.canonical(call.receiver)
    before = [
        other
        for other in seen.file.calls_in[call.function]
        if seen.file.called(other) in seen.words["running a query"]
        and other.extent[1] <= call.extent[0]
        and other.arguments
        and other.receiver is not None
        and seen.flow.canonical(other.receiver) == place
    ]
    return _text(max(before, key=lambda other: other.extent).arguments[0], seen) if before else ""


def _text(value: Value, seen: Insight) -> str:
    """The constant parts of a text; `?` for the rest. `text("…")` is its argument."""
    constant = seen.file.constant(value)
    if constant is not None:
        return constant.value if isinstance(constant.value, str) else ""
    inner = unwrapped(value)
    if isinstance(inner, Compound) and inner.operator in ("template", "+", "%"):
        return " ".join(_text(part, seen) or "?" for part in inner.parts)
    made = seen.file.call_of(inner)
    if made is not None and seen.file.called(made) == "text" and made.arguments:
        return _text(made.arguments[0], seen)
    return ""


# Object mappers


def _asked(call: Call, seen: Insight) -> tuple[str, Confidence] | None:
    """`session.query(Book).all()`, `session.scalars(select(Book)).all()`, `list(Book.objects.all())`."""
    links = _chain(call, seen)
    names = {seen.file.called(link) for link in links}
    if names & seen.words["narrowing a query"]:
        return None
    if call.receiver is not None and call.receiver.path[-1:] == ("objects",):
        if not _is_walked(call, seen):
            return None
        model = Place(call.receiver.root, call.receiver.key, call.receiver.path[:-1])
        return _judged(call, seen.file.name_of(model), seen)
    asking = [link for link in links if seen.file.called(link) in ("query", "select") and len(link.arguments) == 1]
    if not asking:
        return None
    return _judged(call, seen.file.name_of(asking[0].arguments[0]), seen)


def _judged(call: Call, table: str, seen: Insight) -> tuple[str, Confidence]:
    served = seen.frequencies.of(call.function, call.region).is_served
    return table, _by_name(table, seen) if served else Confidence.LOW


def _chain(call: Call, seen: Insight) -> list[Call]:
    """The calls that a result went through, and those that they were given."""
    found: list[Call] = []
    pending = [seen.file.call_of(call.receiver)]
    while pending and len(found) < 12:
        here = pending.pop()
        if here is not None and here not in found:
            found.append(here)
            pending += [seen.file.call_of(value) for value in (here.receiver, *here.arguments) if value is not None]
    return found


def _is_walked(call: Call, seen: Insight) -> bool:
    """Whether the query runs here and now, for all rows: a loop walks over it, or a list is made of it."""
    if Place(Root.RESULT, call.index) in seen.once(_walked):
        return True
    taker = seen.file.facts.calls[call.fate.call] if call.fate.call >= 0 else None
    return taker is not None and seen.file.called(taker) in ("list", "tuple", "sorted")


def _walked(seen: Insight) -> frozenset[Value]:
    """What loops walk over."""
    return frozenset(
        region.test for region in seen.file.facts.regions if region.kind is RegionKind.LOOP and region.test is not None
    )


def _by_name(table: str, seen: Insight) -> Confidence:
    """Low for tables that a program fills itself: settings, roles, countries."""
    words = words_of(table)
    few = any(seen.words.any_of(name, words) for name in ("kinds of things", "settings", "small content"))
    return Confidence.LOW if few else Confidence.MEDIUM
