"""The folder `rules/`: where it is, and the texts in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from memlint.model.card import Measurement, Measurements


class CatalogError(Exception):
    """Something in `rules/`, or in a row of the project's own, that cannot be read: where, what, and the remedy."""


_PACKAGE = Path(__file__).parents[1]
RULES = next(filter(Path.is_dir, (_PACKAGE / "rules", _PACKAGE.parent / "rules")), _PACKAGE / "rules")
"""Inside the package in a wheel; beside it in a checkout."""


def names_in(folder: str, suffix: str) -> list[str]:
    """The files of a folder in `rules/` (empty: `rules/` itself) with this suffix: `resources/timers.toml`."""
    return sorted(path.relative_to(RULES).as_posix() for path in (RULES / folder).glob(f"*{suffix}"))


def read(name: str) -> str:
    """The text of a file in `rules/`."""
    try:
        return (RULES / name).read_text(encoding="utf-8")
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
