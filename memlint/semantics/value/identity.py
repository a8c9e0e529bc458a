"""Whether two values are one thing: listeners, targets, capture flags."""

from __future__ import annotations

from memlint.model.facts import Call, ExitKind, FunctionKind
from memlint.model.value import Closure, Compound, Place, Record, Root, Value
from memlint.semantics.file import File
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import unwrapped

OBJECTS_OF_THEIR_OWN = frozenset({"window", "document", "process", "navigator", "screen", "cluster", "visualViewport"})
"""Globals of which each is another object; any other name may be a second one for what has one."""


def are_other_targets(added: Value, removed: Value, file: File, flow: Flow) -> bool:
    """Two places that are certainly not one object: two globals, two fields of one instance, two fresh look-ups."""
    one, other = flow.canonical(added), flow.canonical(removed)
    if one is None or other is None or one == other:
        return False
    if one.root is Root.RESULT and other.root is Root.RESULT:
        first, second = file.facts.calls[int(one.key)], file.facts.calls[int(other.key)]
        return file.called(first) == file.called(second) == "matchMedia"
    if "[]" in one.path + other.path or one.root is not other.root:
        return False
    if one.root is Root.GLOBAL:
        return one.key == other.key or {one.key, other.key} <= OBJECTS_OF_THEIR_OWN
    return one.root is Root.SELF and one.key == other.key


def is_fresh(file: File, value: Value | None) -> str:
    """Why a value is a new function on each evaluation; empty if it need not be one."""
    value = unwrapped(value)
    if isinstance(value, Closure):
        return "written in place"
    if isinstance(value, Place) and value.root is Root.RESULT and not value.path:
        call = file.facts.calls[int(value.key)]
        if file.called(call) == "bind":
            return "a fresh `bind`"
        if file.called(call) in ("debounce", "throttle", "partial", "curry", "proxy"):
            return f"a fresh `{file.called(call)}`"
        if _makes_a_function(file, call):
            return f"each `{file.called(call)}()` answers with one of its own"
    if isinstance(value, Compound) and value.operator == "member":
        return "written in place"
    return ""


def _makes_a_function(file: File, call: Call) -> bool:
    """`relay(this, "error")`: a function of this file that answers with one it has written or bound, and keeps none."""
    target = file.target_of(call) if not call.constructs else None
    maker = file.facts.functions[target] if target is not None else None
    if maker is None or maker.is_async or maker.is_generator:
        return False
    answers = [exit_.value for exit_ in file.exits_of.get(maker.index, ()) if exit_.kind is ExitKind.RETURN]
    return bool(answers) and all(_is_made_by(file, answer, maker.index) for answer in answers)


def _is_made_by(file: File, answer: Value | None, maker: int) -> bool:
    """Whether an answer is a function that is made by the call, and known by nobody but who asked."""
    value = unwrapped(answer)
    if isinstance(value, Closure):
        return True
    if not isinstance(value, Place) or value.path:
        return False
    if value.root is Root.RESULT:
        return file.called(file.facts.calls[int(value.key)]) == "bind"
    binding = file.binding(value)
    known = file.function_at(value)
    return (
        binding is not None
        and known is not None
        and binding.function == maker
        and file.contains(maker, known)
        and len(file.uses_of.get(binding.index, ())) == 1
    )


def is_own_field(value: Value, file: File, flow: Flow) -> bool:
    """A field that this file itself never gives a function from outside."""
    place = flow.canonical(value)
    return place is not None and place.root is Root.SELF and "[]" not in place.path and place in file.writes_at


def captures_self(file: File, value: Value | None) -> bool:
    """Whether a function holds the instance in whose code it is written: by `this`, by a name for it, or bound."""
    value = unwrapped(value)
    if isinstance(value, Place) and value.root is Root.RESULT and not value.path:
        call = file.facts.calls[int(value.key)]
        return file.called(call) == "bind" and any(_is_instance(file, argument) for argument in call.arguments)
    function = file.function_at(value)
    if function is None:
        return isinstance(value, Place) and file.resolve(value).root is Root.SELF
    if file.facts.functions[function].kind is FunctionKind.ARROW and file.unit_of(function) is not None:
        return True
    uses = (use for inner in file.inside(function) for use in file.uses_in.get(inner, ()))
    return any(_is_instance(file, file.facts.bindings[use.binding].value) for use in uses)


def _is_instance(file: File, value: Value | None) -> bool:
    value = unwrapped(value)
    return isinstance(value, Place) and file.resolve(value).root is Root.SELF and not file.resolve(value).path


def captures(file: File, options: Value | None) -> bool | None:
    """Whether listener options ask for the capture phase (DOM, 2.7: flatten); None if they cannot be read here.

    A record names its listener and its flag, `{ target, event, handler, capture }`: what a loop over such records
    hands to a removal is whatever was put into them.
    """
    options = unwrapped(options)
    if isinstance(options, Record):
        options = unwrapped(dict(options.items).get("capture"))
    elif isinstance(options, Place) and file.constant(options) is None:
        inner = Place(options.root, options.key, (*options.path, "capture"))
        capture = file.constant(inner)
        if capture is not None:
            return bool(capture.value)
    constant = file.constant(options)
    if constant is not None:
        return bool(constant.value)
    return None if _is_unknown_flag(file, options) else False


def _is_unknown_flag(file: File, options: Value | None) -> bool:
    """A parameter, or a part of one: others decide what it is."""
    binding = file.binding(options) if isinstance(options, Place) else None
    return binding is not None and binding.kind == "parameter"
