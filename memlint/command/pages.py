"""Pages for people: a card, the checklist, the files of a run, the counts of its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from memlint.catalog.catalog import Catalog
from memlint.model.card import Card, Measurement, Measurements
from memlint.model.report import Report
from memlint.wording.abridged import abridged
from memlint.wording.fences import with_code_told
from memlint.wording.visible import visible


def card_page(card: Card, measurements: Measurements, examples: int) -> str:
    """Set the card for people, with the first examples of each kind, and under each what the heap measured."""
    answers = f"; answers for: {', '.join(card.checklist)}" if card.checklist else ""
    lines = [f"# {card.id} {card.name}: {card.title}", "", f"{card.severity}, precision {card.precision}{answers}", ""]
    page = abridged(card.body.strip(), examples, "; --examples tells how many to print")
    for line, is_code in with_code_told(page.split("\n")):
        lines.append(line)
        if line.startswith(("## Leaks: ", "## Clean: ")) and not is_code:
            found = measurements.get((card.id, line.partition(": ")[2].strip()))
            lines += ["", _measured(found)] if found else []
    return "\n".join(lines) + "\n"


def _measured(found: Measurement) -> str:
    if found.skipped:
        return f"not measured: {found.skipped}"
    verdict = "grows" if 2 * (found.second - found.first) > found.n else "does not grow"
    return f"measured: {found.first} → {found.second} survivors ({verdict})"


def checklist_page(catalog: Catalog, report: Report | None) -> str:
    """List every item with the rules that answer it and, given a report, with what they found."""
    titles = {card.id: f"{card.id} {card.name}: {card.title}" for card in catalog.cards}
    lines: list[str] = []
    section = None
    told: set[str] = set()
    for item in catalog.checklist:
        if item.section != section:
            section = item.section
            lines += [f"# {section}", ""]
        lines.append(f"{item.name}: {item.text}")
        lines += [f"    {titles.get(id_, id_)}" for id_ in item.cards]
        lines += [f"    human eyes: {item.eyes}"] if item.eyes else []
        lines += [f"    planned: {item.planned}"] if item.planned else []
        for finding in report.findings if report else ():
            if finding.rule in item.cards and finding.rule not in told:
                place = f"{finding.span.path}:{finding.span.line}:{finding.span.column}"
                lines.append(f"    → {visible(place)}: {finding.rule} {visible(finding.message)}")
        lines += _told_above(item.cards, told, report)
        told.update(item.cards)
        lines.append("")
    return "\n".join(lines)


def _told_above(cards: Sequence[str], told: AbstractSet[str], report: Report | None) -> list[str]:
    """Findings that answer for an earlier item as well are only counted."""
    counts = Counter(finding.rule for finding in report.findings) if report else Counter[str]()
    return [f"    → {counts[id_]} of {id_}, told above" for id_ in cards if id_ in told and counts[id_]]


def statistics_page(report: Report) -> str:
    """`  12  MEM102  uncleared-timer: A timer that nothing clears`, the most frequent first."""
    counts = Counter(finding.rule for finding in report.findings)
    cards = {card.id: card for card in report.cards}
    return "".join(
        f"{counts[id_]:>5}  {id_}  {cards[id_].name}: {cards[id_].title}\n"
        for id_ in sorted(counts, key=lambda id_: (-counts[id_], id_))
    )


def files_page(reasons: Mapping[str, str]) -> str:
    """List paths, each with the reason for which it is skipped, or nothing."""
    return "".join(
        f"{visible(path)}: skipped, {reason}\n" if reason else f"{visible(path)}\n"
        for path, reason in sorted(reasons.items())
    )
