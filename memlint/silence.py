"""Inline suppressions: which findings they silence, and which of them deserve a finding themselves."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from memlint.config.selection import matches, selects, spares
from memlint.config.settings import Settings
from memlint.languages.directives import WORDS
from memlint.model.card import Card
from memlint.model.facts import Directive, DirectiveKind, Extent
from memlint.model.finding import Confidence, Finding, Span
from memlint.model.frozen import frozen
from memlint.wording.spelling import did_you_mean, did_you_mean_rule

UNUSED = "unused-suppression"
REASONLESS = "reasonless-suppression"
UNKNOWN = "unknown-suppression"

_WORD_OF = {kind: word for word, kind in WORDS.items()}
_COVERED = {
    DirectiveKind.LINE: "on this line",
    DirectiveKind.NEXT_LINE: "on the next line",
    DirectiveKind.BLOCK: "from here on",
    DirectiveKind.FILE: "in this file",
}
_OWN_FAMILY = "MEM0"
_END = sys.maxsize

PlaceOf = Callable[[str, Extent], Span]
"""Turns a path and the extent of a comment into a span."""


@frozen
class Settled:
    """What is left to show, and how many findings a comment silenced."""

    findings: tuple[Finding, ...]
    suppressed: int


class _Cover:
    """One rule or family that one comment names: the ids it means, the lines it covers, what came of it."""

    __slots__ = ("first", "lasts", "selector", "used")

    def __init__(self, selector: str, first: int, lasts: dict[str, int]) -> None:
        self.selector = selector
        self.first = first
        self.lasts = lasts
        self.used = False

    def covers(self, finding: Finding) -> bool:
        return self.first <= finding.span.line <= self.lasts.get(finding.rule, 0)


def settle(
    findings: Iterable[Finding],
    directives: Mapping[str, Sequence[Directive]],
    cards: Sequence[Card],
    settings: Settings,
    place_of: PlaceOf,
    *,
    partly: Collection[str] = (),
) -> Settled:
    """Drop what comments silence and what the settings hide; add what is wrong with the comments.

    `findings` are all that the rules have said, of every confidence: a comment that silences a doubtful finding is not
    unused. In the files of `partly`, which were not judged to the end, no comment is called unused.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.span.path, []).append(finding)

    left: list[Finding] = []
    silenced: list[Finding] = []
    for path in {**by_path, **directives}:
        told = by_path.get(path, [])
        comments = sorted(directives.get(path, ()), key=lambda directive: directive.extent)
        if comments:
            file = _File(path, [(each, place_of(path, each.extent)) for each in comments], cards, settings)
            told, hushed = file.split(told)
            silenced += hushed
            told += file.faults(judged=path not in partly)
        left += told

    by_id = {card.id: card for card in cards}
    shown = [finding for finding in left if _is_shown(finding, by_id[finding.rule], settings)]
    hidden = sum(_is_shown(finding, by_id[finding.rule], settings) for finding in silenced)
    return Settled(tuple(sorted(shown, key=lambda finding: (finding.span, finding.rule))), hidden)


def _is_shown(finding: Finding, card: Card, settings: Settings) -> bool:
    return (
        finding.severity.rank >= settings.min_severity.rank
        and finding.confidence.rank >= settings.min_confidence.rank
        and selects(settings, card)
        and not spares(settings, finding.span.path, card)
    )


class _File:
    """The suppressions of one file, understood."""

    def __init__(
        self, path: str, comments: Sequence[tuple[Directive, Span]], cards: Sequence[Card], settings: Settings
    ) -> None:
        self._path = path
        self._comments = comments
        self._cards = {card.id: card for card in cards}
        self._own = {card.name: card for card in cards if card.id.startswith(_OWN_FAMILY)}
        self._settings = settings
        self._covers: dict[Directive, list[_Cover]] = {}
        self._open: list[_Cover] = []
        self._idle: list[tuple[Directive, Span]] = []
        self._next_lines = {span.line: span.end_line for each, span in comments if each.kind is DirectiveKind.NEXT_LINE}
        for directive, span in comments:
            if directive.kind is DirectiveKind.ENABLE:
                self._enable(directive, span)
            else:
                self._disable(directive, span)

    def split(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Part what is left to say from what is silenced, and remember which comments were of use."""
        wide: list[_Cover] = []
        narrow: dict[int, list[_Cover]] = {}
        for directive, covers in self._covers.items():
            if not self._has_reason(directive):
                continue
            if directive.kind in (DirectiveKind.BLOCK, DirectiveKind.FILE):
                wide += covers
                continue
            for cover in covers:
                for line in range(cover.first, max(cover.lasts.values()) + 1):
                    narrow.setdefault(line, []).append(cover)
        left: list[Finding] = []
        silenced: list[Finding] = []
        for finding in findings:
            hits = [cover for cover in (*wide, *narrow.get(finding.span.line, ())) if cover.covers(finding)]
            for cover in hits:
                cover.used = True
            (silenced if hits else left).append(finding)
        return left, silenced

    def faults(self, *, judged: bool) -> Iterator[Finding]:
        """Tell what is wrong with the comments, after `split`."""
        for directive, span in self._comments:
            yield from (self._fault(UNKNOWN, directive, span, fault) for fault in self._unknown(directive))
            understood = self._covers.get(directive, [])
            if understood and not self._has_reason(directive):
                yield self._fault(REASONLESS, directive, span, "gives no reason, so it silences nothing")
                continue
            unused = [cover.selector for cover in understood if judged and not cover.used and self._is_judged(cover)]
            if unused:
                fault = f"silences nothing: no finding of {' or '.join(unused)} {_COVERED[directive.kind]}"
                yield self._fault(UNUSED, directive, span, fault)
        for directive, span in self._idle:
            yield self._fault(UNUSED, directive, span, "ends nothing: no `memlint-disable` of this is open")

    def _disable(self, directive: Directive, span: Span) -> None:
        first, last = self._reach(directive.kind, span)
        for selector in directive.rules:
            if ids := self._ids(selector):
                cover = _Cover(selector, first, dict.fromkeys(ids, last))
                self._covers.setdefault(directive, []).append(cover)
                self._open += [cover] if directive.kind is DirectiveKind.BLOCK else []

    def _reach(self, kind: DirectiveKind, span: Span) -> tuple[int, int]:
        if kind is DirectiveKind.FILE:
            return 1, _END
        if kind is DirectiveKind.BLOCK:
            return span.line, _END
        if kind is DirectiveKind.LINE:
            return span.line, span.end_line
        last = span.end_line + 1
        while last in self._next_lines:  # several comments above one line
            last = self._next_lines[last] + 1
        return span.end_line + 1, last

    def _enable(self, directive: Directive, span: Span) -> None:
        """End what is open: all of it, or the rules that are named."""
        ids = {id_ for selector in directive.rules for id_ in self._ids(selector)}
        if directive.rules and not ids:
            return
        ended = [
            (cover, id_)
            for cover in self._open
            for id_, last in cover.lasts.items()
            if last == _END and (id_ in ids or not directive.rules)
        ]
        for cover, id_ in ended:
            cover.lasts[id_] = span.line - 1
        self._open = [cover for cover in self._open if _END in cover.lasts.values()]
        if not ended:
            self._idle.append((directive, span))

    def _unknown(self, directive: Directive) -> Iterator[str]:
        """Tell what is wrong with the rules of a comment."""
        if not directive.rules and directive.kind is not DirectiveKind.ENABLE:
            yield "names no rule, so it silences nothing"
        for selector in directive.rules:
            if selector.startswith("memlint-"):
                yield f"is no word of memlint{did_you_mean(selector, WORDS)}"
            elif any(matches(selector, card.id, card.name) for card in self._own.values()) and not self._ids(selector):
                yield f"names {selector}, which no comment silences"
            elif not self._ids(selector):
                ids, names = zip(*((card.id, card.name) for card in self._cards.values()), strict=True)
                yield f'names "{selector}", which is no rule{did_you_mean_rule(selector, ids, names)}'

    def _ids(self, selector: str) -> list[str]:
        found = [card.id for card in self._cards.values() if matches(selector, card.id, card.name)]
        return [id_ for id_ in found if not id_.startswith(_OWN_FAMILY)]

    def _has_reason(self, directive: Directive) -> bool:
        return bool(directive.reason) or not self._settings.require_reason

    def _is_judged(self, cover: _Cover) -> bool:
        """Tell whether every rule that is meant has looked at this file: of the others, nobody knows."""
        meant = [self._cards[id_] for id_ in cover.lasts]
        return all(selects(self._settings, card) and not spares(self._settings, self._path, card) for card in meant)

    def _fault(self, name: str, directive: Directive, span: Span, fault: str) -> Finding:
        card = self._own[name]
        text = _text(directive)
        return Finding(
            rule=card.id,
            span=span,
            message=card.message.format(directive=text, fault=fault),
            severity=card.severity,
            confidence=Confidence.HIGH,
            help=card.help,
            statement="".join(text.split()),
        )


def _text(directive: Directive) -> str:
    if directive.rules and directive.rules[0].startswith("memlint-"):
        return directive.rules[0]
    return f"{_WORD_OF[directive.kind]} {', '.join(directive.rules)}".rstrip()
