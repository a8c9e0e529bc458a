"""Who was made to take an entry out and forgets it: a remover of the same noun, the end that an adder gives back."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import Call, ExitKind, Function
from memlint.model.value import Closure, Place, Record, Root, Value
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.verdicts.growth.pruned import Pruning


def remover_forgets(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """`addMarker` keeps the marker, and `removeMarker` does not take it out; nor does anybody else."""
    if collection.drains or collection.inner_drains or collection.voids or collection.hold < Hold.INSTANCE:
        return None
    adder = _method_around(feed, seen)
    noun = _noun(adder.name, "adding verbs", seen) if adder is not None else ()
    if adder is None or not noun or not adder.parameters or not _is_named_for(collection, noun):
        return None
    for name, index in seen.file.facts.units[adder.unit].methods:
        remover = seen.file.facts.functions[index]
        if _noun(name, "removing verbs", seen) == noun and remover.parameters and not _asks_above(remover, seen):
            why = f"`{name}()` does not take it out"
            return Pruning(collection, feed, why, (remover,), "ends it, and leaves the entry")
    return None


def _method_around(feed: Feed, seen: Insight) -> Function | None:
    return next((one for one in seen.file.enclosing(feed.source.function) if one.index in seen.file.methods), None)


def _noun(name: str, verbs: str, seen: Insight) -> tuple[str, ...]:
    """What a name like `removeMarker` says it removes, in the singular."""
    words = words_of(name)
    return tuple(map(_singular, words[1:])) if set(words[:1]) & seen.words[verbs] else ()


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _is_named_for(collection: Collection, noun: tuple[str, ...]) -> bool:
    own = {_singular(word) for word in words_of(collection.name.rsplit(".", 1)[-1])}
    return noun[-1] in own


def _asks_above(remover: Function, seen: Insight) -> bool:
    """Whether it leaves the work to somebody whom we cannot read: `super`, or another method that is elsewhere."""
    for index in seen.file.inside(remover.index):
        for call in seen.file.calls_in[index]:
            callee = call.callee
            if isinstance(callee, Place) and (callee.root is Root.GLOBAL and callee.key == "super"):
                return True
            own = isinstance(callee, Place) and callee.root is Root.SELF and len(callee.path) == 1
            if own and seen.file.target_of(call) is None:
                return True
    return False


# What the adder gives back


def handle_forgets(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """`watch()` keeps an entry and gives back a `close()` that leaves it: only a reset of all takes it out."""
    if collection.hold is Hold.INSTANCE and not collection.drains:
        return _end_forgets(collection, feed, seen)
    lasts = collection.hold >= Hold.SERVICE or _is_marked_once(collection, feed, seen)
    if not lasts or not collection.drains or collection.inner_drains:
        return None
    if not all(seen.bounds.empties(drain, collection) for drain in collection.drains):
        return None
    adder = seen.file.facts.functions[feed.source.function]
    enders = list(_enders(adder, seen))
    if not enders or any(seen.file.contains(adder.index, drain.function) for drain in collection.drains):
        return None
    if _asks_whether_it_is_there(collection, feed, seen):
        return None
    if any(_knows_entry(ender, feed, seen) for ender in enders):
        return None
    what = (
        f"`{enders[0].name}`, which `{adder.name}` gives back," if enders[0].name else f"what `{adder.name}` gives back"
    )
    why = f"{what} does not take it out"
    return Pruning(collection, feed, why, tuple(enders), "ends it, and leaves the entry")


def _end_forgets(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """`subscribe()` of each instance gives back an end, and nothing at all takes an entry out."""
    if collection.inner_drains or collection.voids or not isinstance(unwrapped(feed.value), Place):
        return None
    adder = seen.file.facts.functions[feed.source.function]
    value = unwrapped(feed.value)
    binding = seen.file.binding(value) if isinstance(value, Place) else None
    enders = [one for one in _enders(adder, seen) if seen.vocabulary.ends(one.name)]
    if not enders or binding is None or binding.kind != "parameter" or binding.function != adder.index:
        return None
    why = f"`{enders[0].name}`, which `{adder.name}` gives back, does not take it out"
    return Pruning(collection, feed, why, tuple(enders), "ends it, and leaves the entry")


def remover_leaves(collection: Collection, feed: Feed, seen: Insight) -> Pruning | None:
    """`this.handles.push(handle); return () => handle.close();`: what is over stays in the list of its owner."""
    value = unwrapped(_kept(feed))
    if collection.inner_drains or collection.voids or not isinstance(value, Place) or value.root is not Root.BINDING:
        return None
    if not all(seen.bounds.empties(drain, collection) for drain in collection.drains):
        return None
    adder = seen.file.facts.functions[feed.source.function]
    binding = seen.file.facts.bindings[int(value.key)]
    if value.path or binding.function != adder.index or _asks_whether_it_is_there(collection, feed, seen):
        return None
    enders = [one for one in _enders(adder, seen) if _ends_it(one, value, seen) or _ends_its_part(one, value, seen)]
    if not enders or any(seen.file.contains(adder.index, drain.function) for drain in collection.drains):
        return None
    why = f"what `{adder.name}` gives back ends it, and leaves the entry"
    return Pruning(collection, feed, why, tuple(enders), "ends it, and leaves the entry")


def _kept(feed: Feed) -> Value | None:
    """What a line keeps: the value under a key, or the one element of a list or a set."""
    given = feed.source.arguments if feed.value is None and isinstance(feed.source, Call) else ()
    return given[0] if len(given) == 1 else feed.value


def _ends_it(ender: Function, kept: Place, seen: Insight) -> bool:
    """Whether an end does nothing but end what was kept: other calls could take it out where we cannot follow."""
    calls = [call for index in seen.file.inside(ender.index) for call in seen.file.calls_in[index]]
    ending = [call for call in calls if call.receiver is not None and seen.file.resolve(call.receiver) == kept]
    return bool(calls) and len(ending) == len(calls) and any(seen.vocabulary.ends(call.name) for call in ending)


def _ends_its_part(ender: Function, kept: Place, seen: Insight) -> bool:
    """Whether an end is kept itself, or does nothing but end what was begun beside it and is part of what was kept."""
    calls = {call.index for index in seen.file.inside(ender.index) for call in seen.file.calls_in[index]}
    binding = seen.file.facts.bindings[int(kept.key)]
    parts = {place for place in inner_values(binding.value) if isinstance(place, Place)}
    ended: set[int] = set()
    is_kept = seen.file.function_at(binding.value) == ender.index
    for life in seen.lifetimes:
        if seen.file.contains(binding.function, life.call.function):
            ends = {end.call.index for end in (*life.ends, *life.doubtful_ends)} & calls
            ended |= ends
            is_kept |= bool(ends) and not parts.isdisjoint(life.holes.values())
    return bool(calls) and calls == ended and is_kept


def _is_marked_once(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`if (this.followed.has(editor)) return;` above: what was undone can never be done again, either."""
    given = feed.key if feed.key is not None else feed.value
    return any(
        seen.file.called(call) == "has"
        and call.receiver is not None
        and seen.flow.canonical(call.receiver) == collection.place
        and call.extent[1] <= feed.source.extent[0]
        and given is not None
        and any(seen.flow.same(argument, given) for argument in call.arguments)
        for call in seen.file.calls_in[feed.source.function]
    )


def _asks_whether_it_is_there(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`if (waiting) waiting.push(…)`: it is kept only until it is not needed any more, and then dropped as a whole."""
    tests = (seen.file.facts.regions[index].test for index in seen.file.regions_of(feed.source.region))
    return any(seen.flow.canonical(test) == collection.place for test in tests if test is not None)


def _enders(adder: Function, seen: Insight) -> Iterator[Function]:
    """The ends that a function gives back: a record's `close`, or one function that lets go of something."""
    for exit_ in seen.file.exits_of[adder.index]:
        value = _meant(exit_.value, seen) if exit_.kind is ExitKind.RETURN else None
        if isinstance(value, Record):
            for name, item in value.items:
                index = seen.file.function_at(item)
                if index is not None and seen.vocabulary.ends(name):
                    yield seen.file.facts.functions[index]
        elif value is not None:
            index = seen.file.function_at(_wrapped(value, seen))
            if index is not None and seen.file.contains(adder.index, index) and _lets_go(index, seen):
                yield seen.file.facts.functions[index]


def _wrapped(value: Value, seen: Insight) -> Value:
    """`new Disposable(() => …)`: an object that is made of one function is as good as the function."""
    made = seen.file.call_of(value)
    return made.arguments[0] if made is not None and made.constructs and len(made.arguments) == 1 else value


def _meant(value: Value | None, seen: Insight) -> Value | None:
    value = unwrapped(value)
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    return unwrapped(binding.value) if binding is not None and isinstance(binding.value, Record | Closure) else value


def _lets_go(index: int, seen: Insight) -> bool:
    return any(seen.vocabulary.ends(call.name) for call in seen.file.calls_in[index])


def _knows_entry(ender: Function, feed: Feed, seen: Insight) -> bool:
    """Whether an end mentions what was kept, or runs code that we cannot follow with it."""
    kept = {
        int(value.key)
        for value in inner_values(feed.value)
        if isinstance(value, Place) and value.root is Root.BINDING and not isinstance(feed.value, Record)
    }
    return any(use.binding in kept for index in seen.file.inside(ender.index) for use in seen.file.uses_in[index])
