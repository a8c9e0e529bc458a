"""What makes a value large: the call that it comes from."""

from __future__ import annotations

from memlint.model.facts import Call
from memlint.model.value import Place, Root, Sequence, Value
from memlint.semantics.file import File
from memlint.semantics.value.values import unwrapped

_READS = frozenset({"readFile", "readFileSync", "findAll", "toArray", "fetchall", "arrayBuffer"})
_TYPED = frozenset(
    {"Float64Array", "Float32Array", "Uint8Array", "Int32Array", "Uint32Array", "Uint16Array", "BigInt64Array"}
)
_BIG_CONSTANT = 65_536
MAKERS = _READS | _TYPED | {"parse", "alloc", "allocUnsafe", "all", "Array"}
"""Names of the calls whose answer may be large."""


def size_of(value: Value | None, file: File) -> str:
    """What makes a value large, in a phrase; empty if nothing is known to."""
    value = unwrapped(value)
    call = file.call_of(value) if isinstance(value, Place) and value.root is Root.RESULT else None
    if call is None:
        return ""
    name = file.called(call)
    if name in _READS:
        return "the whole content" if "read" in name.lower() else "all that was found"
    if name == "parse" and call.receiver == Place(Root.GLOBAL, "JSON"):
        return "a parsed document"
    if name in ("alloc", "allocUnsafe") and call.receiver == Place(Root.GLOBAL, "Buffer"):
        return "a buffer" if _is_big(call, file) else ""
    if name in _TYPED or (name == "Array" and call.constructs):
        return "an array of numbers" if _is_big(call, file) else ""
    if name == "all" and call.receiver is not None and call.receiver.root is Root.RESULT:
        return "all rows of a query"
    return ""


def _is_big(call: Call, file: File) -> bool:
    if not call.arguments or isinstance(call.arguments[0], Sequence):
        return False
    known = file.constant(call.arguments[0])
    if known is None:
        of = file.call_of(call.arguments[0])
        return of is None or not of.constructs  # `new Float32Array(new SharedArrayBuffer(8))` is a view of another
    return isinstance(known.value, int | float) and known.value >= _BIG_CONSTANT
