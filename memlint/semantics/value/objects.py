"""Whether a value clearly is an object, and not a text or a number."""

from __future__ import annotations

from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.file import File
from memlint.semantics.value.values import unwrapped

_STRING_MEMBERS = frozenset(
    {
        "length", "trim", "split", "slice", "startsWith", "endsWith", "toLowerCase", "toUpperCase", "replace",
        "includes", "indexOf", "charAt", "charCodeAt", "substring", "substr", "match", "toString", "padStart",
        "padEnd", "at", "concat", "localeCompare", "normalize", "search", "repeat", "codePointAt", "toFixed",
        "replaceAll", "lastIndexOf", "lower", "upper", "strip", "format", "encode", "join",
    }
)  # fmt: skip


_MADE_OBJECTS = frozenset({"createElement", "createElementNS", "cloneNode", "querySelector", "getElementById"})


def is_object(value: Value | None, file: File) -> bool:
    """Whether a value clearly is an object: `this`, something made here, a name whose members are asked for."""
    value = unwrapped(value)
    if isinstance(value, Record):
        return True
    if not isinstance(value, Place):
        return False
    if value.root is Root.SELF:
        return not value.path
    call = file.call_of(value)
    if call is not None and (call.constructs or file.called(call) in _MADE_OBJECTS):
        return True
    binding = file.binding(value)
    if binding is None or value.path:
        return False
    if binding.declared == "object" or binding.declared in file.units_named:
        return True
    if isinstance(unwrapped(binding.value), Record):
        return True
    asked = {use.path[0] for use in file.uses_of[binding.index] if use.path}
    return bool(asked - _STRING_MEMBERS - {"[]"})
