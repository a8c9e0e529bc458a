"""What a number is as a rule: where a setting stands, and nobody sets it, its default tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from memlint.ledger import Insight
from memlint.model.facts import Binding
from memlint.model.value import Compound, Constant, Place, Record, Root, Value
from memlint.semantics.value.values import inner_values

_MOMENT = 30_000
"""Milliseconds: a record of the same name may be of something else, so it tells of short delays alone."""

_FOLLOWED = 4
"""Names for one number that are followed, one to the next."""


def usual(value: Value | None, seen: Insight, left: int = _FOLLOWED) -> float | None:
    """A constant; the default of a name, a field, or an option; the largest if there are several."""
    fixed = unset(value, seen, left)
    if fixed is not None or not isinstance(value, Place) or left == 0:
        return fixed
    place = seen.file.resolve(value)
    binding = seen.file.binding(place) if not place.path else None
    if binding is not None:
        return usual(binding.default if binding.kind == "parameter" else _kept_at_once(binding, seen), seen, left - 1)
    if place.root is Root.SELF and len(place.path) == 1:
        return _largest([usual(write.value, seen, left - 1) for write in seen.file.writes_at.get(place, ())])
    return _of_a_namespace(place, seen) or _of_an_option(place, seen)


def _of_a_namespace(place: Place, seen: Insight) -> float | None:
    """`Private.GRACE`, where one name of the file is so called: a constant in a namespace of its own."""
    named = seen.once(_constants).get(place.path[-1], ()) if place.path else ()
    return unset(named[0].value, seen) if len(named) == 1 else None


def _constants(seen: Insight) -> Mapping[str, Sequence[Binding]]:
    """What a file calls by names in capitals."""
    found: dict[str, list[Binding]] = {}
    for binding in seen.file.facts.bindings:
        if binding.name.isupper():
            found.setdefault(binding.name, []).append(binding)
    return found


def unset(value: Value | None, seen: Insight, left: int = _FOLLOWED) -> float | None:
    """The same, as far as it stands where the number is used: nobody sets a constant, and a default is close by."""
    known = seen.file.constant(value)
    if known is not None:
        return _number(known)
    if isinstance(value, Compound) and value.operator == "choice" and left:
        found = [usual(part, seen, left - 1) for part in value.parts]
        return max((one for one in found if one), default=None)  # zero is "off": nobody sets it, nothing waits
    return None


def _kept_at_once(binding: Binding, seen: Insight) -> Value | None:
    """What a name is given as it is made, if nothing else ever is: `const delay = isSlow ? 2000 : 500`."""
    writes = seen.file.writes_at.get(Place(Root.BINDING, binding.index), ())
    return writes[0].value if len(writes) == 1 and not binding.member else None


def _largest(found: list[float | None]) -> float | None:
    known = [one for one in found if one is not None]
    return max(known) if len(known) == len(found) > 0 else None


def _number(known: Constant) -> float | None:
    return float(known.value) if isinstance(known.value, int | float) and not isinstance(known.value, bool) else None


def _of_an_option(place: Place, seen: Insight) -> float | None:
    """`this.options.delay`, where the file says `{delay: 200}` of what nobody sets."""
    steps = seen.file.name_of(place).split(".")
    known = len(steps) > 1 and steps[-2].lstrip("_#") in seen.words["options of a caller"]
    usual = seen.once(_defaults).get(steps[-1]) if known else None
    return usual if usual is not None and usual < _MOMENT else None


def _defaults(seen: Insight) -> Mapping[str, float]:
    """The largest number that any record of the file has under a name."""
    found: dict[str, float] = {}
    for value in _written(seen):
        for record in inner_values(value):
            for name, item in record.items if isinstance(record, Record) else ():
                known = seen.file.constant(item)
                number = _number(known) if known is not None else None
                if number is not None:
                    found[name] = max(number, found.get(name, number))
    return found


def _written(seen: Insight) -> Iterator[Value | None]:
    facts = seen.file.facts
    yield from (write.value for write in facts.writes)
    yield from (argument for call in facts.calls for argument in call.arguments)
    yield from (exit_.value for exit_ in facts.exits)
