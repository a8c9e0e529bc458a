"""Python: jobs that are all started at once, by `gather`, by a group of tasks, or a thread for each item."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, RegionKind
from memlint.model.finding import Confidence
from memlint.model.value import Compound, Place, Root, Sequence, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.shapes import is_function
from memlint.semantics.value.values import unwrapped
from memlint.semantics.work.work import Job, Work
from memlint.verdicts.work.fanning import Fan

_WAITS = ("asyncio.gather", "asyncio.wait", "asyncio.as_completed")
_TASKS = ("asyncio.create_task", "asyncio.ensure_future")
_GROUPS = ("asyncio.TaskGroup", "anyio.create_task_group", "trio.open_nursery")
_THREADS = ("threading.Thread", "multiprocessing.Process")
_NAMES = ("gather", "wait", "as_completed", "create_task", "start_soon", "Thread", "Process")
_COLLECTS = frozenset({"comprehension", "generator"})


def gathered(seen: Insight) -> Iterator[Fan]:
    """All of them that run more than once."""
    work = Work(seen.file, seen.flow, seen.vocabulary, seen.words)
    calls = [call for name in _NAMES for call in seen.file.calls_named.get(name, ())]
    for call in sorted(calls, key=lambda call: call.extent):
        if seen.frequencies.of(call.function, call.region).rate is Rate.ONCE:
            continue
        found = _waited(call, seen) or _grouped(call, seen) or _threaded(call, seen)
        if found is not None:
            fan = _judged(call, *found, seen, work)
            if fan is not None:
                yield fan


def _judged(call: Call, made: Call, items: Value, seen: Insight, work: Work) -> Fan | None:
    if seen.lists.is_short(items) or _is_counted(items, seen):
        return None
    target = seen.file.target_of(made)
    if target is not None and (work.is_limited(target) or _is_in_turn(target, seen)):
        return None
    inner = work.job_of(target) if target is not None else None
    named = work.job(made)
    heavy = any(job is not None and job.is_heavy for job in (inner, named, _of_thread(made, seen)))
    sure = heavy or seen.lists.is_long(items)
    return Fan(call, made, items, Confidence.HIGH if sure else Confidence.LOW)


def _of_thread(made: Call, seen: Insight) -> Job | None:
    is_thread = any(is_function(made, name, seen.file) for name in _THREADS)
    return Job(made, is_heavy=True) if is_thread else None


def _is_counted(items: Value, seen: Insight) -> bool:
    """`range(workers)`: as many as somebody has decided."""
    call = seen.file.call_of(items)
    return call is not None and seen.file.called(call) == "range"


def _is_in_turn(function: int, seen: Insight) -> bool:
    """`async with semaphore:` in what each job runs: a few at a time."""
    return any(
        write.operator == "with"
        and seen.words.any_of("limiters", words_of(seen.file.name_of(write.value or write.place)))
        for inside in seen.file.inside(function)
        for write in seen.file.writes_in[inside]
    )


def _waited(call: Call, seen: Insight) -> tuple[Call, Value] | None:
    """`gather(*(fetch(url) for url in urls))`, `wait(tasks)`."""
    if not call.arguments or not any(is_function(call, name, seen.file) for name in _WAITS):
        return None
    first = unwrapped(call.arguments[0])
    if isinstance(first, Compound) and first.operator == "spread":
        first = unwrapped(first.parts[0])
    elif seen.file.called(call) == "gather":
        return None  # as many as are written out
    return _collected(first, seen)


def _collected(value: Value | None, seen: Insight) -> tuple[Call, Value] | None:
    """What makes the jobs, and the list that they are made from."""
    value = unwrapped(value)
    if isinstance(value, Sequence) and len(value.items) == 1:
        only = value.items[0]
        value = unwrapped(only.parts[0]) if isinstance(only, Compound) and only.operator == "spread" else value
    if isinstance(value, Compound) and value.operator in _COLLECTS and len(value.parts) > 1:
        made = _started(seen.file.call_of(value.parts[-1]), seen)
        return (made, value.parts[0]) if made is not None and not made.awaited else None
    if not isinstance(value, Place):
        return None
    walked = seen.file.call_of(value)
    if walked is not None and seen.file.called(walked) in ("map", "list") and walked.arguments:
        return _mapped(walked, seen)
    binding = seen.file.binding(value) if not value.path else None
    inner = unwrapped(binding.value) if binding is not None and not binding.member else None
    if isinstance(inner, Compound) and inner.operator in _COLLECTS:
        return _collected(inner, seen)
    return _appended(value, seen)


def _mapped(call: Call, seen: Insight) -> tuple[Call, Value] | None:
    """`map(fetch, urls)`: who is called there is told by a call of the same function, if the file has one."""
    if seen.file.called(call) == "list":
        return _collected(call.arguments[0], seen)
    return (call, call.arguments[1]) if len(call.arguments) == 2 else None


def _appended(value: Place, seen: Insight) -> tuple[Call, Value] | None:
    """Tasks that a loop has appended to a list."""
    place = seen.flow.canonical(value)
    for append in seen.file.calls_named.get("append", ()):
        if append.receiver is not None and append.arguments and seen.flow.canonical(append.receiver) == place:
            made = _started(seen.file.call_of(append.arguments[0]), seen)
            items = _looped(append, seen)
            if made is not None and items is not None and not made.awaited:
                return made, items
    return None


def _started(call: Call | None, seen: Insight) -> Call | None:
    """`create_task(fetch(url))` is the job `fetch(url)`."""
    if call is not None and call.arguments and any(is_function(call, name, seen.file) for name in _TASKS):
        return seen.file.call_of(call.arguments[0]) or call
    return call


def _looped(call: Call, seen: Insight) -> Value | None:
    """What the innermost loop around a call walks over."""
    for index in seen.file.regions_of(call.region):
        region = seen.file.facts.regions[index]
        if region.kind is RegionKind.LOOP:
            test = unwrapped(region.test)
            return test if isinstance(test, Place) else None
    return None


def _grouped(call: Call, seen: Insight) -> tuple[Call, Value] | None:
    """`group.create_task(fetch(url))` in a loop."""
    if seen.file.called(call) not in ("create_task", "start_soon") or call.receiver is None or not call.arguments:
        return None
    group = seen.file.call_of(call.receiver)
    if group is None or not any(is_function(group, name, seen.file) for name in _GROUPS):
        return None
    items = _looped(call, seen)
    made = seen.file.call_of(call.arguments[0])
    return (made or call, items) if items is not None else None


def _threaded(call: Call, seen: Insight) -> tuple[Call, Value] | None:
    """`Thread(target=convert, args=(path,))` in a loop over what there is."""
    if not call.constructs or not any(is_function(call, name, seen.file) for name in _THREADS):
        return None
    items = _looped(call, seen)
    binding = seen.file.binding(items) if isinstance(items, Place) and items.root is Root.BINDING else None
    return (call, items) if items is not None and (binding is None or binding.kind != "import") else None
