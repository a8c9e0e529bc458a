"""A heap limit that was raised so that a program does not end, yet."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Answers, Confidence, Finding
from memlint.semantics.names import words_of
from memlint.semantics.options import Option, options_of
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"max_old_space_size"})
MARKS = (b"--max-old-space-size", b"--max_old_space_size")
_DEFAULT = 2048
"""MiB that Node.js takes by itself on most machines; a limit that is no higher is a budget, and a good thing."""

_DIGITS = 9
"""More MiB than any machine has: no limit at all, and Python refuses to read a number of thousands of digits."""


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for option in options_of(seen.file):
        if option.name == "max-old-space-size" and _is_raised(option.value):
            yield _finding(card, seen, option)


def _is_raised(value: str) -> bool:
    return value.isdecimal() and len(value) <= _DIGITS and int(value) > _DEFAULT


def _confidence(option: Option, seen: Insight) -> Confidence:
    """A program that people use is meant; what builds or checks one has other reasons, and an end."""
    words = (*words_of(option.text), *words_of(seen.file.facts.path))
    return Confidence.LOW if seen.words.any_of("building words", words) else Confidence.MEDIUM


def _finding(card: Card, seen: Insight, option: Option) -> Finding:
    file = seen.file
    return finding(
        card,
        file,
        option.extent,
        option.function,
        confidence=_confidence(option, seen),
        answers=Answers("the process", "as long as it runs", f"only its end, at {option.value} MiB", "nobody"),
        path=(
            step(file, option.extent, "the process"),
            step(file, option.extent, f"up to {option.value} MiB that nothing lets go of"),
        ),
        size=option.value,
    )
