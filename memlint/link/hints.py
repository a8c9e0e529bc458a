"""What others tell a file of what it exports: a function that they call once, a collection that they empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from memlint.ledger import Insight
from memlint.link.lending import lent
from memlint.link.naming import exported_names
from memlint.model.facts import MODULE, Call, FateKind, Unit
from memlint.model.frozen import frozen
from memlint.model.value import Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.growth.feeding import SIZES
from memlint.semantics.holder.containers import bound_once
from memlint.semantics.repetition.rate import Rate

_EMPTIES = ("clear", "pop", "popitem", "remove", "discard", "popleft", "delete", "splice", "shift")
_LEAVES = ("delete", "splice", "remove")


class What(StrEnum):
    """What is told of an exported name."""

    ONCE = "called once, while the program starts"
    OFTEN = "called, or handed on, in other ways"
    EMPTIED = "emptied"
    TAKEN = "a collection that the parts which are in it leave by themselves"
    LENT = "given what is its giver's own"
    SPELLED = "given texts that its caller spells out"
    SOLE = "made by its own file alone"
    BOUND = "made once, by a container"
    MADE = "made once by another file, as that is loaded, and kept"


@frozen
class Hint:
    """One thing that is known of a name that a file exports."""

    what: What
    name: str
    own: tuple[int, ...] = ()
    """Numbers of the arguments that are so: the giver's own, or spelled out."""


def told(seen: Insight) -> Iterator[tuple[str, Hint]]:
    """What a file tells of the names that it imports, each with the module that it is imported from."""
    file = seen.file
    yield from _loaded_later(file)
    if not file.imports:
        return
    mentioned = {use.binding for use in file.facts.uses if use.binding in file.imports}
    calls, starts = _called(mentioned, seen)
    uses: dict[int, int] = {}
    for use in file.facts.uses:
        uses[use.binding] = uses.get(use.binding, 0) + 1
    handed_on = dict.fromkeys(
        (entry.module, entry.name)
        for binding, entry in file.imports.items()
        if uses.get(binding, 0) > starts.get(binding, 0) and entry.name != "*"
    )
    for foreign in dict.fromkeys((*calls, *handed_on)):
        if foreign[1]:
            once = foreign not in handed_on and _is_once(calls[foreign], seen)
            yield foreign[0], Hint(What.ONCE if once else What.OFTEN, foreign[1])
    yield from _told_of_classes(seen, uses)
    for module, given, own in lent(seen):
        yield module, Hint(What.LENT, given, own)
    yield from _told_of_texts(seen)
    for what, places in ((What.BOUND, bound_once(file, seen.words)), (What.EMPTIED, _emptied(file))):
        for known in map(seen.callees.foreign, places):
            if known is not None and _is_of_project(known[0], file.facts.language):
                yield known[0], Hint(what, known[1])


def _loaded_later(file: File) -> Iterator[tuple[str, Hint]]:
    """`await import("./store.js")`: whoever loads a module as it is wanted makes what is in it as often as that."""
    for call in file.calls_named.get("import", ()):
        module = file.constant(call.arguments[0]) if call.arguments else None
        if call.receiver is None and module is not None and isinstance(module.value, str):
            yield module.value, Hint(What.OFTEN, "*")


def _emptied(file: File) -> Iterator[Value | None]:
    """What a file takes out of, or makes anew."""
    for verb in _EMPTIES:
        yield from (call.receiver for call in file.calls_named.get(verb, ()))
    for write in file.facts.writes:
        place = write.place
        if place.path and (write.operator == "delete" or place.path[-1] in SIZES):
            yield Place(place.root, place.key, place.path[:-1])
        elif place.path and write.operator == "=":
            yield place


def _called(mentioned: set[int], seen: Insight) -> tuple[dict[tuple[str, str], list[Call]], dict[int, int]]:
    """The calls of each function of another file, and how often each import is called, or made an instance of."""
    calls: dict[tuple[str, str], list[Call]] = {}
    starts: dict[int, int] = {}
    for call in seen.file.facts.calls:
        callee = call.callee
        if not isinstance(callee, Place) or callee.key not in mentioned:
            continue
        name = seen.callees.foreign(callee)
        if call.constructs or (name is not None and _is_of_project(name[0], seen.file.facts.language)):
            starts[int(callee.key)] = starts.get(int(callee.key), 0) + 1
        if name is not None and not call.constructs and _is_of_project(name[0], seen.file.facts.language):
            calls.setdefault(name, []).append(call)
    return calls, starts


def _told_of_classes(seen: Insight, uses: Mapping[int, int]) -> Iterator[tuple[str, Hint]]:
    """Of which classes of other files this one makes an instance: one, at module level, or others."""
    for (module, name), calls in seen.callees.of_imports.items():
        made = [call for call in calls if call.constructs]
        if made and _is_of_project(module, seen.file.facts.language):
            kept = made[0].function == MODULE and made[0].fate.kind in (FateKind.KEPT, FateKind.EXPORTED)
            callee = made[0].callee
            alone = isinstance(callee, Place) and uses.get(int(callee.key)) == 1
            yield module, Hint(What.MADE if kept and alone and _is_once(made, seen) else What.OFTEN, name)
    for unit in seen.file.facts.units:
        base = seen.callees.base_of(unit)
        if base is not None:
            yield base[0], Hint(What.OFTEN, base[1])


def left(seen: Insight) -> Iterator[str]:
    """Names of collections of others that a file takes something out of: `this.server.lines.delete(this)`."""
    for call in (one for verb in _LEAVES for one in seen.file.calls_named.get(verb, ())):
        place = seen.file.resolve(call.receiver) if call.receiver is not None else None
        if place is not None and len(place.path) > (place.root is Root.SELF) and place.root is not Root.GLOBAL:
            yield place.path[-1]


def _told_of_texts(seen: Insight) -> Iterator[tuple[str, Hint]]:
    """`icon("bold")`: which arguments of a function of another file are texts, wherever this one calls it."""
    for (module, name), calls in seen.callees.of_imports.items():
        if name and _is_of_project(module, seen.file.facts.language):
            given = [call.arguments for call in calls if not call.constructs]
            least = min(map(len, given), default=0)
            texts = (at for at in range(least) if all(seen.file.constant(one[at]) is not None for one in given))
            if least:
                yield module, Hint(What.SPELLED, name, tuple(texts))


def _is_once(calls: Sequence[Call], seen: Insight) -> bool:
    """Whether these are one call, which runs once while the program starts; how often it runs is asked last."""
    call, *others = calls
    return (
        not others
        and not seen.file.in_loop(call.region, call.function)
        and seen.frequencies.of_call(call).rate is Rate.ONCE
    )


def _is_of_project(module: str, language: str) -> bool:
    """Whether a module may be a file of this run: relative, or any in Python."""
    return module.startswith(".") or language == "python"


def learn(seen: Insight, hints: Sequence[Hint]) -> None:
    """Let a file know what others told of what it exports."""
    once = {hint.name for hint in hints if hint.what is What.ONCE}
    if once:
        names = exported_names(seen.file)
        seen.frequencies.called_once = frozenset(
            function for function, known in names.items() if once & set(known) and isinstance(function, int)
        )
    sole = {hint.name for hint in hints if hint.what is What.SOLE}
    seen.origins.own = _arguments(What.LENT, hints, seen)
    seen.keys.spelled = _arguments(What.SPELLED, hints, seen)
    if sole:
        seen.origins.singletons.sole = frozenset(binding for name, binding in made_once(seen) if name in sole)
    bound = {hint.name for hint in hints if hint.what is What.BOUND}
    if bound:
        seen.origins.singletons.bound = frozenset(unit.binding for name, unit in _exported(seen) if name in bound)
    made = {hint.name for hint in hints if hint.what is What.MADE}
    if made:
        seen.origins.singletons.made_elsewhere = frozenset(
            unit.binding for name, unit in _exported(seen) if name in made or (name == "default" and "" in made)
        )
    seen.emptied = frozenset(hint.name for hint in hints if hint.what is What.EMPTIED)
    seen.left = frozenset(hint.name for hint in hints if hint.what is What.TAKEN)


def _arguments(what: What, hints: Sequence[Hint], seen: Insight) -> frozenset[tuple[int, int]]:
    """The parameters of which the callers in other files agree on something, each as a function and a position."""
    given = {hint.name: hint.own for hint in hints if hint.what is what}
    if not given:
        return frozenset()
    return frozenset(
        (function, position)
        for function, known in exported_names(seen.file).items()
        for name in known
        for position in given.get(name, ())
        if isinstance(function, int)
    )


def made_once(seen: Insight) -> Iterator[tuple[str, int]]:
    """Exported classes of which their own file makes one instance, by the name they are exported under."""
    for name, unit in _exported(seen):
        if seen.origins.singletons.is_made_once(unit):
            yield name, unit.binding


def _exported(seen: Insight) -> Iterator[tuple[str, Unit]]:
    """The classes that a file exports, by the name they are exported under."""
    for export in seen.file.facts.exports:
        unit = seen.callees.unit_at(export.value) if isinstance(export.value, Place) else None
        if unit is not None:
            yield export.name, unit
