"""Where words go: standard output and error, whose readers may be gone, and files that are replaced all at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, TextIO

import click

from memlint.wording.visible import visible

FAILED = 2


class Fault(click.ClickException):
    """Something that the user can put right, told in one sentence on standard error."""

    exit_code = FAILED

    def show(self, file: IO[str] | None = None) -> None:  # noqa: ARG002 - click's signature
        """Write the sentence."""
        warn(self.message)


def warn(sentence: str) -> None:
    """Say one line on standard error."""
    try:
        _write(sys.stderr, f"memlint: {visible(sentence)}\n")
    except Fault:  # a full disk: there is nowhere left to say so
        return


def write(text: str, *, aside: bool = False) -> None:
    """Write to standard output, or `aside` of it: to standard error."""
    _write(sys.stderr if aside else sys.stdout, text)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        _forget(stream, error)


def write_bytes(data: bytes) -> None:
    """Write to standard output as it is, whatever the terminal's encoding and line ends are."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        _forget(sys.stdout, error)


def _forget(stream: TextIO, error: OSError) -> None:
    """Let the rest go nowhere, quietly, also what Python itself writes at the end; only a lost reader is no fault."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
    if not isinstance(error, BrokenPipeError):
        raise Fault(f"standard output: {error.strerror}") from error


def check_writable(path: str) -> None:
    """Find out before the work, not after it."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise Fault(f"{path}: is a folder; name a file")
    if not target.parent.is_dir():
        raise Fault(f"{path}: the folder {Path(path).parent} does not exist; make it first")


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
