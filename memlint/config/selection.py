"""Which rules are on: in a run, and for one file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from memlint.config.files import ConfigError
from memlint.config.globs import gitignore
from memlint.config.settings import Settings
from memlint.model.card import Card
from memlint.wording.spelling import did_you_mean_rule

_CODE = re.compile(r"[A-Za-z]+[0-9]*")


def check_rules(settings: Settings, ids: Sequence[str], names: Sequence[str]) -> None:
    """Raise `ConfigError` if a setting names a rule, or a family of rules, that does not exist."""
    known = list(zip(ids, names, strict=True))
    listed = [
        ("select", settings.select),
        ("ignore", settings.ignore),
        ("extend-select", settings.extend_select),
        *(("per-file-ignores", rules) for _, rules in settings.per_file_ignores),
    ]
    for key, selectors in listed:
        for selector in selectors:
            if not any(matches(selector, id_, name) for id_, name in known):
                place = settings.places.get(f"{key}:{selector}", key)
                hint = did_you_mean_rule(selector, ids, names)
                raise ConfigError(f'{place}: unknown rule "{selector}"{hint or "; `memlint rule` lists them"}')


def matches(selector: str, id_: str, name: str) -> bool:
    """Whether a code (`MEM101`), a family (`MEM1`) or a name means this rule."""
    return selector == name or (_CODE.fullmatch(selector) is not None and id_.startswith(selector.upper()))


def selects(settings: Settings, card: Card) -> bool:
    """Whether a rule is on: the longer of two matching words wins, `ignore` when they are equally long.

    >>> settings = Settings(Path(), select=("MEM101",), ignore=("MEM1",))  # MEM101 is on, MEM102 is off
    """
    chosen = _strength((*settings.select, *settings.extend_select), card)
    if not settings.select:
        chosen = max(chosen, 1)
    return chosen > _strength(settings.ignore, card)


def spares(settings: Settings, path: str, card: Card) -> bool:
    """Whether `per-file-ignores` turns this rule off for a file, given relative to the working directory."""
    ignores = [glob for glob, rules in settings.per_file_ignores if _strength(rules, card)]
    if not ignores:
        return False
    inside = Path(os.path.relpath(path, settings.root)).as_posix()
    return any(gitignore(glob).match_file(inside) for glob in ignores)


def _strength(selectors: Iterable[str], card: Card) -> int:
    found = [word for word in selectors if matches(word, card.id, card.name)]
    return max((len(card.id) if word == card.name else len(word) for word in found), default=0)
