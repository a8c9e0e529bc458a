"""The folder `rules/`: where it is, and the texts in it."""

from __future__ import annotations

import os
from functools import cache

from memlint.model.card import Measurement, Measurements


class CatalogError(Exception):
    """Something in `rules/`, or in a row of the project's own, that cannot be read: where, what, and the remedy."""


_PACKAGE = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib costs start-up time
_PLACES = (os.path.join(_PACKAGE, "rules"), os.path.join(os.path.dirname(_PACKAGE), "rules"))  # noqa: PTH118, PTH120
RULES = next(filter(os.path.isdir, _PLACES), _PLACES[0])
"""Inside the package in a wheel; beside it in a checkout."""


def names_in(folder: str, suffix: str) -> list[str]:
    """The files of a folder in `rules/` (empty: `rules/` itself) with this suffix: `resources/timers.toml`."""
    found = sorted(name for name in os.listdir(os.path.join(RULES, folder)) if name.endswith(suffix))  # noqa: PTH118, PTH208
    return [f"{folder}/{name}" if folder else name for name in found]


def read(name: str) -> str:
    """The text of a file in `rules/`."""
    try:
        with open(os.path.join(RULES, name), encoding="utf-8") as file:  # noqa: PTH118, PTH123 - as above
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"rules/{name}: cannot be read: {error}; install memlint again") from error


@cache
def measurements() -> Measurements:
    """What `make heap` wrote to `rules/heap/`."""
    import json  # noqa: PLC0415 - only for those who show a card

    found: dict[tuple[str, str], Measurement] = {}
    for name in names_in("heap", ".json"):
        told = json.loads(read(name))
        card = name.removeprefix("heap/").removesuffix(".json")
        for title, (first, second, skipped) in told["survivors"].items():
            found[card, title] = Measurement(told["turns"], first, second, skipped)
    return found
