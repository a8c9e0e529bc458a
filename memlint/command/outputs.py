"""The reports that a run is asked for: each a format, and a file or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from memlint.command.streams import check_writable, write, write_bytes, write_file
from memlint.model.frozen import frozen
from memlint.model.report import Report
from memlint.reports import formats, renderer
from memlint.wording.spelling import did_you_mean
from memlint.wording.terminal import Terminal, terminal_of

_FOR_PEOPLE = frozenset({"text", "concise"})
"""Formats in the terminal's own encoding; all others are UTF-8 wherever they go."""


@frozen
class Output:
    """`sarif:out.sarif`; without a path it is standard output."""

    name: str
    path: str = ""

    @property
    def for_people(self) -> bool:
        """Whether it is read on the screen."""
        return not self.path and self.name in _FOR_PEOPLE

    @property
    def for_machines(self) -> bool:
        """Whether it takes standard output for itself."""
        return not self.path and self.name not in _FOR_PEOPLE


def parse_outputs(words: Iterable[str]) -> list[Output]:
    """Read `sarif:out.sarif` as format and path; there is one standard output."""
    outputs: list[Output] = []
    for word in words:
        name, colon, path = word.partition(":")
        if name not in formats():
            hint = did_you_mean(name, formats()) or f"; there are {', '.join(sorted(formats()))}"
            raise click.UsageError(f'unknown output format "{name}"{hint}')
        if colon and not path:
            raise click.UsageError(f"--output-format {word}: no path behind the colon")
        path = "" if path == "-" else path
        if path in {other.path for other in outputs}:
            to = path or "standard output"
            remedy = "give each its own path" if path else f"give one a path, like {name}:report.{name}"
            raise click.UsageError(f"two reports go to {to}; {remedy}")
        if path:
            check_writable(path)
        outputs.append(Output(name, path))
    return outputs


def write_reports(outputs: Iterable[Output], report: Report, color: str) -> None:
    """Render and write them all: files first, for the screen may go away."""
    for output in sorted(outputs, key=lambda output: not output.path):
        render = renderer(output.name)
        if output.path:
            write_file(output.path, render(report, Terminal()))
            continue
        text = render(report, terminal_of(sys.stdout, os.environ, color) if sys.stdout else Terminal())
        if output.for_people:
            write(text)
        else:
            write_bytes(text.encode("utf-8", "backslashreplace"))
