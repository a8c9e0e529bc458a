"""A plugin and the host that it is given: both go together."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of


def goes_with_its_host(life: Lifetime, seen: Insight) -> bool:
    """Whether a function that is a plugin listens to the host that it is handed, or to a part of it."""
    place = seen.flow.canonical(life.holes.get("$target"))
    binding = seen.file.binding(place) if place is not None else None
    if place is None or binding is None or binding.kind != "parameter" or life.origin.holder is not Holder.FOREIGN:
        return False
    if seen.once(_plugins).get(binding.function):
        return True
    return not place.path and _is_extended(binding.index, binding.function, seen)


def _is_extended(host: int, function: int, seen: Insight) -> bool:
    """A function that gives what it was handed new methods: `host.dig = …`, `host.map.stop = …`.

    Not a handler, `host.onclick = …`; and a method of a class may be handed one host after the other.
    """
    return seen.file.facts.functions[function].unit < 0 and any(
        write.place.root is Root.BINDING
        and write.place.key == host
        and bool(write.place.path)
        and not write.place.path[-1].startswith("on")
        and seen.file.function_at(write.value) is not None
        for write in seen.file.writes_in[function]
    )


def _plugins(seen: Insight) -> dict[int, bool]:
    """Functions that a file registers as plugins as it is loaded: `plugins.add("focus", focus)`."""
    found: dict[int, bool] = {}
    for call in seen.file.calls_in.get(MODULE, ()):
        handed = [seen.file.function_at(argument) for argument in call.arguments]
        for function in handed:
            if function is not None and _names_plugins(call, seen):
                found[function] = True
    return found


def _names_plugins(call: Call, seen: Insight) -> bool:
    """Whether a registry of plugins is asked, or for one more plugin, by its name."""
    asked = call.receiver
    names = (call.name, seen.file.name_of(asked) if isinstance(asked, Place) else "")
    return any(not seen.words["plugins"].isdisjoint(words_of(name)) for name in names)
