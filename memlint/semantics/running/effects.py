"""The effects of component frameworks: a function that runs on every mount, and what it answers with at the end."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Call, FateKind, Function
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.value.values import inner_values


def effect_of(function: Function, file: File, words: WordLists, kind: str = "effects") -> Call | None:
    """The call by which a framework runs a function when its component comes: `useEffect(() => …)`."""
    taker = file.taker_of(function.fate)
    return taker if taker is not None and file.called(taker) in words[kind] else None


def cleanups_of(component: int, file: File, words: WordLists) -> Iterator[Function]:
    """What the effects of a component answer with: `useEffect(() => () => clearTimeout(timer.current), [])`."""
    for call in file.calls_in.get(component, ()):
        effect = file.function_at(call.arguments[0]) if call.arguments else None
        if effect is None or file.called(call) not in words["effects"]:
            continue
        for exit_ in file.exits_of.get(effect, ()):
            for value in inner_values(exit_.value):
                answered = file.function_at(value)
                if answered is not None:
                    yield file.facts.functions[answered]
        yield from (inner for inner in file.written_in.get(effect, ()) if inner.fate.kind is FateKind.RETURNED)
