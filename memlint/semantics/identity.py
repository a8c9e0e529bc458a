"""Whether two values are one thing: listeners, targets, capture flags."""

from __future__ import annotations

from memlint.model.facts import Closure, Compound, Place, Record, Root, Value
from memlint.semantics.file import File, unwrapped
from memlint.semantics.flow import Flow


def are_other_targets(added: Value, removed: Value, file: File, flow: Flow) -> bool:
    """Two places that are certainly not one object: two globals, two fields, two results of a fresh look-up."""
    one, other = flow.canonical(added), flow.canonical(removed)
    if one is None or other is None or one == other:
        return False
    if one.root is Root.RESULT and other.root is Root.RESULT:
        first, second = file.facts.calls[int(one.key)], file.facts.calls[int(other.key)]
        return file.called(first) == file.called(second) == "matchMedia"
    known = {one.root, other.root} <= {Root.GLOBAL, Root.SELF} and "[]" not in one.path + other.path
    return known and one.root is other.root


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
    if isinstance(value, Compound) and value.operator == "member":
        return "written in place"
    return ""


def is_own_field(value: Value, file: File, flow: Flow) -> bool:
    """A field that this file itself never gives a function from outside."""
    place = flow.canonical(value)
    return place is not None and place.root is Root.SELF and "[]" not in place.path and place in file.writes_at


def captures(file: File, options: Value | None) -> bool:
    """Whether listener options ask for the capture phase (DOM, 2.7: flatten)."""
    options = unwrapped(options)
    if isinstance(options, Record):
        options = dict(options.items).get("capture")
    elif isinstance(options, Place):
        known = file.constant(options)
        if known is None:
            capture = file.constant(Place(options.root, options.key, (*options.path, "capture")))
            return bool(capture is not None and capture.value)
        options = known
    constant = file.constant(options)
    return bool(constant is not None and constant.value)
