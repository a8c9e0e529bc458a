"""Whether anything runs a function of this file: what nothing can call neither ends nor empties anything."""

from __future__ import annotations

from memlint.model.facts import MODULE, Call, ExitKind, FateKind, Function
from memlint.model.value import Root
from memlint.semantics.file import File


class Running:
    """Answers for one file."""

    def __init__(self, file: File) -> None:
        self.file = file
        self._known: dict[int, bool] = {}

    def runs(self, index: int) -> bool:
        """Whether anything can call a function: it is exported, a method, handed to somebody, or called here."""
        known = self._known.get(index)
        if known is None:
            known = self._known[index] = all(
                self._is_reachable(here) for here in self.file.enclosing(index) if here.index != MODULE
            )
        return known

    def runs_beside(self, index: int, other: int) -> bool:
        """Whether anything can call a function, given that another one runs: so what is around both runs too."""
        return self.runs(index) or all(
            self._is_reachable(here)
            for here in self.file.enclosing(index)
            if here.index != MODULE and not self.file.contains(here.index, other)
        )

    def _is_reachable(self, here: Function) -> bool:
        if here.fate.kind is FateKind.DISCARDED and here.unit < 0:
            return False  # written as a statement of its own: `() => { … };`, where a `return` was forgotten
        if here.fate.kind is not FateKind.KEPT or here.unit >= 0:
            return True
        place = here.fate.place
        if place is None or place.path or place.root is not Root.BINDING:
            return True
        called = any(
            not self.file.contains(here.index, call.function) for call in self.file.callers.get(here.index, ())
        )
        if called or self._is_mentioned(here, int(place.key)):
            return True
        exported = int(place.key) in self.file.exported_bindings or self.file.is_open_by_default
        return exported and not here.name.startswith("_")

    def _is_mentioned(self, here: Function, binding: int) -> bool:
        return any(not self.file.contains(here.index, use.function) for use in self.file.uses_of.get(binding, ()))


def is_unreachable(call: Call, file: File) -> bool:
    """Whether control has left the function before, on every way: `return; setInterval(…)`.

    A `with` of Python may swallow what leaves it, so there nothing is unreachable.
    """
    if file.facts.language == "python":
        return False
    around = set(file.regions_of(call.region))
    return any(
        exit_.kind in (ExitKind.RETURN, ExitKind.THROW)
        and exit_.extent[1] <= call.extent[0]
        and exit_.region in around
        and exit_.function == call.function
        for exit_ in file.exits_of.get(call.function, ())
    )
