"""What most programs add once, while they are set up: where is it added again and again, and is it another one?"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, ExitKind, Function, FunctionKind
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import unwrapped


def adds_more(life: Lifetime, seen: Insight) -> bool:
    """Whether each instance, each request, or each who asks for the holder adds one that is not there already."""
    function = seen.file.facts.functions[life.call.function]
    often = function.kind is FunctionKind.CONSTRUCTOR or life.frequency.is_served or _answers_holder(life, seen)
    return (often or _is_of_the_call(function, life, seen)) and _is_another(life, seen)


def is_for_one_of_many(life: Lifetime, seen: Insight) -> bool:
    """Whether the line runs for something of which there is one after the other: an event, a request, a job."""
    return life.frequency.rate is Rate.EVENT or is_for_a_job(life, seen)


def is_for_a_job(life: Lifetime, seen: Insight) -> bool:
    """Whether the line runs for each request or job that comes from outside, of which many may be under way."""
    if life.frequency.is_served:
        return True
    around = seen.file.enclosing(life.call.function)
    given = {word for function in around for name in function.parameters for word in words_of(name)[-1:]}
    return bool(given & seen.words["of one call"])


def _is_of_the_call(function: Function, life: Lifetime, seen: Insight) -> bool:
    """`log.addHandler(FileHandler(path))` with the path of this call, in a function that is about something else."""
    made = seen.file.call_of(life.holes.get(life.resource.keeps))
    given = made.arguments if made is not None and made.constructs else ()
    bindings = [seen.file.binding(value) for value in given if isinstance(value, Place)]
    own = any(one is not None and one.kind == "parameter" and one.function == function.index for one in bindings)
    return own and not seen.words.any_of("setting up logs", words_of(function.name))


def _answers_holder(life: Lifetime, seen: Insight) -> bool:
    """`def get_logger(name): …; logger.addHandler(handler); return logger`."""
    holder = seen.flow.canonical(life.holes.get(life.resource.holder))
    return holder is not None and any(
        exit_.kind is ExitKind.RETURN and seen.flow.canonical(exit_.value) == holder
        for exit_ in seen.file.exits_of.get(life.call.function, ())
    )


def _is_another(life: Lifetime, seen: Insight) -> bool:
    """Whether what is kept is made by this call, or is a method of this instance: not the same one every time."""
    kept = unwrapped(life.holes.get(life.resource.keeps))
    known = seen.file.function_at(kept)
    if not isinstance(kept, Place):
        return known is not None and seen.file.contains(life.call.function, known)
    if kept.root is Root.SELF:
        return known is None or not seen.file.facts.functions[known].is_static
    if kept.root is Root.RESULT:
        return True
    binding = seen.file.binding(kept)
    return binding is not None and binding.function == life.call.function != MODULE and binding.kind != "import"
