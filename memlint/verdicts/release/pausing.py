"""An end that halts its owner for a while, or stands in a handler: is it on the way out as well?"""

from __future__ import annotations

from collections.abc import Sequence

from memlint.ledger import End, Insight, Lifetime
from memlint.model.facts import MODULE, Call, FateKind, Function
from memlint.model.finding import Confidence
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.verdicts.verdict import Verdict, at_most

_LAST_HANDLERS = frozenset({"onclose", "onended", "onabort", "onunload"})
"""Members that are told of the end (HTML, 8.1.8.2; WebSockets, 3.1)."""


def judge_pausing(
    life: Lifetime, seen: Insight, confidence: Confidence, teardowns: Sequence[Function]
) -> Verdict | None:
    """Whether only what hides or halts the owner ends it, and what ends the owner for good does not.

    `hide() { document.removeEventListener("keydown", this.onKey); }`, and a `destroy()` that does not hide.
    """
    final = [one for one in teardowns if one.unit >= 0 and seen.vocabulary.ends_for_good(one.name)]
    halting = [one for one in teardowns if _only_halts(one, seen)]
    if not final or not halting:
        return None
    enough = seen.reach.reached(one.index for one in teardowns if one not in halting)
    called = {seen.file.called(call) for here in enough for call in seen.file.calls_in.get(here, ())}
    if any(one.name in called for one in halting):
        return None  # `this.hide()`, which may be that of a derived class
    if any(end.call.function in enough or may_be_the_end(end, life, seen) for end in life.ends):
        return None
    return Verdict(
        at_most(confidence, Confidence.MEDIUM), "it is ended elsewhere, but not when its owner ends", tuple(final)
    )


def _only_halts(function: Function, seen: Insight) -> bool:
    return words_of(function.name)[:1] in {(verb,) for verb in seen.words["verbs that halt for a while"]}


def own_callback(life: Lifetime, seen: Insight) -> list[int]:
    """The function that is kept, if it is known."""
    kept = life.holes.get(life.resource.keeps)
    function = seen.file.behind(kept)
    return [function] if function is not None else []


def may_be_the_end(end: End, life: Lifetime, seen: Insight) -> bool:
    """Whether an end stands where an end of the owner surely leads: in a handler of a final event, or near the call.

    Also in a function that somebody out of sight may call at the end: one that is handed on, or a method whose unit
    extends what another file defines.
    """
    file = seen.file
    callers = (caller.function for caller in file.callers.get(end.call.function, ()))
    return any(_stands_at_the_end(function, life, seen) for function in (end.call.function, *callers))


def _stands_at_the_end(function: int, life: Lifetime, seen: Insight) -> bool:
    file = seen.file
    own = own_callback(life, seen)
    for here in file.enclosing(function):
        if here.index in (MODULE, life.call.function, *own):
            return False
        if here.fate.kind is FateKind.ARGUMENT and here.fate.call >= 0:
            call = file.facts.calls[here.fate.call]
            event = file.constant(call.arguments[0]) if call.arguments else None
            if event is None or event.value in seen.words["last events"]:
                return True
        if any(_is_for_the_last(call, seen) for call in seen.frequencies.handed.to(here)):
            return True
        kept = here.fate.place if here.fate.kind is FateKind.KEPT else None
        if kept is not None and kept.path and kept.path[-1] in _LAST_HANDLERS:
            return True  # `socket.onclose = () => clearInterval(beat)`
        if here.unit >= 0:
            return file.extends_what_is_elsewhere(here.unit) and not _is_run_by_its_hooks_alone(here.unit, seen)
    return False


def _is_for_the_last(call: Call, seen: Insight) -> bool:
    """`socket.once("close", this.onClose)`."""
    event = seen.file.constant(call.arguments[0]) if len(call.arguments) > 1 else None
    return event is not None and event.value in seen.words["last events"]


def _is_run_by_its_hooks_alone(unit: int, seen: Insight) -> bool:
    """Whether the base is one of a framework that calls methods of its own names, and no other: `React.Component`."""
    base = seen.file.facts.units[seen.file.unit_roots[unit]].base
    entry = seen.file.imports.get(int(base.key)) if isinstance(base, Place) and base.root is Root.BINDING else None
    if entry is not None and entry.module.startswith("."):
        return False  # a class of the project, whatever it is called
    return seen.file.name_of(base).split(".")[-1] in seen.words["bases that call their hooks alone"]
