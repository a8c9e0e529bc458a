"""The commands: what they take, what they print, and the exit code they end with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import click

from memlint import __version__
from memlint.command.faults import told
from memlint.command.options import OF_A_CHECK, OF_A_REPORT, OF_A_RUN, Option
from memlint.command.streams import Fault, Misuse, write

_Command = TypeVar("_Command", bound=Callable[..., object])
_Answer = TypeVar("_Answer")


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
            return told(lambda: super(_Group, self).invoke(ctx))
        except EOFError as error:  # for click this is Ctrl-D at a prompt; here it is a fault of ours
            raise RuntimeError(f"EOFError: {error}") from error


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


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def memlint() -> None:
    """Find memory leaks before they ship, and show who retains what.

    `memlint PATHS` is short for `memlint check PATHS`.
    """


def _options(*options: Option) -> Callable[[_Command], _Command]:
    """Add options to a command."""

    def add(command: _Command) -> _Command:
        for one in reversed(options):
            known = click.Choice(one.choices) if one.choices else _TYPES.get(one.metavar)
            values: dict[str, Any] = {"multiple": one.repeats, "metavar": one.metavar or None, "type": known}
            given = {"is_flag": True} if one.is_flag else {"default": one.default, **values} if one.default else values
            command = click.option(*one.names, help=one.help, **given)(command)
        return command

    return add


_TYPES = {"N": click.IntRange(min=1), "DIR": click.Path(file_okay=False)}


@memlint.command("check", cls=_PathsCommand)
@click.argument("paths", nargs=-1, type=click.UNPROCESSED)
@_options(OF_A_REPORT, *OF_A_RUN, *OF_A_CHECK)
@click.version_option(__version__, "-V", "--version", prog_name="memlint", message="%(prog)s %(version)s")
def _check(**given: Any) -> int:
    """Find leaks in files, folders (the current one if none is named), or standard input (`-`)."""
    from memlint.command.checking import check

    return _with_usage(lambda: check(**given))


def _with_usage(command: Callable[[], _Answer]) -> _Answer:
    """What a command answers with; what is misused is told with how it is used."""
    try:
        return command()
    except Misuse as error:
        raise click.UsageError(str(error)) from error


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
@_options(*OF_A_RUN)
def checklist(paths: tuple[str, ...], **options: object) -> int:
    """Print the review checklist with the rules that answer it and, given PATHS, with what they find there."""
    from memlint.catalog.catalog import load_catalog
    from memlint.command.pages import checklist_page

    if not paths:
        write(checklist_page(load_catalog(), None))
        return 0
    from memlint.command.run import prepare

    run = _with_usage(lambda: prepare(paths, None, options))
    report = run.report()
    write(checklist_page(run.catalog, report))
    return run.exit_code(report)
