"""Jobs that are all started at once: where, for which list, and how sure it is that they are many and hold much."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, FateKind, RegionKind
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Closure, Compound, Place, Root, Sequence, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.promises import GATHERINGS, is_combined
from memlint.semantics.value.values import unwrapped
from memlint.semantics.work.work import Job, Work

_WALKS = frozenset({"map", "flatMap", "filter"})
_EACH = frozenset({"forEach", "each"})
_CALLBACK_WALKS = frozenset(
    {"each", "forEach", "eachOf", "forEachOf", "map", "mapValues", "filter", "concat", "reject"}
)
_UTILITIES = frozenset({"_", "lodash", "underscore", "$", "jQuery", "R"})
_ONWARD = frozenset({"then", "catch", "finally"})


@frozen
class Fan:
    """A call that starts a job for every item of a list."""

    call: Call
    job: Call
    items: Value
    confidence: Confidence


_Found = tuple[Job, Value] | None
_Search = Callable[[Call, Insight, Work], _Found]


def fans(seen: Insight) -> Iterator[Fan]:
    """All of them that run more than once."""
    work = Work(seen.file, seen.flow, seen.vocabulary, seen.words)
    searches: tuple[_Search, ...] = (_waited, _each, _floating, _called_back)
    for call in seen.file.facts.calls:
        found: _Found = None
        for search in searches:
            found = found or search(call, seen, work)
        if found is not None and seen.frequencies.of(call.function, call.region).rate is not Rate.ONCE:
            yield Fan(call, found[0].call, found[1], _confidence(call, *found, seen))


def _confidence(call: Call, job: Job, items: Value, seen: Insight) -> Confidence:
    """Known work on a list that users fill; of any other, and of what is loaded once, nobody knows how much it is."""
    is_much = job.is_known and seen.lists.is_long(items)
    return Confidence.HIGH if is_much and not _opens(call, seen) else Confidence.LOW


def _opens(call: Call, seen: Insight) -> bool:
    """Whether it runs as an instance begins its life: `Store.prototype.open`, `async init()`."""
    methods = (one for one in seen.file.enclosing(call.function) if one.unit >= 0)
    return any(words_of(one.name)[:1] and words_of(one.name)[0] in seen.words["methods that open"] for one in methods)


def _job(callback: int | None, items: Value, seen: Insight, work: Work, *, at_once: bool = False) -> _Found:
    if callback is None or seen.lists.is_short(items) or work.is_limited(callback) or work.is_only_closing(callback):
        return None
    job = work.job_of(callback, at_once=at_once)
    return (job, items) if job is not None else None


def _mapped(value: Value | None, seen: Insight, work: Work) -> tuple[Value, int] | None:
    """`list.map(callback)`: the list, and the callback's function; through names declared once."""
    call = seen.file.call_of(value)
    if call is None or not call.arguments:
        return None
    name, items = _method(call, seen)
    callback = work.callback(call.arguments[0])
    return (items, callback) if name in _WALKS and items is not None and callback is not None else None


def _method(call: Call, seen: Insight) -> tuple[str, Value | None]:
    """The method that is called and what on; `[...files].map(…)` is called on the files."""
    callee = call.callee
    if not isinstance(callee, Compound) or callee.operator != "member":
        return seen.file.called(call), call.receiver
    name, items = seen.file.constant(callee.parts[1]), callee.parts[0]
    if isinstance(items, Sequence) and len(items.items) == 1:
        only = items.items[0]
        items = only.parts[0] if isinstance(only, Compound) and only.operator == "spread" else items
    return str(name.value) if name is not None else "", items


def _waited(call: Call, seen: Insight, work: Work) -> _Found:
    """`Promise.all(list.map(async …))`, or of promises that a loop has collected."""
    if call.name not in GATHERINGS or not call.arguments or not is_combined(call, seen.file):
        return None
    mapped = _mapped(call.arguments[0], seen, work)
    if mapped is None:
        return _collected(call.arguments[0], seen, work)
    items, callback = mapped
    return _job(callback, items, seen, work)


def _collected(value: Value, seen: Insight, work: Work) -> _Found:
    """Promises pushed in a loop over a list that nothing limits."""
    file = seen.file
    place = seen.flow.canonical(value)
    if place is None:
        return None
    for push in file.calls_named.get("push", ()):
        if push.receiver is None or seen.flow.canonical(push.receiver) != place or not push.arguments:
            continue
        items = looped(push, seen)
        made = file.call_of(push.arguments[-1])
        if items is None or seen.lists.is_short(items) or made is None or made.awaited:
            continue
        job = made_by(made, seen, work)
        if job is not None:
            return job, items
    return None


def made_by(call: Call, seen: Insight, work: Work) -> Job | None:
    """The job behind a promise: of the function that is called, or of what `new Promise` runs."""
    target = seen.file.target_of(call)
    if call.constructs and seen.file.called(call) == "Promise" and call.arguments:
        target = seen.file.function_at(call.arguments[0])
    if target is None:
        return work.job(call)
    inner = None if work.is_limited(target) else work.job_of(target)
    return Job(call, inner.is_heavy) if inner is not None else None


def looped(call: Call, seen: Insight) -> Value | None:
    """What the innermost loop around a call walks over, or the `forEach` in whose callback it stands."""
    for index in seen.file.regions_of(call.region):
        region = seen.file.facts.regions[index]
        if region.kind is RegionKind.LOOP:
            return _list_of(unwrapped(region.test))
    fate = seen.file.facts.functions[call.function].fate
    if fate.kind is FateKind.ARGUMENT and fate.call >= 0:
        walked = _walk(seen.file.facts.calls[fate.call], seen)
        return walked[0] if walked is not None else None
    return None


def _list_of(test: Value | None) -> Value | None:
    """The list in `of list`, `at < list.length`, `list.length > 0`."""
    parts = test.parts if isinstance(test, Compound) and test.operator in ("<", "<=", ">", "!=") else (test,)
    for part in parts:
        if isinstance(part, Place) and part.path[-1:] == ("length",):
            return Place(part.root, part.key, part.path[:-1])
    return test if isinstance(test, Place) else None


def _walk(call: Call, seen: Insight) -> tuple[Value, Value] | None:
    """`list.forEach(callback)`, `_.each(list, callback)`: the list and the callback."""
    if seen.file.called(call) not in _EACH or call.receiver is None or not call.arguments:
        return None
    is_utility = seen.file.name_of(call.receiver) in _UTILITIES
    if is_utility:
        return (call.arguments[0], call.arguments[1]) if len(call.arguments) > 1 else None
    return call.receiver, call.arguments[0]


def _each(call: Call, seen: Insight, work: Work) -> _Found:
    """`list.forEach(…)` with an async function, or with work that calls back when it is done."""
    walked = _walk(call, seen)
    if walked is None:
        return None
    items, callback = walked[0], work.callback(walked[1])
    if callback is None:
        return None
    if seen.file.facts.functions[callback].is_async:
        return _job(callback, items, seen, work)
    found = _job(callback, items, seen, work, at_once=True)
    if found is None or found[0].call.fate.kind in (FateKind.KEPT, FateKind.ARGUMENT):
        return None
    return found if _answers_later(found[0].call, seen) else None


def _answers_later(call: Call, seen: Insight) -> bool:
    """Whether a call returns before its work is done: it takes a callback, or is followed by `then`."""
    target = seen.file.target_of(call)
    if target is not None:
        return seen.file.facts.functions[target].is_async or any(
            _answers_later(inner, seen)
            for inner in seen.file.calls_in.get(target, ())
            if seen.file.target_of(inner) is None
        )
    at_once = seen.file.called(call) in seen.words["calling back at once"]
    takes_callback = not at_once and any(isinstance(unwrapped(argument), Closure) for argument in call.arguments)
    is_followed = call.fate.kind is FateKind.RECEIVER and any(
        seen.file.called(after) in _ONWARD and after.receiver == Place(Root.RESULT, call.index)
        for name in _ONWARD
        for after in seen.file.calls_named.get(name, ())
    )
    return takes_callback or is_followed or (call.constructs and call.name == "Worker")


def _floating(call: Call, seen: Insight, work: Work) -> _Found:
    """A call in a loop that nobody awaits: of an own async function, or of work that calls back."""
    if call.region not in seen.file.looped or call.awaited or call.fate.kind is not FateKind.DISCARDED:
        return None
    started = call
    if seen.file.called(call) in _ONWARD and call.receiver is not None:
        inner = seen.file.call_of(call.receiver)
        if inner is None or inner.function != call.function:
            return None
        started = inner
    if started.awaited:
        return None
    items = looped(call, seen)
    if items is None or seen.lists.is_short(items):
        return None
    target = seen.file.target_of(started)
    if target is not None:
        return _job(target, items, seen, work) if seen.file.facts.functions[target].is_async else None
    job = work.job(started)
    return (job, items) if job is not None and _answers_later(started, seen) else None


def _called_back(call: Call, seen: Insight, work: Work) -> _Found:
    """`async.each(list, work, done)` and `parallel(list.map(…), done)` of the libraries that have a limited form."""
    walker = _walker(call, seen)
    if not walker or not call.arguments:
        return None
    if walker in ("parallel", "run-parallel"):
        mapped = _mapped(call.arguments[0], seen, work)
        if mapped is None:
            return None
        items, callback = mapped
    elif walker in _CALLBACK_WALKS and len(call.arguments) > 1:
        items, found = call.arguments[0], work.callback(call.arguments[1])
        if found is None:
            return None
        callback = found
    else:
        return None
    if seen.lists.is_short(items) or work.is_limited(callback) or work.is_only_closing(callback):
        return None
    waiting = work.calls_back(callback)
    if waiting is None:
        return None
    return work.job(waiting) or Job(waiting, is_heavy=False, is_known=False), items


def _walker(call: Call, seen: Insight) -> str:
    """What a call of one of the modules that run every job at once is called there; empty for any other call."""
    callee = call.callee
    entry = (
        seen.file.imports.get(int(callee.key)) if isinstance(callee, Place) and callee.root is Root.BINDING else None
    )
    if entry is None or entry.module.split("/")[0] not in seen.words["callback walkers"]:
        return ""
    whole = isinstance(callee, Place) and not callee.path and entry.name in ("default", "*")
    return entry.module.split("/")[-1] if whole else seen.file.called(call)
