"""Added again before it was taken off: to what is set anew, or each time that the owner is shown.

`setModel(model) { this.model = model; model.on("change", this.draw); }`: the end takes it off the last model alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Function, FunctionKind
from memlint.model.finding import Confidence
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.verdicts.release.once import is_once
from memlint.verdicts.release.overwriting import ends_before
from memlint.verdicts.verdict import Verdict

_PAIRS: Mapping[str, tuple[str, ...]] = {
    "show": ("hide",),
    "open": ("close",),
    "expand": ("collapse",),
    "play": ("pause",),
    "resume": ("pause", "suspend"),
    "start": ("stop", "pause"),
    "enable": ("disable",),
    "activate": ("deactivate",),
    "enter": ("exit", "leave"),
    "focus": ("blur",),
}
"""What undoes a method, by its first word: both are called in turn, many times in one life."""


def judge_added_anew(life: Lifetime, seen: Insight) -> Verdict | None:
    """Whether an end lets go of the last one alone, and a method that is called again and again adds more."""
    method = seen.file.facts.functions[life.call.function]
    if (
        not life.ends
        or is_once(life)
        or method.unit < 0
        or method.kind in (FunctionKind.ARROW, FunctionKind.CONSTRUCTOR)
    ):
        return None
    if _is_let_go_before(method, life, seen) or seen.frequencies.guards.of(life.call) is not None:
        return None
    teardowns = tuple(seen.reach.teardowns(life.call.function))
    if _is_set_anew(method, life, seen):
        return Verdict(Confidence.MEDIUM, "what it was added to is replaced, and keeps it", teardowns)
    if _is_shown_again(method, life, seen):
        return Verdict(Confidence.MEDIUM, "it is added each time, and taken off once", teardowns)
    return None


def _is_let_go_before(method: Function, life: Lifetime, seen: Insight) -> bool:
    """Whether the method itself, or all who call it, take off first what was there."""
    reached = seen.reach.reached([method.index])
    callers = seen.file.callers.get(method.index, ())
    return any(end.call.function in reached for end in life.ends) or any(
        ends_before(one, life, seen) for one in callers
    )


def _is_set_anew(method: Function, life: Lifetime, seen: Insight) -> bool:
    """`setModel(model)`, `set model(model)`: a parameter that takes the place of another one in a field."""
    if method.kind is not FunctionKind.SETTER and not set(words_of(method.name)[:1]) & seen.words["taking another"]:
        return False
    given = [
        write
        for write in seen.file.writes_in.get(method.index, ())
        if write.place.root is not Root.BINDING
        and len(write.place.path) == 1
        and isinstance(write.value, Place)
        and _is_parameter(write.value, method, seen)
    ]
    target = life.holes.get("$target")
    known = {seen.flow.canonical(write.value) for write in given}
    known |= {seen.flow.canonical(write.place) for write in given}
    return target is not None and seen.flow.canonical(target) in known


def _is_parameter(value: Place, method: Function, seen: Insight) -> bool:
    binding = seen.file.binding(seen.flow.canonical(value) or value)
    return binding is not None and binding.kind == "parameter" and binding.function == method.index and not value.path


def _is_shown_again(method: Function, life: Lifetime, seen: Insight) -> bool:
    """`show()` adds it, `hide()` leaves it where it is, and only `destroy()` takes it off."""
    if life.resource.adds_once or life.origin.holder not in (Holder.FOREIGN, Holder.PROCESS):
        return False
    first = words_of(method.name)[:1]
    if not first or not method.name.startswith(first[0]):
        return False
    names = (verb + method.name[len(first[0]) :] for verb in _PAIRS.get(first[0], ()))
    undoing = [one for name in names if (one := seen.file.method(method.unit, name)) is not None]
    reached = seen.reach.reached(undoing)
    functions = seen.file.facts.functions
    return bool(undoing) and all(
        end.call.function not in reached and seen.vocabulary.ends_for_good(functions[end.call.function].name)
        for end in life.ends
    )
