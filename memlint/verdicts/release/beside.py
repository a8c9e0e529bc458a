"""What is begun beside an acquisition, and which of it the end of an owner lets go of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from memlint.ledger import Insight, Lifetime
from memlint.semantics.tables import Index, indexed

Group = tuple[str, Hashable]
"""What acquisitions have in common: a kind, a holder, the function in which they stand, a method that they lead to."""
ALL: Group = ("all", None)


class Beside:
    """Answers for one file, by `seen.once(Beside)`; each set of functions that end something is looked at once."""

    def __init__(self, seen: Insight) -> None:
        self._seen = seen
        self.begun_in: Index[int, Lifetime] = indexed(seen.lifetimes, lambda life: life.call.function)
        """Acquisitions by the function in which they stand."""
        self._size = Counter({life.call.index: life.call.function for life in seen.lifetimes}.values())
        self._ended_in: dict[int, list[Lifetime]] = {}
        for life in seen.lifetimes:
            for function in {end.call.function for end in life.ends}:
                self._ended_in.setdefault(function, []).append(life)
        self._known: dict[frozenset[int], dict[Group, set[int]]] = {}

    def ends_another(self, reached: frozenset[int], life: Lifetime, *groups: Group) -> bool:
        """Whether functions end anything but this, of one of these groups."""
        ended = self._ended(reached)
        return any(len(found) > (life.call.index in found) for group in groups if (found := ended.get(group)))

    def ends_several(self, reached: frozenset[int], life: Lifetime, group: Group) -> bool:
        """Whether functions end two or more of a group, beside this."""
        found = self._ended(reached).get(group, set())
        return len(found - {life.call.index}) > 1

    def ends_the_rest(self, reached: frozenset[int], life: Lifetime) -> bool:
        """Whether functions end all that is begun beside this, of several things."""
        ended = self._ended(reached).get(("function", life.call.function), set())
        begun = self._size[life.call.function]
        return begun > 2 and begun - len(ended) == (life.call.index not in ended)

    def methods_of(self, life: Lifetime) -> frozenset[int]:
        """The methods that a callback is, or calls."""
        file = self._seen.file
        kept = file.behind(life.holes.get(life.resource.keeps))
        called = (file.target_of(call) for call in file.calls_in.get(kept, ())) if kept is not None else ()
        return frozenset(one for one in (kept, *called) if one is not None and file.facts.functions[one].unit >= 0)

    def _ended(self, reached: frozenset[int]) -> dict[Group, set[int]]:
        """The calls that acquire what is ended, by their groups."""
        known = self._known.get(reached)
        if known is None:
            known = self._known[reached] = {}
            for function in reached:
                for life in self._ended_in.get(function, ()):
                    for group in self._groups_of(life):
                        known.setdefault(group, set()).add(life.call.index)
        return known

    def _groups_of(self, life: Lifetime) -> Iterator[Group]:
        yield ALL
        yield "function", life.call.function
        yield "holder", life.resource.holder
        yield "kind", life.resource.kind
        yield from (("method", (life.resource.kind, method)) for method in self.methods_of(life))
