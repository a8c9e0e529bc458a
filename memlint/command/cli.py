"""The commands: what they take, what they print, and the exit code they end with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import click

from memlint import __version__
from memlint.command.streams import Fault, write

INTERRUPTED = 130

_Command = TypeVar("_Command", bound=Callable[..., object])


class Interrupted(Fault):
    """Ctrl-C: not a fault, but a sentence too; click would print an empty line of its own."""

    exit_code = INTERRUPTED


class _Group(click.Group):
    """`memlint src` is `memlint check src`, and every fault of the house is told as a sentence."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if not args or (args[0] not in self.commands and args[0] not in own):
            if args and args[0].isalpha() and not os.path.lexists(args[0]):
                raise Fault(f"{args[0]}: no such file or folder, and no command; there are {', '.join(self.commands)}")
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
        elif arg.startswith("-") and arg != "-" and arg not in known and os.path.lexists(arg):
            yield f"./{arg}"
        else:
            yield arg


def _faults_of_the_house() -> tuple[type[Exception], ...]:
    from memlint.catalog.folder import CatalogError
    from memlint.config.files import ConfigError
    from memlint.discovery.walk import PathError

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
            click.option("--error-on-no-files", is_flag=True, help="Exit with 2 if there is nothing to check."),
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
            click.option("--quiet", "-q", is_flag=True, help="Say nothing beyond the report and the problems."),
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
    help="text, concise, json, sarif or github; several if all but one have a PATH.  [default: text]",
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
    """Find leaks in files, folders (the current one if none is named), or standard input (`-`)."""
    from memlint.command.outputs import parse_outputs, write_reports
    from memlint.command.run import CLEAN, prepare

    outputs = parse_outputs(output_format or ("text",))
    run = prepare(paths, stdin_filename, options)
    if show_settings:
        from memlint.config.settings import describe

        write(describe(run.settings))
        return CLEAN
    if show_files:
        from memlint.command.pages import files_page

        write(files_page(run.reasons()))
        return CLEAN

    report = run.report()
    if run.quiet and not report.findings:
        outputs = [output for output in outputs if not output.for_people]
    write_reports(outputs, report, color)
    if statistics:
        from memlint.command.pages import statistics_page

        write(statistics_page(report), aside=any(output.for_machines for output in outputs))
    return run.exit_code(report)


@memlint.command()
@click.argument("codes", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Print every card.")
@click.option("--examples", type=click.IntRange(0), default=3, show_default=True, help="How many of each kind at most.")
def rule(codes: tuple[str, ...], *, everything: bool, examples: int) -> int:
    """Print the card of a rule (code or name) or of a family; without CODE list all rules."""
    from memlint.catalog.catalog import load_catalog
    from memlint.command.pages import card_page
    from memlint.config.selection import matches
    from memlint.wording.spelling import did_you_mean_rule

    catalog = load_catalog()
    if not codes and not everything:
        write("".join(f"{card.id}  {card.name}: {card.title}\n" for card in catalog.cards))
        return 0
    chosen = list(catalog.cards) if everything else []
    for code in codes:
        found = [card for card in catalog.cards if matches(code, card.id, card.name)]
        if not found:
            hint = did_you_mean_rule(code, [card.id for card in catalog.cards], [card.name for card in catalog.cards])
            raise Fault(f'unknown rule "{code}"{hint or "; `memlint rule` lists them"}')
        chosen += [card for card in found if card not in chosen]
    write("\n\n".join(card_page(card, catalog.measurements, examples) for card in chosen))
    return 0


@memlint.command(cls=_PathsCommand)
@click.argument("paths", nargs=-1, type=click.UNPROCESSED)
@_options_of_a_run
def checklist(paths: tuple[str, ...], **options: object) -> int:
    """Print the review checklist with the rules that answer it and, given PATHS, with what they find there."""
    from memlint.catalog.catalog import load_catalog
    from memlint.command.pages import checklist_page

    if not paths:
        write(checklist_page(load_catalog(), None))
        return 0
    from memlint.command.run import prepare

    run = prepare(paths, None, options)
    report = run.report()
    write(checklist_page(run.catalog, report))
    return run.exit_code(report)
