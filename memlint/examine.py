"""One file, judged: bytes in, facts read, findings out. Pure, and its result can cross a process."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from memlint.languages import language_of, lower
from memlint.ledger import Insight
from memlint.link.helper import Helper, grown
from memlint.link.hints import Hint, learn
from memlint.link.outline import Outline, outline, settled
from memlint.model.card import Card
from memlint.model.facts import Directive
from memlint.model.finding import Finding, Problem, ProblemKind
from memlint.model.frozen import frozen, made_by, replace
from memlint.model.limit import Limit
from memlint.model.resource import Owner, Resource, Table
from memlint.model.source import Source
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.visitors import Interest, interest_of, visitor_of

_WORD_TABLE = bytes(
    byte if (chr(byte).isalnum() and byte < 128) or byte in b"_$" or byte >= 128 else 32 for byte in range(256)
)


@frozen
class Task:
    """What a file is judged by: the active cards and the table, the same for every file of a run.

    It is equal to itself alone: to compare its contents for each file would cost more than to read the file.
    """

    cards: tuple[Card, ...]
    resources: tuple[Resource, ...]
    owners: tuple[Owner, ...]
    lists: WordLists = made_by(default_factory=WordLists)
    limits: tuple[Limit, ...] = ()
    words: frozenset[str] = frozenset()
    """More words that make a file worth a look: the names of the project's own helpers."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


@frozen
class Examined:
    """What is known of one file after it was judged by itself."""

    path: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    directives: tuple[Directive, ...] = ()
    outline: Outline | None = None
    source: Source | None = None
    """The bytes that were judged, kept only where a finding or a directive points into them."""


_PASSES_ON = re.compile(rb"\bexport\s*(?:\*|\{[^}]*\})[^;\n]*\bfrom\b|\bimport\s*\(\s*['\"]\.")
"""What tells of other files of the project, though the file itself has no word of a rule."""


def words_of(data: bytes) -> frozenset[bytes]:
    """The words of a file: runs of letters, digits, `_` and `$`."""
    return frozenset(data.translate(_WORD_TABLE).split())


class _Marks(dict[bytes, bool]):
    """Which pieces of source stand in a file, as far as somebody asks."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    def __missing__(self, mark: bytes) -> bool:
        self[mark] = found = mark in self._data
        return found


@frozen
class _Judge:
    """A card, and what its visitor looks for."""

    card: Card
    interest: Interest

    def wants(self, words: frozenset[bytes], marks: _Marks, seen: Insight, *, is_helped: bool) -> bool:
        """Whether the file, with these words and marks, holds what this card speaks of."""
        if self.interest.language not in ("", seen.file.facts.language):
            return False
        if not self.interest.words.isdisjoint(seen.names_called if self.interest.called else words):
            return True
        if is_helped and not self.interest.called:
            return True
        if self.interest.of_rows and not (self.card.resources and seen.kinds.isdisjoint(self.card.resources)):
            return True
        return any(marks[mark] for mark in self.interest.marks)


@cache
def _judges(task: Task) -> tuple[_Judge, ...]:
    """The active cards that have a visitor, in their order."""
    interests = ((card, interest_of(card.name, has_resources=bool(card.resources))) for card in task.cards)
    return tuple(_Judge(card, interest) for card, interest in interests if interest is not None)


@cache
def trigger_words(task: Task) -> frozenset[bytes]:
    """A file with none of these words cannot have a finding, so it is not even parsed."""
    words = {b"memlint", *(word.encode() for word in task.words)}
    for sources, names in _words_of_rows(task):
        if not sources:
            words |= names
    for judge in _judges(task):
        words |= judge.interest.words
    return frozenset(words)


@cache
def guarded_words(task: Task) -> Mapping[bytes, frozenset[bytes]]:
    """Words that count only beside another one: what a library acquires by, beside the library's own name."""
    found: dict[bytes, frozenset[bytes]] = {}
    for sources, names in _words_of_rows(task):
        for source in sources:
            found[source] = found.get(source, frozenset()) | names
    return found


@cache
def _words_of_rows(task: Task) -> tuple[tuple[frozenset[bytes], frozenset[bytes]], ...]:
    """For each row that a card asks for a word of each source without which it can match nothing, and its own words."""
    kinds = {kind for card in task.cards for kind in card.resources}
    return tuple((_sources_of(row), _names_of(row)) for row in task.resources if row.kind in kinds)


def _names_of(resource: Resource) -> frozenset[bytes]:
    """The words by which a row acquires."""
    return frozenset(shape.word.encode() for shape in resource.acquire)


def _sources_of(resource: Resource) -> frozenset[bytes]:
    """A word of each module, or a global, without which a row can match nothing; none if it can match anywhere."""
    if not resource.modules or resource.acquire[0].named:
        return frozenset()
    modules = {max(words_of(module.encode()), key=len) for module in resource.modules}
    return frozenset(modules | {name.encode() for name in resource.acquire[0].globals})


@cache
def trigger_marks(task: Task) -> tuple[bytes, ...]:
    """Pieces of source that make a file worth a look although no word of a rule stands in it."""
    return tuple(dict.fromkeys(mark for judge in _judges(task) for mark in judge.interest.marks))


@cache
def _table(task: Task) -> Table:
    return Table(task.resources)


def examine(path: str, data: bytes, task: Task, known: tuple[Helper | Hint, ...] = ()) -> Examined:
    """Judge one file by itself, and by what is known of other files. Never raises for what the file contains."""
    helpers = [one for one in known if isinstance(one, Helper)]
    words = words_of(data)
    present = words & trigger_words(task)
    if helpers:
        present |= words & {word.encode() for helper in helpers for word in helper.words}
    guarded = guarded_words(task)
    for source in words & guarded.keys():
        present |= words & guarded[source]
    marks = _Marks(data)
    if any(marks[mark] for mark in trigger_marks(task)):
        present = words
    if not present and _PASSES_ON.search(data):
        present = words
    if language_of(path) is None or not present:
        return Examined(path)
    findings: list[Finding] = []
    faults: list[Problem] = []
    directives: tuple[Directive, ...] = ()
    told: Outline | None = None
    try:
        facts, problems = lower(path, data, frozenset(word.decode() for word in present))
        faults += problems
        directives = facts.directives
        seen = Insight(File(facts), grown(_table(task), helpers), task.owners, task.lists, task.limits)
        learn(seen, [one for one in known if isinstance(one, Hint)])
        seen, own = settled(seen)
        is_helped = bool(helpers or own)  # a helper does for a file what words of its own would
        for judge in _judges(task):
            if judge.wants(words, marks, seen, is_helped=is_helped):
                found, fault = _judged(judge, seen)
                findings += found
                faults += [fault] if fault else []
        told = outline(seen, own)
    except Exception as error:  # noqa: BLE001 - a fault of ours with one file must not cost any other its findings
        faults.append(_fault(path, error))
    keep = Source(path, data) if findings or directives else None
    return Examined(path, _with_statements(findings, data), tuple(faults), directives, told, keep)


def _judged(judge: _Judge, seen: Insight) -> tuple[list[Finding], Problem | None]:
    """Give what a rule says of a file; it keeps what it has said until it failed."""
    found: list[Finding] = []
    try:
        found.extend(visitor_of(judge.interest).visit(judge.card, seen))
    except Exception as error:  # noqa: BLE001 - one rule's fault must not cost another its findings
        return found, _fault(seen.file.facts.path, error, judge.card.id)
    return found, None


def _fault(path: str, error: Exception, rule: str = "") -> Problem:
    if isinstance(error, RecursionError):
        return Problem(path, ProblemKind.TOO_DEEP, "nested too deeply to be judged", rule)
    told = f"{type(error).__name__}: {error}".partition("\n")[0]
    return Problem(path, ProblemKind.INTERNAL, f"{told:.200}; please report this", rule)


def _with_statements(findings: Sequence[Finding], data: bytes) -> tuple[Finding, ...]:
    """Give findings the text of their line, for the fingerprint."""
    if not findings:
        return ()
    lines = Source("", data).lines()
    return tuple(
        replace(finding, statement="".join(lines[finding.span.line - 1].split()))
        for finding in sorted(set(findings), key=_order)
    )


def _order(finding: Finding) -> tuple[object, ...]:
    return (finding.span, finding.rule, finding.message)
