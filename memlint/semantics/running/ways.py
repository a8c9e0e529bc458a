"""Every way out: which returns, throws and rejections of a function leave something out that stands further down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from memlint.model.facts import Exit, ExitKind, Extent, Region, RegionKind
from memlint.model.frozen import frozen
from memlint.semantics.file import File

HANDLERS = (RegionKind.CATCH, RegionKind.FINALLY)
"""What a `try` goes on with, whatever went wrong in it."""


@frozen
class Stop:
    """Something that must happen on every way out: where it stands, and in which region."""

    extent: Extent
    region: int


class Ways:
    """Answers for one file."""

    def __init__(self, file: File) -> None:
        self.file = file

    def are_exclusive(self, one: int, other: int) -> bool:
        """Whether control enters only one of two regions: `if` and its `else`, two cases of one `switch`."""
        regions = self.file.facts.regions
        mine = [regions[index] for index in self.file.regions_of(one)]
        theirs = [regions[index] for index in self.file.regions_of(other)]
        return any(_exclude(a, b) for a in mine for b in theirs)

    def missed_by(self, start: Stop, stops: Sequence[Stop], function: int) -> Iterator[Exit]:
        """The ways out after a beginning and before the last stop, on which none of the stops has been passed."""
        last = max((stop.extent[0] for stop in stops), default=-1)
        for exit_ in self.file.exits_of.get(function, ()):
            if exit_.kind is ExitKind.YIELD or not start.extent[1] <= exit_.extent[0] < last:
                continue
            if self.are_exclusive(exit_.region, start.region) or self._is_caught(exit_, stops):
                continue
            if not any(self._is_passed(stop, exit_) for stop in stops):
                yield exit_

    def _is_passed(self, stop: Stop, exit_: Exit) -> bool:
        """Whether a stop lies on the way to an exit, or in a `finally` or `catch` that the exit leads through."""
        before = stop.extent[0] < exit_.extent[1] and not self.are_exclusive(stop.region, exit_.region)
        if before and not self._leaves_there(stop, exit_):
            return exit_.kind is not ExitKind.AWAIT or stop.extent[1] <= exit_.extent[0]
        around = set(self.file.regions_of(stop.region))
        return any(handler in around for handler in self._handlers_around(exit_.region, RegionKind.FINALLY))

    def _leaves_there(self, stop: Stop, exit_: Exit) -> bool:
        """`if (late) { file.close(); return; }`: from there control does not go on to what follows."""
        beside = set(self.file.regions_of(stop.region)) - set(self.file.regions_of(exit_.region))
        return bool(beside) and any(
            way.region in beside
            and way.kind in (ExitKind.RETURN, ExitKind.THROW)
            and stop.extent[1] <= way.extent[1] <= exit_.extent[0]
            for way in self.file.exits_of.get(exit_.function, ())
        )

    def _is_caught(self, exit_: Exit, stops: Sequence[Stop]) -> bool:
        """What is thrown inside of a `try` goes on in its `catch`, and behind it: the rest of the `try` is left out."""
        if exit_.kind is ExitKind.RETURN:
            return False
        caught = self._handlers_around(exit_.region, RegionKind.CATCH)
        return any(stop.extent[0] >= self.file.facts.regions[handler].extent[0] for handler in caught for stop in stops)

    def tries_around(self, region: int) -> Iterator[Region]:
        """The `try` blocks in which a region stands, innermost first."""
        for index in self.file.regions_of(region):
            if self.file.facts.regions[index].kind is RegionKind.TRY:
                yield self.file.facts.regions[index]

    def handlers_of(self, tried: int) -> Sequence[int]:
        """The `catch` and `finally` of a `try`, by index."""
        return self._handlers.get(tried, ())

    def catches_of(self, tried: int) -> list[int]:
        """The `catch` of a `try`, or Python's several, by index."""
        return [one for one in self.handlers_of(tried) if self.file.facts.regions[one].kind is RegionKind.CATCH]

    def _handlers_around(self, region: int, kind: RegionKind) -> Iterator[int]:
        regions = self.file.facts.regions
        for index in self.file.regions_of(region):
            if regions[index].kind is RegionKind.TRY:
                yield from (handler for handler in self.handlers_of(index) if regions[handler].kind is kind)
            elif regions[index].kind is RegionKind.CATCH and kind is RegionKind.FINALLY:
                yield from self._finally_after.get(index, ())

    @cached_property
    def _handlers(self) -> dict[int, list[int]]:
        """What follows each `try` at once, but for Python's `else` between."""
        found: dict[int, list[int]] = {}
        for siblings in self.file.regions_within.values():
            group: list[int] | None = None
            for region in siblings:
                if region.kind is RegionKind.TRY:
                    group = found[region.index] = []
                elif group is not None and region.kind in HANDLERS:
                    group.append(region.index)
                elif region.kind is not RegionKind.ELSE:
                    group = None
        return found

    @cached_property
    def _finally_after(self) -> dict[int, list[int]]:
        """The `finally` that each `catch` leads through."""
        regions = self.file.facts.regions
        return {
            catch: [last for last in handlers if regions[last].kind is RegionKind.FINALLY]
            for handlers in self._handlers.values()
            for catch in handlers
            if regions[catch].kind is RegionKind.CATCH
        }


def _exclude(one: Region, other: Region) -> bool:
    if one.index == other.index or one.parent != other.parent:
        return False
    if {one.kind, other.kind} == {RegionKind.THEN, RegionKind.ELSE}:
        return one.test is not None and one.test == other.test
    return one.kind is other.kind is RegionKind.CASE
