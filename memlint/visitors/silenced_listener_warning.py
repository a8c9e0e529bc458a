"""The warning that too many listeners hang on an emitter, switched off."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Extent
from memlint.model.finding import Answers, Confidence, Finding
from memlint.model.value import Place, Root, Value
from memlint.verdicts.saying import finding, step

WORDS = frozenset({"setMaxListeners", "defaultMaxListeners"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    for call in file.calls_named.get("setMaxListeners", ()):
        if call.arguments and _is_unlimited(call.arguments[0], seen):
            everywhere = call.receiver is None or _is_of_all(call.receiver, seen)
            targets = call.arguments[1:] if everywhere else (call.receiver or call.callee,)
            yield _finding(card, seen, call.extent, call.function, targets, everywhere=everywhere and not targets)
    for write in file.facts.writes:
        if write.place.path[-1:] == ("defaultMaxListeners",) and _is_unlimited(write.value, seen):
            yield _finding(card, seen, write.extent, write.function, (), everywhere=True)


def _is_unlimited(value: Value | None, seen: Insight) -> bool:
    """`0` and `Infinity` both mean: never warn (Node.js, `emitter.setMaxListeners`)."""
    known = seen.file.constant(value)
    return value == Place(Root.GLOBAL, "Infinity") or (
        known is not None and known.value == 0 and known.value is not False
    )


def _is_of_all(receiver: Place, seen: Insight) -> bool:
    """Whether a receiver is the module `events`, or its class: `EventEmitter.setMaxListeners(0)`."""
    binding = seen.file.binding(receiver)
    entry = seen.file.imports.get(binding.index) if binding is not None and not receiver.path else None
    return entry is not None and entry.module in ("events", "node:events")


def _finding(
    card: Card, seen: Insight, extent: Extent, function: int, targets: tuple[Value, ...], *, everywhere: bool
) -> Finding:
    """Of the process, or of every emitter there is, it is a finding; of one emitter it may be what it needs."""
    of_process = any(target == Place(Root.GLOBAL, "process") for target in targets)
    sure = everywhere or of_process
    name = "every emitter" if everywhere else ", ".join(seen.file.name_of(target) for target in targets)
    frequency = seen.frequencies.of(function)
    return finding(
        card,
        seen.file,
        extent,
        function,
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
        answers=Answers(name, frequency.phrase, "nobody is told when they become many", "nobody"),
        path=(step(seen.file, extent, name), step(seen.file, extent, "its listeners, however many")),
        target=name,
    )
