"""The program `memlint`: runs a command, and whatever happens ends with a sentence and an exit code."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from memlint.compiled import Compiled

FAILED = 2
INTERRUPTED = 130
TERMINATED = 143


_RARELY = 1_000_000
"""New objects between two searches for circles: in the midst of a file, most of them are needed still."""


class Terminated(BaseException):
    """SIGTERM, which CI sends to what takes too long: ends the run as Ctrl-C does, wherever it is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run memlint: 0 clean, 1 findings, 2 could not do all of its work, 130 or 143 interrupted; no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with _terminable():
            return _run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:
        return _end("interrupted", INTERRUPTED)
    except Terminated:
        return _end("terminated", TERMINATED)
    except Exception as error:  # noqa: BLE001 - the last resort: nobody should have to read a traceback
        if os.environ.get("MEMLINT_TRACEBACK"):
            import traceback  # noqa: PLC0415 - only for those who ask

            traceback.print_exc()
        first_line = str(error).partition("\n")[0]
        told = f"internal error: {type(error).__name__}: {first_line:.200}".rstrip(": ")
        return _end(f"{told} (please report this; MEMLINT_TRACEBACK=1 shows where it happened)", FAILED)


def _run(arguments: list[str]) -> int:
    gc.set_threshold(_RARELY)
    modules = Compiled()
    sys.meta_path.insert(0, modules)
    try:
        return _answered(arguments)
    finally:
        sys.meta_path.remove(modules)
        modules.keep()


def _answered(arguments: list[str]) -> int:
    import click  # noqa: PLC0415 - here, an interrupt while it loads ends well too

    from memlint.command.cli import memlint  # noqa: PLC0415 - here, an interrupt while it loads ends well too

    try:
        return int(memlint.main(arguments, prog_name="memlint", standalone_mode=False) or 0)
    except click.Abort:  # what click makes of Ctrl-C before there is a command
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and not error.message.isprintable():
            error = click.UsageError(_printable(error.message), error.ctx)
        try:
            error.show()
        except OSError:
            _mute()
        return error.exit_code


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM raise, unless somebody has decided what it does."""
    try:
        before = signal.getsignal(signal.SIGTERM)
        if before is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _terminate)
    except ValueError:  # not in the main thread of Python
        before = None
    try:
        yield
    finally:
        if before is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated


def _end(sentence: str, code: int) -> int:
    try:
        if sys.stderr:
            sys.stderr.write(f"memlint: {_printable(sentence)}\n")
            sys.stderr.flush()
    except OSError:
        _mute()
    return code


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _mute() -> None:
    """Send what is still buffered nowhere: the reader has gone."""
    null = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(null, number)


if __name__ == "__main__":
    sys.exit(main())
