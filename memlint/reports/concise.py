"""One line per finding, as compilers write it and editors read it."""

from __future__ import annotations

from memlint.model.report import Report
from memlint.reports._headline import badge, place
from memlint.wording.terminal import Terminal
from memlint.wording.visible import visible


def render(report: Report, terminal: Terminal) -> str:
    """`path:line:column: MEM101[warning] message`, nothing else."""
    return "".join(
        f"{place(finding.span, report.root, terminal)}: {badge(finding, terminal)} {visible(finding.message)}\n"
        for finding in report.findings
    )
