"""Options that a program is started with: on command lines, and in the texts that become one."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Extent
from memlint.model.frozen import frozen
from memlint.model.option import IN_A_TEXT, name_of_option
from memlint.model.value import Constant, Root, Value
from memlint.semantics.file import File
from memlint.semantics.value.values import inner_values


@frozen
class Option:
    """`--name=value`, the text it stands in, and where."""

    name: str
    value: str
    text: str
    extent: Extent
    function: int


def options_of(file: File) -> Iterator[Option]:
    """All options that stand in a file, each once."""
    if file.facts.language == "text":
        for write in file.facts.writes:
            value, text = file.constant(write.value), file.constant(write.key)
            told = str(value.value) if value is not None else ""
            yield Option(str(write.place.key), told, str(text.value) if text else "", write.extent, write.function)
        return
    seen: set[tuple[str, str]] = set()
    for given, extent, function in _texts(file):
        for inner in inner_values(given):
            if isinstance(inner, Constant) and isinstance(inner.value, str) and "--" in inner.value:
                for found in IN_A_TEXT.finditer(inner.value):
                    name, told = name_of_option(found[1]), found[2] or ""
                    if (name, told) not in seen:
                        seen.add((name, told))
                        yield Option(name, told, inner.value, extent, function)


def _texts(file: File) -> Iterator[tuple[Value | None, Extent, int]]:
    """Values of the source, with the smallest piece of it that is known to hold them."""
    for call in file.facts.calls:
        for argument in call.arguments:
            yield argument, call.extent, call.function
    for write in file.facts.writes:
        if write.place.root is not Root.RESULT:
            yield write.value, write.extent, write.function
