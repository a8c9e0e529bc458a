"""Every row of a table, taken at once."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Answers, Finding
from memlint.verdicts.saying import finding, step
from memlint.verdicts.work.unpaging import Unpaged, unpaged

WORDS = frozenset({"fetchall", "all"})
LANGUAGE = "python"


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in unpaged(seen):
        yield _finding(card, seen, one)


def _finding(card: Card, seen: Insight, one: Unpaged) -> Finding:
    file, call = seen.file, one.call
    return finding(
        card,
        file,
        call.name_extent,
        call.function,
        confidence=one.confidence,
        answers=Answers(
            "this call, until the rows are done with",
            seen.frequencies.of(call.function, call.region).phrase,
            "nothing limits the number of rows",
            "nobody",
        ),
        path=(step(file, call.extent, f"{call.name}()"), step(file, call.extent, f"every row of {one.table}")),
        acquire=call.name,
        table=one.table,
    )
