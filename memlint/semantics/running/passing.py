"""Where a value goes from a callback, and which elements only show it: `list.map(…)`, `<img src={url}>`."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import FateKind, Function
from memlint.model.value import Compound, Place, Record, Root, Sequence, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.value.values import unwrapped

_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("answering with what is answered", ()),
    ("answering with a list of what is answered", ("[]",)),
    ("answering with a reference to what is answered", ("value",)),
)
"""Where the answer of a callback is in that of the call which runs it, by the list of such calls."""


def comes_out_as(function: Function, file: File, words: WordLists) -> Place | None:
    """Where that is which a callback answers with: in the answer of the call that runs it."""
    taker = file.taker_of(function.fate)
    if taker is None:
        return None
    steps = next((steps for kind, steps in _STEPS if file.called(taker) in words[kind]), None)
    return Place(Root.RESULT, taker.index, steps) if steps is not None else None


def is_thrown_away(function: Function, file: File, words: WordLists) -> bool:
    """Whether nobody gets what a callback answers with: `load().finally(() => setTimeout(again, 500));`.

    An emitter, a timer or `forEach` drops it in any case: `socket.on("close", () => setTimeout(connect, 1000))`.
    """
    taker = file.taker_of(function.fate)
    if taker is None:
        return False
    if file.called(taker) in words["answering nobody"]:
        return True
    if file.called(taker) not in words["going on when it is done"]:
        return False
    fate = taker.fate
    while fate.kind is FateKind.RECEIVER and fate.call >= 0:
        fate = file.facts.calls[fate.call].fate
    return fate.kind is FateKind.DISCARDED


def beside_attributes(value: Value | None) -> Iterator[tuple[Value, str]]:
    """All that a value is made of, outside in, with the attribute of an element that shows it: `<img src={url}>`."""
    stack: list[tuple[Value | None, str, bool]] = [(value, "", False)]
    while stack:
        here, name, is_attribute = stack.pop()
        here = unwrapped(here)
        if here is None:
            continue
        yield here, name
        if isinstance(here, Compound):
            stack += [(part, name, here.operator == "jsx") for part in here.parts]
        elif isinstance(here, Record):
            stack += [(item, key if is_attribute else name, False) for key, item in here.items]
        elif isinstance(here, Sequence):
            stack += [(item, name, False) for item in here.items]
