"""One file, judged: bytes in, facts read, findings out. Pure, and its result can cross a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from memlint.languages import language_of, lower
from memlint.ledger import Insight
from memlint.link import Helper, Outline, grown, outline
from memlint.model.card import Card
from memlint.model.facts import Directive
from memlint.model.finding import Finding, Problem, ProblemKind
from memlint.model.resource import Owner, Resource
from memlint.model.source import Source
from memlint.semantics.file import File
from memlint.visitors import Visitor, visitor_of

_WORD_TABLE = bytes(
    byte if (chr(byte).isalnum() and byte < 128) or byte in b"_$" or byte >= 128 else 32 for byte in range(256)
)


@dataclass(frozen=True, slots=True)
class Task:
    """What a file is judged by: the active cards and the table, the same for every file of a run."""

    cards: tuple[Card, ...]
    resources: tuple[Resource, ...]
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of one file after it was judged by itself."""

    path: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    directives: tuple[Directive, ...] = ()
    outline: Outline | None = None
    source: Source | None = None
    """The bytes that were judged, kept only where a finding or a directive points into them."""


def words_of(data: bytes) -> frozenset[bytes]:
    """The words of a file: runs of letters, digits, `_` and `$`."""
    return frozenset(data.translate(_WORD_TABLE).split())


@cache
def trigger_words(task: Task) -> frozenset[bytes]:
    """A file with none of these words cannot have a finding, so it is not even parsed."""
    words = {b"memlint"}
    kinds = {kind for card in task.cards for kind in card.resources}
    for resource in task.resources:
        if resource.kind in kinds:
            words |= {shape.name.encode() for shape in resource.acquire if not shape.name.startswith("$")}
    for card in task.cards:
        visitor = visitor_of(card.name, has_resources=bool(card.resources))
        if visitor is not None:
            words |= {word.encode() for word in visitor.WORDS}
    return frozenset(words)


def examine(path: str, data: bytes, task: Task, helpers: tuple[Helper, ...] = ()) -> Examined:
    """Judges one file by itself, and by the helpers it imports. Never raises for what the file contains."""
    present = words_of(data) & (trigger_words(task) | {helper.name.encode() for helper in helpers})
    if not present or language_of(path) is None:
        return Examined(path)
    facts, problems = lower(path, data, frozenset(word.decode() for word in present))
    seen = Insight(File(facts), grown(task.resources, helpers), task.owners)
    findings: list[Finding] = []
    faults: list[Problem] = list(problems)
    for card in task.cards:
        visitor = visitor_of(card.name, has_resources=bool(card.resources))
        if visitor is None:
            continue
        try:
            findings += _visit(visitor, card, seen)
        except Exception as error:  # noqa: BLE001 - one rule's fault on one file must not cost any other finding
            message = f"{card.id} failed: {type(error).__name__}: {error}; please report this"
            faults.append(Problem(path, ProblemKind.INTERNAL, message, card.id))
    keep = Source(path, data) if findings or facts.directives else None
    return Examined(path, _with_statements(findings, data), tuple(faults), facts.directives, outline(seen), keep)


def _visit(visitor: Visitor, card: Card, seen: Insight) -> list[Finding]:
    return list(visitor.visit(card, seen))


def _with_statements(findings: Sequence[Finding], data: bytes) -> tuple[Finding, ...]:
    """Findings with the text of their line, for the fingerprint."""
    if not findings:
        return ()
    lines = Source("", data).lines()
    return tuple(
        replace(finding, statement="".join(lines[finding.span.line - 1].split()))
        for finding in sorted(set(findings), key=_order)
    )


def _order(finding: Finding) -> tuple[object, ...]:
    return (finding.span, finding.rule, finding.message)
