"""What a value is made of."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Call
from memlint.model.value import Compound, Record, Sequence, Value


def unwrapped(value: Value | None) -> Value | None:
    """A value without `await` around it."""
    while isinstance(value, Compound) and value.operator == "await" and value.parts:
        value = value.parts[0]
    return value


def inner_values(value: Value | None) -> Iterator[Value]:
    """A value and everything it is made of, outside in."""
    stack = [value]
    while stack:
        here = stack.pop()
        if here is None:
            continue
        yield here
        if isinstance(here, Compound):
            stack += reversed(here.parts)
        elif isinstance(here, Record):
            stack += [item for _, item in reversed(here.items)]
        elif isinstance(here, Sequence):
            stack += reversed(here.items)


def keyword_of(call: Call, name: str) -> Value | None:
    """What a call in Python gives a keyword; keywords come last, as one record."""
    last = call.arguments[-1] if call.arguments else None
    return dict(last.items).get(name) if isinstance(last, Record) else None
