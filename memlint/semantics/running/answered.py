"""What a function answers with by way of a callback: `done(null, {close() {…}})`, `resolve({close() {…}})`."""

from __future__ import annotations

from memlint.model.facts import FateKind, UnitKind
from memlint.model.value import Place
from memlint.semantics.file import File
from memlint.semantics.running.promises import executor_of
from memlint.semantics.tables import Index


def answered_by_callback(file: File) -> Index[int, tuple[str, int]]:
    """Methods of object literals handed to a parameter, or to what settles a promise, by the function that answers."""
    found: dict[int, list[tuple[str, int]]] = {}
    for unit in file.facts.units:
        if unit.kind is not UnitKind.OBJECT or unit.fate.kind is not FateKind.ARGUMENT or unit.fate.call < 0:
            continue
        callee = file.facts.calls[unit.fate.call].callee
        asked = file.binding(callee) if isinstance(callee, Place) else None
        if asked is not None and asked.kind == "parameter":
            executor = executor_of(asked.function, file)
            outer = executor.parent if executor is not None else asked.function
            found.setdefault(outer, []).extend(unit.methods)
    return Index(found)
