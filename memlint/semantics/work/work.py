"""What a callback does: heavy input and output, or only a computation; and whether something limits how many run."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Call, FateKind
from memlint.model.frozen import frozen
from memlint.model.value import Closure, Place, Record, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.filenames import FileNames
from memlint.semantics.names import Vocabulary, words_of
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import inner_values

_DEPTH = 3
_ON_EVENTS = frozenset({"once", "one", "prependOnceListener", "$", "jQuery", "command", "action", "task", "ready"})
_NO_JOBS = ("calling back at once", "light jobs", "letting time pass", "listening for an event", "listening to all")


@frozen
class Job:
    """Work that a callback starts: the call, whether each one holds much, and whether its name says what it does."""

    call: Call
    is_heavy: bool
    is_known: bool = True


class Work:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow, vocabulary: Vocabulary, words: WordLists) -> None:
        self.file = file
        self.names = FileNames(file, flow, words)
        self.vocabulary = vocabulary
        self.words = words
        self._goes_on = (words["calling back at once"] | words["calling back once"]) - _ON_EVENTS - {"Promise"}

    def job_of(self, function: int, *, at_once: bool = False, depth: int = 0) -> Job | None:
        """The heaviest job that a function (or what it calls here) starts; None if it only computes.

        `at_once`: only what is started while the function runs, or goes on from there; not what waits for an event.
        """
        if depth > _DEPTH:
            return None
        found: Job | None = None
        for call in sorted(self._calls(function, at_once=at_once), key=lambda call: call.extent):
            target = self.file.target_of(call)
            if target is None:
                job = self.job(call)
            else:
                inner = self.job_of(target, at_once=at_once, depth=depth + 1) if target != function else None
                job = Job(call, inner.is_heavy) if inner is not None else self._by_name_alone(call, target)
            if job is not None and (found is None or (job.is_heavy and not found.is_heavy)):
                found = job
        return found

    def _by_name_alone(self, call: Call, target: int) -> Job | None:
        """An async function of this file whose work is not known, only its name: a job, of unknown weight."""
        named = self.job(call) if self.file.facts.functions[target].is_async else None
        return Job(call, is_heavy=False) if named is not None else None

    def job(self, call: Call) -> Job | None:
        """Whether a call's name says that it reads, sends, starts or produces something."""
        name = self.file.called(call).removesuffix("Async")
        if self._is_own_parameter(call) or self._is_language(call, name):
            return None
        if call.arguments and self._reads_little(call, name):
            return None
        if name == "Worker" and call.constructs:
            return Job(call, is_heavy=True)
        first = words_of(name)[:1]
        whole = self.words["exact jobs"]
        for kind, is_heavy in (("heavy jobs", True), ("ordinary jobs", False)):
            known = self.words[kind]
            if name in known or (first and first[0] in known - whole and not name.endswith("Sync")):
                return Job(call, is_heavy)
        return Job(call, is_heavy=False) if name == "request" or self._opens(call, name) else None

    def _opens(self, call: Call, name: str) -> bool:
        return name == "open" and self._is_from(call, "fs")

    def _is_own_parameter(self, call: Call) -> bool:
        """`requests.map((request) => request())`: the name is that of an item, not of what it does."""
        callee = call.callee
        binding = self.file.binding(callee) if isinstance(callee, Place) and not callee.path else None
        return binding is not None and binding.kind == "parameter"

    def _is_language(self, call: Call, name: str) -> bool:
        """`regex.exec(text)`: a name alone is no evidence for this one."""
        return name == "exec" and call.receiver is not None and not self._is_from(call, "child_process")

    def _is_from(self, call: Call, module: str) -> bool:
        """Whether what is called was imported from a module of this name."""
        place = call.callee
        if not isinstance(place, Place) or place.root is not Root.BINDING:
            return False
        entry = self.file.imports.get(int(place.key))
        return entry is not None and module in entry.module

    def _calls(self, function: int, *, at_once: bool = False) -> Iterator[Call]:
        for inner in self._going_on(function) if at_once else self.file.inside(function):
            yield from self.file.calls_in.get(inner, ())

    def _going_on(self, function: int) -> Iterator[int]:
        """A function, and those inside it that run when it does, or next: not the ones that wait for an event."""
        pending = [function]
        while pending:
            here = pending.pop()
            yield here
            for inner in self.file.written_in.get(here, ()):
                taker = self.file.facts.calls[inner.fate.call] if inner.fate.kind is FateKind.ARGUMENT else None
                if taker is not None and self.file.called(taker) in self._goes_on:
                    pending.append(inner.index)

    def is_limited(self, function: int) -> bool:
        """Whether a callback hands its work to a limiter: `limit(() => …)`, `await semaphore.acquire()`."""
        return any(
            self._is_limiter(call)
            for call in self._calls(function)
            if call.awaited or call.fate.kind is FateKind.RETURNED or self._hands_work_on(call)
        )

    def _hands_work_on(self, call: Call) -> bool:
        return any(isinstance(argument, Closure) for argument in call.arguments)

    def _is_limiter(self, call: Call) -> bool:
        """A limiter by its name, or by the options it was made with."""
        name = self.file.name_of(call.callee)
        if self.words.any_of("limiters", words_of(name)):
            return True
        maker = self.file.call_of(call.receiver) if call.receiver is not None else self.file.call_of(call.callee)
        options = self.words["limiter options"]
        return maker is not None and any(
            key in options
            for argument in maker.arguments
            for inner in inner_values(argument)
            if isinstance(inner, Record)
            for key, _ in inner.items
        )

    def is_only_closing(self, function: int) -> bool:
        """Whether all that a callback calls is an end: `server.close()`."""
        calls = list(self._calls(function))
        return bool(calls) and all(self.vocabulary.ends(self.file.called(call)) for call in calls)

    def calls_back(self, function: int) -> Call | None:
        """The first call in a function that is given a callback to go on with: its own, or the one it was given."""
        for call in sorted(self._calls(function), key=lambda call: call.extent):
            name = self.file.called(call)
            if not call.arguments or any(name in self.words[words] for words in _NO_JOBS):
                continue
            if self._is_own_parameter(call) or self._reads_little(call, name):
                continue
            handed = call.arguments[-1]
            if isinstance(handed, Closure) or self._is_given_callback(handed, function):
                return call
        return None

    def _reads_little(self, call: Call, name: str) -> bool:
        return name == "readFile" and self.names.is_small(call.arguments[0])

    def _is_given_callback(self, value: Value, function: int) -> bool:
        """`done` in `(item, done) => store.get(item.id, done)`, or in a task that the function answers with."""
        binding = self.file.binding(value) if isinstance(value, Place) and not value.path else None
        if binding is None or binding.kind != "parameter":
            return False
        owner = self.file.facts.functions[binding.function]
        is_last = binding.position == len(owner.parameters) - 1
        is_task = owner.parent == function and owner.fate.kind is FateKind.RETURNED
        return is_last and (is_task or (owner.index == function and binding.position > 0))

    def callback(self, value: Value | None) -> int | None:
        """The function that a callback is, also where it is bound on the way: `this.read.bind(this)`."""
        found = self.file.function_at(value)
        if found is not None:
            return found
        call = self.file.call_of(value)
        if call is None or self.file.called(call) != "bind" or call.receiver is None:
            return None
        return self.file.function_at(call.receiver)
