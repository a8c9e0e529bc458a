"""Work spread over processes: answers in the order of the items, and no item that costs another one its answer."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_all_start_methods, get_context
from typing import TypeVar, cast

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_MOST_TOGETHER = 64
"""Items that a worker takes at a time, at most: together they should not take long."""

_BENCH: list[Callable[[object], object]] = []
"""In a worker: the work, told once when it starts."""


def spread(
    work: Callable[[Item], Answer],
    lost: Callable[[Item], Answer],
    items: Sequence[Item],
    sizes: Sequence[int],
    jobs: int,
    share: int,
) -> list[Answer]:
    """Answer for each item with `work` in `jobs` processes; with `lost` for one that a process died of, twice.

    Largest first, and up to `share` of their sizes at a time.
    """
    shares = list(_shares(sizes, share))
    answers: dict[int, Answer] = {}
    with _pool(work, min(jobs, len(shares))) as pool:
        waiting = _submitted(pool, [[items[at] for at in each] for each in shares])
        for future, each in zip(waiting, shares, strict=False):
            try:
                answers.update(zip(each, cast("list[Answer]", future.result()), strict=True))
            except BrokenProcessPool:  # one of these, or one of another worker's
                continue
    rest = [at for at in range(len(items)) if at not in answers]
    while rest:
        rest = rest[_answer_in_turn(work, lost, items, rest, answers) :]
    return [answers[at] for at in range(len(items))]


def _answer_in_turn(
    work: Callable[[Item], Answer],
    lost: Callable[[Item], Answer],
    items: Sequence[Item],
    rest: Sequence[int],
    answers: dict[int, Answer],
) -> int:
    """Ask one after the other in one process, until it dies, of the item it had; gives how many were answered."""
    with _pool(work, 1) as pool:
        futures = _submitted(pool, [[items[at]] for at in rest])
        for number, (at, future) in enumerate(zip(rest, futures, strict=False), start=1):
            try:
                (answers[at],) = cast("list[Answer]", future.result())
            except BrokenProcessPool:
                answers[at] = lost(items[at])
                return number
    if not futures:  # it died before it had anything to do
        answers[rest[0]] = lost(items[rest[0]])
    return max(1, len(futures))


def _submitted(pool: ProcessPoolExecutor, shares: Sequence[Sequence[object]]) -> list[Future[list[object]]]:
    """Hand out the work; a process may die before all of it is handed out, and then nobody takes the rest."""
    futures: list[Future[list[object]]] = []
    for share in shares:
        try:
            futures.append(pool.submit(_answer_all, share))
        except BrokenProcessPool:
            break
    return futures


def _shares(sizes: Sequence[int], share: int) -> Iterator[list[int]]:
    """Numbers of the items that go together."""
    together: list[int] = []
    size = 0
    for at in sorted(range(len(sizes)), key=lambda at: -sizes[at]):
        together.append(at)
        size += sizes[at]
        if size >= share or len(together) >= _MOST_TOGETHER:
            yield together
            together, size = [], 0
    if together:
        yield together


@contextmanager
def _pool(work: Callable[[Item], Answer], jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that are gone when it ends, however it ends; signals are the parent's business."""
    method = "fork" if "fork" in get_all_start_methods() and os.name == "posix" else "spawn"
    pool = ProcessPoolExecutor(jobs, get_context(method), initializer=_begin, initargs=(work,))
    try:
        with _signals_held():
            pool.submit(os.getpid)  # starts them all, before anybody can interrupt a half-made one
        yield pool
    except BaseException:
        for child in active_children():
            child.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _signals_held() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(work: Callable[[Item], Answer]) -> None:
    """In a worker: Ctrl-C reaches every process of the terminal, and only the parent answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    _BENCH[:] = [cast("Callable[[object], object]", work)]


def _answer_all(items: Sequence[object]) -> list[object]:
    return [work(item) for work in _BENCH for item in items]
