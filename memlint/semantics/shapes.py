"""Shapes against calls: what fills a table row's holes."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.model.facts import Call, Constant, Place, Root, Value
from memlint.model.resource import Shape
from memlint.semantics.file import File
from memlint.semantics.identity import is_fresh

ANY = ("*",)
"""As modules: a name counts wherever it comes from."""
_GLOBAL_OBJECTS = frozenset({"window", "globalThis", "global", "self", "timers", "root", "win", "w", "activeWindow"})
_OPTIONAL = frozenset({"$options"})


def match(
    shape: Shape, call: Call, file: File, modules: Sequence[str], *, lenient: bool = False
) -> dict[str, Value] | None:
    """What fills the holes of a shape if the call has it; `lenient` lets a release leave arguments out."""
    holes: dict[str, Value] = dict(shape.given)
    if shape.helper is not None:  # the caller knows that it runs the helper
        if shape.awaited and not call.awaited:
            return None
        if shape.receiver and call.receiver is not None:
            holes[shape.receiver] = call.receiver
    elif shape.name.startswith("$"):
        holes[shape.name] = call.callee
    elif (
        file.called(call) != shape.name
        or (shape.constructs and not call.constructs)
        or not _match_receiver(shape, call, file, holes, modules)
    ):
        return None
    if not _match_arguments(shape, call, file, holes, lenient=lenient):
        return None
    if "$handler" in holes and not lenient and not _can_be_handler(holes["$handler"], call, file):
        return None
    if shape.result:
        holes[shape.result] = Place(Root.RESULT, call.index)
    return holes


def _can_be_handler(value: Value, call: Call, file: File) -> bool:
    """Whether an argument can be the listener: no text, and no function follows it (`on(target, event, listener)`)."""
    if file.constant(value) is not None:
        return False
    later = call.arguments[2:] if len(call.arguments) > 2 else ()
    return file.function_at(value) is not None or not any(
        file.function_at(argument) is not None or is_fresh(file, argument) for argument in later
    )


def _match_receiver(shape: Shape, call: Call, file: File, holes: dict[str, Value], modules: Sequence[str]) -> bool:
    receiver = call.receiver
    callee = call.callee
    if not shape.receiver:
        if receiver is None:
            return isinstance(callee, Place) and _is_ambient(callee, file, modules)
        if receiver.root is Root.GLOBAL and not receiver.path and receiver.key in _GLOBAL_OBJECTS:
            return not modules or modules == ANY
        return modules == ANY or _is_module(receiver, file, modules or ("timers", "node:timers"))
    if shape.receiver.startswith("$"):
        if receiver is None:
            return False
        named = not modules or modules == ANY
        if not named and not _is_module(receiver, file, modules) and not _is_made_by(receiver, file, modules):
            return False
        holes[shape.receiver] = receiver
        return True
    return receiver is not None and (
        file.name_of(receiver) == shape.receiver
        or file.name_of(receiver).removeprefix("window.") == shape.receiver
        or _is_module(receiver, file, modules)
    )


def _is_ambient(callee: Place, file: File, modules: Sequence[str]) -> bool:
    """A plain name that is not the file's own: a global, or an import (of one of the modules, if any are named)."""
    if callee.root is Root.GLOBAL:
        return not modules or modules == ANY
    if modules == ANY:
        return callee.root is Root.BINDING
    if callee.root is not Root.BINDING:
        return False
    entry = file.imports.get(int(callee.key))
    if entry is None:
        return False
    if modules:
        return entry.module in modules
    return entry.module in ("timers", "node:timers")


def is_function(call: Call, dotted: str, file: File) -> bool:
    """Whether a call is of `json.load` (through any import of it), of a built-in (`list`), or a method (`.write`)."""
    module, _, name = dotted.rpartition(".")
    callee = call.callee
    if file.called(call) != name or not isinstance(callee, Place):
        return False
    if dotted.startswith("."):
        return call.receiver is not None
    if not module:
        return callee.root is Root.GLOBAL and not callee.path
    if callee.root is not Root.BINDING:
        return False
    entry = file.imports.get(int(callee.key))
    return entry is not None and ".".join((entry.module, *callee.path[:-1])) == module


def _is_module(receiver: Place, file: File, modules: Sequence[str]) -> bool:
    if receiver.root is not Root.BINDING or receiver.path:
        return False
    entry = file.imports.get(int(receiver.key))
    return entry is not None and entry.module in modules


def _is_made_by(receiver: Place, file: File, modules: Sequence[str]) -> bool:
    """A value that a function or class of one of the modules made: `Path(name).open()`."""
    made = file.call_of(receiver)
    callee = made.callee if made is not None else None
    if not isinstance(callee, Place) or callee.root is not Root.BINDING:
        return False
    entry = file.imports.get(int(callee.key))
    return entry is not None and entry.module in modules


def _match_arguments(shape: Shape, call: Call, file: File, holes: dict[str, Value], *, lenient: bool) -> bool:
    arguments = call.arguments
    for position, wanted in enumerate(shape.arguments):
        if wanted == "...":
            return True
        if position >= len(arguments):
            return wanted in _OPTIONAL
        if wanted.startswith("$"):
            holes[wanted] = arguments[position]
        else:
            constant = file.constant(arguments[position])
            if constant is None or constant != Constant(wanted.strip("'\"")):
                return False
    extra = len(arguments) > len(shape.arguments) and shape.helper is None
    if extra and len(shape.arguments) == 1 and not lenient:
        return False
    return not (lenient and extra and len(shape.arguments) < 2 and shape.name in ("off", "removeAllListeners"))
