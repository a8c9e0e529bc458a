"""A file that is piped into an answer: who closes it when the answer is closed first?"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Call, Function, Write
from memlint.model.frozen import frozen
from memlint.model.value import Closure, Constant, Place, Record, Root, Value
from memlint.semantics.names import words_of
from memlint.verdicts.repetition.serving import handler_around

_MAKES = "createReadStream"
_ENDS = frozenset({"destroy", "close", "unpipe", "destroySoon"})
_CHAIN = 8


@frozen
class Piped:
    """A file's stream, where it is made, where it is piped, and the function that does so for each request."""

    made: Call
    pipe: Call
    handler: Function


def left_open(seen: Insight) -> Iterator[Piped]:
    """Streams of files that a broken-off request leaves open: nothing but the pipe has them."""
    for pipe in seen.file.calls_named.get("pipe", ()):
        handler = handler_around(pipe, seen)
        if handler is None or not pipe.arguments or not _is_answer(pipe.arguments[0], seen):
            continue
        made = _source(pipe, seen)
        if made is not None and seen.file.contains(handler.index, made.function) and not _is_closed(made, seen):
            yield Piped(made, pipe, handler)


def _is_answer(target: Value, seen: Insight) -> bool:
    """`response`, `res`, `reply.raw`."""
    if not isinstance(target, Place):
        return False
    words = words_of(seen.file.name_of(target))
    return seen.words.any_of("answer names", words[-1:]) or (
        words[-1:] == ("raw",) and seen.words.any_of("answer names", words[-2:-1])
    )


def _source(pipe: Call, seen: Insight) -> Call | None:
    """The `createReadStream` at the beginning of the chain: `file.pipe(gzip).pipe(response)`."""
    here: Call | None = pipe
    for _ in range(_CHAIN):
        if here is None or here.receiver is None:
            return None
        before = seen.file.call_of(here.receiver) or seen.file.maker_of(here.receiver)
        if before is None:
            return None
        if seen.file.called(before) == _MAKES:
            return before
        here = before if seen.file.called(before) in ("pipe", "on", "once") else None
    return None


def _is_closed(made: Call, seen: Insight) -> bool:
    """Whether something else has the stream, which may close it: a call on it, a helper that is given it, a signal."""
    options = made.arguments[1] if len(made.arguments) > 1 else None
    if options is not None and not isinstance(options, Constant) and not _says_little(options):
        return True
    journey = seen.flow.journey(Place(Root.RESULT, made.index))
    if (
        journey.returned
        or any(_is_elsewhere(kept, seen) for kept in journey.stored)
        or any(seen.file.called(call) != "pipe" for call in journey.handed)
    ):
        return True
    return not seen.once(_ended).isdisjoint(journey.places)


def _ended(seen: Insight) -> frozenset[Place | None]:
    """Everything that something in the file closes, as it is written and as it stands for another place."""
    receivers = [
        call.receiver for name in _ENDS for call in seen.file.calls_named.get(name, ()) if call.receiver is not None
    ]
    return frozenset(receivers) | frozenset(map(seen.flow.canonical, receivers))


def _is_elsewhere(kept: Write | Call, seen: Insight) -> bool:
    """Whether a stream is kept anywhere but under a name of a call."""
    binding = seen.file.binding(kept.place) if isinstance(kept, Write) and not kept.place.path else None
    return binding is None or binding.function == MODULE


def _says_little(options: Value) -> bool:
    """Options without a signal, whose abort would close the file."""
    return isinstance(options, Record) and all(
        name not in ("signal", "[]", "fd", "autoClose") or isinstance(value, Closure) for name, value in options.items
    )
