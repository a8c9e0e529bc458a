"""`match`: patterns and what they capture."""

from __future__ import annotations

import libcst as cst

from memlint.languages.python.draft import OTHER, TESTED, Draft, Here
from memlint.languages.python.syntax import parts
from memlint.languages.python.targets import give
from memlint.model.facts import RegionKind
from memlint.model.value import Compound, Value

_PATTERNS = (
    cst.MatchPattern,
    cst.MatchSequenceElement,
    cst.MatchOrElement,
    cst.MatchMappingElement,
    cst.MatchKeywordElement,
    cst.MatchStar,
)
_TAKING_APART = (cst.MatchSequence, cst.MatchMapping, cst.MatchClass)


def match(draft: Draft, node: cst.Match, here: Here) -> None:
    subject = draft.value(node.subject, TESTED, here)
    for case in node.cases:
        pattern = case.pattern
        test: Value | None = None
        if isinstance(pattern, cst.MatchValue):
            test = Compound("==", (subject, draft.value(pattern.value, OTHER, here)))
        elif not _matches_all(pattern) or case.guard is not None:
            test = Compound("other", (subject,))
        inner = draft.region(RegionKind.CASE, case, here, test)
        if not isinstance(pattern, cst.MatchValue):
            _pattern(draft, pattern, subject, inner)
        if case.guard is not None:
            inner = draft.region(RegionKind.THEN, case, inner, draft.value(case.guard, TESTED, inner))
        draft.statement(case.body, inner)


def _matches_all(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None


def _pattern(draft: Draft, node: cst.CSTNode, subject: Value, here: Here) -> None:
    """Captures are given the subject, or something of it; what stands in a pattern is evaluated."""
    if isinstance(node, cst.MatchValue):
        draft.value(node.value, OTHER, here)
        return
    if isinstance(node, cst.MatchAs):
        if node.pattern is not None:
            _pattern(draft, node.pattern, subject, here)
        if node.name is not None:
            give(draft, node.name, subject, node, here)
        return
    within = Compound("element", (subject,)) if isinstance(node, _TAKING_APART) else subject
    evaluated = node.cls if isinstance(node, cst.MatchClass) else getattr(node, "key", None)
    if evaluated is not None and not isinstance(node, cst.MatchKeywordElement):
        draft.value(evaluated, OTHER, here)
    captured = getattr(node, "name" if isinstance(node, cst.MatchStar) else "rest", None)
    if captured is not None:
        give(draft, captured, within, node, here)
    for part in parts(node):
        if isinstance(part, _PATTERNS):
            _pattern(draft, part, within, here)
