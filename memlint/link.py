"""What files know of each other: a helper of the project becomes a shape in the table of those who import it.

A function that answers with a fresh acquisition is itself an acquiring shape; one that releases its parameter is itself
a releasing shape. Rows are derived until none is new; the set is finite: exported functions times kinds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from posixpath import dirname, join, normpath

from memlint.ledger import Insight
from memlint.model.facts import FunctionKind, Place
from memlint.model.resource import Resource, Shape
from memlint.semantics.file import unwrapped
from memlint.semantics.shapes import ANY, match

_SUFFIXES = ("", ".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", ".mts", ".cts")
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Helper:
    """An exported function that acquires for its caller, or releases what it is given: one more shape of a kind."""

    name: str
    kind: str
    acquires: bool
    shape: Shape


@dataclass(frozen=True, slots=True)
class Outline:
    """What other files need to know of one: what it imports, passes on, and helps with."""

    path: str
    imports: tuple[tuple[str, str], ...] = ()
    passed_on: tuple[tuple[str, str, str], ...] = ()
    """Names exported from another module: name, module, name there."""
    helpers: tuple[Helper, ...] = ()


def outline(seen: Insight) -> Outline:
    """What one file tells the others."""
    facts = seen.file.facts
    return Outline(
        facts.path,
        tuple((entry.module, entry.name) for entry in facts.imports if entry.module.startswith(".")),
        tuple((entry.name, entry.module, entry.imported) for entry in facts.exports if entry.module.startswith(".")),
        tuple(dict.fromkeys((*_acquiring(seen), *_releasing(seen)))),
    )


def _exported_functions(seen: Insight) -> dict[int, str]:
    """Functions that other files can import, with the name they are exported under."""
    found = {}
    for export in seen.file.facts.exports:
        function = seen.file.function_at(export.value)
        if function is not None and seen.file.facts.functions[function].kind is not FunctionKind.CONSTRUCTOR:
            found[function] = export.name
    return found


def _acquiring(seen: Insight) -> Iterator[Helper]:
    exported = _exported_functions(seen)
    for life in seen.lifetimes:
        if not life.shape.result or life.resource.started_by:
            continue
        for exit_ in life.journey.returned:
            name = exported.get(exit_.function)
            value = unwrapped(exit_.value)
            function = seen.file.facts.functions[exit_.function]
            itself = isinstance(value, Place) and (seen.flow.canonical(value) or value) in life.journey.places
            if name and itself and life.call.function == exit_.function and not function.is_async:
                inside = seen.file.span(function.extent)
                shape = Shape(name, result=life.shape.result, text=f"{life.shape.result} = {name}(...)", inside=inside)
                yield Helper(name, life.resource.kind, acquires=True, shape=shape)


def _releasing(seen: Insight) -> Iterator[Helper]:
    exported = _exported_functions(seen)
    for resource in seen.resources:
        handle = resource.acquire[0].result if resource.acquire else ""
        for shape in resource.release if handle else ():
            for call in seen.file.calls_named.get(shape.name, ()):
                name = exported.get(call.function)
                holes = match(shape, call, seen.file, ANY, lenient=True) if name else None
                place = seen.flow.canonical(holes.get(handle)) if holes else None
                binding = seen.file.binding(place) if place is not None and not place.path else None
                if name and binding is not None and binding.kind == "parameter" and binding.function == call.function:
                    arguments = (*(f"$_{n}" for n in range(binding.position)), handle)
                    inside = seen.file.span(seen.file.facts.functions[call.function].extent)
                    text = f"{name}({', '.join(arguments)})"
                    yield Helper(
                        name, resource.kind, acquires=False, shape=Shape(name, "", arguments, text=text, inside=inside)
                    )


class Project:
    """All outlines linked."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self._by_path = {one.path: one for one in outlines}

    def helpers_for(self, path: str) -> tuple[Helper, ...]:
        """The helpers that a file imports, named as it imports them."""
        own = self._by_path.get(path)
        found: list[Helper] = []
        for module, name in own.imports if own is not None else ():
            for helper in self._exported(self._resolve(path, module), name, 0):
                found.append(replace(helper, shape=replace(helper.shape, modules=(module,))))
        return tuple(dict.fromkeys(found))

    def words(self) -> frozenset[str]:
        """Words of which a file must hold one to import a helper: its name, or that of its file if it is a default."""
        found: set[str] = set()
        for outline in self._by_path.values():
            names = {helper.name for helper in outline.helpers}
            names |= {name for name, _, _ in outline.passed_on if any(self._exported(outline.path, name, 0))}
            if "default" in names:
                parts = outline.path.removesuffix("/").split("/")[-2:]
                found |= {part.split(".")[0] for part in parts}
            found |= names - {"default", "*"}
        return frozenset(found)

    def _exported(self, path: str | None, name: str, depth: int) -> Iterator[Helper]:
        target = self._by_path.get(path) if path is not None else None
        if target is None or depth > _ROUNDS:
            return
        for helper in target.helpers:
            if helper.name == name:
                yield helper
        for local, module, imported in target.passed_on:
            if local in (name, "*"):
                there = name if imported == "*" else imported
                for helper in self._exported(self._resolve(target.path, module), there, depth + 1):
                    yield replace(helper, name=name, shape=replace(helper.shape, name=name))

    def _resolve(self, path: str, module: str) -> str | None:
        """The file that a relative import means, among those of this run."""
        base = normpath(join(dirname(path), module))
        stem = base.removesuffix(".js").removesuffix(".mjs").removesuffix(".jsx")
        for candidate in (
            *(base + suffix for suffix in _SUFFIXES),
            *(stem + suffix for suffix in _SUFFIXES[1:]),
            *(join(base, "index" + suffix) for suffix in _SUFFIXES[1:]),
        ):
            if candidate in self._by_path:
                return candidate
        return None


def grown(resources: Sequence[Resource], helpers: Sequence[Helper]) -> tuple[Resource, ...]:
    """The table with the shapes that helpers add to it."""
    if not helpers:
        return tuple(resources)
    more: dict[tuple[str, bool], list[Shape]] = {}
    for helper in helpers:
        more.setdefault((helper.kind, helper.acquires), []).append(helper.shape)
    return tuple(
        replace(
            row,
            acquire=(*row.acquire, *more.get((row.kind, True), ())),
            release=(*row.release, *more.get((row.kind, False), ())),
        )
        for row in resources
    )
