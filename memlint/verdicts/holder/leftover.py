"""Large content that its holder keeps after the one function that needed it is through."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Extent, FateKind, Function, FunctionKind, Unit, Write
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Constant, Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.work.large import size_of


@frozen
class Leftover:
    """The write that keeps it, what makes it large, where it is used last, and how sure it is that nobody needs it."""

    write: Write
    size: str
    last: Extent
    holder: str
    confidence: Confidence


def leftovers(seen: Insight) -> Iterator[Leftover]:
    """Fields and variables of the module that one function fills and uses, and leaves full."""
    for write in seen.file.facts.writes:
        if write.operator != "=" or write.function == MODULE:
            continue
        size = size_of(write.value, seen.file)
        place = seen.file.resolve(write.place) if size else None
        if place is None or _is_small(place, seen) or seen.file.in_loop(write.region, write.function):
            continue
        found = _of_module(place, seen) or _of_instance(place, seen)
        if found is None or not _is_left(write, place, seen):
            continue
        uses = _uses(write, place, seen)
        if uses and all(_is_behind(function, extent, write, seen) for function, extent in uses):
            holder, sure = found
            confidence = sure if _is_large(write, seen) else Confidence.LOW
            yield Leftover(write, size, max(extent for _, extent in uses), holder, confidence)


def _of_module(place: Place, seen: Insight) -> tuple[str, Confidence] | None:
    """A variable of the module that no other file can reach."""
    binding = seen.file.binding(place)
    if binding is None or place.path or binding.function != MODULE or binding.index in seen.file.exported_bindings:
        return None
    return f"`{binding.name}` of the module", Confidence.MEDIUM


def _of_instance(place: Place, seen: Insight) -> tuple[str, Confidence] | None:
    """A field that only its class reaches, of instances that others go on asking for something."""
    if place.root is not Root.SELF or len(place.path) != 1 or not seen.file.hides(int(place.key), place.path[0]):
        return None
    if place.path[0] in seen.once(_asked_of_others):
        return None
    unit = seen.file.facts.units[int(place.key)]
    if len(_offers(unit, seen)) < 2:  # who has one thing to do is dropped when it is done
        return None
    sure = place.path[0] in unit.private
    return f"`this.{place.path[0]}` of each {unit.name}", Confidence.MEDIUM if sure else Confidence.LOW


def _asked_of_others(seen: Insight) -> frozenset[str]:
    """Members that are asked of anything but `this`: a class may ask another of its instances, `other.#pages`."""
    uses = {step for use in seen.file.facts.uses for step in use.path}
    callees = (call.callee for call in seen.file.facts.calls)
    places = (one for one in callees if isinstance(one, Place) and one.root is not Root.SELF)
    return frozenset(uses | {step for place in places for step in place.path})


def _offers(unit: Unit, seen: Insight) -> list[str]:
    """The methods by which others use an instance."""
    return [name for name, _ in unit.methods if name != "constructor" and not seen.file.hides(unit.index, name)]


def _is_large(write: Write, seen: Insight) -> bool:
    """Whether more than the parsing of some text tells that it is large: a text is as small as a setting, often."""
    call = seen.file.call_of(write.value)
    if call is None or seen.file.called(call) != "parse":
        return True
    names = (seen.file.name_of(value) for value in (write.place, *call.arguments))
    return any(seen.words.any_of("large content", words_of(name)) for name in names)


def _is_small(place: Place, seen: Insight) -> bool:
    """Whether its name says that a program or its author wrote what it holds: `settings`, `this._manifest`."""
    return seen.words.any_of("small content", words_of(seen.file.name_of(place)))


def _is_left(write: Write, place: Place, seen: Insight) -> bool:
    """Whether nobody else writes it, but the one who makes it empty."""
    others = [other for other in seen.file.writes_at[place] if other is not write]
    return all(isinstance(other.value, Constant) and _is_first(other, seen) for other in others)


def _is_first(write: Write, seen: Insight) -> bool:
    """A declaration, a field of the class, a constructor: what a place holds before it is used."""
    return (
        write.operator in ("declare", "field")
        or seen.file.facts.functions[write.function].kind is FunctionKind.CONSTRUCTOR
    )


def _uses(write: Write, place: Place, seen: Insight) -> list[tuple[int, Extent]]:
    """The functions and places that ask for it; empty if nobody does."""
    if place.root is Root.BINDING:
        uses = seen.file.uses_of[int(place.key)]
        return [(use.function, use.extent) for use in uses if use.extent[0] != write.extent[0]]
    return [(asking.function, asking.extent) for asking in seen.fields_asked[place]]


def _is_behind(function: int, extent: Extent, write: Write, seen: Insight) -> bool:
    """Whether it is asked for in the same run of the same function, after it was filled in that very run."""
    if not write.extent[1] <= extent[0] < seen.file.facts.regions[write.region].extent[1]:
        return False
    while function != write.function:
        here = seen.file.facts.functions[function]
        if here.index == MODULE or not _runs_at_once(here, seen):
            return False
        function = here.parent
    return True


def _runs_at_once(function: Function, seen: Insight) -> bool:
    """`pages.filter((page) => …)`: whoever is handed the function is through with it when it answers."""
    if function.fate.kind is not FateKind.ARGUMENT or function.fate.call < 0:
        return False
    return seen.file.called(seen.file.facts.calls[function.fate.call]) in seen.words["calling back at once"]
