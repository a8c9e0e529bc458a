"""The outcome of a run, as every report receives it."""

from __future__ import annotations

from collections.abc import Mapping

from memlint.model.card import Card
from memlint.model.finding import Finding, Problem, Severity
from memlint.model.frozen import frozen
from memlint.model.source import Source


@frozen
class Skip:
    """A file or folder that was not read, and why; `reason` is a short noun phrase (`minified`, `test file`)."""

    path: str
    reason: str
    named: bool = False
    """Whether the user named it on the command line."""
    unexpected: bool = False
    """Whether no setting asks for it: everybody is told."""


@frozen
class Report:
    """All that a run found; findings are sorted by span, then rule.

    `findings` are those to show; `suppressed` counts the ones silenced by a comment or a baseline. `sources` holds the
    files that findings and retention paths point into. `root` is the absolute path that spans are relative to;
    `seconds` the wall time of the run.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    skips: tuple[Skip, ...]
    cards: tuple[Card, ...]
    sources: Mapping[str, Source]
    checked: int
    suppressed: int
    seconds: float
    root: str
    notes: tuple[str, ...] = ()
    """What memlint could not do for itself, and that changes no finding."""

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)
