"""The verdict on one acquisition."""

from __future__ import annotations

from dataclasses import dataclass

from memlint.model.facts import Function
from memlint.model.finding import Confidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """It leaks: how sure that is, why in a phrase, and the teardowns that should have ended it."""

    confidence: Confidence
    why: str
    teardowns: tuple[Function, ...] = ()
