"""What is begun and stopped in turn: what a beginning adds to something that stays is there once more after the next.

`start() { app.on("tick", () => this.draw()); }` and a `stop()` that closes other things: each start adds a listener.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import FateKind, Function, FunctionKind
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.identity import is_fresh
from memlint.verdicts.holder.brought import closing_calls
from memlint.verdicts.release.once import is_once
from memlint.verdicts.repetition.delays import keeps_more_than_itself

_LASTING = frozenset({Holder.FOREIGN, Holder.PROCESS})
_TURNS: Mapping[str, tuple[str, ...]] = {
    "start": ("stop",),
    "begin": ("end", "stop"),
    "enable": ("disable",),
    "activate": ("deactivate",),
    "show": ("hide",),
    "resume": ("pause", "suspend"),
    "play": ("pause", "stop"),
    "watch": ("unwatch",),
    "listen": ("unlisten",),
    "expand": ("collapse",),
    "enter": ("exit", "leave"),
}
"""What is called in turn with a method, by its first word: both many times in one life."""


def is_begun_again(life: Lifetime, seen: Insight) -> bool:
    """Whether each beginning adds one more to what stays where it is, and what stops it lets go of other things."""
    if life.ends or is_once(life) or life.frequency.rate is Rate.ONCE:
        return False
    method = _method_around(life, seen)
    stopping = [one for one in _stopping(method, seen) if seen.file.calls_in.get(one.index)] if method else []
    if method is None or not stopping or life.doubtful_ends or not _adds_another(life, seen):
        return False
    if seen.frequencies.guards.of(life.call) is not None or not _stays(life, method, seen):
        return False
    target = life.holes["$target"]
    return any(next(closing_calls(target, frozenset({one.index}), seen), None) is None for one in stopping)


def _adds_another(life: Lifetime, seen: Insight) -> bool:
    """Whether the handler counts twice, and does anything beyond the event that it is handed."""
    handler = life.holes.get("$handler")
    if life.resource.adds_once and not is_fresh(seen.file, handler):
        return False
    function = seen.file.function_at(handler)
    inside = frozenset(seen.file.inside(function)) if function is not None else frozenset()
    used = (seen.file.facts.bindings[use.binding] for one in inside for use in seen.file.uses_in.get(one, ()))
    return keeps_more_than_itself(life, seen) or any(one.function not in inside for one in used)


def _method_around(life: Lifetime, seen: Insight) -> Function | None:
    """The function in which the line stands, or that waits for the one in which it does: `then(() => …)`."""
    here = seen.file.facts.functions[life.call.function]
    while here.fate.kind is FateKind.ARGUMENT and here.fate.call >= 0:
        call = seen.file.facts.calls[here.fate.call]
        if seen.file.called(call) != "then":
            return None
        here = seen.file.facts.functions[call.function]
    return here if here.kind is not FunctionKind.CONSTRUCTOR and not seen.file.is_private(here) else None


def _stays(life: Lifetime, method: Function, seen: Insight) -> bool:
    """Whether the target was there before the method began, and is kept by somebody who does not change it."""
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or "[]" in target.path or life.origin.holder not in _LASTING:
        return False
    if target.root not in (Root.SELF, Root.BINDING) or any(one.startswith(("_", "#")) for one in target.path[1:]):
        return False
    reached = seen.reach.reached([method.index])
    binding = seen.file.binding(target)
    if binding is not None and binding.function in reached:
        return False
    steps = range(1 if target.root is Root.SELF else 0, len(target.path) + 1)
    places = (Place(target.root, target.key, target.path[:size]) for size in steps)
    return not any(
        write.function in reached and write.value is not None
        for place in places
        for write in seen.file.writes_at.get(place, ())
    )


def _stopping(method: Function, seen: Insight) -> Iterator[Function]:
    """The functions beside a method that undo it, by their names."""
    name = _name(method)
    first = words_of(name)[:1]
    if not first or not name.startswith(first[0]):
        return
    for verb in _TURNS.get(first[0], ()):
        for other in seen.once(_by_name).get(verb + name[len(first[0]) :], ()):
            if (other.unit, other.parent) == (method.unit, method.parent):
                yield other


def _by_name(seen: Insight) -> Index[str, Function]:
    return indexed(seen.file.facts.functions, _name)


def _name(function: Function) -> str:
    """What a function is called, or the member that it was given to: `api.start = function () { … }`."""
    place = function.fate.place
    return function.name or (place.path[-1] if place is not None and place.path else "")
