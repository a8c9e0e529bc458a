"""Where a value goes from a callback, and which elements only show it: `list.map(…)`, `<img src={url}>`."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import FateKind, Function
from memlint.model.value import Compound, Place, Record, Root, Sequence, Value
from memlint.semantics.file import File
from memlint.semantics.value.values import unwrapped

_ANSWERS: dict[str, tuple[str, ...]] = {
    "then": (),
    "catch": (),
    "useMemo": (),
    "map": ("[]",),
    "flatMap": ("[]",),
    "computed": ("value",),
}
"""What calls answer with that run a callback: what the callback answers with, or something that has it inside."""


def comes_out_as(function: Function, file: File) -> Place | None:
    """Where that is which a callback answers with: in the answer of the call that runs it."""
    if function.fate.kind is not FateKind.ARGUMENT or function.fate.call < 0:
        return None
    steps = _ANSWERS.get(file.called(file.facts.calls[function.fate.call]))
    return Place(Root.RESULT, function.fate.call, steps) if steps is not None else None


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
