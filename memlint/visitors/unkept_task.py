"""A task that nobody keeps: the event loop holds it weakly, and what it works on is lost with it."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, FateKind
from memlint.model.finding import Finding
from memlint.model.value import Place, Root
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.shapes import is_function
from memlint.verdicts.saying import finding_at

WORDS = frozenset({"create_task", "ensure_future"})
LANGUAGE = "python"
_LOOPS = ("asyncio.get_running_loop", "asyncio.get_event_loop", "asyncio.new_event_loop")


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for name in sorted(WORDS):
        for call in seen.file.calls_named.get(name, ()):
            often = seen.frequencies.of(call.function, call.region).rate is not Rate.ONCE
            if often and _is_asyncio(call, seen) and _is_dropped(call, seen):
                yield _finding(card, seen, call)


def _is_asyncio(call: Call, seen: Insight) -> bool:
    """`asyncio.create_task`, `loop.create_task`; a group of tasks keeps its own."""
    if any(is_function(call, f"asyncio.{name}", seen.file) for name in WORDS):
        return True
    loop = seen.file.call_of(call.receiver) if call.receiver is not None else None
    return loop is not None and any(is_function(loop, name, seen.file) for name in _LOOPS)


def _is_dropped(call: Call, seen: Insight) -> bool:
    """Whether nobody takes the task, or only a name of this call that is never mentioned again."""
    if call.fate.kind is FateKind.DISCARDED:
        return True
    place = call.fate.place
    binding = seen.file.binding(place) if place is not None and not place.path else None
    if call.fate.kind is not FateKind.KEPT or binding is None or binding.function != call.function:
        return False
    return binding.kind != "global" and not seen.file.uses_of[binding.index]


def _finding(card: Card, seen: Insight, call: Call) -> Finding:
    file = seen.file
    made = file.call_of(call.arguments[0]) if call.arguments else None
    work = f"{file.name_of(made.callee)}()" if made is not None and isinstance(made.callee, Place) else "the coroutine"
    name = (
        file.name_of(call.callee)
        if isinstance(call.callee, Place) and call.callee.root is not Root.RESULT
        else call.name
    )
    return finding_at(
        card,
        seen,
        call,
        holder="the event loop, which keeps a weak reference only",
        lets_go="the garbage collector may, before it is done",
        path=((call.extent, "a task that only the loop knows"), (call.extent, work)),
        acquire=name,
        work=f"`{work}`",
    )
