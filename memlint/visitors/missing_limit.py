"""Something that takes in as much as it is sent, made without the limit that it offers."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.growth.limiting import Unlimited, unlimited
from memlint.verdicts.saying import finding_at

WORDS = frozenset(
    {
        "multer", "fileupload", "raw", "busboy", "session", "ApolloServer", "undo", "lru", "LRUCache",
        "keyv", "dataloader", "ReplaySubject", "worker_threads", "zlib",
    }
)  # fmt: skip
"""A word of each row of `rules/limits.toml`: of its modules, or of what they export."""
MARKS = (b'"node-cache"', b"'node-cache'")
"""A module of two words that stand in nearly every file."""


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in unlimited(seen):
        yield _finding(card, seen, one)


def _finding(card: Card, seen: Insight, one: Unlimited) -> Finding:
    call, limit = one.call, one.limit
    acquired = seen.file.name_of(call.callee)
    acquired = limit.modules[0] if acquired == "require()" else acquired
    without = _without(limit.options)
    path = [(call.extent, one.holder.replace("`", "")), (call.extent, limit.keeps)]
    if one.feed is not None:
        path.append((one.feed.extent, "one more"))
    return finding_at(
        card,
        seen,
        call,
        confidence=one.confidence,
        holder=one.holder,
        often="with all that comes in",
        lets_go=without,
        path=path,
        acquire=acquired,
        keeps=limit.keeps,
        without=without,
    )


def _without(options: tuple[str, ...]) -> str:
    if not options:
        return "it is not told how many"
    first, *others = (f"`{option}`" for option in options)
    return f"neither {first} nor {' nor '.join(others)} is set" if others else f"{first} is not set"
