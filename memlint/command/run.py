"""One run as the command line orders it: settings, rules, files or standard input, report, exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from memlint.catalog.catalog import Catalog, load_catalog
from memlint.command.streams import FAILED, Fault, warn
from memlint.config.selection import check_rules
from memlint.config.settings import Settings, load_settings, with_options
from memlint.discovery.content import content_skip, read
from memlint.discovery.walk import NOT_A_FILE, UNREADABLE, Discovered, discover
from memlint.languages import language_of, languages
from memlint.model.finding import ProblemKind
from memlint.model.frozen import frozen
from memlint.model.report import Report, Skip
from memlint.model.resource import Owner, Resource

CLEAN, FINDINGS = 0, 1
STDIN = "-"
_STDIN_LIMIT = 64 << 20


@frozen
class Run:
    """What is to be judged: files, or standard input under a name."""

    settings: Settings
    catalog: Catalog
    files: Sequence[Discovered]
    skips: Sequence[Skip]
    stdin_name: str
    named: bool
    exit_zero: bool
    error_on_no_files: bool
    quiet: bool
    verbose: bool

    def report(self) -> Report:
        """Do the work, and say on standard error what was not done."""
        from memlint.linter import lint, lint_text  # noqa: PLC0415 - --show-files and --show-settings do without it

        if self.stdin_name:
            report = lint_text(self.stdin_name, read_stdin(), self.settings, self.catalog)
        else:
            report = lint(self.files, self.skips, self.settings, self.catalog)
        self._tell(report)
        return report

    def exit_code(self, report: Report) -> int:
        """2 when memlint, or a file that the user named, failed; 1 for findings; the same in every format."""
        named = {self.stdin_name, *(file.path for file in self.files if file.named)}
        failed = any(
            problem.kind is ProblemKind.INTERNAL or (problem.fatal and problem.path in named)
            for problem in report.problems
        )
        if failed or any(skip.named and skip.reason in {NOT_A_FILE, UNREADABLE} for skip in report.skips):
            return FAILED
        if self.error_on_no_files and not self.files and not self.stdin_name:
            return FAILED
        bad = any(finding.severity.rank >= self.settings.fail_on.rank for finding in report.findings)
        return FINDINGS if bad and not self.exit_zero else CLEAN

    def reasons(self) -> dict[str, str]:
        """Every file that was found, with the reason for which it is skipped, or nothing."""
        reasons = {skip.path: skip.reason for skip in self.skips}
        for file in self.files:
            try:
                trusted = file.named and not self.settings.force_exclude
                reasons[file.path] = content_skip(read(file.absolute), named=trusted) or ""
            except OSError:
                reasons[file.path] = UNREADABLE
        return reasons

    def _tell(self, report: Report) -> None:
        """Problems always, skips when somebody may wonder."""
        for problem in report.problems:
            if problem.kind is not ProblemKind.SYNTAX or not self.quiet:
                rule = f" ({problem.rule})" if problem.rule else ""
                warn(f"{problem.path}: {problem.kind}{rule}: {problem.message}".removesuffix(": "))
        for skip in report.skips:
            if self.verbose or skip.unexpected or (skip.named and not self.settings.force_exclude):
                warn(f"{skip.path}: skipped, {skip.reason}")
        for note in report.notes if not self.quiet else ():
            warn(note)
        hook = self.settings.force_exclude and self.named  # what a hook passes may all be excluded: nothing to say
        if not self.files and not self.stdin_name and not self.quiet and not hook:
            warn("no files to check found here; --show-files tells what was skipped, and why")


def prepare(paths: Sequence[str], stdin_name: str | None, options: Mapping[str, object]) -> Run:
    """Read the settings and the rules, and look for the files."""
    stdin = _stdin_name(paths, stdin_name)
    given = _settings([stdin] if stdin else paths, options)
    settings = with_options(given, _told(options))
    catalog = _catalog(given, settings)
    files: list[Discovered] = []
    skips: list[Skip] = []
    if not stdin:
        files, skips = discover(paths, settings)
    elif settings.force_exclude and os.path.lexists(stdin):
        files, skips = discover([stdin], settings)
        stdin = "" if skips else stdin
    return Run(
        settings,
        catalog,
        [] if stdin else files,
        skips,
        stdin,
        named=bool(paths),
        exit_zero=bool(options["exit_zero"]),
        error_on_no_files=bool(options["error_on_no_files"]),
        quiet=bool(options["quiet"]),
        verbose=bool(options["verbose"]),
    )


def _settings(paths: Sequence[str], options: Mapping[str, object]) -> Settings:
    try:
        cwd = Path.cwd()
    except OSError as error:
        raise Fault("the working directory does not exist any more; change to another") from error
    config, isolated = options["config"], bool(options["isolated"])
    return load_settings(cwd, paths, config if isinstance(config, tuple) else (), isolated=isolated)


def _told(options: Mapping[str, object]) -> dict[str, object]:
    """What the command line says of the settings, by their keys."""
    told: dict[str, object] = {}
    for key in ("select", "ignore", "extend_select"):
        if (words := options[key]) and isinstance(words, tuple):
            told[key.replace("_", "-")] = [each.strip() for word in words for each in word.split(",") if each.strip()]
    for key in ("min_severity", "min_confidence", "fail_on", "jobs"):
        if options[key] is not None:
            told[key.replace("_", "-")] = options[key]
    if options["cache_dir"]:
        told["cache-dir"] = os.path.realpath(str(options["cache_dir"]))
    if options["no_cache"]:
        told["cache"] = False
    if options["force_exclude"]:
        told["force-exclude"] = True
    if options["no_respect_gitignore"]:
        told["respect-gitignore"] = False
    return told


def _catalog(given: Settings, settings: Settings) -> Catalog:
    """Read the rules and the project's own rows, and check that the settings name rules that exist.

    So must those that were `given` in a file, even where the command line selects anew.
    """
    catalog = load_catalog(*_rows_of_the_project(settings))
    for each in (given, settings):
        check_rules(each, [card.id for card in catalog.cards], [card.name for card in catalog.cards])
    return catalog


def _rows_of_the_project(settings: Settings) -> tuple[tuple[Resource, ...], tuple[Owner, ...]]:
    if not settings.resources and not settings.owners:
        return (), ()
    from memlint.catalog.tables import parse_owner, parse_resource  # noqa: PLC0415 - for projects with rows of their own

    return (
        tuple(parse_resource(row.table, row.where) for row in settings.resources),
        tuple(parse_owner(row.table, row.where) for row in settings.owners),
    )


def _stdin_name(paths: Sequence[str], name: str | None) -> str:
    """Find a name for standard input, nothing if it is not to be read."""
    if STDIN not in paths:
        if name is not None:
            raise click.UsageError("--stdin-filename names standard input, which is only read for `-`.")
        return ""
    if len(paths) > 1:
        raise click.UsageError("`-` (standard input) stands alone; check other paths in a second run.")
    name = name or "stdin.js"
    if language_of(name) is None:
        known = ", ".join(sorted(languages()))
        raise click.UsageError(f"--stdin-filename {name}: its suffix tells no language; one of {known}.")
    return os.path.relpath(name).replace(os.sep, "/")


def read_stdin() -> bytes:
    """Read all of it, up to a bound."""
    if sys.stdin is None:
        raise Fault("standard input is closed")
    data = sys.stdin.buffer.read(_STDIN_LIMIT + 1)
    if len(data) > _STDIN_LIMIT:
        raise Fault(f"standard input is larger than {_STDIN_LIMIT >> 20} MiB; give a file")
    return data
