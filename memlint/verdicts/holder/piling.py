"""What stands since before, and gets one more with each event: `button.onclick = () => { panel.on("shown", …); }`.

Who holds the listener ends with its owner, and yet there are as many listeners as there were events until then.
"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import FunctionKind
from memlint.model.value import Place, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Frequency, Rate
from memlint.semantics.value.identity import is_fresh
from memlint.verdicts.release.once import is_once


def piles_up(life: Lifetime, seen: Insight) -> bool:
    """Whether each event adds a function of its own to what was there before the first one, and is there after it."""
    if life.ends or life.doubtful_ends or is_once(life) or not is_fresh(seen.file, life.holes.get("$handler")):
        return False
    often = _often(life, seen)
    target = seen.flow.canonical(life.holes.get("$target"))
    if often is None or target is None or not _comes_again(often, seen):
        return False
    if not _stands(target, _turn(life.call.function, seen), seen):
        return False
    return seen.frequencies.guards.of(life.call) is None


def _often(life: Lifetime, seen: Insight) -> Frequency | None:
    """How often the line runs, if that is on every event: by itself, or as a method that a handler calls."""
    known = [life.frequency]
    if life.frequency.rate is not Rate.EVENT and life.call.function in seen.file.methods:
        known += [seen.frequencies.of_call(call) for call in seen.file.callers.get(life.call.function, ())]
    return next((one for one in known if one.rate is Rate.EVENT and one.sure and not one.is_served), None)


def _turn(function: int, seen: Insight) -> int:
    """The outermost function around that runs on every event; the innermost, if none does by itself."""
    found = function
    for here in seen.file.enclosing(function):
        if seen.frequencies.of(here.index).rate is not Rate.EVENT:
            break
        found = here.index
    return found


def _stands(target: Place, turn: int, seen: Insight) -> bool:
    """Whether it was filled once, as its owner was made, and by nothing that an event runs."""
    writes = [one for one in seen.file.writes_at.get(target, ()) if one.value is not None]
    if target.root is Root.BINDING and not target.path:
        binding = seen.file.facts.bindings[int(target.key)]
        outside = not seen.file.contains(turn, binding.function)
        return outside and all(one.function == binding.function for one in writes) and _lasts(binding.function, seen)
    if target.root is not Root.SELF or len(target.path) != 1:
        return False
    return bool(writes) and all(one.operator == "field" or _makes(one.function, seen) for one in writes)


def _makes(function: int, seen: Insight) -> bool:
    """Whether it is a constructor."""
    here = seen.file.facts.functions[function]
    known = here.unit >= 0 and seen.file.members[here.unit].get("constructor") == function
    return known or here.kind is FunctionKind.CONSTRUCTOR


def _lasts(function: int, seen: Insight) -> bool:
    """Whether a variable belongs to what begins once, and not to another event."""
    return seen.frequencies.of(function).rate < Rate.EVENT


def _comes_again(often: Frequency, seen: Insight) -> bool:
    """Whether the event that runs the line is one of those that come as often as somebody likes: a click, a change."""
    if often.extent is None:
        return False
    call = next((call for call in seen.file.facts.calls if call.extent == often.extent), None)
    event = seen.file.constant(call.arguments[0]) if call is not None and call.arguments else None
    words = words_of(str(event.value)) if event is not None else ()
    return seen.words.any_of("events that come again", words[-1:]) or any(
        word.startswith(("mouse", "pointer", "touch", "key", "drag")) for word in words
    )
