"""What the containers of a program are told of classes: to make one instance, and hand it to all who ask.

A decorator alone need not say so: inversify and tsyringe make what is `@injectable()` anew for each who asks, Angular,
NestJS and TypeDI make it once (InversifyJS, "Scope"; tsyringe, "Lifecycle"; Angular, "Providing dependency"; NestJS,
"Injection scopes"; TypeDI, "Service").
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Call
from memlint.model.value import Constant, Place, Record, Root
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.names import words_of
from memlint.semantics.value.values import unwrapped

_CHAIN = 4
"""Calls of a binding in a row: `bind(Store).to(FileStore).inSingletonScope()` has three."""


def made_once_by_containers(file: File, words: WordLists) -> set[int]:
    """The classes of a file of which a container makes one, as decorators or bindings of the same file say."""
    names = words["decorators of a container"] | words["decorators of one instance"]
    decorating = (call for name in names for call in file.calls_named.get(name, ()) if _makes_one(call, file, words))
    found = {unit for unit in map(file.decorated_by, decorating) if unit is not None}
    named = [file.binding(place) for place in bound_once(file, words)]
    units = [file.unit_bound_to.get(binding.index) for binding in named if binding is not None]
    return found | {unit.index for unit in units if unit is not None}


def bound_once(file: File, words: WordLists) -> Iterator[Place]:
    """`bind(Store).toSelf().inSingletonScope()`, `registerSingleton("store", Store)`: the classes as they are named."""
    for name in words["binding to one instance"]:
        for call in file.calls_named.get(name, ()):
            made = _last_named(call, file)
            if made is not None:
                yield made


def _last_named(call: Call | None, file: File) -> Place | None:
    """The last argument of a call, or of the calls before it in a chain."""
    for _ in range(_CHAIN):
        if call is None:
            return None
        if call.arguments:
            last = call.arguments[-1]
            return file.resolve(last) if isinstance(last, Place) else None
        call = file.call_of(call.receiver) if call.receiver is not None else None
    return None


def _makes_one(call: Call, file: File, words: WordLists) -> bool:
    """Whether a decorator is of a container that makes one of each class, unless it is told another scope."""
    told = unwrapped(call.arguments[-1]) if call.arguments else None
    options = dict(told.items) if isinstance(told, Record) else {}
    scope = next((options[name] for name in words["scopes of a container"] if name in options), None)
    if scope is not None:
        known = file.constant(scope)
        said = (
            str(known.value) if known is not None else scope.path[-1] if isinstance(scope, Place) and scope.path else ""
        )
        return bool(set(words_of(said)) & words["scopes of one instance"])
    if file.called(call) in words["decorators of one instance"]:
        return True
    callee = call.callee
    entry = file.imports.get(int(callee.key)) if isinstance(callee, Place) and callee.root is Root.BINDING else None
    return (
        entry is not None
        and entry.module in words["containers that make one"]
        and options.get("transient") != Constant(True)
    )
