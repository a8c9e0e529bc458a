"""The one pipeline, read top to bottom: read, examine, settle, report."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from memlint.catalog import Catalog
from memlint.config import Settings, selects
from memlint.discover import Discovered, content_skip
from memlint.examine import Examined, Task, examine
from memlint.link import Helper, Project
from memlint.model.facts import Extent
from memlint.model.finding import Finding, Problem, ProblemKind, Span
from memlint.model.report import Report, Skip
from memlint.model.source import Source, line_starts, span_of, wide_lines
from memlint.silence import settle

_WORTH_A_POOL = 1_000_000
"""Bytes of source below which starting worker processes costs more than it saves."""
_LINK_ROUNDS = 3
"""How many helpers deep a helper of a helper is followed."""
_CHUNK = 262_144
"""Bytes of source that a worker takes at a time."""


def lint(files: Sequence[Discovered], skips: Sequence[Skip], settings: Settings, catalog: Catalog) -> Report:
    """Judges the files and settles what was found; `skips` are the files that discovery has set aside."""
    start = time.perf_counter()
    task = _task(settings, catalog)
    by_path = {file.path: file for file in files}
    outcome = [_named(one, by_path) for one in _examine_all(files, task, settings)]
    outcome = _link(outcome, by_path, task, settings)
    return _report(
        [one for one in outcome if isinstance(one, Examined)],
        (*skips, *(one for one in outcome if isinstance(one, Skip))),
        settings,
        catalog,
        start,
    )


def lint_text(name: str, data: bytes, settings: Settings, catalog: Catalog) -> Report:
    """Judges one text that is no file, under the name it is given."""
    start = time.perf_counter()
    outcome = _examine_text(name, data, _task(settings, catalog), named=True)
    if isinstance(outcome, Skip):
        return _report([], (outcome,), settings, catalog, start)
    return _report([outcome], (), settings, catalog, start)


def _task(settings: Settings, catalog: Catalog) -> Task:
    return Task(tuple(card for card in catalog.cards if selects(settings, card)), catalog.resources, catalog.owners)


def _named(outcome: Examined | Skip, files: dict[str, Discovered]) -> Examined | Skip:
    if isinstance(outcome, Skip) and files[outcome.path].named:
        return Skip(outcome.path, outcome.reason, named=True)
    return outcome


# Read and examine


def _examine_all(files: Sequence[Discovered], task: Task, settings: Settings) -> Iterable[Examined | Skip]:
    jobs = settings.jobs or (os.cpu_count() or 1)
    size = sum(file.size for file in files)
    if jobs == 1 or (not settings.jobs and size < _WORTH_A_POOL) or len(files) < 2:
        return [_examine_file(file, task, force=settings.force_exclude) for file in files]
    return _in_processes(files, task, settings, min(jobs, len(files)))


def _in_processes(
    files: Sequence[Discovered], task: Task, settings: Settings, jobs: int
) -> Iterator[Examined | Skip]:
    """Spread over worker processes, largest first; answers come back in the order of `files`.

    A worker that dies takes only its own chunk with it: those files are judged here, one by one.
    """
    import multiprocessing  # noqa: PLC0415 - costs start-up time, and pays only here
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    method = "fork" if "fork" in multiprocessing.get_all_start_methods() and os.name == "posix" else "spawn"
    done: dict[str, Examined | Skip] = {}
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context(method)) as pool:
        waiting = {
            pool.submit(_examine_chunk, chunk, task, force=settings.force_exclude): chunk for chunk in _chunks(files)
        }
        for future, chunk in waiting.items():
            try:
                answers = future.result()
            except BrokenProcessPool:
                answers = [_examine_alone(file, task, settings) for file in chunk]
            done.update(zip((file.path for file in chunk), answers, strict=True))
    return (done[file.path] for file in files)


def _examine_alone(file: Discovered, task: Task, settings: Settings) -> Examined | Skip:
    """A file of a chunk whose worker died, in a process of its own, so that the culprit takes nobody with it."""
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(_examine_file, file, task, force=settings.force_exclude).result()
        except BrokenProcessPool:
            message = "the process that judged it was killed (out of memory?)"
            return Examined(file.path, problems=(Problem(file.path, ProblemKind.INTERNAL, message),))


def _chunks(files: Sequence[Discovered]) -> Iterator[list[Discovered]]:
    chunk: list[Discovered] = []
    size = 0
    for file in sorted(files, key=lambda file: -file.size):
        chunk.append(file)
        size += file.size
        if size >= _CHUNK or len(chunk) >= 64:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _examine_chunk(files: Sequence[Discovered], task: Task, *, force: bool) -> list[Examined | Skip]:
    return [_examine_file(file, task, force=force) for file in files]


def _examine_file(
    file: Discovered, task: Task, *, force: bool, helpers: tuple[Helper, ...] = ()
) -> Examined | Skip:
    try:
        data = file.absolute.read_bytes()
    except OSError as error:
        return Examined(file.path, problems=(Problem(file.path, ProblemKind.UNREADABLE, error.strerror or str(error)),))
    return _examine_text(file.path, data, task, named=file.named and not force, helpers=helpers)


def _examine_text(
    name: str, data: bytes, task: Task, *, named: bool, helpers: tuple[Helper, ...] = ()
) -> Examined | Skip:
    """One text: set aside, not readable as text, or judged. A byte order mark of UTF-16 or UTF-32 is said, not guessed."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return Examined(name, problems=(Problem(name, ProblemKind.ENCODING, "UTF-16 or UTF-32; save it as UTF-8"),))
    reason = content_skip(data, named=named)
    if reason == "binary":
        return Examined(name, problems=(Problem(name, ProblemKind.BINARY, "it holds NUL bytes, so it is no source text"),))
    if reason is not None:
        return Skip(name, reason)
    return examine(name, data, task, helpers)


# Link


def _link(
    outcome: list[Examined | Skip], files: dict[str, Discovered], task: Task, settings: Settings
) -> list[Examined | Skip]:
    """Judges again the files that import helpers of the project, until no new helper appears."""
    known: dict[str, tuple[Helper, ...]] = {}
    for _ in range(_LINK_ROUNDS):
        project = Project([one.outline for one in outcome if isinstance(one, Examined) and one.outline is not None])
        fresh = {path: helpers for path in files if (helpers := project.helpers_for(path)) != known.get(path, ())}
        if not fresh:
            break
        known |= fresh
        outcome = [
            _examine_file(files[one.path], task, force=settings.force_exclude, helpers=fresh[one.path])
            if one.path in fresh
            else one
            for one in outcome
        ]
    return outcome


# Settle and report


def _report(
    examined: Sequence[Examined], skips: Sequence[Skip], settings: Settings, catalog: Catalog, start: float
) -> Report:
    sources = {one.path: one.source for one in examined if one.source is not None}
    problems = [problem for one in examined for problem in one.problems]
    settled = settle(
        [finding for one in examined for finding in one.findings],
        {one.path: one.directives for one in examined if one.directives},
        catalog.cards,
        settings,
        lambda path, extent: _span(sources[path], extent),
        partly={problem.path for problem in problems if problem.fatal},
    )
    return Report(
        _with_statements(settled.findings, sources),
        tuple(sorted(problems, key=lambda problem: (problem.path, problem.kind, problem.rule))),
        tuple(skips),
        tuple(card for card in catalog.cards if selects(settings, card)),
        sources,
        len(examined),
        settled.suppressed,
        time.perf_counter() - start,
        str(os.path.realpath(os.curdir)),  # noqa: PTH109 - pathlib costs start-up time
    )


def _span(source: Source, extent: Extent) -> Span:
    starts = line_starts(source.data)
    return span_of(source.path, extent, starts, wide_lines(source.data, starts))


def _with_statements(findings: Sequence[Finding], sources: dict[str, Source]) -> tuple[Finding, ...]:
    """The findings about comments get the text of their line too."""
    return tuple(
        finding
        if finding.statement
        else replace(finding, statement="".join(sources[finding.span.path].lines()[finding.span.line - 1].split()))
        for finding in findings
    )
