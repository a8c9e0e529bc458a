"""Large data that a module reads while it is loaded, although only some of its functions ever ask for it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Binding, Extent, Function, RegionKind, Write
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.names import words_of
from memlint.semantics.repetition.programs import main_regions
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import inner_values
from memlint.semantics.work.reads import Reads

_DEPTH = 5
_CERTAIN = (RegionKind.BODY, RegionKind.TRY)


@frozen
class Preloaded:
    """A read at load: where it stands, what it is called by, what keeps it, and the first function that asks for it."""

    extent: Extent
    reader: str
    binding: Binding
    user: Function
    confidence: Confidence


def preloaded(seen: Insight) -> Iterator[Preloaded]:
    """Reads of large data at load; sure where the module offers something else too, which needs none of it."""
    if _is_program(seen):
        return
    for extent, reader, binding in _large(seen):
        users = _users(binding, seen, 0)
        if users and not any(_runs_at_load(user, seen) for user in users):
            needed = _callers_of(users, seen)
            offered = set(_offered(seen))
            if offered & needed:
                user = seen.file.facts.functions[min(offered & needed)]
                confidence = Confidence.MEDIUM if offered - needed else Confidence.LOW
                yield Preloaded(extent, reader, binding, user, confidence)


def _is_program(seen: Insight) -> bool:
    """Whether the file runs from top to bottom: a script, a test; nobody imports it for one of its functions."""
    return bool(main_regions(seen.file)) or seen.words.any_of("measuring places", words_of(seen.file.facts.path))


# What is read


def _large(seen: Insight) -> Iterator[tuple[Extent, str, Binding]]:
    """Reads of the module whose file, or whose name here, tells that it is data of size."""
    for extent, reader, path, binding in _reads(seen):
        words = {*words_of(binding.name), *path}
        if seen.words.any_of("data of size", words) and not seen.words.any_of("data that stays small", words):
            yield extent, reader, binding


def _reads(seen: Insight) -> Iterator[tuple[Extent, str, set[str], Binding]]:
    file = seen.file
    reads = Reads(file, seen.flow, seen.words)
    found = [(read.call, read.path) for read in reads.found()]
    found += [
        (call, call.arguments[0])
        for name in seen.words["data readers"]
        for call in file.calls_named.get(name, ())
        if call.arguments
    ]
    for call, path in found:
        kept = _kept(call.extent, seen) if call.function == MODULE and _is_certain(call.region, seen) else None
        if kept is not None:
            yield call.extent, f"{file.name_of(call.callee)}()", reads.names.words(path) | _spelled(path, seen), kept
    for entry in file.imports.values():
        if entry.module.endswith(".json") and entry.module.startswith("."):
            binding = file.facts.bindings[entry.binding]
            made = file.call_of(binding.value) if binding.function == MODULE else None
            if made is not None or binding.kind == "import":
                extent = made.extent if made is not None else binding.extent
                yield extent, "require()" if made is not None else "import", set(words_of(entry.module)), binding


def _spelled(path: Value, seen: Insight) -> set[str]:
    """The words of a file's name that a constant spells: `DICTIONARY = "words.txt"`."""
    known = (seen.file.constant(inner) for inner in inner_values(path))
    return {word for one in known if one is not None and isinstance(one.value, str) for word in words_of(one.value)}


def _is_certain(region: int, seen: Insight) -> bool:
    return all(seen.file.facts.regions[index].kind in _CERTAIN for index in seen.file.regions_of(region))


def _kept(extent: Extent, seen: Insight) -> Binding | None:
    """The variable of the module that is made of what stands here."""
    writes = seen.once(_writes_of_module)
    at = bisect_right(writes, extent[0], key=lambda write: write.extent[0]) - 1
    if at < 0 or writes[at].extent[1] <= extent[0]:
        return None
    return seen.file.facts.bindings[int(writes[at].place.key)]


def _writes_of_module(seen: Insight) -> list[Write]:
    """What fills the variables of the module at load, in the order of the source."""
    return sorted(filter(_is_of_module, seen.file.writes_in[MODULE]), key=lambda write: write.extent)


def _is_of_module(write: Write) -> bool:
    return write.place.root is Root.BINDING and not write.place.path and write.operator in ("declare", "=")


# Who uses it


def _users(binding: Binding, seen: Insight, depth: int) -> list[Function]:
    """The functions that use it, or what the module makes of it; none where it is used, or handed on, at load."""
    if depth > _DEPTH or (binding.index in seen.file.exported_bindings and not seen.file.is_open_by_default):
        return []
    found: list[Function] = []
    for use in seen.file.uses_of.get(binding.index, ()):
        if use.function != MODULE:
            found.append(seen.file.facts.functions[use.function])
            continue
        made = _kept(use.extent, seen)
        further = _users(made, seen, depth + 1) if made is not None and made.index != binding.index else []
        if not further:
            return []
        found += further
    return found


def _runs_at_load(function: Function, seen: Insight) -> bool:
    file = seen.file
    once = seen.frequencies.of(function.index, function.body).rate is Rate.ONCE
    return once or any(
        call.function == MODULE for here in file.enclosing(function.index) for call in file.callers.get(here.index, ())
    )


def _callers_of(users: list[Function], seen: Insight) -> set[int]:
    """These functions, those around them, and those of the file that call one of them."""
    found: set[int] = set()
    pending = [user.index for user in users]
    while pending:
        for here in seen.file.enclosing(pending.pop()):
            if here.index not in found and here.index != MODULE:
                found.add(here.index)
                pending += [call.function for call in seen.file.callers.get(here.index, ())]
                found |= {method for _, method in seen.file.facts.units[here.unit].methods} if here.unit >= 0 else set()
    return found


def _offered(seen: Insight) -> Iterator[int]:
    """The functions that other files can call; of a class, one of its methods stands for all."""
    file = seen.file
    if file.is_open_by_default:
        yield from (one.index for one in file.facts.functions if one.parent == MODULE and one.name[:1] != "_")
        return
    for export in file.facts.exports:
        for value in inner_values(export.value):
            function = file.function_at(value)
            unit = (
                file.unit_bound_to.get(int(value.key))
                if isinstance(value, Place) and value.root is Root.BINDING
                else None
            )
            if function is not None:
                yield function
            elif unit is not None:
                yield from [method for _, method in unit.methods][:1]
            elif isinstance(value, Record) and value.unit >= 0:
                yield from (method for _, method in file.facts.units[value.unit].methods)
