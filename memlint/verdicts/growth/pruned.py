"""A collection that something prunes, but not as it should."""

from __future__ import annotations

from memlint.model.facts import Call, Function, Write
from memlint.model.frozen import frozen
from memlint.semantics.growth.collections import Collection, Feed


@frozen
class Pruning:
    """The feed whose entries stay, why they do, and what looks as if it took them out."""

    collection: Collection
    feed: Feed
    why: str
    near: tuple[Call | Write | Function, ...]
    phrase: str
