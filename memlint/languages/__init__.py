"""What a language must offer: `NAME`, `SUFFIXES`, and in its room `source` a function `lower`.

A language is a folder here; nothing else lists it. Importing a language's package is cheap, importing its `source`
room loads its parser.
"""

from __future__ import annotations

import os
import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from memlint.model.facts import Facts
from memlint.model.finding import Problem


class Lower(Protocol):
    """Tells one file plainly: its facts, and what kept them from being complete. Never raises for a file's content.

    `words` are the words of interest that the file holds.
    """

    def __call__(self, path: str, data: bytes, words: frozenset[str]) -> tuple[Facts, tuple[Problem, ...]]:
        """The facts of a file, and what kept them from being complete."""
        ...


@cache
def languages() -> dict[str, str]:
    """Suffix to language, from the folders in this one."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.ispkg:
            package = import_module(f"{__name__}.{module.name}")
            found.update(dict.fromkeys(package.SUFFIXES, package.NAME))
    return found


def language_of(path: str) -> str | None:
    """The language of a file by its suffix; None if memlint does not read it."""
    return languages().get(os.path.splitext(path)[1].lower())  # noqa: PTH122 - pathlib costs start-up time


def lower(path: str, data: bytes, words: frozenset[str]) -> tuple[Facts, tuple[Problem, ...]]:
    """Lowers a file in its own language; raises `KeyError` if the suffix is of none."""
    name = languages()[os.path.splitext(path)[1].lower()]  # noqa: PTH122
    source = import_module(f"{__name__}.{name}.source")
    return cast("Lower", source.lower)(path, data, words)
