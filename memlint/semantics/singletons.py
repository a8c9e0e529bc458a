"""Units of which there is one instance, for as long as the program runs."""

from __future__ import annotations

from memlint.model.facts import MODULE, Call, FateKind, Place, Root, Unit, UnitKind
from memlint.semantics.file import File
from memlint.semantics.programs import main_regions


class Singletons:
    """Answers for one file."""

    def __init__(self, file: File) -> None:
        self.file = file
        self._known: dict[int, bool] = {}
        self._mains = main_regions(file) if file.is_open_by_default else frozenset()

    def is_singleton(self, unit: Unit) -> bool:
        """Whether the file itself makes one lasting instance of a unit, at module level."""
        known = self._known.get(unit.index)
        if known is None:
            known = self._known[unit.index] = self._find(unit)
        return known

    def is_only_one(self, unit: Unit) -> bool:
        """Whether no more instances come to be than the module makes as it loads: no other file can construct one."""
        if unit.kind is UnitKind.OBJECT or unit.binding < 0:
            return self.is_singleton(unit)
        made = self.file.constructions_of[Place(Root.BINDING, unit.binding)]
        return (
            bool(made)
            and unit.binding not in self.file.exported_bindings
            and all(call.function == MODULE and not self.file.in_loop(call.region, MODULE) for call in made)
        )

    def _find(self, unit: Unit) -> bool:
        if unit.kind is UnitKind.OBJECT:
            return unit.function == MODULE and unit.fate.kind in (FateKind.KEPT, FateKind.EXPORTED, FateKind.OTHER)
        if unit.binding < 0:
            return unit.function == MODULE and unit.fate.kind is FateKind.RECEIVER
        return any(
            call.function == MODULE and call.region not in self._mains and self._is_kept_by_module(call)
            for call in self.file.constructions_of[Place(Root.BINDING, unit.binding)]
        )

    def _is_kept_by_module(self, call: Call) -> bool:
        kept = call.fate.place
        if call.fate.kind is FateKind.EXPORTED or kept is None:
            return call.fate.kind is FateKind.EXPORTED
        binding = self.file.binding(kept)
        return kept.root is Root.GLOBAL or (binding is not None and binding.function == MODULE)
