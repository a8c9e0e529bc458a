"""A release that is given what the acquisition was given, not what it answered with.

`const url = URL.createObjectURL(file); … URL.revokeObjectURL(file)`: nobody knows such a handle, and nobody says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight, Lifetime, NearMiss
from memlint.model.value import Constant, Place, Record, Value
from memlint.semantics.value.values import inner_values


def is_given_its_input(miss: NearMiss, life: Lifetime, seen: Insight) -> bool:
    """Whether a release that misses only the handle got what the handle was made of."""
    if miss.hole != life.shape.result:
        return False
    given = [life.holes[hole] for hole in life.shape.arguments if hole in life.holes]
    given = [value for value in given if not isinstance(value, Constant)]
    if any(seen.flow.same(value, miss.released) for value in given):
        return True
    name = miss.released.path[-1] if isinstance(miss.released, Place) and miss.released.path else ""
    return name in _kept_beside(life, given, seen)


def _kept_beside(life: Lifetime, given: list[Value], seen: Insight) -> Iterator[str]:
    """`{blob, url: URL.createObjectURL(blob)}`: the names under which a record keeps what its handle was made of."""
    function = life.call.function
    values = [exit_.value for exit_ in seen.file.exits_of.get(function, ())]
    values += [write.value for write in seen.file.writes_in.get(function, ())]
    handle = life.holes.get(life.shape.result)
    for value in values:
        for record in inner_values(value):
            if isinstance(record, Record) and any(item == handle for _, item in record.items):
                yield from (name for name, item in record.items if any(seen.flow.same(item, one) for one in given))
