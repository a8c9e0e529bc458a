"""A connection that is kept alive serves one request after the other: what each of them adds, stays.

Node.js, http: `request.socket` is the same for all requests of a connection (`Connection: keep-alive`, the default).
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, Function, Region, RegionKind
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
    binding = seen.file.binding(target)
    if binding is None or (binding.kind == "let" and binding.value is None):
        written = (write.value for write in seen.file.writes_at.get(target, ()))
        sources = [value for value in written if isinstance(value, Place)]
    handlers = [_handler_of(source, seen) for source in sources]
    yield from (handler for handler in handlers if handler is not None and None not in handlers)


def _handler_of(source: Place, seen: Insight) -> Function | None:
    """The function that is handed both a request and an answer, of which `source` is the connection."""
    place = seen.flow.canonical(source)
    binding = seen.file.binding(place) if place is not None else None
    if place is None or binding is None or binding.kind != "parameter":
        return None
    if not place.path and not binding.position:
        return _told_of_its_socket(binding.function, seen)
    if len(place.path) != 1:
        return None
    if place.path[0] not in seen.words["sockets of a request"]:
        return None
    function = seen.file.facts.functions[binding.function]
    asked = {binding.name, *function.parameters}
    names = (seen.words["request names"], seen.words["answer names"])
    if binding.name not in names[0] | names[1]:
        return None
    return function if all(asked & each for each in names) or _is_told_of_its_own(function, seen) else None


def _told_of_its_socket(function: int, seen: Insight) -> Function | None:
    """`request.on("socket", (socket) => …)`: the agent lends a connection to a request that the program makes."""
    here = seen.file.facts.functions[function]
    call = seen.file.taker_of(here.fate)
    event = seen.file.constant(call.arguments[0]) if call is not None and call.arguments else None
    if call is None or call.receiver is None or event is None:
        return None
    asked = words_of(seen.file.name_of(call.receiver).rsplit(".", 1)[-1])[-1:]
    is_lent = event.value in seen.words["sockets of a request"] and seen.words.any_of("request names", asked)
    return here if is_lent else None


def _is_told_of_its_own(function: Function, seen: Insight) -> bool:
    """`client.once("request", (request) => …)`: one of the requests that a program makes, through an agent.

    Node.js, http: since version 19 an agent keeps its connections alive, and lends them to the next request.
    """
    call = seen.file.taker_of(function.fate)
    event = seen.file.constant(call.arguments[0]) if call is not None and call.arguments else None
    return len(function.parameters) == 1 and event is not None and event.value in seen.words["events of own requests"]


def _is_noted(life: Lifetime, seen: Insight) -> bool:
    """`if (!socket.watched)`, `if (known.has(socket)) return;`: something asks first whether it was here before."""
    target = seen.flow.canonical(life.holes.get("$target"))
    return any(
        _is_about(inner, target, seen) and not _only_asks_if_there_is_one(inner, target, seen)
        for region in _asked_on_the_way(life, seen)
        for inner in inner_values(region.test)
    )


def _asked_on_the_way(life: Lifetime, seen: Insight) -> Iterator[Region]:
    """The branches in which a call stands, those of the functions around it, and those that leave before it."""
    file = seen.file
    places = [life.call.region, *(one.region for one in file.enclosing(life.call.function))]
    yield from (
        file.facts.regions[index]
        for place in places
        for index in file.regions_of(place)
        if file.facts.regions[index].kind in _BRANCHES
    )
    left = {exit_.region for exit_ in file.exits_of[life.call.function] if exit_.extent[1] <= life.call.extent[0]}
    yield from (file.facts.regions[index] for index in left)


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
