"""Functions that answer with something that undoes what they did: a remover, or an object with a `dispose`."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import Exit, ExitKind
from memlint.model.frozen import frozen
from memlint.model.value import Closure, Place, Record
from memlint.semantics.value.values import unwrapped


@frozen
class Undoing:
    """What a function answers with: the functions behind it, and the members they are called by (`""`: by itself)."""

    functions: frozenset[int]
    steps: tuple[str, ...]


def undoings(seen: Insight) -> dict[int, Undoing]:
    """Functions of this file whose answer can be called, or has methods, each with what these reach."""
    found: dict[int, Undoing] = {}
    for exit_ in seen.file.facts.exits:
        if exit_.kind is ExitKind.RETURN and seen.file.written_in[exit_.function]:
            members = _members(exit_, seen)
            if members:
                reached = seen.reach.reached(members.values()) - {exit_.function}
                before = found.get(exit_.function, Undoing(frozenset(), ()))
                steps = tuple(dict.fromkeys((*before.steps, *members)))
                found[exit_.function] = Undoing(before.functions | reached, steps)
    return found


def _members(exit_: Exit, seen: Insight) -> dict[str, int]:
    """The functions in an answer, written inside the function that gives it, by the member that holds them."""
    value = unwrapped(exit_.value)
    if isinstance(value, Place):
        binding = seen.file.binding(value)
        own = binding is not None and binding.function == exit_.function and not value.path and not binding.member
        value = unwrapped(binding.value) if binding is not None and own and binding.value is not None else value
    if isinstance(value, Record):
        entries = dict(value.items)
        found = {
            name: seen.file.function_at(entry)
            for name, entry in entries.items()
            if isinstance(entry, Closure) and seen.vocabulary.ends(name)
        }
        return {name: function for name, function in found.items() if function is not None}
    function = seen.file.function_at(value)
    if function is None or seen.file.facts.functions[function].parent != exit_.function:
        return {}
    return {"": function}
