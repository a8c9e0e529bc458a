"""What bounds a collection: finite keys, a size that refuses or evicts, a drain that every way leads to."""

from __future__ import annotations

from memlint.model.facts import (
    MODULE,
    Call,
    ExitKind,
    FunctionKind,
    Place,
    RegionKind,
    Root,
    Value,
    Write,
)
from memlint.semantics.collections import Collection, Feed, Hold
from memlint.semantics.feeding import SIZES
from memlint.semantics.file import File, inner_values
from memlint.semantics.flow import Flow
from memlint.semantics.frequency import Rate
from memlint.semantics.keys import Keys, Number
from memlint.semantics.running import Running


class Bounds:
    """Answers for one file's collections."""

    def __init__(self, file: File, flow: Flow, keys: Keys, running: Running) -> None:
        self.file = file
        self.flow = flow
        self.keys = keys
        self.running = running

    def first_feed(self, collection: Collection) -> Feed | None:
        """The first line that feeds it again and again, with keys that have no end."""
        again = [
            feed
            for feed in collection.feeds
            if self._runs_again(feed, collection) and not self._is_fixed(feed, collection)
        ]
        return min(again, key=lambda feed: feed.source.extent) if again else None

    def _runs_again(self, feed: Feed, collection: Collection) -> bool:
        """Whether a feed runs often in the life of its collection: what a method is given comes again and again."""
        function = self.file.facts.functions[feed.source.function]
        if function.index == collection.home != MODULE:
            return False
        if collection.hold is Hold.PROCESS or feed.frequency.rate >= Rate.CALL:
            return feed.frequency.rate >= Rate.INSTANCE
        is_method = function.unit >= 0 and function.kind is not FunctionKind.CONSTRUCTOR
        return feed.frequency.rate is Rate.INSTANCE and is_method and bool(function.parameters)

    def _is_fixed(self, feed: Feed, collection: Collection) -> bool:
        """Whether the keys come from a set that the source fixes: constants, a constant list, a ring's index."""
        if feed.key is None:
            return False
        if self.keys.number(feed.key) is Number.FIXED:
            return True
        source = feed.source
        return self.keys.is_fixed_by_tests(feed.key, source.region, source.extent[0], source.function, collection.place)

    def bound(self, collection: Collection, feed: Feed) -> str:
        """What takes out of it, in a phrase; empty if nothing surely does."""
        if collection.escapes:
            return "others can reach it"
        if collection.handed:
            return f"`{self.file.called(collection.handed[0])}` may empty it"
        if self._is_full_refused(collection, feed):
            return "a size check refuses more"
        for drain in collection.drains:
            if self._reaches(drain, collection, feed):
                return "it is emptied"
        return ""

    def _is_full_refused(self, collection: Collection, feed: Feed) -> bool:
        for region in self.file.regions_in.get(feed.source.function, ()):
            if region.test is None or not self._asks_size(region.test, collection):
                continue
            inside = region.extent[0] <= feed.source.extent[0] < region.extent[1]
            if inside and region.kind is not RegionKind.ELSE:
                return True
            leaves = any(
                exit_.region == region.index and exit_.kind in (ExitKind.RETURN, ExitKind.THROW)
                for exit_ in self.file.exits_of[feed.source.function]
            )
            if leaves and region.extent[1] <= feed.source.extent[0]:
                return True
        return False

    def _asks_size(self, test: Value, collection: Collection) -> bool:
        for inner in inner_values(test):
            if isinstance(inner, Place) and inner.path and inner.path[-1] in SIZES:
                owner = Place(inner.root, inner.key, inner.path[:-1])
                if self.flow.canonical(owner) == collection.place:
                    return True
            if isinstance(inner, Place) and inner.root is Root.RESULT:
                call = self.file.facts.calls[int(inner.key)]
                if self.file.called(call) == "len" and call.arguments:
                    if self.flow.canonical(call.arguments[0]) == collection.place:
                        return True
        return False

    def _reaches(self, drain: Call | Write, collection: Collection, feed: Feed) -> bool:
        """Whether a drain can run for what was fed: its function runs, and no way out of the feeder goes around it."""
        file = self.file
        function = file.facts.functions[drain.function]
        if drain.function == MODULE:
            return file.in_loop(drain.region, MODULE)
        if not self.running.runs(drain.function):
            return False
        if drain.function == feed.source.function:
            if collection.hold is not Hold.PROCESS:
                return True  # gathered until it is whole: what ends the gathering ends the function
            return self._on_every_way(drain, collection, feed)
        if file.contains(feed.source.function, function.index):
            return not self._left_before(drain)
        return True

    def _on_every_way(self, drain: Call | Write, collection: Collection, feed: Feed) -> bool:
        """In the feeder itself: a bound if it stands before, under a size check, in `finally`, or on every way."""
        regions = [self.file.facts.regions[index] for index in self.file.regions_of(drain.region)]
        if drain.extent[0] < feed.source.extent[0] or any(region.kind is RegionKind.FINALLY for region in regions):
            return True
        if any(region.test is not None and self._asks_size(region.test, collection) for region in regions):
            return True
        between = [
            exit_
            for exit_ in self.file.exits_of[drain.function]
            if feed.source.extent[1] <= exit_.extent[1] <= drain.extent[0] and exit_.kind is not ExitKind.YIELD
        ]
        caught = any(region.kind is RegionKind.CATCH for region in regions)
        return not between or caught

    def _left_before(self, drain: Call | Write) -> bool:
        """In a callback: a return or throw before the drain leaves it out, if no other drain stands on that way."""
        for exit_ in self.file.exits_of[drain.function]:
            if exit_.kind in (ExitKind.RETURN, ExitKind.THROW) and exit_.extent[1] <= drain.extent[0]:
                if drain.region not in set(self.file.regions_of(exit_.region)) or exit_.region != drain.region:
                    return True
        return False
