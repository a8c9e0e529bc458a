"""SARIF 2.1.0, built from sarif-om's objects, for code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sarif_om

from memlint import __version__
from memlint.model.card import Card
from memlint.model.finding import Severity
from memlint.model.report import Report
from memlint.reports._sarif_notification import descriptors, notifications
from memlint.reports._sarif_place import bases
from memlint.reports._sarif_plain import plain
from memlint.reports._sarif_result import results
from memlint.reports._worst import worst_first
from memlint.wording.abridged import abridged
from memlint.wording.terminal import Terminal
from memlint.wording.visible import visible

LIMIT = 5000
_DESCRIPTION = 1024
_TAGS = 10
_EXAMPLES = 3
"""Of each kind on the page of a rule: every report carries the pages of all rules."""
_PROBLEM_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def render(report: Report, _terminal: Terminal) -> str:
    """One log with one run: the worst findings that code scanning shows, in the order of the files."""
    return json.dumps(plain(_log(report)), ensure_ascii=False, separators=(",", ":")) + "\n"


def _log(report: Report) -> sarif_om.SarifLog:
    return sarif_om.SarifLog(
        schema_uri="https://json.schemastore.org/sarif-2.1.0.json", version="2.1.0", runs=[_run(report)]
    )


def _run(report: Report) -> sarif_om.Run:
    cards = sorted(report.cards, key=lambda card: card.id)
    rules = {card.id: index for index, card in enumerate(cards)}
    kept = sorted(worst_first(report.findings)[:LIMIT])
    omitted = len(report.findings) - len(kept)
    return sarif_om.Run(
        tool=sarif_om.Tool(driver=_driver(cards)),
        invocations=[
            sarif_om.Invocation(
                execution_successful=not any(problem.fatal for problem in report.problems),
                tool_execution_notifications=notifications(report, omitted, rules),
            )
        ],
        results=results(report, kept, rules),
        column_kind="utf16CodeUnits",
        newline_sequences=["\r\n", "\n", "\r"],
        original_uri_base_ids=bases(),
    )


def _driver(cards: Sequence[Card]) -> sarif_om.ToolComponent:
    return sarif_om.ToolComponent(
        name="memlint",
        version=__version__,
        semantic_version=__version__,
        rules=[_rule(card) for card in cards],
        notifications=descriptors(),
    )


def _rule(card: Card) -> sarif_om.ReportingDescriptor:
    return sarif_om.ReportingDescriptor(
        id=card.id,
        name=card.pascal_name,
        short_description=_described(card.title),
        full_description=_described(card.why or card.title),
        help=sarif_om.MultiformatMessageString(
            text=_shown("\n\n".join(filter(None, [card.why, card.help])) or card.title),
            markdown=_shown(abridged(card.body, _EXAMPLES)) or None,
        ),
        default_configuration=sarif_om.ReportingConfiguration(level=card.severity.value),
        properties={
            "precision": card.precision.value,
            "problem.severity": _PROBLEM_SEVERITY[card.severity],
            "tags": list(dict.fromkeys(["memory-leak", *card.checklist]))[:_TAGS],
        },
    )


def _described(text: str) -> sarif_om.MultiformatMessageString:
    shown = _shown(text)
    return sarif_om.MultiformatMessageString(
        text=shown if len(shown) <= _DESCRIPTION else f"{shown[: _DESCRIPTION - 1].rstrip()}…"
    )


def _shown(text: str) -> str:
    return visible(text, keep="\n\t")
