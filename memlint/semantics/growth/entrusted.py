"""What others take out of the collections of an instance that they were handed.

`function settle(client, id) { delete client.waiting[id]; }`, called as `settle(this, id)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memlint.model.facts import Binding, Call, Write
from memlint.model.value import Place, Root
from memlint.semantics.growth.collections import Collection
from memlint.semantics.names import words_of
from memlint.semantics.value.instances import Instances


def entrusted(
    drains: Iterator[tuple[Place, Call | Write]], collections: Mapping[Place, Collection], instances: Instances
) -> Iterator[tuple[Collection, Call | Write]]:
    """The fields of instances among the collections, each with what takes out of it elsewhere.

    `drains` are what takes out of something, each with the place that it takes out of.
    """
    names = {place.path[0] for place in collections if place.root is Root.SELF and len(place.path) == 1}
    for bare, drain in drains:
        place = instances.file.resolve(bare)
        if (instances.flow.canonical(place) or place) in collections:
            continue
        binding = instances.file.binding(place)
        if binding is not None and binding.kind == "parameter" and not place.path and len(binding.member) == 1:
            field, units = binding.member[0], instances.of_parameter(binding) if binding.member[0] in names else ()
        elif place.path and place.path[-1] in names:
            field = place.path[-1]
            units = instances.of(Place(place.root, place.key, place.path[:-1]), drain.function)
        else:
            continue
        for unit in units or _named_alike(binding, instances):
            collection = collections.get(Place(Root.SELF, unit, (field,)))
            if collection is not None:
                yield collection, drain


def _named_alike(binding: Binding | None, instances: Instances) -> Iterator[int]:
    """`settle(client, id)` for other files, beside a `class Client`: nobody is seen to hand one in, its name tells."""
    if binding is None or binding.kind != "parameter" or instances.file.callers.get(binding.function):
        return
    known = words_of(binding.name)[-1:]
    yield from (unit.index for unit in instances.file.facts.units if known and words_of(unit.name)[-1:] == known)
