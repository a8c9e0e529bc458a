"""Tables of those who wait for an answer: what is answered and stays."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Binding, Call, ExitKind, FateKind, RegionKind, Write
from memlint.model.value import Place, Root, Value
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values
from memlint.verdicts.growth.pruned import Pruning


def waits(feed: Feed, seen: Insight) -> bool:
    """Whether an entry is somebody who waits: the two functions of a promise, or a callback under a number."""
    if feed.key is None:
        return False
    waiting = _settlers(feed, seen)
    return bool(waiting) and (any(_is_of_promise(one, seen) for one in waiting) or seen.keys.is_counted(feed.key))


def _settlers(feed: Feed, seen: Insight) -> set[int]:
    """What settles the one who waits: a promise's `resolve` and `reject`, if an entry holds one, or a `callback`."""
    found: set[int] = set()
    for inner in inner_values(feed.value):
        binding = seen.file.binding(inner) if isinstance(inner, Place) and not inner.path else None
        if binding is not None and binding.kind == "parameter" and not binding.member:
            given = next((one for one in _given(binding, seen) if _is_of_promise(one.index, seen)), binding)
            if _is_of_promise(given.index, seen):
                found.update(one.index for one in seen.file.parameters_of[given.function])
            elif binding.name in seen.words["callbacks"]:
                found.add(binding.index)
    return found


def _given(parameter: Binding, seen: Insight) -> Iterator[Binding]:
    """The names of what callers of this file hand to a parameter: `const keep = (id, resolve) => { … };`."""
    for call in seen.file.callers.get(parameter.function, ()):
        given = call.arguments[parameter.position] if parameter.position < len(call.arguments) else None
        binding = seen.file.binding(given) if isinstance(given, Place) and not given.path else None
        if binding is not None:
            yield binding


def _is_of_promise(index: int, seen: Insight) -> bool:
    binding = seen.file.facts.bindings[index]
    fate = seen.file.facts.functions[binding.function].fate
    if fate.kind is not FateKind.ARGUMENT or fate.call < 0:
        return False
    call = seen.file.facts.calls[fate.call]
    return call.constructs and call.callee == Place(Root.GLOBAL, "Promise")


def answered_but_kept(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """Somebody is answered with an error, or told that the time is up, and the entry stays."""
    if collection.hold < Hold.INSTANCE or not collection.drains or not waits(feed, seen):
        return None
    if any(_is_sweep(drain, collection, seen) for drain in collection.drains):
        return None
    late = _on_timeout(collection, feed, seen)
    if late is not None:
        why = "who is called when the time is up stays"
        return Pruning(collection, feed, why, (late,), "answered here, and kept")
    early = _before_the_drain(collection, feed, seen)
    if early is not None:
        why = "who is answered before the delete stays"
        return Pruning(collection, feed, why, (early,), "answered here, and kept")
    return None


def _is_sweep(drain: Call | Write, collection: Collection, seen: Insight) -> bool:
    """`for (const [id, entry] of table) if (entry.late) table.delete(id)`: whoever stays is taken out later."""
    if seen.bounds.empties(drain, collection):
        return False
    loops = [seen.file.facts.regions[index] for index in seen.file.regions_of(drain.region)]
    if any(region.kind is RegionKind.LOOP for region in loops):
        return True
    fate = seen.file.facts.functions[drain.function].fate
    return fate.kind is FateKind.ARGUMENT and seen.file.facts.calls[fate.call].name == "forEach"


def _on_timeout(collection: Collection, feed: Feed, seen: Insight) -> Call | None:
    """`setTimeout(() => reject(late), …)` beside the feed, where nothing else there takes the entry out."""
    home = _home(feed, seen)
    if any(seen.file.contains(home, drain.function) for drain in collection.drains):
        return None
    settlers = _settlers(feed, seen)
    for call in seen.file.calls_named["setTimeout"]:
        told = seen.file.function_at(call.arguments[0]) if call.arguments else None
        if told is not None and seen.file.contains(feed.source.function, told):
            settling = _settling(told, settlers, seen)
            if settling is not None:
                return settling
    return None


def _home(feed: Feed, seen: Insight) -> int:
    """The method or function around a promise's executor."""
    here = seen.file.facts.functions[feed.source.function]
    while here.fate.kind is FateKind.ARGUMENT and here.parent >= 0 and here.index not in seen.file.methods:
        here = seen.file.facts.functions[here.parent]
    return here.index


def _settling(function: int, settlers: set[int], seen: Insight) -> Call | None:
    """The call that settles, in a function that does nothing else which we cannot follow."""
    found = None
    for call in seen.file.calls_in[function]:
        callee = call.callee
        if (
            isinstance(callee, Place)
            and callee.root is Root.BINDING
            and int(callee.key) in settlers
            and not callee.path
        ):
            found = call
        elif not call.constructs and call.name not in seen.words["beside the answer"]:
            return None
    return found


def _before_the_drain(collection: Collection, feed: Feed, seen: Insight) -> Call | None:
    """`if (failed) { entry.reject(failed); return; } table.delete(id);`."""
    for drain in collection.drains:
        if seen.bounds.empties(drain, collection) or seen.file.contains(feed.source.function, drain.function):
            continue
        around = set(seen.file.regions_of(drain.region))
        for exit_ in seen.file.exits_of[drain.function]:
            if exit_.kind is not ExitKind.RETURN or exit_.extent[1] > drain.extent[0] or exit_.region in around:
                continue
            answers = [
                call
                for call in seen.file.calls_in[drain.function]
                if call.region == exit_.region and _is_of_entry(call, collection, seen)
            ]
            deletes = any(
                other.region == exit_.region for other in collection.drains if other.function == drain.function
            )
            if answers and not deletes:
                return answers[0]
    return None


def _is_of_entry(call: Call, collection: Collection, seen: Insight) -> bool:
    """Whether a call tells somebody who waits that all is over: `entry.reject(error)`, `callback(new Error(…))`.

    Other calls may tell of a part of the answer, after which more comes.
    """
    element = Place(collection.place.root, collection.place.key, (*collection.place.path, "[]"))
    callee = seen.flow.canonical(call.callee) if isinstance(call.callee, Place) else None
    if callee is None or callee.root is not element.root or callee.key != element.key:
        return False
    if callee.path[: len(element.path)] != element.path:
        return False
    return call.name == "reject" or any(_is_error(argument, seen) for argument in call.arguments[:1])


def _is_error(value: Value, seen: Insight) -> bool:
    made = seen.file.call_of(value)
    name = seen.file.called(made) if made is not None else seen.file.name_of(value).rsplit(".", 1)[-1]
    return seen.words.any_of("errors", words_of(name)[-1:])
