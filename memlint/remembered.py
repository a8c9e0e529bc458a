"""The cache of a run: which one it is, what its answers follow from, and what it is told in the end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from memlint import __version__
from memlint.cache import Cache, digest, read, write
from memlint.config.settings import Settings
from memlint.examine import Task
from memlint.prepared import state_of, state_of_package

Outcome = TypeVar("Outcome")

_PARSERS = ("tree_sitter", "tree_sitter_javascript", "tree_sitter_typescript", "libcst")


def remembering(
    judge: Callable[[Cache], Outcome], task: Task, rules: str, settings: Settings
) -> tuple[Outcome, tuple[str, ...]]:
    """What comes of the work with a cache, and what is to be said about the cache; what is new in it is written.

    `rules` is the state that the rules were in when they were read: they may have been written to since.
    """
    basis = _basis(task, rules, settings)
    with closing(read(settings.cache_dir, basis)) as cache:
        outcome = judge(cache)
        return outcome, _remember(cache, settings.cache_dir, basis) if cache.has_news else ()


def _basis(task: Task, rules: str, settings: Settings) -> bytes:
    """What all answers of a run follow from, beside the files: memlint itself, its parsers, the rules and the rows.

    States from before anything of it was used, so that what is written to meanwhile is another basis the next time.
    """
    specs = (find_spec(name) for name in _PARSERS)
    parsers = (Path(place) for spec in specs if spec for place in spec.submodule_search_locations or ())
    return digest(
        sys.version,
        __version__,
        state_of_package(),
        rules,
        state_of(*parsers),
        repr([card.id for card in task.cards]),
        repr([(row.table, row.where) for row in (*settings.resources, *settings.owners)]),
    )


def _remember(cache: Cache, folder: Path, basis: bytes) -> tuple[str, ...]:
    """Write down what was found out; a cache that cannot be written costs nothing but time, and that is said."""
    try:
        write(folder, basis, cache)
    except OSError as error:
        return (f"{folder}: nothing could be remembered there: {error.strerror or error}; --no-cache goes without",)
    return ()
