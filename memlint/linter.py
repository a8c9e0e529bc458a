"""The one pipeline, read top to bottom: read, examine, settle, report."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from memlint.catalog.catalog import Catalog
from memlint.config.selection import selects
from memlint.config.settings import Settings
from memlint.discovery.content import BINARY, content_skip, is_wide, read
from memlint.discovery.walk import Discovered
from memlint.examine import Examined, Task, examine
from memlint.link.aliases import Aliases
from memlint.link.helper import Helper
from memlint.link.hints import Hint
from memlint.link.modules import Modules
from memlint.link.project import Project
from memlint.model.facts import Extent
from memlint.model.finding import Confidence, Finding, Problem, ProblemKind, Span
from memlint.model.frozen import frozen
from memlint.model.report import Report, Skip
from memlint.model.source import Source, line_starts, span_of, wide_lines
from memlint.silence import settle

_WORTH_A_POOL = 1_000_000
"""Bytes of source below which starting worker processes costs more than it saves."""
_OWNER = re.compile(r"(\w+)[.\[]")
"""What a statement asks something of, or puts something in: `PAGES` of `PAGES[url]=page`."""
_SHARE = 262_144
"""Bytes of source that a worker takes at a time."""

_Item = tuple[Discovered, tuple[Helper | Hint, ...]]


def lint(files: Sequence[Discovered], skips: Sequence[Skip], settings: Settings, catalog: Catalog) -> Report:
    """Judge the files and settle what was found; `skips` are the files that discovery has set aside."""
    start = time.perf_counter()
    work = _Work(_task(settings, catalog), settings.force_exclude)
    outcome = _examine_all([(file, ()) for file in files], work, settings)
    outcome = _link(outcome, {file.path: file for file in files}, work, settings)
    return _report(outcome, skips, settings, catalog, start)


def lint_text(name: str, data: bytes, settings: Settings, catalog: Catalog) -> Report:
    """Judge one text that is no file, under the name it is given."""
    start = time.perf_counter()
    outcome = _examine_text(name, data, _task(settings, catalog), named=True)
    return _report([outcome], (), settings, catalog, start)


def _task(settings: Settings, catalog: Catalog) -> Task:
    cards = tuple(card for card in catalog.cards if selects(settings, card))
    return Task(cards, catalog.resources, catalog.owners, catalog.words)


# Read and examine


@frozen
class _Work:
    """What is done with every file, here or in a worker."""

    task: Task
    force: bool

    def __call__(self, item: _Item) -> Examined | Skip:
        file, known = item
        try:
            data = read(file.absolute)
        except OSError as error:
            return _failed(file.path, ProblemKind.UNREADABLE, error.strerror or str(error))
        except MemoryError:
            return _failed(file.path, ProblemKind.INTERNAL, "there is not enough memory to read it")
        outcome = _examine_text(file.path, data, self.task, named=file.named and not self.force, known=known)
        return replace(outcome, named=file.named) if isinstance(outcome, Skip) else outcome


def _examine_all(items: Sequence[_Item], work: _Work, settings: Settings) -> list[Examined | Skip]:
    """Answer for each file, in their order; in worker processes where that pays."""
    jobs = settings.jobs or _processors()
    sizes = [file.size for file, _ in items]
    if jobs == 1 or len(items) < 2 or (not settings.jobs and sum(sizes) < _WORTH_A_POOL):
        return [work(item) for item in items]
    from memlint.workers import spread  # noqa: PLC0415 - costs start-up time, and pays only here

    return spread(work, _lost, items, sizes, min(jobs, len(items)), _SHARE)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lost(item: _Item) -> Examined:
    return _failed(item[0].path, ProblemKind.INTERNAL, "the process that judged it was killed (out of memory?)")


def _failed(path: str, kind: ProblemKind, message: str) -> Examined:
    return Examined(path, problems=(Problem(path, kind, message),))


def _examine_text(
    name: str, data: bytes, task: Task, *, named: bool, known: tuple[Helper | Hint, ...] = ()
) -> Examined | Skip:
    """One text: set aside, not readable as text, or judged. What a byte order mark says is told, not guessed at."""
    if is_wide(data):
        return _failed(name, ProblemKind.ENCODING, "UTF-16 or UTF-32; save it as UTF-8")
    reason = content_skip(data, named=named)
    if reason == BINARY:
        return _failed(name, ProblemKind.BINARY, "it holds NUL bytes, so it is no source text")
    if reason is not None:
        return Skip(name, reason)
    return examine(name, data, task, known)


# Link


def _link(
    outcome: Sequence[Examined | Skip], files: Mapping[str, Discovered], work: _Work, settings: Settings
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
            work = replace(work, task=replace(work.task, words=words))
            unread = [one.path for one in answers.values() if isinstance(one, Examined) and one.outline is None]
            answers |= _again([(files[path], ()) for path in unread], work, settings)
            project = _project(answers.values(), modules)
        fresh = {}
        for path in files:
            own = known.get(path, {})
            more = {one.identity: one for one in project.helpers_for(path) if one.identity not in own}
            if more:
                known[path] = own | more
                fresh[path] = tuple(known[path].values())
        answers |= _again([(files[path], helpers) for path, helpers in fresh.items()], work, settings)
        if not fresh:
            break
    words |= {word for one in answers.values() if isinstance(one, Examined) for word in _names_in(one.findings)}
    work = replace(work, task=replace(work.task, words=words))
    unread = [one.path for one in answers.values() if isinstance(one, Examined) and one.outline is None]
    answers |= _again([(files[path], ()) for path in unread] if words else [], work, settings)
    project = _project(answers.values(), modules)
    hinted: dict[str, tuple[Helper | Hint, ...]] = {
        path: (*(known[path].values() if path in known else ()), *hints)
        for path, one in answers.items()
        if isinstance(one, Examined) and one.findings and (hints := project.hints_for(path))
    }
    answers |= _again([(files[path], told) for path, told in hinted.items()], work, settings)
    return list(answers.values())


def _names_in(findings: Sequence[Finding]) -> Iterator[str]:
    """Names by which other files may call the functions, or reach the collections, that findings speak of."""
    for finding in findings:
        if finding.confidence is not Confidence.LOW:
            yield from finding.scope.split(".")[:1]
            owner = _OWNER.match(finding.statement)
            if owner is not None and owner[1] not in ("this", "self"):
                yield owner[1]


def _again(items: Sequence[_Item], work: _Work, settings: Settings) -> dict[str, Examined | Skip]:
    return {one.path: one for one in _examine_all(items, work, settings)}


def _project(outcome: Iterable[Examined | Skip], modules: Modules) -> Project:
    return Project([one.outline for one in outcome if isinstance(one, Examined) and one.outline is not None], modules)


# Settle and report


def _report(
    outcome: Sequence[Examined | Skip], skips: Sequence[Skip], settings: Settings, catalog: Catalog, start: float
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
