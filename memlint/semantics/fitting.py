"""What may fill a hole of an acquisition, where not everything may."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from memlint.model.facts import Call
from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.file import File
from memlint.semantics.value.identity import is_fresh
from memlint.semantics.value.values import unwrapped

Holes = Mapping[str, Value]


def _can_be_handler(holes: Holes, call: Call, file: File) -> bool:
    """Whether an argument can be the listener: no text, and no function follows it (`on(target, event, listener)`).

    Nor is it somebody who registers with another: `dispatcher.register(this)`.
    """
    value = holes["$handler"]
    registers = len(call.arguments) == 1 and isinstance(value, Place) and value.root is Root.SELF and not value.path
    if registers or file.constant(value) is not None:
        return False
    later = [argument for argument in call.arguments[2:] if argument != value]
    return file.function_at(value) is not None or not any(
        file.function_at(argument) is not None or is_fresh(file, argument) for argument in later
    )


def _can_be_selector(holes: Holes, _call: Call, file: File) -> bool:
    """Delegation is told by a text: `on("click", ".row", open)`, not `on("click", open, this)`."""
    return _is_text(holes["$selector"], file)


def _can_be_handlers(holes: Holes, _call: Call, _file: File) -> bool:
    """Listeners by their events, written out: `on({ saved: …, lost: … })`."""
    value = unwrapped(holes["$handlers"])
    return isinstance(value, Record) and bool(value.items)


def _can_be_helper(holes: Holes, _call: Call, file: File) -> bool:
    """`dom.on(window, "resize", fit)`: what is called is nobody's field, and the event comes second."""
    helper = holes["$helper"]
    shared = isinstance(helper, Place) and (
        helper.root is Root.GLOBAL or (helper.root is Root.BINDING and int(helper.key) in file.imports)
    )
    return shared and _is_text(holes.get("$event"), file) and not _is_text(holes.get("$target"), file)


def _can_be_target(holes: Holes, call: Call, file: File) -> bool:
    """`on(window, "resize", fit)`: a target that is handed over is no text, and the event beside it is one."""
    target = holes["$target"]
    if "$event" not in holes or target not in call.arguments:
        return True
    return _is_text(holes["$event"], file) and not _is_text(target, file)


def _is_text(value: Value | None, file: File) -> bool:
    known = file.constant(value)
    return known is not None and isinstance(known.value, str)


FITTING: dict[str, Callable[[Holes, Call, File], bool]] = {
    "$handler": _can_be_handler,
    "$handlers": _can_be_handlers,
    "$helper": _can_be_helper,
    "$selector": _can_be_selector,
    "$target": _can_be_target,
}
"""What may fill a hole of an acquisition, where not everything may."""
