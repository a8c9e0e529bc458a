"""An effect that runs again with each change of what it depends on, and adds to the same element each time."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Call, ExitKind, Function
from memlint.model.value import Place, Root, Sequence
from memlint.semantics.running.effects import effect_of
from memlint.semantics.value.values import inner_values, unwrapped


def is_repeated(life: Lifetime, seen: Insight) -> bool:
    """`useEffect(() => { box.current.addEventListener("scroll", () => …); }, [items])`, and nothing is given back.

    The element was there before, and is there after: what is told of it piles up while its component lives.
    """
    function = seen.file.facts.functions[life.call.function]
    effect = effect_of(function, seen.file, seen.words, "effects with a list of what they depend on")
    if effect is None or life.ends or life.doubtful_ends or life.resource.fires_once:
        return False
    if any(exit_.kind is ExitKind.RETURN and exit_.value is not None for exit_ in seen.file.exits_of[function.index]):
        return False
    return _runs_again(effect, function, seen) and _was_there(life, function, seen) and _is_new(life, seen)


def _runs_again(effect: Call, function: Function, seen: Insight) -> bool:
    """Whether it depends on something that its component is handed anew: a parameter, a member of one."""
    depends = unwrapped(effect.arguments[1]) if len(effect.arguments) > 1 else None
    if not isinstance(depends, Sequence):
        return False
    for value in depends.items:
        binding = seen.file.binding(value) if isinstance(value, Place) else None
        if binding is not None and binding.kind == "parameter" and binding.function == function.parent:
            return True
    return False


def _was_there(life: Lifetime, function: Function, seen: Insight) -> bool:
    """Whether the target was kept outside of the effect: `box.current`."""
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or target.root is not Root.BINDING or not _is_kept_by_a_hook(target, seen):
        return False
    return not seen.file.contains(function.index, seen.file.facts.bindings[int(target.key)].function)


def _is_kept_by_a_hook(target: Place, seen: Insight) -> bool:
    return target.path[-1:] != () and target.path[-1] in seen.words["what a reference holds"]


def _is_new(life: Lifetime, seen: Insight) -> bool:
    """Whether each run adds another one: the function that is kept is made by the component, or by the effect."""
    kept = life.holes.get(life.resource.keeps)
    functions = [seen.file.function_at(inner) for inner in inner_values(kept)]
    return any(index is not None and seen.file.facts.functions[index].parent != MODULE for index in functions)
