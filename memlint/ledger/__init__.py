"""The ledger: every acquisition of a file, what filled its holes, every end it has and every end it lacks.

Pure data, no parser, no verdict. Shapes come from `rules/resources`; holes with the same name must be filled by the
same place.
"""

from __future__ import annotations

from memlint.ledger.insight import Insight
from memlint.ledger.lifetime import CHILD, REMOVER, End, Lifetime, NearMiss

__all__ = ["CHILD", "REMOVER", "End", "Insight", "Lifetime", "NearMiss"]
