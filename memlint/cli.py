"""The commands: what they take, what they print, and the exit code they end with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO, TypeVar

import click

from memlint import __version__

if TYPE_CHECKING:
    from memlint.catalog import Catalog
    from memlint.config import Settings
    from memlint.discover import Discovered
    from memlint.model.card import Card, Measurement, Measurements
    from memlint.model.report import Report, Skip

CLEAN, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130

_STDIN = "-"
_STDIN_LIMIT = 64 << 20
_FOR_PEOPLE = frozenset({"text", "concise"})
"""Formats in the terminal's own encoding; all others are UTF-8 wherever they go."""

_Command = TypeVar("_Command", bound=Callable[..., object])


class Fault(click.ClickException):
    """Something that the user can put right, told in one sentence on standard error."""

    exit_code = FAILED

    def show(self, file: IO[str] | None = None) -> None:  # noqa: ARG002 - click's signature
        """Write the sentence."""
        warn(self.message)


class Interrupted(Fault):
    """Ctrl-C: not a fault, but a sentence too; click would print an empty line of its own."""

    exit_code = INTERRUPTED


class _Group(click.Group):
    """`memlint src` is `memlint check src`, and every fault of the house is told as a sentence."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted("interrupted") from None
        except EOFError as error:  # for click this is Ctrl-D at a prompt; here it is a fault of ours
            raise RuntimeError(f"EOFError: {error}") from error
        except OSError as error:
            raise Fault(": ".join(filter(None, [error.filename, error.strerror or str(error)]))) from error
        except Exception as error:
            if isinstance(error, click.ClickException | click.exceptions.Exit):
                raise
            if isinstance(error, _faults_of_the_house()):
                raise Fault(str(error)) from error
            raise


class _PathsCommand(click.Command):
    """A command that takes paths, even some that look like options: pre-commit passes `--help.js` as it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {name for parameter in self.get_params(ctx) for name in (*parameter.opts, *parameter.secondary_opts)}
        return super().parse_args(ctx, list(_as_paths(args, known)))


def _as_paths(args: Iterable[str], known: set[str]) -> Iterator[str]:
    rest = iter(args)
    for arg in rest:
        if arg == "--":
            yield arg
            yield from rest
        elif arg.startswith("-") and arg != _STDIN and arg not in known and os.path.lexists(arg):
            yield f"./{arg}"
        else:
            yield arg


def _faults_of_the_house() -> tuple[type[Exception], ...]:
    from memlint.config import ConfigError  # noqa: PLC0415 - when something went wrong, start-up is over
    from memlint.discover import PathError  # noqa: PLC0415
    from memlint.tables import CatalogError  # noqa: PLC0415

    return ConfigError, PathError, CatalogError


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def memlint() -> None:
    """Find memory leaks before they ship, and show who retains what.

    `memlint PATHS` is short for `memlint check PATHS`.
    """


_LEVELS = click.Choice(["note", "warning", "error"])


def _options_of_a_run(command: _Command) -> _Command:
    """Add the options that choose what is judged, and how."""
    for option in reversed(
        [
            click.option(
                "--select", multiple=True, metavar="RULES", help="Only these rules: codes, families (MEM1), names."
            ),
            click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules."),
            click.option("--extend-select", multiple=True, metavar="RULES", help="These rules too."),
            click.option("--min-severity", type=_LEVELS, help="Hide what is less severe.  [default: note]"),
            click.option(
                "--min-confidence",
                type=click.Choice(["low", "medium", "high"]),
                help="Hide what is less certain; low shows risks too.  [default: medium]",
            ),
            click.option("--fail-on", type=_LEVELS, help="Exit with 1 from this severity on.  [default: warning]"),
            click.option("--exit-zero", is_flag=True, help="Exit with 0 in spite of findings."),
            click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Processes, at most."),
            click.option("--no-cache", is_flag=True, help="Judge every file anew."),
            click.option("--cache-dir", type=click.Path(file_okay=False), metavar="DIR", help="Where to remember."),
            click.option(
                "--config",
                multiple=True,
                metavar="FILE|KEY=VALUE",
                help="This file instead of the nearest memlint.toml, or one setting in TOML (jobs=2).",
            ),
            click.option("--isolated", is_flag=True, help="Read no configuration file."),
            click.option("--force-exclude", is_flag=True, help="Exclude files even if they are named."),
            click.option("--no-respect-gitignore", is_flag=True, help="Read what git ignores, too."),
            click.option("--quiet", "-q", is_flag=True, help="Say nothing but findings and problems."),
            click.option("--verbose", "-v", is_flag=True, help="Name every file that is skipped, and why."),
        ]
    ):
        command = option(command)
    return command


@memlint.command(cls=_PathsCommand)
@click.argument("paths", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--output-format",
    "-o",
    multiple=True,
    metavar="FORMAT[:PATH]",
    help="text, concise, json, sarif, github …; several if all but one have a PATH.  [default: text]",
)
@_options_of_a_run
@click.option("--show-settings", is_flag=True, help="Print the settings and where they come from, and stop.")
@click.option("--show-files", is_flag=True, help="Print every file, and every skip with its reason, and stop.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="[default: auto]")
@click.option("--stdin-filename", metavar="NAME", help="What to call standard input, which is read for `-`.")
@click.version_option(__version__, "-V", "--version", prog_name="memlint", message="%(prog)s %(version)s")
def check(
    paths: tuple[str, ...],
    output_format: tuple[str, ...],
    color: str,
    *,
    show_settings: bool,
    show_files: bool,
    statistics: bool,
    stdin_filename: str | None,
    **options: object,
) -> int:
    """Find leaks in files, folders, or standard input (`-`)."""
    outputs = _outputs(output_format or ("text",))
    run = _prepare(paths, stdin_filename, options)
    if show_settings:
        from memlint.config import describe  # noqa: PLC0415

        write(describe(run.settings))
        return CLEAN
    if show_files:
        return _show_files(run)

    report = run.report()
    _tell(run, report)
    if run.quiet and not report.findings:
        outputs = [(name, path) for name, path in outputs if path or name not in _FOR_PEOPLE]
    _write_reports(outputs, report, color)
    if statistics:
        machine = any(not path and name not in _FOR_PEOPLE for name, path in outputs)
        _write(sys.stderr if machine else sys.stdout, _statistics(report))
    return run.exit_code(report)


@memlint.command()
@click.argument("codes", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Print every card.")
def rule(codes: tuple[str, ...], *, everything: bool) -> int:
    """Print the card of a rule (code or name) or of a family; without CODE list all rules."""
    from memlint.catalog import load_catalog  # noqa: PLC0415
    from memlint.config import did_you_mean, matches  # noqa: PLC0415

    catalog = load_catalog()
    if not codes and not everything:
        write("".join(f"{card.id}  {card.name}: {card.title}\n" for card in catalog.cards))
        return CLEAN
    chosen = list(catalog.cards) if everything else []
    for code in codes:
        found = [card for card in catalog.cards if matches(code, card.id, card.name)]
        if not found:
            hint = did_you_mean(code, [word for card in catalog.cards for word in (card.id, card.name)])
            raise Fault(f'unknown rule "{code}"{hint or "; `memlint rule` lists them"}')
        chosen += [card for card in found if card not in chosen]
    write("\n\n".join(_card_text(card, catalog.measurements) for card in chosen))
    return CLEAN


@memlint.command(cls=_PathsCommand)
@click.argument("paths", nargs=-1, type=click.UNPROCESSED)
@_options_of_a_run
def checklist(paths: tuple[str, ...], **options: object) -> int:
    """Print the review checklist with the rules that answer it and, given PATHS, with what they find there."""
    from memlint.catalog import load_catalog  # noqa: PLC0415

    if not paths:
        write(_checklist_text(load_catalog(), None))
        return CLEAN
    run = _prepare(paths, None, options)
    report = run.report()
    _tell(run, report)
    write(_checklist_text(run.catalog, report))
    return run.exit_code(report)


@dataclass(frozen=True, slots=True)
class _Run:
    """What is to be judged: files, or standard input under a name."""

    settings: Settings
    catalog: Catalog
    files: Sequence[Discovered]
    skips: Sequence[Skip]
    stdin_name: str
    named: bool
    exit_zero: bool
    quiet: bool
    verbose: bool

    def report(self) -> Report:
        """Do the work."""
        from memlint.linter import lint, lint_text  # noqa: PLC0415

        if self.stdin_name:
            return lint_text(self.stdin_name, _read_stdin(), self.settings, self.catalog)
        return lint(self.files, self.skips, self.settings, self.catalog)

    def exit_code(self, report: Report) -> int:
        """2 when memlint, or a file that the user named, failed; 1 for findings; the same in every format."""
        from memlint.discover import BINARY, NOT_A_FILE, UNREADABLE  # noqa: PLC0415
        from memlint.model.finding import ProblemKind  # noqa: PLC0415

        named = {self.stdin_name, *(file.path for file in self.files if file.named)}
        failed = any(
            problem.kind is ProblemKind.INTERNAL or (problem.fatal and problem.path in named)
            for problem in report.problems
        )
        if failed or any(skip.named and skip.reason in {BINARY, NOT_A_FILE, UNREADABLE} for skip in report.skips):
            return FAILED
        bad = any(finding.severity.rank >= self.settings.fail_on.rank for finding in report.findings)
        return FINDINGS if bad and not self.exit_zero else CLEAN


def _prepare(paths: Sequence[str], stdin_name: str | None, options: Mapping[str, object]) -> _Run:
    """Read the settings and the rules, and look for the files."""
    from memlint.discover import discover  # noqa: PLC0415

    stdin = _stdin_name(paths, stdin_name)
    settings = _settings([stdin] if stdin else paths, options)
    catalog = _catalog(settings)
    files: list[Discovered] = []
    skips: list[Skip] = []
    if not stdin:
        files, skips = discover(paths, settings)
    elif settings.force_exclude and os.path.lexists(stdin):
        files, skips = discover([stdin], settings)
        stdin = "" if skips else stdin
    return _Run(
        settings,
        catalog,
        [] if stdin else files,
        skips,
        stdin,
        named=bool(paths),
        exit_zero=bool(options["exit_zero"]),
        quiet=bool(options["quiet"]),
        verbose=bool(options["verbose"]),
    )


def _settings(paths: Sequence[str], options: Mapping[str, object]) -> Settings:
    from memlint.config import load_settings, with_options  # noqa: PLC0415

    try:
        cwd = Path.cwd()
    except OSError as error:
        raise Fault("the working directory does not exist any more; change to another") from error
    config, isolated = options["config"], bool(options["isolated"])
    settings = load_settings(cwd, paths, config if isinstance(config, tuple) else (), isolated=isolated)

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
    return with_options(settings, told)


def _catalog(settings: Settings) -> Catalog:
    """Read the rules and the project's own rows, and check that the settings name rules that exist."""
    from memlint.catalog import load_catalog, parse_owner, parse_resource  # noqa: PLC0415
    from memlint.config import check_rules  # noqa: PLC0415

    catalog = load_catalog(
        tuple(parse_resource(row.table, row.where) for row in settings.resources),
        tuple(parse_owner(row.table, row.where) for row in settings.owners),
    )
    check_rules(settings, [card.id for card in catalog.cards], [card.name for card in catalog.cards])
    return catalog


def _stdin_name(paths: Sequence[str], name: str | None) -> str:
    """Find a name for standard input, nothing if it is not to be read."""
    if _STDIN not in paths:
        if name is not None:
            raise click.UsageError("--stdin-filename names standard input, which is only read for `-`.")
        return ""
    if len(paths) > 1:
        raise click.UsageError("`-` (standard input) stands alone; check other paths in a second run.")
    name = name or "stdin.js"
    from memlint.discover import SUFFIXES  # noqa: PLC0415

    if Path(name).suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"--stdin-filename {name}: its suffix tells no language; one of {_listed(SUFFIXES)}.")
    return os.path.relpath(name).replace(os.sep, "/")


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise Fault("standard input is closed")
    data = sys.stdin.buffer.read(_STDIN_LIMIT + 1)
    if len(data) > _STDIN_LIMIT:
        raise Fault(f"standard input is larger than {_STDIN_LIMIT >> 20} MiB; give a file")
    return data


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _outputs(words: Iterable[str]) -> list[tuple[str, str]]:
    """Read `sarif:out.sarif` as format and path; an empty path is standard output, of which there is one."""
    from memlint.config import did_you_mean  # noqa: PLC0415
    from memlint.reports import formats  # noqa: PLC0415

    outputs: list[tuple[str, str]] = []
    for word in words:
        name, colon, path = word.partition(":")
        if name not in formats():
            hint = did_you_mean(name, formats()) or f"; there are {_listed(formats())}"
            raise click.UsageError(f'unknown output format "{name}"{hint}')
        if colon and not path:
            raise click.UsageError(f"--output-format {word}: no path behind the colon")
        path = "" if path == _STDIN else path
        if path in {other for _, other in outputs}:
            to = path or "standard output"
            remedy = "give each its own path" if path else f"give one a path, like {name}:report.{name}"
            raise click.UsageError(f"two reports go to {to}; {remedy}")
        if path:
            _check_writable(path)
        outputs.append((name, path))
    return outputs


def _check_writable(path: str) -> None:
    """Find out before the work, not after it."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise Fault(f"{path}: is a folder; name a file")
    if not target.parent.is_dir():
        raise Fault(f"{path}: the folder {Path(path).parent} does not exist; make it first")


def _show_files(run: _Run) -> int:
    from memlint.discover import UNREADABLE, content_skip  # noqa: PLC0415
    from memlint.reports._visible import visible  # noqa: PLC0415

    lines = {skip.path: skip.reason for skip in run.skips}
    for file in run.files:
        try:
            trusted = file.named and not run.settings.force_exclude
            lines[file.path] = content_skip(file.absolute.read_bytes(), named=trusted) or ""
        except OSError:
            lines[file.path] = UNREADABLE
    for path, reason in sorted(lines.items()):
        write(f"{visible(path)}: skipped, {reason}\n" if reason else f"{visible(path)}\n")
    return CLEAN


def _tell(run: _Run, report: Report) -> None:
    """Say on standard error what was not done: problems always, skips when somebody may wonder."""
    from memlint.model.finding import ProblemKind  # noqa: PLC0415

    for problem in report.problems:
        if problem.kind is not ProblemKind.SYNTAX or not run.quiet:
            rule_of = f" ({problem.rule})" if problem.rule else ""
            warn(f"{problem.path}: {problem.kind}{rule_of}: {problem.message}".removesuffix(": "))
    for skip in report.skips:
        if run.verbose or (skip.named and not run.settings.force_exclude):
            warn(f"{skip.path}: skipped, {skip.reason}")
    hook = run.settings.force_exclude and run.named  # what a hook passes may all be excluded: nothing to say
    if not run.files and not run.stdin_name and not run.quiet and not hook:
        warn("no files to check found here; --show-files tells what was skipped, and why")


def _write_reports(outputs: Iterable[tuple[str, str]], report: Report, color: str) -> None:
    from memlint.reports import renderer  # noqa: PLC0415
    from memlint.reports._terminal import Terminal, terminal_of  # noqa: PLC0415

    for name, path in sorted(outputs, key=lambda output: not output[1]):  # files first: the screen may go away
        if path:
            write_file(path, renderer(name)(report, Terminal()))
            continue
        terminal = terminal_of(sys.stdout, os.environ, color) if sys.stdout else Terminal()
        text = renderer(name)(report, terminal)
        if name in _FOR_PEOPLE:
            write(text)
        else:
            write_bytes(text.encode("utf-8", "backslashreplace"))


def _statistics(report: Report) -> str:
    """`  12  MEM102  uncleared-timer: A timer that nothing clears`, the most frequent first."""
    counts: dict[str, int] = {}
    for finding in report.findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    cards = {card.id: card for card in report.cards}
    return "".join(
        f"{counts[id_]:>5}  {id_}  {cards[id_].name}: {cards[id_].title}\n"
        for id_ in sorted(counts, key=lambda id_: (-counts[id_], id_))
    )


def _card_text(card: Card, measurements: Measurements) -> str:
    """Set the card for people, with what the heap measured under each example."""
    answers = f"; answers for: {', '.join(card.checklist)}" if card.checklist else ""
    lines = [f"# {card.id} {card.name}: {card.title}", "", f"{card.severity}, precision {card.precision}{answers}", ""]
    fenced = False
    for line in card.body.strip().split("\n"):
        fenced ^= line.startswith("```")
        lines.append(line)
        if line.startswith(("## Leaks: ", "## Clean: ")) and not fenced:
            found = measurements.get((card.id, line.partition(": ")[2].strip()))
            lines += ["", _measured(found)] if found else []
    return "\n".join(lines) + "\n"


def _measured(found: Measurement) -> str:
    if found.skipped:
        return f"not measured: {found.skipped}"
    verdict = "grows" if 2 * (found.second - found.first) > found.n else "does not grow"
    return f"measured: {found.first} → {found.second} survivors ({verdict})"


def _checklist_text(catalog: Catalog, report: Report | None) -> str:
    from memlint.reports._visible import visible  # noqa: PLC0415

    titles = {card.id: f"{card.id} {card.name}: {card.title}" for card in catalog.cards}
    lines: list[str] = []
    section = None
    for item in catalog.checklist:
        if item.section != section:
            section = item.section
            lines += [f"# {section}", ""]
        lines.append(f"{item.name}: {item.text}")
        lines += [f"    {titles.get(id_, id_)}" for id_ in item.cards]
        lines += [f"    human eyes: {item.eyes}"] if item.eyes else []
        lines += [f"    planned: {item.planned}"] if item.planned else []
        for finding in report.findings if report else ():
            if finding.rule in item.cards:
                place = f"{finding.span.path}:{finding.span.line}:{finding.span.column}"
                lines.append(f"    → {visible(place)}: {finding.rule} {visible(finding.message)}")
        lines.append("")
    return "\n".join(lines)


def warn(sentence: str) -> None:
    """Say one line on standard error."""
    from memlint.reports._visible import visible  # noqa: PLC0415

    _write(sys.stderr, f"memlint: {visible(sentence)}\n")


def write(text: str) -> None:
    """Write to standard output, whose reader may be gone."""
    _write(sys.stdout, text)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _forget(stream.fileno())


def write_bytes(data: bytes) -> None:
    """Write to standard output as it is, whatever the terminal's encoding and line ends are."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _forget(sys.stdout.fileno())


def _forget(number: int) -> None:
    """Let the rest go nowhere, quietly, also what Python itself writes at the end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)


def write_file(path: str, text: str) -> None:
    """Replace a file all at once; a device or a pipe is written to."""
    target = Path(os.path.realpath(path))
    data = text.encode("utf-8", "backslashreplace")
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        partial.write_bytes(data)
        partial.replace(target)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Fault(f"{path}: cannot be written: {error.strerror}") from error
        raise
