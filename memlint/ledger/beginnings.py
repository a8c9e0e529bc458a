"""The acquisitions of a file: the calls that a table's rows know, what filled their holes, and where they begin."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger.ends import Ends
from memlint.ledger.lifetime import Lifetime
from memlint.model.facts import Call, Fate, FateKind
from memlint.model.frozen import replace
from memlint.model.resource import Holder, Resource, Shape, Table
from memlint.model.value import Place, Root
from memlint.semantics.file import File
from memlint.semantics.holder.holders import Origin
from memlint.semantics.holder.origin import Origins
from memlint.semantics.release.released import Holes
from memlint.semantics.repetition.frequency import Frequencies
from memlint.semantics.shapes import ANY, called_back, is_of, match
from memlint.semantics.tables import Index
from memlint.semantics.value.flow import Flow

_HOLDERS = {"process": "the event loop", "platform": "the platform", "owner": "the page or the process around it"}


class Beginnings:
    """What begins in a file; what starts what was made is found once, whatever the table."""

    def __init__(self, file: File, flow: Flow, origins: Origins, frequencies: Frequencies, ends: Ends) -> None:
        self._file = file
        self._flow = flow
        self._origins = origins
        self._frequencies = frequencies
        self._ends = ends
        self._starts: dict[Shape, Index[Place | None, tuple[int, Call, Holes]]] = {}

    def of(self, resources: Table) -> tuple[Lifetime, ...]:
        """Every acquisition that a row of this table knows, in source order."""
        return tuple(_best_known(sorted(self._read(resources), key=lambda life: life.call.extent)))

    def _read(self, resources: Table) -> Iterator[Lifetime]:
        language = self._file.facts.language
        for resource, shape in resources.acquiring(self._file.calls_named):
            if language not in resource.languages or not self._is_beside(resource):
                continue
            modules = resource.modules or (ANY if resource.is_of_the_project else ())
            for call in self._ends.candidates(shape):
                holes = match(shape, call, self._file, modules)
                if holes is not None and not self._goes_to_a_callback(resource, shape, call):
                    yield self._lifetime(resource, shape, call, holes)

    def _is_beside(self, resource: Resource) -> bool:
        """Whether the file imports one of the modules beside which the row counts."""
        imports = self._file.imports.values() if resource.beside else ()
        return not resource.beside or any(is_of(entry.module, resource.beside) for entry in imports)

    def _lifetime(self, resource: Resource, shape: Shape, call: Call, found: Holes) -> Lifetime:
        holes = dict(found)
        start = call.extent
        for starting in resource.started_by:
            started = self._started(starting, call)
            if started is not None:
                start = started[0].extent
                holes.update({name: value for name, value in started[1].items() if name != shape.result})
        held = holes.get(resource.holder) or holes.get("$source")
        origin = self._origins.of(held) if held is not None else _process(resource)
        result = holes.get(shape.result) if shape.calls_back else None
        journey = self._flow.journey(result if isinstance(result, Place) else Place(Root.RESULT, call.index))
        made = self._in_its_callback(call, result) if isinstance(result, Place) else call
        ends, doubtful = self._ends.of(resource, shape, made, holes, journey)
        return Lifetime(
            resource,
            shape,
            made,
            holes,
            origin,
            self._frequencies.of_call(call),
            journey,
            ends,
            doubtful,
            start,
        )

    def _goes_to_a_callback(self, resource: Resource, shape: Shape, call: Call) -> bool:
        """Whether a callback gets what the shape takes for the answer: such a call answers with nothing."""
        if shape.calls_back or not any(one.calls_back and one.name == shape.name for one in resource.acquire):
            return False
        return called_back(call, self._file) is not None

    def _in_its_callback(self, call: Call, result: Place) -> Call:
        """The same call, as if it stood at the head of the callback that gets its result, and kept that there."""
        callback = self._file.facts.functions[self._file.facts.bindings[int(result.key)].function]
        return replace(
            call,
            function=callback.index,
            region=callback.body,
            extent=(call.extent[0], min(max(call.extent[0], callback.extent[0]), call.extent[1])),
            fate=Fate(FateKind.KEPT, place=result),
        )

    def _started(self, shape: Shape, made: Call) -> tuple[Call, Holes] | None:
        """The call that starts what was made: `observer.observe(target)`."""
        if shape not in self._starts:
            self._starts[shape] = self._starting(shape)
        places = self._flow.journey(Place(Root.RESULT, made.index)).places
        found = [start for place in places for start in self._starts[shape][place]]
        return min(found, key=lambda start: start[0])[1:] if found else None

    def _starting(self, shape: Shape) -> Index[Place | None, tuple[int, Call, Holes]]:
        """The calls that start something, numbered, by what they are called on."""
        found: dict[Place | None, list[tuple[int, Call, Holes]]] = {}
        for number, call in enumerate(self._file.calls_named.get(shape.name, ())):
            holes = match(shape, call, self._file, ())
            if holes is not None and shape.receiver in holes:
                for place in {call.receiver, self._flow.canonical(call.receiver)}:
                    found.setdefault(place, []).append((number, call, holes))
        return Index(found)


def _best_known(lives: list[Lifetime]) -> list[Lifetime]:
    """Where a row of a certain library or of the project matches a call, the rows that match anything say no more."""
    best: dict[int, int] = {}
    for life in lives:
        best[life.call.index] = max(best.get(life.call.index, 0), _certainty(life))
    return [life for life in lives if _certainty(life) == best[life.call.index]]


def _certainty(life: Lifetime) -> int:
    """By its maker a row is known for certain, by a name a little less, by its methods alone least."""
    if life.resource.modules or life.shape.helper is not None:
        return 2
    return 1 if life.shape.named else 0


def _process(resource: Resource) -> Origin:
    if "javascript" not in resource.languages:
        return Origin(Holder.PROCESS, "the process")
    return Origin(Holder.PROCESS, _HOLDERS.get(resource.holder, "the process"))
