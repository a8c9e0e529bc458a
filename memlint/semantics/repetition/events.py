"""Names of events, where they have parts: `"click.menu focus.menu"` (jQuery, "Event names and namespaces")."""

from __future__ import annotations


def covers(removed: str, added: str) -> bool:
    """Whether taking off one text takes off what was added under another: `.menu` and `click` both take `click.menu`.

    One of several names is enough. Nothing is lost with emitters that know no namespaces: none of their events begins
    with a dot, and one that is taken off by the first half of its name is rather left alone.
    """
    return any(_takes(one, other) for one in removed.split() for other in added.split())


def _takes(removed: str, added: str) -> bool:
    kind, *spaces = removed.split(".")
    known, *within = added.split(".")
    return kind in ("", known) and set(spaces) <= set(within)


def keys_of(removed: str) -> set[str] | None:
    """What a removal is looked for under; None if it may be for any event."""
    words = removed.split()
    return None if any(word.startswith(".") for word in words) else {removed, *words}


def keys_for(added: str) -> set[str]:
    """What to look for the removals of an event under."""
    words = added.split()
    return {added, *words, *(word.split(".")[0] for word in words)}
