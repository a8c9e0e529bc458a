"""Components with a state, which a framework mounts and unmounts, and what the unmount runs."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Function, Unit
from memlint.model.frozen import frozen
from memlint.model.value import Place
from memlint.semantics.names import words_of
from memlint.semantics.running.effects import cleanups_of


@frozen
class Component:
    """A class, or a function that asks for state; and what its unmount runs."""

    name: str
    function: Function | None
    unit: Unit | None
    unmounts: tuple[Function, ...]


class Components:
    """Answers for one file, by `seen.once(Components)`; each component is described once."""

    def __init__(self, seen: Insight) -> None:
        self._seen = seen
        hooks = seen.words["hooks of state"]
        self._asking = {call.function for name in hooks for call in seen.file.calls_named.get(name, ())}
        self._functions: dict[int, Component] = {}
        self._units: dict[int, Component | None] = {}

    def around(self, function: int) -> Component | None:
        """The component to which what runs in a function belongs."""
        file = self._seen.file
        for here in file.enclosing(function):
            if here.index != MODULE and here.index in self._asking:
                return self._of_function(here)
        unit = file.unit_of(function)
        if unit is None:
            return None
        if unit.index not in self._units:
            self._units[unit.index] = self._of_unit(unit)
        return self._units[unit.index]

    def _of_function(self, here: Function) -> Component:
        if here.index not in self._functions:
            cleanups = tuple(cleanups_of(here.index, self._seen.file, self._seen.words))
            self._functions[here.index] = Component(here.name, here, None, cleanups)
        return self._functions[here.index]

    def _of_unit(self, unit: Unit) -> Component | None:
        file = self._seen.file
        own = any(file.method(unit.index, name) is not None for name in self._seen.words["setting state"])
        if own or not _has_state(unit, self._seen):
            return None
        ends = self._seen.vocabulary.ends_for_good
        methods = (file.facts.functions[at] for name, at in unit.methods if ends(name))
        return Component(unit.name, None, unit, tuple(methods))


def _has_state(unit: Unit, seen: Insight) -> bool:
    if isinstance(unit.base, Place):
        return (unit.base.path or (seen.file.name_of(unit.base),))[-1] in seen.words["bases of components with state"]
    maker = seen.file.taker_of(unit.fate)
    return maker is not None and seen.file.called(maker) in seen.words["makers of components with state"]


def is_the_page(component: Component, seen: Insight) -> bool:
    """Whether its name says that it is the whole page, which is never unmounted: `AppComponent`."""
    words = tuple(word for word in words_of(component.name) if word not in seen.words["kinds of components"])
    return bool(words) and all(word in seen.words["names of the whole page"] for word in words)
