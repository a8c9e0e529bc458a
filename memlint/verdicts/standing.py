"""Listeners of the program itself, which has one process, and one scope in each worker."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.value import Place, Root

_OF_A_PAGE = frozenset({"window", "document"})


def is_of_a_worker(life: Lifetime, seen: Insight) -> bool:
    """`self.addEventListener("message", …)` in a file that knows no window: a worker listens for all of its life."""
    event = seen.file.constant(life.holes.get("$event"))
    return (
        life.holes.get("$target") == Place(Root.GLOBAL, "self")
        and event is not None
        and event.value in seen.words["events of a worker"]
        and not any(
            isinstance(call.callee, Place) and call.callee.root is Root.GLOBAL and call.callee.key in _OF_A_PAGE
            for call in seen.file.facts.calls
        )
    )


def ends_the_program(life: Lifetime, seen: Insight) -> bool:
    """A handler that ends the program, or says how it ends, belongs to the program and not to a part of it."""
    handler = seen.file.function_at(life.holes.get("$handler"))
    reached = seen.reach.reached([handler]) if handler is not None else frozenset()
    exits = (call for call in seen.file.calls_named.get("exit", ()) if call.function in reached)
    codes = (
        write
        for function in reached
        for write in seen.file.writes_in.get(function, ())
        if write.place == Place(Root.GLOBAL, "process", ("exitCode",))
    )
    return any(call.receiver == Place(Root.GLOBAL, "process") for call in exits) or next(codes, None) is not None


def is_on_process(life: Lifetime) -> bool:
    target = life.holes.get("$target")
    return isinstance(target, Place) and target.root is Root.GLOBAL and target.key == "process"
