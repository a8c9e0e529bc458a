"""What is answered to "who holds it": an origin, and what several origins have in common."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.model.facts import Extent
from memlint.model.frozen import frozen, replace
from memlint.model.resource import Holder

_NOT_OUR_OWN = frozenset({Holder.PROCESS, Holder.FOREIGN, Holder.UNKNOWN})


@frozen
class Origin:
    """Who holds what is kept at a place, in a word and in a phrase; `extent` is where it comes from.

    It is not `shown` where another file fills the place: a framework, a base class. It `is_part` of something that
    somebody else made, and goes when that is filled anew: an element below a given one. It `is_asked` for where a
    component gets it from those above it. It `is_everybodys` if it is the page or the process itself: a global of the
    platform, by whatever name.
    """

    holder: Holder
    phrase: str
    extent: Extent | None = None
    sure: bool = True
    shown: bool = True
    is_part: bool = False
    is_asked: bool = False
    is_everybodys: bool = False


def unknown(phrase: str) -> Origin:
    """Nobody can tell who holds it; the phrase names it."""
    return Origin(Holder.UNKNOWN, phrase, None, sure=False)


def in_common(origins: Sequence[Origin], phrase: str) -> Origin:
    """What several origins have in common: all are long-lived, or all the same."""
    if origins and all(origin.holder is origins[0].holder for origin in origins):
        return origins[0]
    common = [origin for origin in origins if origin.is_everybodys]
    if common and all(origin.holder in _NOT_OUR_OWN for origin in origins):  # `options.target || window`
        return replace(common[0], sure=False)
    foreign = [origin for origin in origins if origin.holder is Holder.FOREIGN]
    if foreign and all(origin.holder in (Holder.FOREIGN, Holder.PROCESS) for origin in origins):
        return foreign[0]
    return either(origins) or unknown(phrase)


def either(origins: Sequence[Origin]) -> Origin | None:
    """`options.server || createServer()`: somebody else's, or one of our own."""
    brought = [origin for origin in origins if origin.holder is Holder.FOREIGN and origin.shown]
    made = [origin for origin in origins if origin.holder in (Holder.UNIT, Holder.CALL)]
    if not brought or not made or len(brought) + len(made) < len(origins):
        return None
    return Origin(
        Holder.EITHER,
        f"{brought[0].phrase.removesuffix(', handed in')}, brought along or made here",
        brought[0].extent,
        False,
    )
