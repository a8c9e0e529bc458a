"""Begun behind an `await`, or in a `then`, when the end of its owner may have run already.

`useEffect(() => { let off; load().then(() => { off = listen(); }); return () => off?.(); })`: an end that comes while
the promise is pending finds nothing to end, and what begins after it is never ended.
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Binding, Call, Exit, FateKind, Function, Write
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.running.effects import effect_of
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.release.meanwhile import is_asked, is_broken_off, wait_before
from memlint.verdicts.release.opened import Opened

_WHY = "when it begins, the end of its owner may have run already"


def begun_late(seen: Insight) -> Iterator[Opened]:
    """What an effect, or who makes a stream, begins after waiting, and ends only if it has begun by then.

    That it has an end is told by the file alone: of what the ledger knows, another room tells.
    """
    known = {life.call.index for life in seen.lifetimes}
    yield from (one for one in _begun(seen) if one.call.index not in known)


def _begun(seen: Insight) -> Iterator[Opened]:
    for ending in seen.file.facts.functions:
        owner = _owner_of(ending, seen)
        if owner is not None and not is_broken_off([ending.index], seen):
            yield from _late_in(owner, ending, seen)


def _owner_of(ending: Function, seen: Insight) -> Function | None:
    """The effect, or the maker of a stream, that answers with a function to run at the end."""
    if ending.fate.kind is not FateKind.RETURNED:
        return None
    owner = seen.file.facts.functions[ending.parent]
    taker = seen.file.taker_of(owner.fate)
    makes = taker is not None and taker.constructs and seen.file.called(taker) in seen.words["makers of streams"]
    return owner if makes or effect_of(owner, seen.file, seen.words) is not None else None


def _late_in(owner: Function, ending: Function, seen: Insight) -> Iterator[Opened]:
    for place, call in _ended(ending, seen):
        binding = seen.file.binding(place)
        if binding is None or place.path or binding.function != owner.index:
            continue
        for write in seen.file.writes_at.get(place, ()):
            made = _made(write, seen)
            way = _waits_before(write, owner, seen) if made is not None else None
            if (
                made is not None
                and _begins(made, seen)
                and way is not None
                and not _asks(write, owner, ending, binding, seen)
            ):
                yield Opened(made, (call,), way, _WHY)


def _ended(ending: Function, seen: Insight) -> Iterator[tuple[Place, Call]]:
    """The variables that an end lets go of: `off()`, `handle.unsubscribe()`, `clearInterval(timer)`."""
    for call in seen.file.calls_in.get(ending.index, ()):
        name = seen.file.called(call)
        if isinstance(call.callee, Place) and call.callee.root is Root.BINDING and not call.callee.path:
            yield call.callee, call
        elif call.receiver is not None and seen.vocabulary.ends(name):
            yield call.receiver, call
        elif name == "clearInterval" and call.arguments and isinstance(call.arguments[0], Place):
            yield call.arguments[0], call


def _made(write: Write, seen: Insight) -> Call | None:
    """The call that begins it: `off = listen()`, `off = await listen()`, `listen().then((it) => { off = it; })`."""
    value = unwrapped(write.value)
    call = seen.file.call_of(value)
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    if call is not None or binding is None or binding.kind != "parameter" or binding.function != write.function:
        return call
    taker = seen.file.taker_of(seen.file.facts.functions[write.function].fate)
    waited = taker is not None and seen.file.called(taker) == "then"
    return seen.file.call_of(taker.receiver) if taker is not None and waited else None


def _begins(made: Call, seen: Insight) -> bool:
    """Whether a call's name says that it begins something: `listen()`, `watchPage()`, `bus.onSaved(…)`."""
    name = seen.file.called(made)
    first = words_of(name)[:1]
    return seen.vocabulary.begins(name) or any(
        seen.words.any_of(names, first) for names in ("verbs of streams that go on", "verbs that begin to listen")
    )


def _waits_before(write: Write, owner: Function, seen: Insight) -> Exit | None:
    """Where its function, or one around it up to the owner, waits before the write."""
    for here in seen.file.enclosing(write.function):
        if here.index == owner.index:
            return None
        region = write.region if here.index == write.function else here.body
        before = wait_before(write.extent, region, here.index, seen)
        if before is not None:
            return before
    return None


def _asks(write: Write, owner: Function, ending: Function, binding: Binding, seen: Insight) -> bool:
    """Whether anything that the end sets, or anything at all that says whether the owner is there, is asked."""
    own = Place(Root.BINDING, binding.index)
    written = (seen.file.resolve(one.place) for one in seen.file.writes_in.get(ending.index, ()))
    around = (here.index for here in seen.file.enclosing(write.function))
    inside = (here for here in around if here != owner.index and seen.file.contains(owner.index, here))
    return is_asked(inside, 0, frozenset(place for place in written if place != own), seen)
