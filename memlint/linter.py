"""The one pipeline, read top to bottom: examine, link, settle, report."""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from memlint.batch import Item, Work, examine_text, judge_all
from memlint.catalog.catalog import Catalog
from memlint.config.selection import selects
from memlint.config.settings import Settings
from memlint.discovery.walk import Discovered
from memlint.examine import Examined, Task
from memlint.link.aliases import Aliases
from memlint.link.helper import Helper
from memlint.link.hints import Hint
from memlint.link.modules import Modules
from memlint.link.project import Project
from memlint.model.facts import Extent
from memlint.model.finding import Confidence, Finding, Span
from memlint.model.frozen import replace
from memlint.model.report import Report, Skip
from memlint.model.source import Source, line_starts, span_of, wide_lines
from memlint.silence import settle

if TYPE_CHECKING:
    from memlint.cache import Cache

_WORTH_A_CACHE = 250_000
"""Bytes of source below which to judge them anew takes a moment, and no folder in the project is worth it."""
_OWNER = re.compile(r"(\w+)[.\[]")
"""What a statement asks something of, or puts something in: `PAGES` of `PAGES[url]=page`."""


def lint(files: Sequence[Discovered], skips: Sequence[Skip], settings: Settings, catalog: Catalog) -> Report:
    """Judge the files and settle what was found; `skips` are the files that discovery has set aside."""
    start = time.perf_counter()
    gc.freeze()  # what is loaded stays: to look for circles in it finds nothing
    task = _task(settings, catalog)
    work = Work(task, settings.force_exclude)
    if not settings.cache or sum(file.size for file in files) < _WORTH_A_CACHE:
        return _report(_judged(files, work, settings.jobs, None), skips, settings, catalog, start)
    from memlint.remembered import remembering  # noqa: PLC0415 - costs start-up time, and pays only here

    work = replace(work, remembers=True)
    judged = partial(_judged, files, work, settings.jobs)
    outcome, notes = remembering(judged, task, catalog.state, settings)
    return _report(outcome, skips, settings, catalog, start, notes)


def lint_text(name: str, data: bytes, settings: Settings, catalog: Catalog) -> Report:
    """Judge one text that is no file, under the name it is given."""
    start = time.perf_counter()
    outcome = examine_text(name, data, _task(settings, catalog), named=True)
    return _report([outcome], (), settings, catalog, start)


def _task(settings: Settings, catalog: Catalog) -> Task:
    cards = tuple(card for card in catalog.cards if selects(settings, card))
    return Task(cards, catalog.resources, catalog.owners, catalog.words, catalog.limits)


def _judged(files: Sequence[Discovered], work: Work, jobs: int, cache: Cache | None) -> list[Examined | Skip]:
    outcome = judge_all([(file, ()) for file in files], work, jobs, cache)
    return _link(outcome, {file.path: file for file in files}, work, jobs, cache)


# Link


def _link(
    outcome: Sequence[Examined | Skip], files: Mapping[str, Discovered], work: Work, jobs: int, cache: Cache | None
) -> list[Examined | Skip]:
    """Judge again the files that import helpers of the project, until no new helper appears.

    Then those with findings about what they export, if others tell that it is called once, or emptied.
    """
    answers = {one.path: one for one in outcome}
    modules = Modules(files, Aliases(files))
    known: dict[str, dict[object, Helper]] = {}
    words: frozenset[str] = frozenset()
    while True:  # ends: helpers only become more, and there are finitely many
        project = _project(answers.values(), modules)
        if project.words() - words:  # a file without a word of any rule may still hold the name of a helper
            words |= project.words()
            work = work.with_words(words)
            unread = [one.path for one in answers.values() if isinstance(one, Examined) and one.outline is None]
            answers |= _again([(files[path], ()) for path in unread], work, jobs, cache)
            project = _project(answers.values(), modules)
        fresh = {}
        for path in files:
            own = known.get(path, {})
            more = {one.identity: one for one in project.helpers_for(path) if one.identity not in own}
            if more:
                known[path] = own | more
                fresh[path] = tuple(known[path].values())
        del project  # it is made anew of what is judged now, and need not stay beside the largest files meanwhile
        answers |= _again([(files[path], helpers) for path, helpers in fresh.items()], work, jobs, cache)
        if not fresh:
            break
    words |= {word for one in answers.values() if isinstance(one, Examined) for word in _names_in(one.findings)}
    work = work.with_words(words)
    unread = [one.path for one in answers.values() if isinstance(one, Examined) and one.outline is None]
    answers |= _again([(files[path], ()) for path in unread] if words else [], work, jobs, cache)
    project = _project(answers.values(), modules)
    hinted: dict[str, tuple[Helper | Hint, ...]] = {
        path: (*(known[path].values() if path in known else ()), *hints)
        for path, one in answers.items()
        if isinstance(one, Examined) and one.findings and (hints := project.hints_for(path))
    }
    del project  # all is told: the outlines need not stay beside the largest files, which are judged again
    answers = {path: _without_outline(one) for path, one in answers.items()}
    answers |= _again([(files[path], told) for path, told in hinted.items()], work, jobs, cache)
    return list(answers.values())


def _without_outline(one: Examined | Skip) -> Examined | Skip:
    return replace(one, outline=None) if isinstance(one, Examined) else one


def _names_in(findings: Sequence[Finding]) -> Iterator[str]:
    """Names by which other files may call the functions, or reach the collections, that findings speak of."""
    for finding in findings:
        if finding.confidence is not Confidence.LOW:
            yield from finding.scope.split(".")[:1]
            owner = _OWNER.match(finding.statement)
            if owner is not None and owner[1] not in ("this", "self"):
                yield owner[1]


def _again(items: Sequence[Item], work: Work, jobs: int, cache: Cache | None) -> dict[str, Examined | Skip]:
    return {one.path: one for one in judge_all(items, work, jobs, cache)}


def _project(outcome: Iterable[Examined | Skip], modules: Modules) -> Project:
    return Project([one.outline for one in outcome if isinstance(one, Examined) and one.outline is not None], modules)


# Settle and report


def _report(
    outcome: Sequence[Examined | Skip],
    skips: Sequence[Skip],
    settings: Settings,
    catalog: Catalog,
    start: float,
    notes: tuple[str, ...] = (),
) -> Report:
    examined = [one for one in outcome if isinstance(one, Examined)]
    skips = (*skips, *(one for one in outcome if isinstance(one, Skip)))
    sources = {one.path: one.source for one in examined if one.source is not None}
    problems = [problem for one in examined for problem in one.problems]
    settled = settle(
        [finding for one in examined for finding in one.findings],
        {one.path: one.directives for one in examined if one.directives},
        catalog.cards,
        settings,
        lambda path, extent: _span(sources[path], extent),
        partly={problem.path for problem in problems},
    )
    return Report(
        _with_statements(settled.findings, sources),
        tuple(sorted(problems, key=lambda problem: (problem.path, problem.kind, problem.rule))),
        tuple(sorted(skips, key=lambda skip: skip.path)),
        tuple(card for card in catalog.cards if selects(settings, card)),
        sources,
        len(examined),
        settled.suppressed,
        time.perf_counter() - start,
        os.path.realpath(os.curdir),
        notes,
    )


def _span(source: Source, extent: Extent) -> Span:
    starts = line_starts(source.data)
    return span_of(source.path, extent, starts, wide_lines(source.data, starts))


def _with_statements(findings: Sequence[Finding], sources: dict[str, Source]) -> tuple[Finding, ...]:
    """Give the findings about comments the text of their line too."""
    return tuple(
        finding
        if finding.statement
        else replace(finding, statement="".join(sources[finding.span.path].lines()[finding.span.line - 1].split()))
        for finding in findings
    )
