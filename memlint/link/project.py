"""All outlines linked: whose helpers a file uses, and under which names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from memlint.link.helper import Helper
from memlint.link.hints import Hint, What
from memlint.link.lending import CONSTRUCTOR
from memlint.link.modules import Modules
from memlint.link.outline import Outline
from memlint.model.frozen import replace

_PASSED_ON = 16
"""How many files a name is followed through: a circle of re-exports ends here."""


class Project:
    """All outlines linked."""

    def __init__(self, outlines: Sequence[Outline], modules: Modules) -> None:
        self._by_path: Mapping[str, Outline] = {one.path: one for one in outlines}
        self._modules = modules
        self._helping = self._paths_of_help()
        self._hints: dict[str, list[Hint]] | None = None
        self._known: dict[tuple[str, str], tuple[tuple[str, Helper], ...]] = {}

    def helpers_for(self, path: str) -> tuple[Helper, ...]:
        """The helpers that matter to a file, named as it imports them.

        Those that acquire wherever it runs them; those that release if it acquires what they release, or hands on to
        them what it was given itself, for then it may be a helper.
        """
        own = self._by_path.get(path)
        found: dict[object, Helper] = {}
        for module, run in own.runs if own is not None and self._helping else ():
            for there, name in self._modules.resolve(path, module, run):
                for rest, helper in self._offers(there, name):
                    if not rest:
                        one = helper.called((module, run))
                        found.setdefault(one.identity, one)
        if own is None or not found:
            return ()
        kinds = {*own.kinds, *(helper.kind for helper in found.values() if helper.row is not None)}
        return tuple(one for one in found.values() if one.kind in kinds or one.shape.helper in own.hands_on)

    def hints_for(self, path: str) -> tuple[Hint, ...]:
        """What other files tell of the names that a file exports: of a function, what all who call it agree on."""
        if self._hints is None:
            self._hints = self._gathered()
        found = self._hints.get(path, [])
        often = {hint.name for hint in found if hint.what is What.OFTEN}
        lent = [hint for hint in found if hint.what is What.LENT]
        plain = (
            hint
            for hint in found
            if hint.what in (What.EMPTIED, What.BOUND) or (hint.what is What.ONCE and hint.name not in often)
        )
        sole = self._sole(path, {hint.name for hint in lent})
        agreed = (*_agreed(What.LENT, lent), *_agreed(What.SPELLED, found))
        return (*dict.fromkeys(plain), *agreed, *sole, *self._made(path, found, often), *self._left(path))

    def _left(self, path: str) -> Iterator[Hint]:
        """Collections that what a file imports takes something out of: parts that it makes, which go by themselves."""
        own = self._by_path.get(path)
        paths = {there for name in (own.runs if own else ()) for there, _ in self._modules.resolve(path, *name)}
        names = {name for there in paths - {path} if there in self._by_path for name in self._by_path[there].left}
        return (Hint(What.TAKEN, name) for name in sorted(names))

    def _made(self, path: str, found: Sequence[Hint], often: set[str]) -> Iterator[Hint]:
        """Classes of which another file makes one instance, and no file a second: nobody passes them on, either."""
        made = [hint for hint in found if hint.what is What.MADE]
        if made and "*" not in often and not {"", "*"} & self._passed.get(path, set()):
            for hint in made:
                others = often | self._passed.get(path, set())
                if made.count(hint) == 1 and hint.name not in others:
                    yield hint

    @cached_property
    def _passed(self) -> Mapping[str, set[str]]:
        """The names of each file that other files pass on to whoever asks them."""
        found: dict[str, set[str]] = {}
        for path, outline in self._by_path.items():
            for _, module, name in outline.passed_on:
                for there, left in self._modules.resolve(path, module, name):
                    found.setdefault(there, set()).add(left)
        return found

    def _sole(self, path: str, used: set[str]) -> Iterator[Hint]:
        """Classes of which no other file makes an instance."""
        for name in self._by_path[path].made_once if path in self._by_path else ():
            if name + CONSTRUCTOR not in used:
                yield Hint(What.SOLE, name)

    def _gathered(self) -> dict[str, list[Hint]]:
        found: dict[str, list[Hint]] = {}
        for path, outline in self._by_path.items():
            for module, hint in outline.hints:
                for there, name in self._modules.resolve(path, module, hint.name):
                    found.setdefault(there, []).append(replace(hint, name=name))
        return found

    def words(self) -> frozenset[str]:
        """Words of which a file must hold one to use a helper: its name, or its file's if it is the module itself."""
        found: set[str] = set()
        for path in self._helping:
            outline = self._by_path[path]
            names = {name.rsplit(".", 1)[-1] for name, _ in outline.helpers}
            names |= {name for name, _, _ in outline.passed_on}
            if "default" in names:
                found |= {part.split(".")[0] for part in path.split("/")[-2:]}
            found |= names - {"default", "*"}
        return frozenset(found)

    def _paths_of_help(self) -> frozenset[str]:
        """Files that have helpers, or pass on what such a file has."""
        found = {path for path, one in self._by_path.items() if one.helpers}
        passing = {
            path: {there for _, module, name in one.passed_on for there, _ in self._modules.resolve(path, module, name)}
            for path, one in (self._by_path.items() if found else ())
            if one.passed_on
        }
        while more := {path for path, targets in passing.items() if path not in found and targets & found}:
            found |= more
        return frozenset(found)

    def _offers(self, path: str, name: str) -> tuple[tuple[str, Helper], ...]:
        """What `_offered` finds, looked for once: many files import the same names."""
        if path not in self._helping:
            return ()
        if (path, name) not in self._known:
            self._known[path, name] = tuple(self._offered(path, name, 0))
        return self._known[path, name]

    def _offered(self, path: str, name: str, depth: int) -> Iterator[tuple[str, Helper]]:
        """What a file offers under a dotted name, or under what begins with it: the rest of the name, and the helper.

        What CommonJS assigns to `module.exports` is the default, and the module itself.
        """
        if depth > _PASSED_ON or path not in self._helping:
            return
        found = list(self._named(path, name, depth))
        if not found and name.partition(".")[0] == "default":
            found = list(self._named(path, name.partition(".")[2], depth))
        elif not found or not name:
            found += self._named(path, joined("default", name), depth)
        yield from found

    def _named(self, path: str, name: str, depth: int) -> Iterator[tuple[str, Helper]]:
        outline = self._by_path[path]
        for own, helper in outline.helpers:
            rest = _below(own, name)
            if rest is not None:
                yield rest, helper
        for local, module, imported in outline.passed_on:
            inner = name if local == "*" else _below(name, local)
            there = joined("" if imported == "*" else imported, inner or "")
            if inner is None and _below(local, name) is None:
                continue
            for target, left in self._modules.resolve(path, module, there):
                for rest, helper in self._offered(target, left, depth + 1):
                    yield (rest if inner is not None else joined(_below(local, name) or "", rest)), helper


def _agreed(what: What, hints: Sequence[Hint]) -> Iterator[Hint]:
    """For each function the arguments of which something holds wherever it is called."""
    common: dict[str, set[int]] = {}
    for hint in hints:
        if hint.what is what:
            common[hint.name] = common.get(hint.name, set(hint.own)) & set(hint.own)
    return (Hint(what, name, tuple(sorted(own))) for name, own in common.items() if own)


def _below(name: str, prefix: str) -> str | None:
    """What follows a prefix in a dotted name; None if the name does not begin with it."""
    if not prefix or name == prefix:
        return name if not prefix else ""
    return name[len(prefix) + 1 :] if name.startswith(f"{prefix}.") else None


def joined(one: str, other: str) -> str:
    """Two dotted names after each other."""
    return f"{one}.{other}" if one and other else one or other
