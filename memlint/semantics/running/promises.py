"""Promises that outlive the calls that wait for them."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import MODULE, Binding, Call, ExitKind, FateKind, Function, FunctionKind, RegionKind
from memlint.model.value import Place, Root, Sequence, Value
from memlint.semantics.file import File
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import unwrapped

_MAKERS = frozenset({"Promise", "once", "withResolvers", "defer", "deferred"})
RACES = ("race", "any")
"""What is over with the first that is there; the others go on."""
_OVER = ("disposed", "destroyed", "terminated", "exited")
GATHERINGS = ("all", "allSettled", "any")
"""What begins with all of them, and waits for more than the first that is over."""


def executor_of(function: int, file: File) -> Function | None:
    """The function itself, if `new Promise` runs it: what it returns is dropped."""
    here = file.facts.functions[function]
    made = file.taker_of(here.fate)
    return here if made is not None and made.constructs and made.name.endswith("Promise") else None


def combined(file: File, names: tuple[str, ...]) -> Iterator[Call]:
    """Calls of `Promise.race` or its like, by their names: of the language's class, or a library's in its stead."""
    for name in names:
        yield from (call for call in file.calls_named.get(name, ()) if is_combined(call, file))


def is_combined(call: Call, file: File) -> bool:
    """Whether a method is that of a class of promises: `Promise`, `Bluebird.Promise`."""
    whose = file.name_of(call.receiver).rpartition(".")[2] if call.receiver is not None else ""
    return whose[:1].isupper() and whose.endswith("Promise")


def racers(call: Call) -> tuple[Value, ...]:
    """What a call of `Promise.race` waits for, if the source spells it out."""
    first = unwrapped(call.arguments[0]) if call.arguments else None
    return first.items if isinstance(first, Sequence) else ()


def never_fails(promise: Place, at: int, file: File) -> bool:
    """Whether a promise is fulfilled or stays open, as its maker in this file shows: `new Promise((resolve) => …)`.

    So is one that a member stands for, by whose name nothing is left to fail: `watcher.whenDisposed`. `at` is the
    offset in the source at which it is asked.
    """
    if promise.path:
        return promise.path[-1].lower().endswith(_OVER)
    before = [write for write in file.writes_at.get(promise, ()) if write.extent[1] <= at]
    last = max(before, key=lambda write: write.extent, default=None)
    made = file.call_of(last.value if last is not None else promise)
    if made is None or made.constructs:
        return made is not None and _only_resolves(made, file)
    target = file.target_of(made)
    if target is None:
        return False
    exits = file.exits_of.get(target, ())
    answers = [file.call_of(one.value) for one in exits if one.kind is ExitKind.RETURN]
    if any(one.kind is not ExitKind.RETURN for one in exits) or not answers:
        return False
    return all(one is not None and one.constructs and _only_resolves(one, file) for one in answers)


def _only_resolves(made: Call, file: File) -> bool:
    """Whether the executor is not even told how to reject."""
    executor = file.function_at(made.arguments[0]) if made.name.endswith("Promise") and made.arguments else None
    return executor is not None and len(file.facts.functions[executor].parameters) == 1


class Promises:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow) -> None:
        self.file = file
        self.flow = flow

    def is_lasting(self, value: Value, call: Call) -> bool:
        """Whether a promise was made before the lines that race against it again and again, and stays after them."""
        place = unwrapped(value)
        if not isinstance(place, Place):
            return False
        place = self.file.resolve(place)
        if place.root is Root.SELF and place.path:
            return self._is_made_with_the_instance(place)
        binding = self.file.binding(place) if not place.path else None
        if binding is None or binding.kind in ("parameter", "import", "catch", "function"):
            return False
        return self._is_promise(binding.value) and self._is_outside(binding, call)

    def _is_promise(self, value: Value | None) -> bool:
        """`new Promise(…)`, `once(emitter, 'end')`: made by hand, or to wait for something that may take for ever."""
        made = self.file.call_of(value)
        if made is None:
            return isinstance(value, Place) and value.path[-1:] == ("promise",)
        return self.file.called(made) in _MAKERS

    def _is_made_with_the_instance(self, place: Place) -> bool:
        """A field that only a constructor fills: with a promise, or with what has one, `this.ended.promise`."""
        writes = self.file.writes_at.get(place, ())
        if not writes and place.path[1:] == ("promise",):
            writes = self.file.writes_at.get(Place(place.root, place.key, place.path[:1]), ())
            made = self.file.call_of(writes[0].value) if writes else None
            is_promise = made is not None and (made.constructs or self.file.called(made) in _MAKERS)
        else:
            is_promise = bool(writes) and self._is_promise(writes[0].value)
        return (
            len(writes) == 1
            and is_promise
            and (
                self.file.facts.functions[writes[0].function].kind is FunctionKind.CONSTRUCTOR
                or writes[0].operator == "field"
            )
        )

    def _is_outside(self, binding: Binding, call: Call) -> bool:
        """Whether the race can be run again without the promise being made again."""
        loop = self._loop(call)
        if binding.function == call.function:
            return loop is not None and not loop[0] <= binding.extent[0] < loop[1]
        if not self.file.contains(binding.function, call.function):
            return False
        return loop is not None or binding.function == MODULE or self._runs_again(call.function, binding.function)

    def _loop(self, call: Call) -> tuple[int, int] | None:
        for index in self.file.regions_of(call.region):
            region = self.file.facts.regions[index]
            if region.kind is RegionKind.LOOP:
                return region.extent
        return None

    def _runs_again(self, function: int, outer: int) -> bool:
        """Whether an inner function can run many times in one run of the outer: handed out, or called in a loop."""
        here = self.file.facts.functions[function]
        run_at_once = self._run_where_it_stands(here)
        if run_at_once is not None and not self.file.in_loop(run_at_once.region, run_at_once.function):
            return here.parent != outer and self._runs_again(here.parent, outer)
        if here.unit >= 0 or here.fate.kind is FateKind.ELEMENT:
            return True
        return any(
            self.file.in_loop(caller.region, caller.function) and self.file.contains(outer, caller.function)
            for caller in self.file.callers.get(function, ())
        )

    def _run_where_it_stands(self, function: Function) -> Call | None:
        """`(async () => { … })()`: the call that runs a function right where it is written."""
        if function.fate.kind is not FateKind.RECEIVER or function.fate.call < 0:
            return None
        call = self.file.facts.calls[function.fate.call]
        return call if self.file.function_at(call.callee) == function.index else None
