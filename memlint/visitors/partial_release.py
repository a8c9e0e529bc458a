"""Acquired and released in one function, but only when all goes well."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Answers, Confidence, Finding
from memlint.model.value import Place
from memlint.verdicts.lifetimes import by_fault
from memlint.verdicts.release.opened import Opened, left_open
from memlint.verdicts.release.partial import phrase
from memlint.verdicts.release.together import opened_together
from memlint.verdicts.release.unready import begun_late
from memlint.verdicts.saying import finding, step
from memlint.verdicts.verdict import Fault

WORDS = frozenset(
    {
        "setTimeout", "setInterval", "addEventListener", "on", "addListener", "observe",
        "close", "dispose", "release", "terminate", "disconnect", "quit", "shutdown", "unlock", "acquire", "lock",
        "useEffect", "useLayoutEffect", "onMount", "Observable",
    }
)  # fmt: skip
OF_ROWS = True


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    yield from by_fault(card, seen, Fault.PARTIAL)
    for one in (*left_open(seen), *opened_together(seen), *begun_late(seen)):
        yield _of_opened(card, one, seen)


def _of_opened(card: Card, one: Opened, seen: Insight) -> Finding:
    file, call = seen.file, one.call
    name = file.name_of(call.callee) if isinstance(call.callee, Place) else call.name
    kept = file.name_of(call.fate.place) if call.fate.place is not None else "names of their own"
    why = one.why or phrase(one.way)
    return finding(
        card,
        file,
        call.extent,
        call.function,
        confidence=Confidence.MEDIUM,
        answers=Answers(
            f"what `{name}` opened",
            seen.frequencies.of_call(call).phrase,
            f"nothing on this way: {why}",
            "nobody",
        ),
        path=[step(file, call.extent, name), step(file, call.extent, f"kept in {kept}")],
        near_misses=[
            step(file, one.way.extent, why),
            *(step(file, end.extent, "closed here, if all goes well") for end in one.ends[:2]),
        ],
        acquire=name,
        why=why,
    )
