"""How often, in a word and in a phrase."""

from __future__ import annotations

from enum import IntEnum

from memlint.model.facts import Extent
from memlint.model.frozen import frozen


class Rate(IntEnum):
    """From rare to often."""

    ONCE = 0
    INSTANCE = 1
    CALL = 2
    EVENT = 3


@frozen
class Frequency:
    """How often, in a word and in a phrase; not `sure` where callers are unknown and the name says little."""

    rate: Rate
    phrase: str
    extent: Extent | None = None
    sure: bool = True
    is_served: bool = False
    """For each request or message that somebody outside of the program sends."""
