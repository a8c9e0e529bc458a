"""What memlint says: places in a file, and verdicts about them."""

from __future__ import annotations

from enum import StrEnum
from operator import attrgetter

from memlint.model.frozen import frozen


class Severity(StrEnum):
    """How bad a proven finding is; the words are SARIF's result levels (SARIF 2.1.0, 3.27.10)."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Larger is worse: note 0, warning 1, error 2."""
        return ("note", "warning", "error").index(self.value)


class Confidence(StrEnum):
    """How sure the verdict is: HIGH when all four questions are answered, LOW when one is open."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Larger is surer: low 0, medium 1, high 2."""
        return ("low", "medium", "high").index(self.value)


class Precision(StrEnum):
    """How often a rule is right, in the words that code-scanning viewers read from a rule's properties."""

    VERY_HIGH = "very-high"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@frozen
class Span:
    """A range of one file: lines and columns from 1, columns in UTF-16 units, the end exclusive.

    `path` is the path as the user would write it: relative to the working directory, with `/`.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __lt__(self, other: Span) -> bool:
        """By path, then by where it begins, then by where it ends."""
        return _ORDER(self) < _ORDER(other)


_ORDER = attrgetter("path", "line", "column", "end_line", "end_column")


@frozen
class Step:
    """A place with a short phrase: one retainer on a retention path, or a near miss."""

    span: Span
    phrase: str


@frozen
class Answers:
    """The four questions of every finding, answered in words a person reads."""

    holder: str
    how_often: str
    lets_go: str
    duty: str


@frozen
class Finding:
    """One verdict: which rule, where, why, and who retains what.

    `path` reads from the root to what is kept; `near_misses` are ends that do not end it. `scope` names the enclosing
    functions (`Toolbar.open`) and `statement` is the source of the primary line without white space: both only serve
    the fingerprint, so that a finding is recognised after lines have moved.
    """

    rule: str
    span: Span
    message: str
    severity: Severity
    confidence: Confidence
    answers: Answers | None = None
    path: tuple[Step, ...] = ()
    near_misses: tuple[Step, ...] = ()
    help: str = ""
    scope: str = ""
    statement: str = ""


class ProblemKind(StrEnum):
    """Why a file, or a part of the work on it, could not be done."""

    UNREADABLE = "unreadable"
    BINARY = "binary"
    ENCODING = "encoding"
    TOO_DEEP = "too deep"
    TOO_SLOW = "too slow"
    SYNTAX = "syntax"  # the rest of the file was judged
    UNPARSED = "not parsed"  # nothing of it was
    INTERNAL = "internal error"


@frozen
class Problem:
    """Something that kept memlint from judging all of a file; never silent, never the end of the run."""

    path: str
    kind: ProblemKind
    message: str
    rule: str = ""

    @property
    def fatal(self) -> bool:
        """Whether the file's findings may be incomplete for a reason other than its own syntax."""
        return self.kind is not ProblemKind.SYNTAX
