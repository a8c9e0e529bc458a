"""What memlint could not do, as SARIF notifications and the descriptors they refer to."""

from __future__ import annotations

from collections.abc import Mapping

import sarif_om

from memlint.model.finding import Problem, ProblemKind
from memlint.model.report import Report, Skip
from memlint.reports._sarif_place import file, message, unlinked

_SKIPPED = "skipped"
_LEFT_OUT = "left-out"
_TOLD = {
    ProblemKind.UNREADABLE: ("A file could not be read", "Check that it exists and may be read."),
    ProblemKind.BINARY: ("A file holds binary data", "Exclude it, or give it another name."),
    ProblemKind.ENCODING: ("A file is not UTF-8", "Convert it to UTF-8."),
    ProblemKind.TOO_DEEP: ("A file is nested too deeply", "Exclude it if it was generated."),
    ProblemKind.TOO_SLOW: ("A file took too long", "Exclude it if it was generated, or report the rule that is slow."),
    ProblemKind.UNPARSED: ("A file is not valid source", "Correct the syntax: nothing in the file was judged."),
    ProblemKind.SYNTAX: ("A part of a file has another syntax", "Correct the syntax; the other parts were judged."),
    ProblemKind.INTERNAL: ("A rule failed", "Report it to the authors of memlint, with the file if you can."),
    _SKIPPED: (
        "A file was skipped",
        "Change the settings that exclude it, or do not name it.",
    ),
    _LEFT_OUT: ("There are more findings than a viewer shows", "Read the text or JSON report, or judge fewer files."),
}
_IDS = {key: key.replace(" ", "-") for key in _TOLD}
_INDICES = {key: index for index, key in enumerate(_TOLD)}


def descriptors() -> list[sarif_om.ReportingDescriptor]:
    """Every kind of notification."""
    return [_descriptor(key, title, remedy) for key, (title, remedy) in _TOLD.items()]


def notifications(report: Report, omitted: int, rules: Mapping[str, int]) -> list[sarif_om.Notification]:
    """One for each problem, each file that was named and yet skipped, and for the findings left out."""
    told = [_problem(problem, report.root, rules) for problem in report.problems]
    told += [_skip(skip, report.root) for skip in report.skips if skip.named or skip.unexpected]
    if omitted:
        told.append(_notification(_LEFT_OUT, f"{omitted} more findings, none worse than those in this log.", "warning"))
    return told


def _descriptor(key: str, title: str, remedy: str) -> sarif_om.ReportingDescriptor:
    return sarif_om.ReportingDescriptor(
        id=_IDS[key],
        name="".join(word.capitalize() for word in key.replace("-", " ").split()) + "Notice",
        short_description=sarif_om.MultiformatMessageString(text=f"{title}."),
        full_description=sarif_om.MultiformatMessageString(text=f"{title}: this log may lack findings in it."),
        help=sarif_om.MultiformatMessageString(text=remedy, markdown=remedy),
        default_configuration=sarif_om.ReportingConfiguration(level="warning"),
    )


def _problem(problem: Problem, root: str, rules: Mapping[str, int]) -> sarif_om.Notification:
    told = _notification(
        problem.kind, f"{problem.kind}: {problem.message}", "error" if problem.fatal else "warning", problem.path, root
    )
    if problem.rule in rules:
        told.associated_rule = sarif_om.ReportingDescriptorReference(id=problem.rule, index=rules[problem.rule])
    return told


def _skip(skip: Skip, root: str) -> sarif_om.Notification:
    return _notification(_SKIPPED, f"skipped: {skip.reason}", "note", skip.path, root)


def _notification(key: str, text: str, level: str, path: str = "", root: str = "") -> sarif_om.Notification:
    return sarif_om.Notification(
        message=message(unlinked(text)),
        level=level,
        descriptor=sarif_om.ReportingDescriptorReference(id=_IDS[key], index=_INDICES[key]),
        locations=[file(path, root)] if path else None,
    )
