"""Listeners of the program itself, which has one process, and one scope in each worker."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.facts import MODULE, Function
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.semantics.value.values import inner_values

_OF_A_PAGE = frozenset({"window", "document"})
_OF_THE_THREAD = {"process": ("", "default"), "cluster": ("", "default"), "worker_threads": ("parentPort",)}
"""Modules of Node.js, and the exports of each that a thread has one of and sets up as it starts (nodejs.org/api)."""


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


def is_of_the_page(life: Lifetime, seen: Insight) -> bool:
    """`window.addEventListener("error", …)`: a page has one who hears of what nobody caught, and he stays."""
    event = seen.file.constant(life.holes.get("$event"))
    target = life.holes.get("$target")
    on_page = isinstance(target, Place) and target.root is Root.GLOBAL and not target.path
    is_uncaught = event is not None and event.value in seen.words["what nobody caught"]
    return on_page and is_uncaught and not _keeps_what_was_given(life, seen)


def _keeps_what_was_given(life: Lifetime, seen: Insight) -> bool:
    """`openDialog(view) { window.addEventListener("error", () => view.fail()); }`: one more for each view."""
    handler = seen.file.function_at(life.holes.get("$handler"))
    inside = frozenset(seen.file.inside(handler)) if handler is not None else frozenset()
    used = (seen.file.facts.bindings[use.binding] for one in inside for use in seen.file.uses_in.get(one, ()))
    return any(one.kind == "parameter" and one.function not in inside for one in used)


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


def is_of_the_program(life: Lifetime, seen: Insight) -> bool:
    """`game.bus.on(…)`, `window.socket.on(…)`: who keeps parts of a program in globals has one of each, as a rule.

    Also of what asks for them, unless it is shown to come and go: a component, one for each event, or with an end of
    its own. An end that is told whom to call when all is over (`cleanup(done)`) is that of a service.
    """
    target = seen.file.global_of(life.holes.get("$target"))
    if target is None or target.key in seen.words["objects of the platform"]:
        return False
    return all(_is_of_a_service(one, seen) for one in seen.reach.teardowns(life.call.function))


def _is_of_a_service(end: Function, seen: Insight) -> bool:
    return bool(end.parameters) and end.parameters[-1] in seen.words["callbacks of an answer"]


def is_on_process(life: Lifetime) -> bool:
    target = life.holes.get("$target")
    return isinstance(target, Place) and target.root is Root.GLOBAL and target.key == "process"


def asks_at_the_terminal(life: Lifetime, seen: Insight) -> bool:
    """A function for other files that has the keys sent one by one, `stdin.setRawMode(true)`: each question listens.

    Not one whose handler ends the program: it reads keys for as long as that runs.
    """
    stdin = Place(Root.GLOBAL, "process", ("stdin",))
    function = seen.file.facts.functions[life.call.function]
    if seen.flow.canonical(life.holes.get("$target")) != stdin or life.resource.fires_once or function.parent != MODULE:
        return False
    if ends_the_program(life, seen):
        return False
    is_raw = any(
        call.receiver is not None and seen.flow.canonical(call.receiver) == stdin
        for call in seen.file.calls_in.get(function.index, ())
        if call.name == "setRawMode"
    )
    return is_raw and any(
        seen.file.function_at(inner) == function.index
        for export in seen.file.facts.exports
        for inner in inner_values(export.value)
    )


def is_of_the_thread(life: Lifetime, seen: Insight) -> bool:
    """Whether the target is one that a program sets up as it starts: `process`, `cluster`, the port of a worker."""
    module, name = seen.callees.foreign(life.holes.get("$target")) or ("", "")
    return is_on_process(life) or name in _OF_THE_THREAD.get(module.removeprefix("node:"), ())


def is_a_server_started_here(life: Lifetime, seen: Insight) -> bool:
    """`server.on("error", fail); server.listen(port);`: nobody starts the module's server twice.

    A second `listen()` throws ERR_SERVER_ALREADY_LISTEN (nodejs.org/api/net.html#serverlisten).
    """
    target = seen.flow.canonical(life.holes.get("$target"))
    if target is None or life.origin.holder is not Holder.PROCESS:
        return False
    return any(
        call.function == life.call.function and seen.flow.canonical(call.receiver) == target
        for call in seen.file.calls_named.get("listen", ())
    )


def keeps_one_of_each(life: Lifetime, seen: Insight) -> bool:
    """`const told = d3.dispatch("changed"); told.on("changed", …)`: the next one takes the place (d3-dispatch)."""
    target = life.holes.get(life.resource.holder)
    made = (seen.file.maker_of(target) or seen.file.call_of(target)) if isinstance(target, Place) else None
    if made is None or made.constructs or seen.file.called(made) != "dispatch":
        return False
    if seen.file.name_of(made.callee).startswith("d3."):
        return True
    binding = seen.file.binding(made.callee) if isinstance(made.callee, Place) else None
    entry = seen.file.imports.get(binding.index) if binding is not None else None
    return entry is not None and entry.module.startswith("d3")
