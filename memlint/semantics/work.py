"""What a callback does: heavy input and output, or only a computation; and whether something limits how many run."""

from __future__ import annotations

import re

from memlint.model.facts import Call, Closure, Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.names import Vocabulary, words_of

_HEAVY = frozenset(
    {
        "readFile", "writeFile", "appendFile", "copyFile", "cp", "fetch", "request", "exec", "execFile", "spawn",
        "fork", "upload", "download", "render", "export", "convert", "pipeline", "screenshot", "createReadStream",
        "createWriteStream", "Worker", "execa", "got", "axios", "compress", "transcode", "pdf", "print", "publish",
        "archive", "crawl", "scrape", "ajax", "getJSON", "putObject", "getObject", "sendFile", "backup",
    }
)  # fmt: skip
_HEAVY_FIRST = frozenset(
    {"upload", "download", "render", "export", "convert", "print", "fetch", "request", "archive", "generate"}
)
_LIMITS = re.compile(
    r"(limit|throttle|queue|schedule|pool|semaphore|sem|acquire|enqueue|mutex|lock|batch|slot|concurren)", re.IGNORECASE
)
_WALKS = frozenset({"map", "flatMap", "filter"})
_DEPTH = 3


class Work:
    """Answers for one file."""

    def __init__(self, file: File, vocabulary: Vocabulary) -> None:
        self.file = file
        self.vocabulary = vocabulary

    def heavy_call(self, function: int, depth: int = 0) -> Call | None:
        """The first call in a function (or in what it calls here) that does heavy work; None if it only computes."""
        if depth > _DEPTH:
            return None
        for call in sorted(self._calls(function), key=lambda call: call.extent):
            if self.is_heavy_name(call):
                return call
            target = self.file.target_of(call)
            if target is not None and target != function and self.heavy_call(target, depth + 1) is not None:
                return call
        return None

    def is_heavy_name(self, call: Call) -> bool:
        """Whether a call's name says that it reads, sends, starts or produces something."""
        name = self.file.called(call)
        words = words_of(name)
        if name == "open":
            return self._is_from(call, "fs")
        return (name in _HEAVY or bool(words and words[0] in _HEAVY_FIRST)) and not self._is_language(call)

    def _is_language(self, call: Call) -> bool:
        """`array.copyWithin`-like members of values at hand; a name alone is no evidence for these."""
        return (
            self.file.called(call) == "exec"
            and len(call.arguments) == 1
            and call.receiver is not None
            and not self._is_from(call, "child_process")
        )

    def _is_from(self, call: Call, module: str) -> bool:
        """Whether what is called was imported from a module of this name."""
        place = call.callee
        if not isinstance(place, Place) or place.root is not Root.BINDING:
            return False
        entry = self.file.imports.get(int(place.key))
        return entry is not None and module in entry.module

    def _calls(self, function: int) -> list[Call]:
        return [call for call in self.file.facts.calls if self.file.contains(function, call.function)]

    def is_limited(self, function: int) -> bool:
        """Whether a callback hands its work to a limiter: `limit(() => …)`, `queue.add(() => …)`."""
        for call in self._calls(function):
            path = self.file.name_of(call.callee)
            if _LIMITS.search(path) and any(isinstance(argument, Closure) for argument in call.arguments):
                return True
        return False

    def is_only_closing(self, function: int) -> bool:
        """Whether all that a callback calls is an end: `server.close()`."""
        calls = self._calls(function)
        return bool(calls) and all(self.vocabulary.ends(self.file.called(call)) for call in calls)

    def mapped(self, value: Value | None) -> tuple[Call, Value, int] | None:
        """`list.map(callback)`: the call, the list, and the callback's function; through names declared once."""
        call = self.file.call_of(value)
        if call is None or self.file.called(call) not in _WALKS or call.receiver is None or not call.arguments:
            return None
        callback = self.file.function_at(call.arguments[0])
        if callback is None:
            return None
        return call, call.receiver, callback
