"""Waiting for time to pass, and for nothing else: `await sleep(50)`, `setTimeout(look, 50)`."""

from __future__ import annotations

from memlint.model.facts import Call, Exit, ExitKind, Extent
from memlint.model.value import Closure, Place
from memlint.model.words import WordLists
from memlint.semantics.file import File

_LISTS = ("pauses", "letting time pass")
_ONWARD = frozenset({"then", "finally"})


class Pauses:
    """Answers for one file."""

    def __init__(self, file: File, words: WordLists) -> None:
        self.file = file
        self._names = frozenset().union(*(words[name] for name in _LISTS))

    def is_pause(self, call: Call) -> bool:
        """Whether what follows a call, or what it is given, comes when some time has passed.

        By its name, or by the timer that its function sets: `() => new Promise((on) => setTimeout(on, 50))`.
        """
        target = self.file.target_of(call)
        if target is None and self.file.called(call) in self._names:
            return True
        if target is None and call.constructs and self.file.called(call).endswith("Promise"):
            target = self.file.function_at(call.arguments[0]) if call.arguments else None
        return target is not None and self._sets_a_timer(target)

    def is_awaited_in(self, exit_: Exit) -> bool:
        """Whether a function goes on behind a way out when some time has passed: `await sleep(50)`."""
        awaited = self.file.call_of(exit_.value) if exit_.kind is ExitKind.AWAIT else None
        return awaited is not None and self.is_pause(awaited)

    def again(self, function: int) -> Extent | None:
        """Where a function runs itself once more when some time has passed; not where it goes on to what is next."""
        for inner in self.file.inside(function):
            for call in self.file.calls_in.get(inner, ()):
                runs = self.file.target_of(call) == function and self._comes_after_a_pause(call, function)
                if runs or (self._is_delayed(call) and self._is_given(call, function)):
                    return call.extent
        return None

    def _sets_a_timer(self, function: int) -> bool:
        calls = (call for inner in self.file.inside(function) for call in self.file.calls_in.get(inner, ()))
        return any(self.file.called(call) in self._names and self.file.target_of(call) is None for call in calls)

    def _comes_after_a_pause(self, call: Call, outer: int) -> bool:
        start = call.extent[0]
        for here in self.file.enclosing(call.function):
            if any(
                exit_.extent[1] <= start and self.is_awaited_in(exit_)
                for exit_ in self.file.exits_of.get(here.index, ())
            ):
                return True
            taker = self.file.taker_of(here.fate)
            if taker is not None and self._is_delayed(taker):
                return True
            if here.index == outer:
                return False
            start = here.extent[0]
        return False

    def _is_delayed(self, taker: Call) -> bool:
        """Whether a call runs what it is given after a pause: `setTimeout(look, 50)`, `sleep(50).then(look)`."""
        before: Call | None = taker
        while before is not None and self.file.called(before) in _ONWARD:
            before = self.file.call_of(before.receiver)
        return before is not None and self.is_pause(before)

    def _is_given(self, taker: Call, function: int) -> bool:
        return any(
            isinstance(argument, Place | Closure) and self.file.behind(argument) == function
            for argument in taker.arguments
        )
