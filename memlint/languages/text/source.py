"""From bytes to facts: each option on a command line is a write to the place of its name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memlint.languages.directives import parse_directive
from memlint.languages.text import NAME
from memlint.model.facts import (
    MODULE,
    Directive,
    Facts,
    Fate,
    FateKind,
    Function,
    FunctionKind,
    Region,
    RegionKind,
    Write,
)
from memlint.model.finding import Problem
from memlint.model.option import ON_A_LINE, name_of_option
from memlint.model.source import line_starts, wide_lines
from memlint.model.value import Constant, Place, Root

_COMMENT = re.compile(rb"(?:^|(?<=\s))#")
_REMARKS = (b"#", b";", b"//")
_WINDOW = 200
"""How many bytes of a line on either side of an option tell what it is for; a generated line may be endless."""
_DIGITS = 9
"""More digits are no amount of anything that an option sets."""


def lower(path: str, data: bytes, _words: frozenset[str]) -> tuple[Facts, tuple[Problem, ...]]:
    """The facts of a file. What stands in a comment is not told, only directives are."""
    starts = line_starts(data)
    at = (0, len(data))
    return Facts(
        path,
        NAME,
        (Function(MODULE, "", FunctionKind.MODULE, at, -1, -1, 0, 0, Fate(FateKind.OTHER)),),
        (Region(0, RegionKind.BODY, -1, MODULE, at),),
        bindings=(),
        units=(),
        calls=(),
        writes=tuple(_options(data, starts)),
        exits=(),
        uses=(),
        imports=(),
        exports=(),
        directives=tuple(_directives(data, starts)),
        lines=starts,
        wide=wide_lines(data, starts),
    ), ()


def _lines(data: bytes, starts: tuple[int, ...]) -> Iterator[tuple[int, bytes]]:
    """Each line with its offset."""
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(data)
        yield start, data[start:end].rstrip(b"\r\n")


def _options(data: bytes, starts: tuple[int, ...]) -> Iterator[Write]:
    """`--max-old-space-size=8192` as a write of 8192; the line around it is its key, and tells what it is for."""
    for start, line in _lines(data, starts):
        if b"--" not in line or line.lstrip().startswith(_REMARKS):
            continue
        told: set[str] = set()
        for found in ON_A_LINE.finditer(line):
            extent = (start + found.start(), start + found.end())
            name = name_of_option(found[1].decode())
            if name in told:
                continue
            told.add(name)
            text = line[max(found.start() - _WINDOW, 0) : found.end() + _WINDOW].decode("utf-8", "replace").strip()
            yield Write(Place(Root.GLOBAL, name), _value(found[2]), "=", extent, MODULE, 0, Constant(text))


def _value(text: bytes | None) -> Constant:
    word = (text or b"").decode("utf-8", "replace")
    return Constant(int(word) if word.isdecimal() and len(word) <= _DIGITS else word)


def _directives(data: bytes, starts: tuple[int, ...]) -> Iterator[Directive]:
    if b"memlint-" not in data:
        return
    for number, (start, line) in enumerate(_lines(data, starts), 1):
        comment = _COMMENT.search(line)
        if comment is not None:
            text = line[comment.end() :].decode("utf-8", "replace")
            found = parse_directive(text, (start + comment.start(), start + len(line)), number)
            if found is not None:
                yield found
