"""A connection that is kept alive serves one request after the other: what each of them adds, stays.

Node.js, http: `request.socket` is the same for all requests of a connection (`Connection: keep-alive`, the default).
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, Function, RegionKind
from memlint.model.finding import Confidence
from memlint.model.value import Constant, Place
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values
from memlint.verdicts.release.once import is_once

_BRANCHES = frozenset({RegionKind.THEN, RegionKind.ELSE})
_ENDLESS_ANSWER = "event-stream"
"""In the type of an answer that lasts as long as its connection (HTML Standard, server-sent events)."""


def stays_on_connection(life: Lifetime, seen: Insight) -> Confidence | None:
    """Whether a listener is put on the connection of a request, on which more requests come."""
    handlers = list(_serving(life, seen))
    if not handlers or _is_noted(life, seen) or (is_once(life) and _comes_soon(life, seen)):
        return None
    if any(_answers_without_end(handler, seen) for handler in handlers):
        return None
    return Confidence.MEDIUM


def _serving(life: Lifetime, seen: Insight) -> Iterator[Function]:
    """The functions that are handed a request whose socket a target is, if it can be nothing else."""
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None:
        return
    sources = [target]
    if seen.file.binding(target) is None:
        written = (write.value for write in seen.file.writes_at.get(target, ()))
        sources = [value for value in written if isinstance(value, Place)]
    handlers = [_handler_of(source, seen) for source in sources]
    yield from (handler for handler in handlers if handler is not None and None not in handlers)


def _handler_of(source: Place, seen: Insight) -> Function | None:
    """The function that is handed both a request and an answer, of which `source` is the connection."""
    place = seen.flow.canonical(source)
    binding = seen.file.binding(place) if place is not None else None
    if place is None or binding is None or binding.kind != "parameter" or len(place.path) != 1:
        return None
    if place.path[0] not in seen.words["sockets of a request"]:
        return None
    function = seen.file.facts.functions[binding.function]
    asked = {binding.name, *function.parameters}
    names = (seen.words["request names"], seen.words["answer names"])
    if binding.name not in names[0] | names[1]:
        return None
    return function if all(asked & each for each in names) or _is_told_of_its_own(function, seen) else None


def _is_told_of_its_own(function: Function, seen: Insight) -> bool:
    """`client.once("request", (request) => …)`: one of the requests that a program makes, through an agent.

    Node.js, http: since version 19 an agent keeps its connections alive, and lends them to the next request.
    """
    call = seen.file.taker_of(function.fate)
    event = seen.file.constant(call.arguments[0]) if call is not None and call.arguments else None
    return len(function.parameters) == 1 and event is not None and event.value in seen.words["events of own requests"]


def _is_noted(life: Lifetime, seen: Insight) -> bool:
    """`if (!socket.watched)`, `if (!known.has(socket))`: something asks first whether it was here before."""
    target = seen.flow.canonical(life.holes.get("$target"))
    for index in seen.file.regions_of(life.call.region):
        region = seen.file.facts.regions[index]
        if region.kind in _BRANCHES and any(
            _is_about(inner, target, seen) and not _only_asks_if_there_is_one(inner, target, seen)
            for inner in inner_values(region.test)
        ):
            return True
    return False


def _only_asks_if_there_is_one(value: object, target: Place | None, seen: Insight) -> bool:
    """`if (request.socket)`."""
    return isinstance(value, Place) and seen.file.call_of(value) is None and seen.flow.canonical(value) == target


def _is_about(value: object, target: Place | None, seen: Insight) -> bool:
    if not isinstance(value, Place) or target is None:
        return False
    call = seen.file.call_of(value)
    if call is not None:
        return any(_is_about(part, target, seen) for part in (call.receiver, *call.arguments))
    place = seen.flow.canonical(value) or value
    return (place.root, place.key) == (target.root, target.key) and place.path[: len(target.path)] == target.path


def _comes_soon(life: Lifetime, seen: Insight) -> bool:
    event = seen.file.constant(life.holes.get("$event"))
    return event is not None and words_of(str(event.value))[-1:] in {(word,) for word in seen.words["soon to come"]}


def _answers_without_end(handler: Function, seen: Insight) -> bool:
    """Whether the answer is a stream of events: then the connection serves no other request."""
    return any(
        _names_a_stream(call) for here in seen.file.inside(handler.index) for call in seen.file.calls_in.get(here, ())
    )


def _names_a_stream(call: Call) -> bool:
    return any(
        isinstance(inner, Constant) and isinstance(inner.value, str) and _ENDLESS_ANSWER in inner.value
        for argument in call.arguments
        for inner in inner_values(argument)
    )
