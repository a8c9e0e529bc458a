"""Large data that is read while a module is loaded, for a function that may never be called."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import MODULE
from memlint.model.finding import Answers, Finding
from memlint.verdicts.saying import finding, step
from memlint.verdicts.work.preloading import Preloaded, preloaded

WORDS = frozenset(
    {
        "readFile", "readFileSync", "json", "read", "readlines", "read_text", "read_bytes", "load", "read_csv",
        "read_parquet", "read_feather", "read_excel", "read_table", "read_json", "loadtxt", "genfromtxt",
    }
)  # fmt: skip


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in preloaded(seen):
        yield _finding(card, seen, one)


def _finding(card: Card, seen: Insight, one: Preloaded) -> Finding:
    file, user = seen.file, one.user
    asked = f"{file.owner_name(user.index) or 'a function'}()"
    return finding(
        card,
        file,
        one.extent,
        MODULE,
        confidence=one.confidence,
        answers=Answers(
            f"`{one.binding.name}` of the module", "once, when the module is loaded", "nothing, until the end", "nobody"
        ),
        path=(
            step(file, one.extent, f"{one.binding.name} of the module"),
            step(file, user.extent, f"{asked}, which alone asks for it"),
        ),
        reader=one.reader,
        data=one.binding.name,
        user=asked,
    )
