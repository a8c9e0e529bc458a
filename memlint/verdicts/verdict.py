"""The verdict on one acquisition."""

from __future__ import annotations

from enum import StrEnum

from memlint.model.facts import Extent, Function
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen


class Fault(StrEnum):
    """What went wrong with the end: each has cards of its own."""

    FORGOTTEN = "forgotten"
    PARTIAL = "only on some ways out"
    RACED = "left behind by the outcome that won"


@frozen
class Verdict:
    """It leaks: how sure that is, why in a phrase, and the teardowns that should have ended it."""

    confidence: Confidence
    why: str
    teardowns: tuple[Function, ...] = ()
    fault: Fault = Fault.FORGOTTEN
    ways: tuple[tuple[Extent, str], ...] = ()
    """The ways on which it is not ended: where, and a phrase."""


_ORDER = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


def at_most(confidence: Confidence, limit: Confidence) -> Confidence:
    """The less sure of two."""
    return min(confidence, limit, key=_ORDER.index)


def lowered(confidence: Confidence) -> Confidence:
    """One step less sure."""
    return _ORDER[max(_ORDER.index(confidence) - 1, 0)]
