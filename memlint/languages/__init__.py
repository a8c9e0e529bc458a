"""What a language must offer: `NAME`, `SUFFIXES`, and in its room `source` a function `lower`.

It may have `NAMES` as well, of files that are its own by their whole name, and `STARTS`, of such names.

A language is a folder here; nothing else lists it. Importing a language's package is cheap, importing its `source`
room loads its parser.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from posixpath import splitext
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
    rooms = Path(__file__).parent.iterdir()
    for name in sorted(room.name for room in rooms if room.is_dir() and not room.name.startswith("_")):
        package = import_module(f"{__name__}.{name}")
        found.update(dict.fromkeys(package.SUFFIXES, package.NAME))
    return found


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Whole names, and beginnings of names, to language."""
    whole: dict[str, str] = {}
    starts: dict[str, str] = {}
    for name in set(languages().values()):
        package = import_module(f"{__name__}.{name}")
        whole.update(dict.fromkeys(getattr(package, "NAMES", ()), name))
        starts.update(dict.fromkeys(getattr(package, "STARTS", ()), name))
    return whole, starts


def language_of(path: str) -> str | None:
    """The language of a file by its suffix or its name; None if memlint does not read it."""
    name = path[path.rfind("/") + 1 :].lower()
    return languages().get(splitext(name)[1]) or _language_by_name(name)


def _language_by_name(name: str) -> str | None:
    whole, starts = _names()
    return whole.get(name) or next((starts[start] for start in starts if name.startswith(start)), None)


def lower(path: str, data: bytes, words: frozenset[str]) -> tuple[Facts, tuple[Problem, ...]]:
    """Lowers a file in its own language; raises `ModuleNotFoundError` if it is of none."""
    source = import_module(f"{__name__}.{language_of(path)}.source")
    return cast("Lower", source.lower)(path, data, words)
