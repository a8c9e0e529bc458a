"""A rule as its card tells it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from memlint.model.finding import Precision, Severity
from memlint.model.frozen import frozen


class Promise(StrEnum):
    """What an example's heading promises."""

    LEAKS = "Leaks"
    CLEAN = "Clean"


@frozen
class Example:
    """One example of a card: its title without the promise, and its files, name to source, in order."""

    promise: Promise
    title: str
    files: tuple[tuple[str, str], ...]


@frozen
class Card:
    """One rule, read from `rules/<name>.md`; `body` is its Markdown without front matter and title."""

    name: str
    id: str
    title: str
    why: str
    message: str
    help: str
    severity: Severity
    precision: Precision
    checklist: tuple[str, ...]
    resources: tuple[str, ...]
    body: str

    @property
    def pascal_name(self) -> str:
        """`uncleared-timer` as `UnclearedTimer`: SARIF's rule name (SARIF2012)."""
        return "".join(part.capitalize() for part in self.name.split("-"))


@frozen
class Measurement:
    """What the heap said of an example: survivors after `n` turns and after twice as many, or why it was not run."""

    n: int
    first: int
    second: int
    skipped: str = ""


Measurements = Mapping[tuple[str, str], Measurement]
"""Measurements by (card id, example title)."""
