"""Many files judged: each by itself, as remembered from an earlier run, in this process or in several."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from memlint.discovery.content import BINARY, content_skip, is_wide, read
from memlint.discovery.walk import Discovered
from memlint.examine import Examined, Task, examine
from memlint.link.helper import Helper
from memlint.link.hints import Hint
from memlint.model.finding import Problem, ProblemKind
from memlint.model.frozen import frozen, replace
from memlint.model.report import Skip
from memlint.model.source import Source

if TYPE_CHECKING:
    from memlint.cache import Cache

Item = tuple[Discovered, tuple[Helper | Hint, ...]]
"""A file, and what is known of others that it imports."""

_WORTH_A_POOL = 1_000_000
"""Bytes of source below which starting worker processes costs more than it saves."""
_SHARE = 262_144
"""Bytes of source that a worker takes at a time."""
_MANY = 10_000
"""Objects that earlier files may leave behind: what is known of a file refers to itself in circles."""


@frozen
class Work:
    """What is done with every file, here or in a worker; `trusted` files are judged whatever is in them."""

    task: Task
    force: bool
    remembers: bool = False
    about: str = ""
    """With what the task has beside its cards and rows, which are the same for the whole of a cache."""

    def __call__(self, item: Item) -> tuple[bytes, Examined | Skip]:
        """The outcome for one file, with the key that it may be remembered by; none if it must not be."""
        file, known = item
        try:
            data = read(file.absolute)
        except OSError as error:
            return b"", failed(file.path, ProblemKind.UNREADABLE, error.strerror or str(error))
        except MemoryError:
            return b"", failed(file.path, ProblemKind.INTERNAL, "there is not enough memory to read it")
        if gc.get_count()[0] > _MANY:  # between two files, hardly any of the new ones is alive
            gc.collect(0)
        outcome = examine_text(file.path, data, self.task, named=file.named and not self.force, known=known)
        if isinstance(outcome, Skip):
            return b"", replace(outcome, named=file.named)
        lasts = self.remembers and not any(problem.fatal for problem in outcome.problems)
        return self._key(item, data) if lasts else b"", outcome

    def recalled(self, item: Item, cache: Cache) -> Examined | None:
        """What an earlier run came to with the same bytes and the same knowledge."""
        file, _ = item
        if not cache.knows(str(file.absolute)):
            return None  # it need not be read for that
        try:
            data = read(file.absolute)
        except (OSError, MemoryError):
            return None
        found = cache.recall(str(file.absolute), self._key(item, data))
        if not isinstance(found, Examined):
            return None
        return replace(found, source=Source(file.path, data)) if found.findings or found.directives else found

    def with_words(self, words: frozenset[str]) -> Work:
        """The same work, for files that hold one of these words as well."""
        about = " ".join(sorted(words))
        return replace(self, task=replace(self.task, words=words), about=about)

    def _key(self, item: Item, data: bytes) -> bytes:
        from memlint.cache import digest  # noqa: PLC0415 - costs start-up time, and is for large runs alone

        file, known = item
        return digest(file.path, str(file.named and not self.force), self.about, repr(known), data)


def judge_all(items: Sequence[Item], work: Work, jobs: int, cache: Cache | None) -> list[Examined | Skip]:
    """Answer for each file, in their order; `jobs` 0 is as many processes as pay."""
    answers: list[Examined | Skip | None] = [
        work.recalled(item, cache) if cache is not None else None for item in items
    ]
    open_ = [at for at, answer in enumerate(answers) if answer is None]
    for at, (key, answer) in zip(open_, _judged([items[at] for at in open_], work, jobs), strict=True):
        answers[at] = answer
        if key and cache is not None and isinstance(answer, Examined):
            cache.keep(str(items[at][0].absolute), key, replace(answer, source=None))
    return [answer for answer in answers if answer is not None]


def _judged(items: Sequence[Item], work: Work, jobs: int) -> list[tuple[bytes, Examined | Skip]]:
    sizes = [file.size for file, _ in items]
    most = jobs or _processors()
    if most == 1 or len(items) < 2 or (not jobs and sum(sizes) < _WORTH_A_POOL):
        largest_first = sorted(range(len(items)), key=lambda at: -sizes[at])
        found = {at: work(items[at]) for at in largest_first}  # what they leave free in memory serves all the others
        return [found[at] for at in range(len(items))]
    from memlint.workers import spread  # noqa: PLC0415 - costs start-up time, and pays only here

    return spread(work, _lost, items, sizes, min(most, len(items)), _SHARE)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lost(item: Item) -> tuple[bytes, Examined]:
    return b"", failed(item[0].path, ProblemKind.INTERNAL, "the process that judged it was killed (out of memory?)")


def failed(path: str, kind: ProblemKind, message: str) -> Examined:
    """A file of which nothing is known but why."""
    return Examined(path, problems=(Problem(path, kind, message),))


def examine_text(
    name: str, data: bytes, task: Task, *, named: bool, known: tuple[Helper | Hint, ...] = ()
) -> Examined | Skip:
    """One text: set aside, not readable as text, or judged. What a byte order mark says is told, not guessed at."""
    if is_wide(data):
        return failed(name, ProblemKind.ENCODING, "UTF-16 or UTF-32; save it as UTF-8")
    reason = content_skip(data, named=named)
    if reason == BINARY:
        return failed(name, ProblemKind.BINARY, "it holds NUL bytes, so it is no source text")
    if reason is not None:
        return Skip(name, reason)
    return examine(name, data, task, known)
