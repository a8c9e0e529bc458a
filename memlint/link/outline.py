"""What one file tells the others: what it takes from them, what it passes on, and what it helps with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.ledger import CHILD, Insight
from memlint.link.classes import endings, row_of, shape_of
from memlint.link.deriving import derived
from memlint.link.helper import Helper, grown
from memlint.link.hints import Hint, left, made_once, told
from memlint.link.naming import exported_names
from memlint.model.facts import Call
from memlint.model.frozen import frozen
from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.file import File
from memlint.semantics.running.callees import OF_INSTANCES, Foreign, required
from memlint.semantics.value.values import unwrapped


@frozen
class Outline:
    """What other files need to know of one."""

    path: str
    runs: tuple[Foreign, ...] = ()
    """What of other modules it calls, or extends, by dotted name."""
    hands_on: tuple[Foreign, ...] = ()
    """What of these it gives what it was given itself."""
    kinds: tuple[str, ...] = ()
    """The kinds of what it acquires."""
    passed_on: tuple[tuple[str, str, str], ...] = ()
    """Names that stand for those of another module: the name, the module, the name there (`*`: the module itself)."""
    helpers: tuple[tuple[str, Helper], ...] = ()
    """Helpers by the names under which others can reach them."""
    hints: tuple[tuple[str, Hint], ...] = ()
    """What it tells of names that it imports, by module."""
    made_once: tuple[str, ...] = ()
    """Exported classes of which it makes one instance itself."""
    left: tuple[str, ...] = ()
    """Names of collections of others that it takes something out of."""


def settled(seen: Insight) -> tuple[Insight, tuple[Helper, ...]]:
    """The file read with a table grown by its own helpers, until none is new: a helper may call another."""
    known: dict[tuple[Foreign | int | None, str, bool], Helper] = {}
    table = seen.resources
    while True:
        fresh = {helper.identity: helper for helper in derived(seen) if helper.identity not in known}
        if not fresh:
            return seen, tuple(known.values())
        known |= fresh
        seen = seen.grown(grown(table, tuple(known.values())))


def outline(seen: Insight, helpers: Sequence[Helper]) -> Outline:
    """What one file tells the others, with the helpers that `settled` found in it."""
    file = seen.file
    names = exported_names(file) if helpers else {}
    own = ((name, helper) for helper in helpers for name in names.get(helper.shape.helper, ()))
    return Outline(
        file.facts.path,
        tuple(dict.fromkeys(_run(seen))),
        tuple(
            foreign
            for foreign, calls in seen.callees.of_imports.items()
            if any(_hands_on(call, seen) for call in calls)
        ),
        tuple(sorted(seen.kinds)),
        tuple(dict.fromkeys((*_passed_on(file), *_inherited(seen)))),
        (*own, *_classes(seen)),
        tuple(dict.fromkeys(told(seen))),
        tuple(name for name, _ in made_once(seen)),
        tuple(dict.fromkeys(left(seen))),
    )


def _classes(seen: Insight) -> Iterator[tuple[str, Helper]]:
    """Exported classes whose instances must be ended, by their own doing or by that of their base class."""
    exported = [
        (name, unit)
        for name, value in _exported_values(seen.file)
        if isinstance(value, Place) and (unit := seen.callees.unit_at(value)) is not None
    ]
    if not exported:
        return
    own = {ending.unit.index: ending for ending in endings(seen)}
    rows = {row.acquire[0].helper: row for row in seen.resources if row.kind == CHILD}
    for name, unit in exported:
        ending = own.get(unit.index)
        inherited = rows.get(seen.callees.base_of(unit))
        if ending is not None:
            shape = shape_of(ending, seen, ("", name))
            yield name, Helper(CHILD, shape, row_of(ending, shape, seen.file.facts.language))
        elif inherited is not None:
            yield name, Helper(CHILD, inherited.acquire[0], inherited)


def _exported_values(file: File) -> Iterator[tuple[str, Value]]:
    for export in file.facts.exports:
        value = unwrapped(export.value)
        if isinstance(value, Record):
            yield from ((f"{export.name}.{key}", item) for key, item in value.items)
        elif value is not None:
            yield export.name, value


def _run(seen: Insight) -> Iterator[Foreign]:
    """What a helper of another file must be to matter here."""
    yield from seen.callees.of_imports
    for unit in seen.file.facts.units:
        base = seen.callees.base_of(unit)
        if base is not None:
            yield base


def _hands_on(call: Call, seen: Insight) -> bool:
    """Whether a call gives away a parameter of the function that it stands in."""
    for place in (seen.flow.canonical(argument) for argument in call.arguments):
        binding = seen.file.binding(place) if place is not None else None
        if binding is not None and binding.kind == "parameter":
            return True
    return False


def _passed_on(file: File) -> Iterator[tuple[str, str, str]]:
    """`export {a} from "./a"`, `import {a} from "./a"; export {a}`, `exports.a = require("./a").b`."""
    for export in file.facts.exports:
        value = unwrapped(export.value)
        if export.module:
            yield export.name, export.module, export.imported
        elif isinstance(value, Place) and value.root is Root.BINDING:
            entry = file.imports.get(int(value.key))
            if entry is not None:
                own = () if entry.name == "*" else (entry.name,)
                yield export.name, entry.module, ".".join((*own, *value.path)) or "*"
        elif isinstance(value, Place) and value.root is Root.RESULT:
            module = required(file, file.facts.calls[int(value.key)])
            if module:
                yield export.name, module, ".".join(value.path) or "*"


def _inherited(seen: Insight) -> Iterator[tuple[str, str, str]]:
    """What instances of an exported class have from a base class of another module."""
    for export in seen.file.facts.exports:
        unit = seen.callees.unit_at(export.value) if isinstance(export.value, Place) else None
        base = seen.callees.base_of(unit) if unit is not None else None
        if base is not None:
            yield f"{export.name}.{OF_INSTANCES}", base[0], ".".join((base[1], OF_INSTANCES))
