"""An exception, or a frame, in a place that lives on: it keeps the variables of all functions it came through."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import MODULE, Call, FunctionKind, Write
from memlint.model.finding import Finding
from memlint.model.value import Constant, Place, Root
from memlint.semantics.growth.putting import PUTS
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.shapes import is_function
from memlint.semantics.value.mentions import Mention
from memlint.verdicts.growth.growth import growing
from memlint.verdicts.saying import finding_at

WORDS = frozenset({"except", "exc_info", "currentframe", "_getframe"})
LANGUAGE = "python"
_FRAMES = ("sys.exc_info", "inspect.currentframe", "sys._getframe", "inspect.stack", "inspect.trace")
_DRAINS = frozenset({"clear", "pop", "popleft", "popitem", "remove"})


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for kept, name in _traces(seen):
        for mention in seen.flow.mentions(kept):
            place = _keeper(mention, seen)
            sink = mention.sink
            if place is None or not isinstance(sink, Call | Write) or _is_let_go(place, kept, seen):
                continue
            if seen.frequencies.of(sink.function, sink.region).rate is not Rate.ONCE:
                yield _finding(card, seen, sink, place, name)


def _traces(seen: Insight) -> Iterator[tuple[Place, str]]:
    """What is caught, and what is asked of the interpreter about where it stands."""
    for binding in seen.file.facts.bindings:
        if binding.kind == "catch":
            yield Place(Root.BINDING, binding.index), binding.name
    for name in _FRAMES:
        for call in seen.file.calls_named.get(name.rpartition(".")[2], ()):
            if is_function(call, name, seen.file):
                yield Place(Root.RESULT, call.index), f"{name}()"


def _keeper(mention: Mention, seen: Insight) -> Place | None:
    """The place of the module or of a class that keeps it."""
    sink = mention.sink
    if isinstance(sink, Write):
        place = seen.file.resolve(sink.place)
    elif isinstance(sink, Call) and seen.file.called(sink) in PUTS and sink.receiver is not None:
        place = seen.file.resolve(sink.receiver)
    else:
        return None
    return place if _lives_on(place, seen) else None


def _lives_on(place: Place, seen: Insight) -> bool:
    binding = seen.file.binding(place)
    if binding is not None:
        return binding.function == MODULE and binding.kind in ("let", "const")
    if place.root is not Root.SELF or not place.path:
        return False
    field = Place(place.root, place.key, place.path[:1])
    writes = seen.file.writes_at.get(field, ())
    of_class = any(write.operator == "static field" and _is_made_here(write, seen) for write in writes)
    shared = of_class and (len(place.path) > 1 or not any(write.operator == "=" for write in writes))
    return shared or seen.origins.singletons.is_singleton(seen.file.facts.units[int(place.key)])


def _is_made_here(write: Write, seen: Insight) -> bool:
    """`errors = {}` in the class's body is one for all; `errors: list = field(...)` of a dataclass is not."""
    call = seen.file.call_of(write.value)
    return write.value is not None and (
        call is None or seen.file.called(call) not in ("field", "Field", "ib", "attrib")
    )


def _is_let_go(place: Place, kept: Place, seen: Insight) -> bool:
    """Whether it is forgotten again, stripped of its traceback, or reported as growth already."""
    bare = Place(place.root, place.key, tuple(step for step in place.path if step != "[]"))
    for write in seen.file.writes_at.get(bare, ()):
        begins = seen.file.facts.functions[write.function].kind in (FunctionKind.MODULE, FunctionKind.CONSTRUCTOR)
        if write.value == Constant(None) and not begins:
            return True
    if seen.file.writes_at.get(Place(kept.root, kept.key, ("__traceback__",))):
        return True
    for name in _DRAINS:
        for call in seen.file.calls_named.get(name, ()):
            if call.receiver is not None and seen.file.resolve(call.receiver) == bare:
                return True
    return any(collection.place == seen.flow.canonical(bare) for collection, _, _ in growing(seen))


def _finding(card: Card, seen: Insight, sink: Call | Write, place: Place, name: str) -> Finding:
    file = seen.file
    where = file.name_of(place).removesuffix("[]")
    return finding_at(
        card,
        seen,
        sink,
        holder=f"`{where}`, which lives on",
        lets_go="nothing, until the next one takes its place",
        path=(
            (sink.extent, where),
            (sink.extent, name),
            (sink.extent, "its traceback, and the frames on it"),
            (sink.extent, "the variables of every function it came through"),
        ),
        kept=name,
        where=where,
    )
