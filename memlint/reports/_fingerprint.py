"""By what a finding is recognised after the lines around it have moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from struct import unpack

from memlint.model.finding import Finding

_WINDOW = 100
_BASE = 37
_END_OF_FILE = b"\xff\xff"


def fingerprints(findings: Sequence[Finding]) -> tuple[str, ...]:
    """One per finding, from its rule, scope and statement; equal ones in a file are told apart by their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    prints: list[str] = []
    for finding in findings:
        words = (finding.rule, finding.scope, finding.statement)
        seen[finding.span.path, *words] += 1
        text = "\0".join((*words, str(seen[finding.span.path, *words])))
        prints.append(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest())
    return tuple(prints)


def line_hashes(data: bytes, wanted: AbstractSet[int]) -> dict[int, str]:
    """`primaryLocationLineHash` of the wanted lines, to the bit as code scanning computes it.

    A line is known by the 100 UTF-16 units from its start on, over line ends but without spaces and tabs, and by how
    many lines before it look the same.
    """
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace(" ", "").replace("\t", "")
    units = text.encode("utf-16-le") + _END_OF_FILE + bytes(2 * _WINDOW)
    seen: Counter[bytes] = Counter()
    hashes: dict[int, str] = {}
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        window = units[start : start + 2 * _WINDOW]
        seen[window] += 1
        if number in wanted:
            hashes[number] = f"{_rolled(window):x}:{seen[window]}"
        start += len(line.encode("utf-16-le")) + 2
    return hashes


def _rolled(window: bytes) -> int:
    value = 0
    for unit in unpack(f"<{_WINDOW}H", window):
        value = (value * _BASE + unit) % 2**64
    return value
