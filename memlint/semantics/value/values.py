"""What a value is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from memlint.model.facts import Call
from memlint.model.value import Closure, Compound, Constant, Place, Record, Sequence, Value


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


def places_in(value: Value | None) -> Iterable[Place]:
    """The places that a value is made of, outside in; most values are one, or hold none."""
    if isinstance(value, Place):
        return (value,)
    if isinstance(value, Constant | Closure):
        return ()
    return (inner for inner in inner_values(value) if isinstance(inner, Place))


def functions_below(record: Record, place: Place) -> Iterator[tuple[Place, int]]:
    """`{events: {bind() {…}}}`: the functions of the records in a record, each with the place that it has from here."""
    for name, item in record.items:
        at = Place(place.root, place.key, (*place.path, name))
        if isinstance(item, Record):
            yield from ((Place(at.root, at.key, (*at.path, key)), one.function) for key, one in _functions_of(item))
            yield from functions_below(item, at)


def _functions_of(record: Record) -> Iterator[tuple[str, Closure]]:
    return ((key, value) for key, value in record.items if isinstance(value, Closure))


def keyword_of(call: Call, name: str) -> Value | None:
    """What a call in Python gives a keyword; keywords come last, as one record."""
    last = call.arguments[-1] if call.arguments else None
    return dict(last.items).get(name) if isinstance(last, Record) else None


def member_of(value: Value, path: tuple[str, ...]) -> Value:
    """A member of what a value is; the value itself where it is no place."""
    return Place(value.root, value.key, (*value.path, *path)) if isinstance(value, Place) else value


def alternatives(value: Value | None) -> Iterator[Value]:
    """What a value may be: the parts of a choice, each of which may be one again, or the value itself."""
    value = unwrapped(value)
    if isinstance(value, Compound) and value.operator == "choice":
        for part in value.parts:
            yield from alternatives(part)
    elif value is not None:
        yield value


def chosen_receiver(callee: Value) -> Value | None:
    """What a method is called on that is one of several, or a list written in place: `(box || window).on(…)`."""
    base = unwrapped(callee.parts[0]) if isinstance(callee, Compound) and callee.operator == "member" else None
    is_choice = isinstance(base, Compound) and base.operator == "choice"
    return base if is_choice or isinstance(base, Sequence) else None


def method_of_choice(callee: Value) -> str:
    """The name of a method that is called on such a thing."""
    if chosen_receiver(callee) is None or not isinstance(callee, Compound):
        return ""
    name = callee.parts[-1]
    return str(name.value) if isinstance(name, Constant) else ""


def is_markup(value: Value | None) -> bool:
    """`<Page title={title} />`."""
    value = unwrapped(value)
    return isinstance(value, Compound) and value.operator == "jsx"


def is_empty(value: Value) -> bool:
    """`null`, `false`, `""`: what is written to a place to let go of what was there."""
    return isinstance(value, Constant) and not value.value
