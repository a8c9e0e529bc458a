"""Where a place or a function stands as a value: in a write, an argument, a way out."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Call, Exit, ExitKind, Write
from memlint.model.frozen import frozen
from memlint.model.value import Closure, Compound, Place, Record, Root, Sequence, Value
from memlint.semantics.tables import Index
from memlint.semantics.value.places import Places
from memlint.semantics.value.values import unwrapped

_PAIR = 4
"""Members of a written-out list that are told apart by their number."""
_TRANSPARENT = frozenset({"choice", "spread", "&&", "jsx", "member"})
"""Operators whose result may be what they were given."""
ELEMENT = "<>"
"""The step into an element: what it shows, or is handed, is inside of it."""


@frozen
class Mention:
    """A place stands somewhere as a value: in a write, an argument, or a way out; `inside` a literal or not."""

    sink: Write | Call | Exit
    position: int = -1
    inside: tuple[str, ...] | None = None


def mentions_in(file: Places) -> Index[Value, Mention]:
    """Every mention of a file, by the place or the closure that is mentioned."""
    found: dict[Value, list[Mention]] = {}
    for value, mention in _sinks(file):
        for here, inside in _members(value, (), mention):
            resolves = isinstance(here, Place) and here.root is not Root.RESULT
            key = file.resolve(here) if isinstance(here, Place) and resolves else here
            found.setdefault(key, []).append(Mention(mention.sink, mention.position, inside or None))
    return Index(found)


def _sinks(file: Places) -> Iterator[tuple[Value | None, Mention]]:
    """What is written, handed over or given back, and where."""
    for write in file.facts.writes:
        yield write.value, Mention(write)
    for call in file.facts.calls:
        for position, argument in enumerate(call.arguments):
            yield argument, Mention(call, position)
    for exit_ in file.facts.exits:
        if exit_.kind in (ExitKind.RETURN, ExitKind.YIELD):
            yield exit_.value, Mention(exit_)


def _members(value: Value | None, inside: tuple[str, ...], mention: Mention) -> Iterator[tuple[Value, tuple[str, ...]]]:
    """The places and closures within a value, each with the steps that lead to it."""
    value = unwrapped(value)
    if isinstance(value, Place | Closure):
        yield value, inside
    elif isinstance(value, Record):
        for name, item in value.items:
            yield from _members(item, (*inside, name), mention)
    elif isinstance(value, Sequence):
        for item in value.items:
            yield from _members(item, (*inside, "[]"), mention)
        if isinstance(mention.sink, Write):  # `pair = host, open(…)`, and then `pair[1]`
            for position, item in enumerate(value.items[:_PAIR]):
                yield from _members(item, (*inside, str(position)), mention)
    elif isinstance(value, Compound) and value.operator in _TRANSPARENT:
        steps = (*inside, ELEMENT) if value.operator == "jsx" else inside
        for part in value.parts:
            yield from _members(part, steps, mention)
    elif isinstance(value, Compound) and value.operator in ("comprehension", "generator"):
        yield from _members(value.parts[-1], (*inside, "[]"), mention)
