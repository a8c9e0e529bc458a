"""From what was seen to a finding: the words of the card, the answers, the retention path."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.ledger import Insight, Lifetime
from memlint.model.card import Card
from memlint.model.facts import MODULE, Call, Extent, Write
from memlint.model.finding import Answers, Confidence, Finding, Severity, Step
from memlint.model.value import Place
from memlint.semantics.file import File
from memlint.semantics.value.values import unwrapped


def finding(
    card: Card,
    file: File,
    extent: Extent,
    function: int,
    *,
    confidence: Confidence = Confidence.HIGH,
    answers: Answers | None = None,
    path: Sequence[Step] = (),
    near_misses: Sequence[Step] = (),
    **words: str,
) -> Finding:
    """A finished finding: the card's message filled with `words`; raises `KeyError` if the message wants another word.

    A finding of low confidence is a risk, and so a note (SARIF `note`), whatever the card's severity.
    """
    severity = Severity.NOTE if confidence is Confidence.LOW else card.severity
    return Finding(
        card.id,
        file.span(extent),
        card.message.format(**words),
        severity,
        confidence,
        answers,
        tuple(path),
        tuple(near_misses),
        card.help,
        file.owner_name(function),
    )


def finding_at(
    card: Card,
    seen: Insight,
    at: Call | Write,
    /,
    *,
    holder: str,
    lets_go: str,
    path: Sequence[tuple[Extent, str]],
    often: str = "",
    duty: str = "nobody",
    confidence: Confidence = Confidence.HIGH,
    near_misses: Sequence[tuple[Extent, str]] = (),
    **words: str,
) -> Finding:
    """A finding at a line of the file that says all four answers; how often, if not told, is as often as it runs."""
    file = seen.file
    return finding(
        card,
        file,
        at.extent,
        at.function,
        confidence=confidence,
        answers=Answers(holder, often or seen.frequencies.of(at.function, at.region).phrase, lets_go, duty),
        path=[step(file, *place) for place in path],
        near_misses=[step(file, *place) for place in near_misses],
        **words,
    )


def step(file: File, extent: Extent, phrase: str) -> Step:
    """One place on a retention path, or one near miss."""
    return Step(file.span(extent), phrase)


def retention_path(life: Lifetime, seen: Insight) -> list[Step]:
    """From the root to what is kept, the way a heap profiler lists retainers."""
    file = seen.file
    event = file.constant(life.holes.get("$event"))
    noun = f"'{event.value}' {life.resource.noun}" if event is not None else life.resource.noun
    steps = [
        step(file, life.origin.extent or life.start, life.origin.phrase.strip("`").replace("`", "")),
        step(file, life.call.extent, noun),
    ]
    if life.shape.inside is not None:
        steps.append(Step(life.shape.inside, f"made inside {life.shape.name}()"))
    kept = life.holes.get(life.resource.keeps)
    function = file.function_at(kept)
    if function is None:
        if kept is not None and isinstance(unwrapped(kept), Place):
            steps.append(step(file, life.call.extent, file.name_of(kept)))
        return steps
    handler = file.facts.functions[function]
    steps.append(step(file, handler.extent, file.describe_function(handler)))
    steps += captured(seen, function)
    return steps


def captured(seen: Insight, function: int) -> list[Step]:
    """What a function keeps alive by mentioning it: the instance, then the variables of the functions around it."""
    file = seen.file
    unit = file.unit_of(function)
    steps = []
    handler = file.facts.functions[function]
    if unit is not None and unit.name and handler.unit == unit.index:
        steps.append(step(file, unit.extent, f"this: {unit.name}"))
        return steps
    shown: set[int] = set()
    for use in (use for inner in file.inside(function) for use in file.uses_in.get(inner, ())):
        binding = file.facts.bindings[use.binding]
        if (
            use.binding not in shown
            and binding.function != MODULE
            and binding.kind not in ("function", "class", "import")
            and not file.contains(function, binding.function)
        ):
            shown.add(use.binding)
            steps.append(step(file, use.extent, binding.name))
    return steps[:2]
