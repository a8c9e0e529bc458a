"""Which findings matter most."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.model.finding import Finding


def worst_first(findings: Sequence[Finding]) -> list[int]:
    """Positions of the findings by severity, then confidence; equals stay in their order."""
    return sorted(range(len(findings)), key=lambda at: (-findings[at].severity.rank, -findings[at].confidence.rank))
