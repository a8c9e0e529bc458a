"""What a callback that lives on keeps by mentioning it: something large of which it needs little, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Many

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Binding, Call, Extent, Function, UnitKind, Use, Write
from memlint.model.frozen import frozen
from memlint.model.resource import Holder
from memlint.model.value import Constant, Place, Root
from memlint.semantics.growth.putting import IN_JAVASCRIPT
from memlint.semantics.work.large import size_of

_SIZES = frozenset({"length", "size", "byteLength"})


@frozen
class Handed:
    """A closure handed to something that lives on: where, and to whom."""

    function: Function
    extent: Extent
    holder: str


@frozen
class Retained:
    """A local that a closure keeps, and what makes it large."""

    handed: Handed
    binding: Binding
    size: str


def retained(seen: Insight) -> Iterator[Retained]:
    """For each closure that is handed to something that lives on, the first large local that it keeps for little."""
    large = [(binding, size) for binding in seen.file.facts.bindings if (size := _size(binding, seen))]
    if not large:
        return
    for handed in _handed(seen):
        for binding, size in large:
            if _is_kept_for_little(binding, handed.function, seen, seen.file.uses_of[binding.index]):
                yield Retained(handed, binding, size)
                break


def _size(binding: Binding, seen: Insight) -> str:
    """What makes a local large, in a phrase; empty if nothing is known to."""
    if binding.function == MODULE or binding.member or binding.kind in ("parameter", "import"):
        return ""
    return size_of(binding.value, seen.file)


def _handed(seen: Insight) -> Iterator[Handed]:
    """Closures of a call that something longer-lived is given, on purpose."""
    file = seen.file
    ended = {
        life.call.index for life in seen.lifetimes if any(end.call.function == life.call.function for end in life.ends)
    }
    for call in file.facts.calls:
        if call.index in ended or call.function == MODULE:
            continue
        holder = _lasting_taker(call, seen)
        for argument in call.arguments if holder else ():
            index = file.function_at(argument)
            if index is not None and file.facts.functions[index].parent == call.function:
                yield Handed(file.facts.functions[index], call.extent, holder)
    for write in file.facts.writes:
        index = file.function_at(write.value)
        holder = _lasting_place(write, seen)
        if index is not None and holder and file.facts.functions[index].parent == write.function:
            yield Handed(file.facts.functions[index], write.extent, holder)


def _lasting_taker(call: Call, seen: Insight) -> str:
    """Who keeps what a call hands over: the process, an emitter that lives on, the event loop, a module's list."""
    name = seen.file.called(call)
    again = seen.words["calling back again and again"]
    if name == "setInterval" and call.receiver is None:
        return "the event loop"
    if call.receiver is None:
        binding = seen.file.binding(call.callee) if isinstance(call.callee, Place) else None
        imported = binding is not None and binding.kind == "import" and name in again
        return f"`{name}`, an import" if imported else ""
    origin = seen.origins.of(call.receiver)
    if name in IN_JAVASCRIPT and origin.holder is Holder.PROCESS:
        return origin.phrase
    if name not in again or name in seen.words["given while it starts"]:
        return ""
    lasts = origin.holder is Holder.PROCESS or (origin.holder is Holder.FOREIGN and origin.sure)
    return origin.phrase if lasts else ""


def _lasting_place(write: Write, seen: Insight) -> str:
    if write.function == MODULE or write.operator != "=":
        return ""
    place = seen.flow.canonical(write.place) or write.place
    binding = seen.file.binding(place)
    if binding is not None:
        return f"`{seen.file.name_of(write.place)}` of the module" if binding.function == MODULE else ""
    if place.root is Root.SELF and place.path:
        unit = seen.file.facts.units[int(place.key)]
        lasts = unit.kind is UnitKind.OBJECT and seen.origins.singletons.is_singleton(unit)
        return f"`{seen.file.name_of(write.place)}`" if lasts else ""
    return ""


def _is_kept_for_little(binding: Binding, function: Function, seen: Insight, uses: Many[Use]) -> bool:
    """Whether the callback keeps the large thing alive, and asks at most its size or a name of it."""
    file = seen.file
    if not file.contains(binding.function, function.index) or binding.function == function.index:
        return False
    if _is_let_go(binding, seen):
        return False
    own = [use for use in uses if file.contains(function.index, use.function)]
    if own:
        return all(use.path and use.path[0] != "[]" and _is_small(use, seen) for use in own)
    shared = [
        use
        for use in uses
        if use.function != binding.function
        and not file.contains(function.index, use.function)
        and _is_sibling(use.function, function, binding, seen)
    ]
    return bool(shared) and _captures_from(function, binding.function, seen)


def _is_small(use: Use, seen: Insight) -> bool:
    """`text.length`, `document.title`: a part, not a method that works on the whole."""
    if use.path[0] in _SIZES:
        return True
    return not seen.file.callees_at[Place(Root.BINDING, use.binding, use.path)]


def _is_sibling(other: int, function: Function, binding: Binding, seen: Insight) -> bool:
    """Closures of one call share one context: what either mentions lives as long as the other."""
    return any(here.parent == binding.function and here.index != function.index for here in seen.file.enclosing(other))


def _captures_from(function: Function, owner: int, seen: Insight) -> bool:
    """Whether a function mentions any variable of its owner's call: only then does it keep that context."""
    uses = (use for inner in seen.file.inside(function.index) for use in seen.file.uses_in[inner])
    return any(seen.file.facts.bindings[use.binding].function == owner for use in uses)


def _is_let_go(binding: Binding, seen: Insight) -> bool:
    return any(
        write.operator == "=" and isinstance(write.value, Constant) and not write.value.value
        for write in seen.file.writes_at[Place(Root.BINDING, binding.index)]
    )
