"""The body of a request, collected to the last byte, however long it is."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, RegionKind, Write
from memlint.model.finding import Finding
from memlint.model.value import Place, Value
from memlint.semantics.repetition.loops import waits_for_the_next
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.semantics.work.streams import Streams
from memlint.verdicts.saying import finding_at

_COUNTS = (("length",), ("byteLength",), ("size",))
"""Members that are a number: to add them up gathers nothing."""
WORDS = frozenset({"req", "request", "incoming", "ctx"})
LANGUAGE = "javascript"


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    streams = Streams(seen.file, seen.flow, seen.words)
    found = [*_by_events(seen, streams), *_by_loops(seen, streams)]
    for gathering, place, source in sorted(found, key=lambda each: each[0].extent):
        if not streams.is_measured(gathering.function):
            yield _finding(card, seen, gathering, place, source)


def _by_events(seen: Insight, streams: Streams) -> Iterator[tuple[Call | Write, Place, Value]]:
    """`request.on('data', (piece) => { body += piece; })`: the first line that gathers."""
    file = seen.file
    for name in ("on", "addListener"):
        for call in file.calls_named.get(name, ()):
            event = file.constant(call.arguments[0]) if len(call.arguments) > 1 else None
            if event is None or event.value != "data" or not streams.is_request(call.receiver):
                continue
            handler = file.function_at(call.arguments[1])
            if handler is None or call.receiver is None:
                continue
            gathered = [
                (source, place)
                for source, place in streams.gatherings(file.facts.functions[handler])
                if _holds_parameter(source, handler, seen)
            ]
            for source, place in sorted(gathered, key=lambda each: each[0].extent)[:1]:
                yield source, place, call.receiver


def _by_loops(seen: Insight, streams: Streams) -> Iterator[tuple[Call | Write, Place, Value]]:
    """`for await (const piece of request) chunks.push(piece)`."""
    file = seen.file
    for region in file.facts.regions:
        test = unwrapped(region.test)
        if region.kind is not RegionKind.LOOP or not streams.is_request(test) or not waits_for_the_next(region, file):
            continue
        for source, place in streams.gatherings(file.facts.functions[region.function]):
            if region.extent[0] <= source.extent[0] < region.extent[1] and test is not None:
                yield source, place, test
                break


def _holds_parameter(source: Call | Write, handler: int, seen: Insight) -> bool:
    """Whether what is gathered is what the handler was given, itself or as text."""
    values = source.arguments if isinstance(source, Call) else (source.value,)
    pending = [inner for value in values for inner in inner_values(value)]
    for _ in range(8):
        more: list[Value] = []
        for inner in pending:
            if not isinstance(inner, Place) or inner.path[-1:] in _COUNTS:
                continue
            binding = seen.file.binding(inner)
            if binding is not None and binding.kind == "parameter" and binding.function == handler:
                return True
            call = seen.file.call_of(inner)
            for part in (*call.arguments, call.receiver) if call is not None else ():
                more += inner_values(part)
        if not more:
            return False
        pending = more
    return False


def _finding(card: Card, seen: Insight, gathering: Call | Write, place: Place, source: Value) -> Finding:
    file = seen.file
    name, origin = file.name_of(place), file.name_of(source)
    return finding_at(
        card,
        seen,
        gathering,
        holder=f"`{name}`",
        often=f"for each piece of `{origin}`",
        lets_go="nothing limits the size",
        path=((gathering.extent, name), (gathering.extent, f"every piece of {origin} so far")),
        what=name,
        source=origin,
    )
