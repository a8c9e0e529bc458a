"""What bounds a collection: finite keys, a size that refuses or evicts, a drain that every way leads to."""

from __future__ import annotations

from enum import Enum

from memlint.model.facts import MODULE, Call, Exit, ExitKind, FateKind, Function, FunctionKind, RegionKind, Write
from memlint.model.value import Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.growth.feeding import SIZES
from memlint.semantics.growth.keys import Keys, Number
from memlint.semantics.growth.sparing import is_counted_off, is_put_back, uses_places_again
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.running.promises import never_fails
from memlint.semantics.running.running import Running
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.sources import VISITS
from memlint.semantics.value.values import inner_values


class Outcome(Enum):
    """How a promise ends."""

    FULFILLED = "fulfilled"
    REJECTED = "rejected"


_OUTCOMES = {
    ("then", 0): Outcome.FULFILLED,
    ("then", 1): Outcome.REJECTED,
    ("catch", 0): Outcome.REJECTED,
}


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
            if self.runs_again(feed, collection) and not self._is_fixed(feed, collection)
        ]
        return min(again, key=lambda feed: feed.source.extent) if again else None

    def runs_again(self, feed: Feed, collection: Collection) -> bool:
        """Whether a feed runs often in the life of its collection: what a method is given comes again and again."""
        if self._at_once(feed) == collection.home != MODULE and collection.place.root is Root.BINDING:
            return False
        if self._is_made_before(feed, collection) or is_put_back(feed, collection, self.flow):
            return False
        if collection.hold is Hold.PROCESS or feed.frequency.rate >= Rate.CALL:
            return feed.frequency.rate >= Rate.INSTANCE
        method = next(
            (one for one in self.file.enclosing(feed.source.function) if one.index in self.file.methods), None
        )
        return feed.frequency.rate is Rate.INSTANCE and method is not None and self._is_given(method)

    def _is_made_before(self, feed: Feed, collection: Collection) -> bool:
        """`this.parts = []; for (…) this.parts.push(part);`: each call begins with an empty one."""
        here, around = self._at_once(feed), set(self.file.regions_of(feed.source.region))
        return any(
            write.extent == collection.born and write.function == here != MODULE and write.region in around
            for write in self.file.writes_at.get(collection.place, ())
            if write.operator == "=" and write.extent[1] <= feed.source.extent[0]
        )

    def _at_once(self, feed: Feed) -> int:
        """The function that feeds, or the one around it if that is a callback which walks over a list at once."""
        here = self.file.facts.functions[feed.source.function]
        while here.fate.kind is FateKind.ARGUMENT and here.fate.call >= 0:
            if self.file.called(self.file.facts.calls[here.fate.call]) not in VISITS:
                break
            here = self.file.facts.functions[here.parent]
        return here.index

    def _is_given(self, method: Function) -> bool:
        """Whether a method is handed what it keeps; what a constructor is handed comes once for each instance."""
        makes = method.kind is FunctionKind.CONSTRUCTOR or (
            self.file.members[method.unit].get("constructor") == method.index
        )
        return bool(method.parameters) and not makes

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
        others = self.in_other_hands(collection)
        if others:
            return others
        if self.is_full_refused(collection, feed):
            return "a size check refuses more"
        if is_counted_off(feed, self.flow):
            return "a count refuses more"
        if collection.kind == "array" and collection.voids:
            return "only empty places stay"
        if uses_places_again(collection, feed, self.flow):
            return "what is free is used again"
        outcomes = {self._outcome(drain, feed) for drain in collection.drains if self._reaches(drain, collection, feed)}
        if None in outcomes or len(outcomes) == len(Outcome):
            return "it is emptied"
        if outcomes == {Outcome.REJECTED} and not self._keeps_promise(feed):
            return "what fails is taken out"
        return ""

    def in_other_hands(self, collection: Collection) -> str:
        """Who else may take out of it, in a phrase; empty if nobody can reach it."""
        if collection.escapes:
            return "others can reach it"
        if collection.handed:
            return f"`{self.file.called(collection.handed[0])}` may empty it"
        return ""

    def empties(self, drain: Call | Write, collection: Collection) -> bool:
        """Whether a drain takes everything out at once: `clear()`, a fresh collection, `length = 0`."""
        if isinstance(drain, Call):
            return self.file.called(drain) == "clear" or (
                self.file.called(drain) == "splice" and len(drain.arguments) == 1
            )
        return drain.operator != "delete" and not (
            collection.kind == "array" and isinstance(drain.value, Place) and drain.value.root is Root.RESULT
        )

    def _keeps_promise(self, feed: Feed) -> bool:
        """`pages[path] = load(path).catch(…)`: what is kept is the answer, for all who ask again."""
        call = self.file.call_of(feed.value)
        return call is not None and self.file.called(call) in ("catch", "then")

    def _outcome(self, drain: Call | Write, feed: Feed) -> Outcome | None:
        """With which outcome of a promise that begins beside the feed a drain runs; None if with any."""
        if not self.file.contains(feed.source.function, drain.function):
            return None
        for function in self.file.enclosing(drain.function):
            if function.index == feed.source.function:
                return None
            if function.fate.kind is FateKind.ARGUMENT and function.fate.call >= 0:
                call = self.file.facts.calls[function.fate.call]
                outcome = _OUTCOMES.get((self.file.called(call), function.fate.position))
                if outcome is not None:
                    earlier = self.file.call_of(call.receiver) if call.receiver is not None else None
                    caught = earlier is not None and self.file.called(earlier) == "catch"
                    sure = call.receiver is not None and never_fails(call.receiver, call.extent[1], self.file)
                    return None if caught or (sure and outcome is Outcome.FULFILLED) else outcome
        return None

    def is_full_refused(self, collection: Collection, feed: Feed) -> bool:
        """Whether a test of the size keeps a full collection from being fed."""
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
            if collection.hold is not Hold.PROCESS and collection.kind == "array":
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
        if self.is_under_size_test(drain, collection):
            return True
        between = [
            exit_
            for exit_ in self.file.exits_of[drain.function]
            if feed.source.extent[1] <= exit_.extent[1] <= drain.extent[0] and exit_.kind is not ExitKind.YIELD
        ]
        caught = any(region.kind is RegionKind.CATCH for region in regions)
        return not between or caught or any(self._is_in_branch_of(feed, exit_) for exit_ in between)

    def _is_in_branch_of(self, feed: Feed, exit_: Exit) -> bool:
        """`if (late) { timers.set(name, …); return; } timers.delete(name);`: it takes out what another run has fed."""
        branch = self.file.facts.regions[exit_.region]
        leaves = exit_.kind in (ExitKind.RETURN, ExitKind.THROW) and branch.kind in (RegionKind.THEN, RegionKind.ELSE)
        return leaves and branch.index in set(self.file.regions_of(feed.source.region))

    def is_under_size_test(self, drain: Call | Write, collection: Collection) -> bool:
        """Whether a drain runs when a test of the size says so."""
        tests = (self.file.facts.regions[index].test for index in self.file.regions_of(drain.region))
        return any(test is not None and self._asks_size(test, collection) for test in tests)

    def _left_before(self, drain: Call | Write) -> bool:
        """In a callback: a throw, or a return for what the callback was told, leaves before the drain."""
        for exit_ in self.file.exits_of[drain.function]:
            if exit_.kind in (ExitKind.RETURN, ExitKind.THROW) and exit_.extent[1] <= drain.extent[0]:
                if drain.region not in set(self.file.regions_of(exit_.region)) or exit_.region != drain.region:
                    if exit_.kind is ExitKind.THROW or self._asks_what_was_told(exit_.region, drain.function):
                        return True
        return False

    def _asks_what_was_told(self, region: int, function: int) -> bool:
        """`if (error) return`: a test of a parameter. A flag or a count says that it is too early, or too late."""
        for inner in inner_values(self.file.facts.regions[region].test):
            binding = self.file.binding(inner) if isinstance(inner, Place) else None
            if binding is not None and binding.kind == "parameter" and binding.function == function:
                return True
        return False
