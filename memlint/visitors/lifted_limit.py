"""A limit of what is taken in, raised until it is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call
from memlint.model.finding import Confidence, Finding
from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.value.values import inner_values
from memlint.verdicts.saying import finding_at

WORDS = frozenset(
    {
        "maxBuffer", "maxContentLength", "maxBodyLength", "maxPayload", "maxPayloadLength", "bodyLimit", "limit",
        "maxFileSize", "maxTotalFileSize", "fileSize", "maxResponseSize", "maxHttpBufferSize", "sizeLimit",
        "maxRequestBodySize", "bodySizeLimit", "highWaterMark", "jsonLimit", "formLimit", "textLimit",
    }
)  # fmt: skip
_MOST = 256 * 2**20
"""Bytes from which on a limit for one request, answer or stream is none: a few of them fill a heap of 2 to 4 GiB."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt])i?b?", re.IGNORECASE)
_UNITS = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for call in seen.file.facts.calls:
        for argument in call.arguments:
            for name, value in _limits(argument, seen):
                size = _size(value, seen)
                if size and (name != "limit" or _is_in_bytes(value, seen)):
                    yield _finding(card, seen, call, name, size)


def _limits(argument: Value, seen: Insight) -> Iterator[tuple[str, Value]]:
    for inner in inner_values(argument):
        if isinstance(inner, Record):
            yield from ((name, value) for name, value in inner.items if name in seen.words["input limits"])


def _is_in_bytes(value: Value, seen: Insight) -> bool:
    """A bare `limit` may count anything: rows, turns. `limit: '500mb'` counts bytes."""
    known = seen.file.constant(value)
    return known is not None and isinstance(known.value, str)


def _size(value: Value, seen: Insight) -> str:
    """What a limit says, if that is as much as none; empty otherwise."""
    if value in (Place(Root.GLOBAL, "Infinity"), Place(Root.GLOBAL, "Number", ("MAX_SAFE_INTEGER",))):
        return seen.file.name_of(value)
    known = seen.file.constant(value)
    if known is None or isinstance(known.value, bool):
        return ""
    if isinstance(known.value, int | float):
        return f"{known.value / 2**20:.0f} MiB" if known.value > _MOST else ""
    if not isinstance(known.value, str):
        return ""
    size = _SIZE.fullmatch(known.value)
    return known.value if size and float(size[1]) * _UNITS[size[2].lower()] > _MOST else ""


def _finding(card: Card, seen: Insight, call: Call, name: str, size: str) -> Finding:
    acquired = seen.file.name_of(call.callee)
    return finding_at(
        card,
        seen,
        call,
        confidence=Confidence.MEDIUM,
        holder=f"`{acquired}`",
        lets_go=f"`{name}` is {size}",
        path=(
            (call.extent, f"{acquired}()"),
            (call.extent, f"all that is sent, up to {size}"),
        ),
        acquire=acquired,
        option=name,
        size=size,
    )
