"""What stands since before, and gets one more with each event: `button.onclick = () => { panel.on("shown", …); }`.

Who holds the listener ends with its owner, and yet there are as many listeners as there were events until then.
"""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import Call, Extent, FunctionKind
from memlint.model.value import Constant, Place, Record, Root
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Frequency, Rate
from memlint.semantics.value.identity import is_fresh
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.release.once import is_once

_OUT_OF_USE = frozenset({"disabled", "hidden", "display"})
"""What is set of a button that nobody can press any more (HTML, 4.10.18.5 and 6.1; CSS Display)."""


def piles_up(life: Lifetime, seen: Insight) -> bool:
    """Whether each event adds a function of its own to what was there before the first one, and is there after it."""
    if life.ends or life.doubtful_ends or is_once(life) or not is_fresh(seen.file, life.holes.get("$handler")):
        return False
    often = _often(life, seen)
    target = seen.flow.canonical(life.holes.get("$target"))
    if often is None or target is None or not _comes_again(often, seen):
        return False
    turn = _turn(life.call.function, seen)
    if not (_stands(target, turn, seen) or _is_of_the_page(target, turn, seen)):
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


def _is_of_the_page(target: Place, turn: int, seen: Insight) -> bool:
    """`$("#dialog .ok")`: the same element each time, unless what runs on the event draws anything."""
    call = seen.file.call_of(target) if target.root is Root.RESULT and not target.path else None
    asking = seen.words["page look-ups"] | {"$", "jQuery"}
    if call is None or seen.file.called(call) not in asking or not call.arguments:
        return False
    known = [seen.file.constant(argument) for argument in call.arguments]
    if any(one is None or not _is_selector(one.value) for one in known):
        return False
    asked = seen.flow.canonical(call.receiver)
    if asked is not None and asked.root is not Root.GLOBAL:
        if not (_stands(asked, turn, seen) or _is_of_the_page(asked, turn, seen)):
            return False
    return not _draws(turn, seen)


def _is_selector(value: object) -> bool:
    """A text that names an element: `"<p>"` makes one (jQuery)."""
    return isinstance(value, str) and not value.lstrip().startswith("<")


def _draws(turn: int, seen: Insight) -> bool:
    """Whether what runs on an event makes elements, or puts them on the page, as far as this file shows."""
    for function in seen.reach.reached([turn]):
        calls = seen.file.calls_in.get(function, ())
        if any(seen.words.any_of("drawing", words_of(seen.file.called(call))) for call in calls):
            return True
        writes = seen.file.writes_in.get(function, ())
        if any(write.place.path[-1:] in (("innerHTML",), ("outerHTML",), ("textContent",)) for write in writes):
            return True
    return False


def _makes(function: int, seen: Insight) -> bool:
    """Whether it is a constructor."""
    here = seen.file.facts.functions[function]
    known = here.unit >= 0 and seen.file.members[here.unit].get("constructor") == function
    return known or here.kind is FunctionKind.CONSTRUCTOR


def _lasts(function: int, seen: Insight) -> bool:
    """Whether a variable belongs to what begins once, and not to another event."""
    return seen.frequencies.of(function).rate < Rate.EVENT


def is_first_alone(life: Lifetime, seen: Insight) -> bool:
    """Whether it runs on an event of which only the first is heard, as something begins."""
    often = _often(life, seen)
    call = _adder(often, seen) if often is not None else None
    return call is not None and _is_for_once(call, seen) and seen.frequencies.of_call(call).rate < Rate.CALL


def _adder(often: Frequency, seen: Insight) -> Call | None:
    """The call that adds the handler from which the line is run."""
    return seen.once(_calls_by_place).get(often.extent) if often.extent is not None else None


def _calls_by_place(seen: Insight) -> dict[Extent, Call]:
    return {call.extent: call for call in seen.file.facts.calls}


def _comes_again(often: Frequency, seen: Insight) -> bool:
    """Whether the event that runs the line is one of those that come as often as somebody likes: a click, a change."""
    if often.extent is None:
        return False
    call = _adder(often, seen)
    event = seen.file.constant(call.arguments[0]) if call is not None and call.arguments else None
    words = words_of(str(event.value)) if event is not None else ()
    return seen.words.any_of("events that come again", words[-1:]) or any(
        word.startswith(("mouse", "pointer", "touch", "key", "drag")) for word in words
    )


def _is_for_once(call: Call, seen: Insight) -> bool:
    """Whether the handler that a call adds runs once: it is told so, takes itself off, or ends its button."""
    file = seen.file
    options = (dict(each.items) for each in map(unwrapped, call.arguments) if isinstance(each, Record))
    if file.called(call) in ("once", "one") or any(each.get("once") == Constant(True) for each in options):
        return True
    handler = next((one for one in map(file.behind, call.arguments) if one is not None), None)
    button = seen.flow.canonical(call.receiver)
    if handler is None:
        return False
    for other in file.calls_in.get(handler, ()):
        taken = file.called(other) in seen.words["taking one listener off"]
        if taken and any(file.behind(argument) == handler for argument in other.arguments):
            return True
        if button is not None and file.called(other) in ("remove", "hide") and _is_at(other.receiver, button, seen):
            return True
    return button is not None and any(
        _OUT_OF_USE.intersection(write.place.path) and _is_at(write.place, button, seen)
        for write in file.writes_in.get(handler, ())
    )


def _is_at(place: Place | None, button: Place, seen: Insight) -> bool:
    """Whether a place is a button, or a member of it."""
    known = seen.flow.canonical(place)
    return (
        known is not None
        and (known.root, known.key) == (button.root, button.key)
        and (known.path[: len(button.path)] == button.path)
    )
