"""Under which dotted names other files can reach the functions of a file."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.file import File
from memlint.semantics.running.callees import OF_INSTANCES
from memlint.semantics.value.values import unwrapped

_DEPTH = 3
"""How deep exported objects are looked into for functions."""

_Members = dict[Place, list[tuple[tuple[str, ...], int]]]


def exported_names(file: File) -> dict[object, list[str]]:
    """The functions that others can reach, each with all its dotted names."""
    found: dict[object, list[str]] = {}
    members: _Members = {}
    for place, function in file.functions_at.items():
        members.setdefault(Place(place.root, place.key), []).append((place.path, function))
    for export in file.facts.exports:
        for name, function in _functions(export.name, export.value, file, members, 0):
            names = found.setdefault(function, [])
            if name not in names:
                names.append(name)
    return found


def _functions(name: str, value: Value | None, file: File, members: _Members, depth: int) -> Iterator[tuple[str, int]]:
    """The functions in an exported value: itself, members of an object, of a class, of an instance."""
    value = unwrapped(value)
    direct = file.function_at(value)
    if direct is not None:
        yield name, direct
    if depth > _DEPTH:
        return
    if isinstance(value, Record):
        for key, item in value.items:
            yield from _functions(f"{name}.{key}", item, file, members, depth + 1)
    binding = file.binding(value) if isinstance(value, Place) and not value.path else None
    if binding is None or not isinstance(value, Place):
        return
    yield from ((".".join((name, *path)), function) for path, function in members.get(value, ()) if path)
    if isinstance(unwrapped(binding.value), Record):
        yield from _functions(name, binding.value, file, members, depth + 1)
    made = file.call_of(value)
    maker = made.callee if made is not None and made.constructs else None
    for unit in file.units_bound_to[binding.index]:
        yield from ((f"{name}.{OF_INSTANCES}.{method}", function) for method, function in unit.methods)
    if isinstance(maker, Place) and maker.root is Root.BINDING and not maker.path and maker.key != binding.index:
        for unit in file.units_bound_to[int(maker.key)]:
            yield from ((f"{name}.{method}", function) for method, function in unit.methods)
