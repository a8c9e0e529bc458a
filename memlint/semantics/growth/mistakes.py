"""What looks as if it took an entry out, and names the value that is kept where its key is meant."""

from __future__ import annotations

from memlint.model.facts import Call, Write
from memlint.model.value import Place, Root, Value
from memlint.semantics.growth.collections import Collection
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.objects import is_object
from memlint.semantics.value.values import unwrapped

_KEYED = frozenset({"Map", "object", "dict"})


def sort_out_mistakes(collection: Collection, flow: Flow) -> None:
    """`const room = rooms[name]; … delete rooms[room]` takes nothing out: it is no drain of the collection."""
    if collection.kind not in _KEYED:
        return
    wrong = [drain for drain in collection.drains if _names_the_value(drain, collection, flow)]
    collection.useless += wrong
    collection.drains = [drain for drain in collection.drains if drain not in wrong]


def _names_the_value(drain: Call | Write, collection: Collection, flow: Flow) -> bool:
    if isinstance(drain, Write):
        given = drain.key if drain.operator == "delete" else None
    else:
        given = drain.arguments[0] if flow.file.called(drain) == "delete" and len(drain.arguments) == 1 else None
    if given is None or not _is_looked_up(given, collection.place, flow):
        return False
    return is_object(given, flow.file) or any(is_object(feed.value, flow.file) for feed in collection.feeds)


def _is_looked_up(value: Value, kept: Place, flow: Flow) -> bool:
    """Whether a name stands for `kept[key]` or `kept.get(key)`; what a loop over it names is mostly a key."""
    binding = flow.file.binding(value) if isinstance(value, Place) and not value.path else None
    source = unwrapped(binding.value) if binding is not None and not binding.member else None
    if not isinstance(source, Place):
        return False
    if source.root is Root.RESULT and not source.path:
        call = flow.file.facts.calls[int(source.key)]
        return flow.file.called(call) == "get" and flow.canonical(call.receiver) == kept
    return source.path[-1:] == ("[]",) and flow.canonical(Place(source.root, source.key, source.path[:-1])) == kept
