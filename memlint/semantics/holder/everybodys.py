"""What there is once for all: the globals of the platform, by whatever name, and what it answers with.

Each node of a page answers with its document, and that with its window (DOM, 4.4; HTML, 7.2). A listener that is given
to one of them stays there for as long as the page does.
"""

from __future__ import annotations

from memlint.model.facts import Call
from memlint.model.resource import Holder
from memlint.model.value import Place, Root
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.holder.holders import Origin, unknown
from memlint.semantics.value.identity import OBJECTS_OF_THEIR_OWN

_OF_A_NODE = frozenset({"ownerDocument", "defaultView"})
_UNKNOWN_GLOBALS = frozenset({"this", "super", "arguments", "event", "class"})


def of_global(place: Place, name: str) -> Origin | None:
    """The origin of a global, and of the document of any node; None for all else."""
    if place.path and place.path[-1] in _OF_A_NODE:
        return Origin(Holder.PROCESS, f"`{name}`", is_everybodys=True)
    if place.root is not Root.GLOBAL:
        return None
    if place.key in _UNKNOWN_GLOBALS:
        return unknown(f"`{name}`")
    is_everybodys = OBJECTS_OF_THEIR_OWN.issuperset((place.key, *place.path))  # `window.socket` is somebody's own
    return Origin(Holder.PROCESS, f"`{name}`", is_everybodys=is_everybodys)


def of_platform(call: Call, name: str, file: File, words: WordLists) -> Origin | None:
    """The origin of what a call of the platform, or of a well-known library, answers with."""
    called = file.called(call)
    if called == "require" and call.receiver is None:
        return Origin(Holder.PROCESS, f"the module `{name}`", call.extent)
    if called in ("$", "jQuery") and call.arguments:
        return _of_jquery(call, name, file)
    if called == "timeout" and call.receiver == Place(Root.GLOBAL, "AbortSignal"):
        return Origin(Holder.PROCESS, "the timer of the signal", call.extent, sure=False)
    if called == "matchMedia":
        return Origin(Holder.PROCESS, "the media query list", call.extent)
    if called == "getLogger":
        return Origin(Holder.PROCESS, "the logger, which `logging` keeps by its name", call.extent)
    if called in words["asking for the page"]:
        return Origin(Holder.PROCESS, f"`{name}`", call.extent, sure=False, is_everybodys=True)
    return None


def _of_jquery(call: Call, name: str, file: File) -> Origin:
    """`$(window)`, `$("body")`."""
    first = call.arguments[0]
    if isinstance(first, Place) and first.root is Root.GLOBAL:
        return Origin(Holder.PROCESS, f"`{file.name_of(first)}`", call.extent)
    known = file.constant(first)
    if known is not None and known.value in ("body", "html"):
        return Origin(Holder.PROCESS, f"the `{known.value}` of the page", call.extent)
    return unknown(f"`{name}`")
