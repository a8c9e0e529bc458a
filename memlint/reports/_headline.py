"""The first line of a finding: where, which rule, how bad."""

from __future__ import annotations

from pathlib import Path

from memlint.model.finding import Finding, Severity, Span
from memlint.wording.terminal import Terminal
from memlint.wording.visible import visible

STYLES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}


def place(span: Span, root: str, terminal: Terminal) -> str:
    """`path:line:column`, linked to the file where the terminal can follow it."""
    text = terminal.paint(f"{visible(span.path)}:{span.line}:{span.column}", "1")
    return terminal.link(text, Path(root, span.path).as_uri()) if terminal.links else text


def badge(finding: Finding, terminal: Terminal) -> str:
    """`MEM101[warning]`."""
    return terminal.paint(f"{visible(finding.rule)}[{finding.severity}]", STYLES[finding.severity])
