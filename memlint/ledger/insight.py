"""A file with everything that can be asked about it: what visitors receive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar, cast

from memlint.ledger.beginnings import Beginnings
from memlint.ledger.ends import Ends
from memlint.ledger.lifetime import Lifetime, NearMiss
from memlint.model.facts import MODULE, Call
from memlint.model.limit import Limit
from memlint.model.resource import Owner, Resource, Shape, Table
from memlint.model.value import Place
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.growth.bounds import Bounds
from memlint.semantics.growth.collections import Collection
from memlint.semantics.growth.feeding import Feeding
from memlint.semantics.growth.keys import Keys
from memlint.semantics.growth.lists import Lists
from memlint.semantics.holder.children import Children
from memlint.semantics.holder.origin import Origins
from memlint.semantics.names import vocabulary_of
from memlint.semantics.release.releases import Releases
from memlint.semantics.repetition.frequency import Frequencies
from memlint.semantics.running.callees import Callees
from memlint.semantics.running.reach import Reach
from memlint.semantics.running.running import Running
from memlint.semantics.running.ways import Ways
from memlint.semantics.tables import Index
from memlint.semantics.value.fields import Asking, fields_asked
from memlint.semantics.value.flow import Flow

Answer = TypeVar("Answer")


class Book:
    """What was read with one table, as far as anybody asked."""

    __slots__ = ("answers", "lifetimes")

    def __init__(self) -> None:
        self.lifetimes: tuple[Lifetime, ...] | None = None
        self.answers: dict[Callable[[Insight], object], object] = {}


class Insight:
    """A file with everything that can be asked about it; each answer is found when somebody asks, and kept."""

    def __init__(
        self,
        file: File,
        resources: Sequence[Resource],
        owners: Sequence[Owner],
        words: WordLists,
        limits: Sequence[Limit] = (),
    ) -> None:
        self.file = file
        self.words = words
        self.limits = limits
        self.vocabulary = vocabulary_of(tuple(owners))
        self.flow = Flow(file, words)
        self.children = Children(file, self.flow)
        self.callees = Callees(file, self.flow)
        self.origins = Origins(file, self.flow, words)
        self.frequencies = Frequencies(file, self.flow, self.origins, self.vocabulary, words)
        self.reach = Reach(file, self.flow, self.vocabulary, words)
        self.keys = Keys(file, self.flow, words)
        self.running = Running(file)
        self.ways = Ways(file)
        self.bounds = Bounds(file, self.flow, self.keys, self.running)
        self.releases = Releases(file, self.flow)
        self.lists = Lists(file, words)
        self.ends = Ends(file, self.flow, self.callees, self.releases, self.running, self.vocabulary)
        self.beginnings = Beginnings(file, self.flow, self.origins, self.frequencies, self.ends)
        self.emptied: frozenset[str] = frozenset()
        """Exported names whose collections other files empty."""
        self.left: frozenset[str] = frozenset()
        """Names of collections that the parts which are in them leave by themselves, in other files."""
        self.resources = resources if isinstance(resources, Table) else Table(resources)
        self.book = Book()

    def grown(self, resources: Table) -> Insight:
        """The same file, read with a grown table."""
        other = object.__new__(Insight)
        other.__dict__.update(self.__dict__)
        other.resources = resources
        other.book = Book()
        return other

    def once(self, ask: Callable[[Insight], Answer]) -> Answer:
        """The answer of a judgement about the whole file that several ask for, found once."""
        if ask not in self.book.answers:
            self.book.answers[ask] = ask(self)
        return cast("Answer", self.book.answers[ask])

    @property
    def lifetimes(self) -> tuple[Lifetime, ...]:
        """Every acquisition that a table row knows, in source order."""
        if self.book.lifetimes is None:
            self.book.lifetimes = self.beginnings.of(self.resources)
        return self.book.lifetimes

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of what is acquired in the file."""
        return self.once(_kinds)

    def near_misses(self, life: Lifetime) -> Iterator[NearMiss]:
        """The calls that look like an end of this and are none; a call that ends something else as it should is not."""
        return self.ends.near_misses(life, self.once(_busy))

    def candidates(self, shape: Shape) -> Iterable[Call]:
        """The calls that may have a shape."""
        return self.ends.candidates(shape)

    @cached_property
    def collections(self) -> list[Collection]:
        """Every collection that outlives the calls that feed it."""
        feeding = Feeding(self.file, self.flow, self.origins, self.frequencies, self.words)
        found = feeding.found()
        for collection in found:
            collection.escapes |= not self.emptied.isdisjoint(self._exported_as(collection.place))
            collection.escapes |= collection.place.path[-1:] != () and collection.place.path[-1] in self.left
        return found

    def _exported_as(self, place: Place) -> Iterator[str]:
        binding = self.file.binding(place)
        if binding is not None and binding.function == MODULE and self.file.is_open_by_default:
            yield binding.name
        for export in self.file.facts.exports:
            if place in (export.value, export.place):
                yield export.name

    @cached_property
    def fields_asked(self) -> Index[Place, Asking]:
        """The fields of units that anything but a write asks for, and where."""
        return fields_asked(self.file)

    @cached_property
    def names_called(self) -> frozenset[bytes]:
        """The last names of what the file calls."""
        return frozenset(name.encode("utf-8", "surrogateescape") for name in self.file.calls_named)

    @property
    def lookers(self) -> dict[str, list[str]]:
        """For each kind, the functions that take one as an argument and leave the duty where it is."""
        return self.once(_lookers)


def _kinds(seen: Insight) -> frozenset[str]:
    return frozenset(life.resource.kind for life in seen.lifetimes)


def _busy(seen: Insight) -> frozenset[int]:
    """Calls that acquire something themselves, or end something as they should."""
    lives = seen.lifetimes
    found = {life.call.index for life in lives}
    found.update(end.call.index for life in lives for end in (*life.ends, *life.doubtful_ends.known))
    for life in lives:  # each call is looked at until one acquisition has a use for it
        found.update(end.call.index for end in seen.ends.more_doubtful(life, found))
    return frozenset(found)


def _lookers(seen: Insight) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in seen.resources:
        found.setdefault(row.kind, []).extend(row.looked_at_by)
    return found
