"""Imports and exports as CommonJS writes them: calls of `require`, writes to `exports`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memlint.languages.javascript.kinds import GLOBAL, RESULT
from memlint.model.exchange import Export, Import
from memlint.model.facts import Binding, Call, Write
from memlint.model.value import Constant, Place, Record

_EXPORTS = ("module", "exports")


def imports(bindings: Sequence[Binding], calls: Sequence[Call]) -> Iterator[Import]:
    """`const x = require("m")`, `const {y} = require("m")`, `const z = require("m").y`."""
    for binding in bindings:
        value = binding.value
        if not isinstance(value, Place) or value.root is not RESULT:
            continue
        module = _required(calls[int(value.key)])
        path = (*value.path, *binding.member)
        if module and len(path) <= 1:
            yield Import(binding.index, module, path[0] if path else "*")


def _required(call: Call) -> str:
    callee = call.callee
    if isinstance(callee, Place) and callee.key == "require" and callee.root is GLOBAL and not callee.path:
        first = call.arguments[0] if call.arguments else None
        return str(first.value) if isinstance(first, Constant) else ""
    return ""


def exports(writes: Sequence[Write]) -> Iterator[Export]:
    """`module.exports = …`, `module.exports.x = …`, `exports.x = …`."""
    for write in writes:
        place = write.place
        if place.root is not GLOBAL or write.value is None or place.key not in _EXPORTS:
            continue
        path = (str(place.key), *place.path)
        if path == _EXPORTS:
            yield Export("default", write.value)
            if isinstance(write.value, Record):
                yield from (Export(name, value) for name, value in write.value.items if name != "[]")
        elif path[:2] == _EXPORTS and len(path) == 3:
            yield Export(path[2], write.value, place=place)
        elif path[0] == "exports" and len(path) == 2:
            yield Export(path[1], write.value, place=place)
