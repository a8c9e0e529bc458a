"""Loops that run on and on, and those that come to an end."""

from __future__ import annotations

from memlint.model.facts import ExitKind, Region
from memlint.model.value import Constant, Value
from memlint.semantics.file import File

_ENDLESS = frozenset({"on", "setInterval"})
"""Asynchronous iterators of Node.js that never end by themselves: of `events` and of `timers/promises`."""


def is_endless(loop: Region, file: File) -> bool:
    """`while (true)`, `for (;;)`, `for await` over what always has a next one."""
    if loop.test is None or (isinstance(loop.test, Constant) and bool(loop.test.value)):
        return True
    return _has_always_a_next(loop.test, file) and waits_for_the_next(loop, file)


def waits_for_the_next(loop: Region, file: File) -> bool:
    """`for await`: the loop itself waits, each time it goes round."""
    return any(
        exit_.kind is ExitKind.AWAIT and exit_.extent == loop.extent for exit_ in file.exits_at.get(loop.index, ())
    )


def _has_always_a_next(source: Value, file: File) -> bool:
    """`on(emitter, 'job')` and the timers' `setInterval(…)`: a list, a folder or a stream comes to its end."""
    call = file.call_of(source)
    return call is not None and file.called(call) in _ENDLESS
