"""What the reader's screen can show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple, TextIO

_USUAL_WIDTH = 80


class Terminal(NamedTuple):
    """What a text may use; a `width` of 0 stands for a pipe or a file, where no sentence is folded."""

    colour: bool = False
    links: bool = False
    width: int = 0

    def paint(self, text: str, style: str) -> str:
        """`text` in an SGR style such as `1;31`."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour and text else text

    def link(self, text: str, uri: str) -> str:
        """`text` as an OSC 8 hyperlink."""
        return f"\x1b]8;;{uri}\x1b\\{text}\x1b]8;;\x1b\\" if self.links else text


def terminal_of(stream: TextIO, environment: Mapping[str, str], colour: str = "auto") -> Terminal:
    """Terminal behind `stream`; `colour` is the user's word: `auto`, `always` or `never`."""
    screen = _is_terminal(stream)
    able = screen and environment.get("TERM") != "dumb"
    return Terminal(
        colour=_coloured(able, environment, colour),
        links=able and colour != "never",
        width=_width(stream, environment) if screen else 0,
    )


def _coloured(able: bool, environment: Mapping[str, str], colour: str) -> bool:
    if colour in ("always", "never"):
        return colour == "always"
    if environment.get("NO_COLOR"):
        return False
    return environment.get("FORCE_COLOR", "0") not in ("", "0") or able


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _width(stream: TextIO, environment: Mapping[str, str]) -> int:
    told = environment.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH
