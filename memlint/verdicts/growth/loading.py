"""Entries that a program makes while it starts: what it registers, warns of once, or is told before it serves."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import Call, ExitKind, Function
from memlint.model.value import Place, Root, Value
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.growth.keys import Number
from memlint.semantics.names import is_hook_name, words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.values import inner_values, unwrapped

_LOADS = frozenset({"require", "import", "import_module"})


def is_for_loading(collection: Collection, feed: Feed, number: Number, seen: Insight) -> bool:
    """Whether a feed serves the start of the program: registration, what waits for readiness, a warning's mark."""
    file, lists = seen.file, seen.words
    function = file.facts.functions[feed.source.function]
    verb = words_of(function.name.removeprefix("do"))[:1]
    registers = set(verb) & lists["registering verbs"]
    if registers and not seen.keys.is_counted(feed.key) and not _is_hook(function, seen):
        return True
    if set(words_of(function.name)) & lists["warnings given"]:
        return True
    words = set(words_of(collection.name))
    if words & lists["warnings given"] or (feed.key is None and words & lists["installed at load"]):
        return True
    if ("loaded" in words and lists.any_of("what a page loads", words)) or _is_of_a_registry(words, feed, seen):
        return True
    return (
        any(_names_readiness(file.facts.regions[index].test, seen) for index in file.regions_of(feed.source.region))
        or _throws_on_what_is_there(collection, feed, seen)
        or _keeps_module(feed, seen)
        or _keeps_named_part(feed, seen)
        or _keeps_code_under_name(feed, seen)
        or (collection.hold < Hold.PROCESS and number is not Number.MANY and _configures(feed, seen))
        or (collection.hold < Hold.PROCESS and feed.key is None and _configures(feed, seen))
    )


def _is_of_a_registry(words: set[str], feed: Feed, seen: Insight) -> bool:
    """`class MenuRegistry { add(id, menu) … }`, `registeredModules`: parts of a program, unless events bring them."""
    unit = seen.file.unit_of(feed.source.function)
    named = unit is not None and words_of(unit.name)[-1:] == ("registry",)
    return (named or "registered" in words) and feed.frequency.rate is not Rate.EVENT


def _is_hook(function: Function, seen: Insight) -> bool:
    """`useStore` of a component framework, which uses other ones, runs whenever its component is drawn."""
    return is_hook_name(function.name) and any(is_hook_name(call.name) for call in seen.file.calls_in[function.index])


def _names_readiness(test: Value | None, seen: Insight) -> bool:
    ready = seen.words["readiness"]
    return any(
        isinstance(inner, Place) and set(words_of(seen.file.name_of(inner).rsplit(".", 1)[-1])) & ready
        for inner in inner_values(test)
    )


def _throws_on_what_is_there(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`if (plugins.has(name)) throw …`: a name may come once, as names in a source do."""
    file = seen.file
    for exit_ in file.exits_of[feed.source.function]:
        if exit_.kind is ExitKind.THROW and exit_.extent[1] <= feed.source.extent[0]:
            for index in file.regions_of(exit_.region):
                for inner in inner_values(file.facts.regions[index].test):
                    if isinstance(inner, Place) and _asks(inner, collection, seen):
                        return True
    return False


def _asks(value: Place, collection: Collection, seen: Insight) -> bool:
    """Whether a value is the collection, an element of it, or the answer of a call on it."""
    place = seen.flow.canonical(value)
    if place is not None and place.root is collection.place.root and place.key == collection.place.key:
        return place.path[: len(collection.place.path)] == collection.place.path
    call = seen.file.call_of(value)
    return call is not None and call.receiver is not None and seen.flow.canonical(call.receiver) == collection.place


# What a program is put together from


def _keeps_module(feed: Feed, seen: Insight) -> bool:
    """`loaded[path] = require(path)`: whoever loads it keeps it anyway, once for each module of the program."""
    value = unwrapped(feed.value)
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    call = seen.file.call_of(unwrapped(binding.value) if binding is not None else value)
    return call is not None and seen.file.called(call) in _LOADS


def _keeps_named_part(feed: Feed, seen: Insight) -> bool:
    """`players[player.name] = player`, or what is kept beside it: things that are told apart by a name of their own."""
    here = (other for collection in seen.collections for other in collection.feeds)
    return any(other.source.function == feed.source.function and _is_by_its_name(other, seen) for other in here)


def _is_by_its_name(feed: Feed, seen: Insight) -> bool:
    key, value = unwrapped(feed.key), unwrapped(feed.value)
    if not isinstance(key, Place) or not isinstance(value, Place) or seen.keys.number(key) is Number.MANY:
        return False
    return key == Place(value.root, value.key, (*value.path, "name"))


def _keeps_code_under_name(feed: Feed, seen: Insight) -> bool:
    """`setTransformer(name, fn) { transformers[name] = fn; }`: the program's functions, under its names."""
    key, value = _parameter_name(feed.key, seen), _parameter_name(feed.value, seen)
    return key[-1:] == ("name",) and seen.words.any_of("parts of a program", value)


def _parameter_name(value: Value | None, seen: Insight) -> tuple[str, ...]:
    value = unwrapped(value)
    binding = seen.file.binding(value) if isinstance(value, Place) and not value.path else None
    return words_of(binding.name) if binding is not None and binding.kind == "parameter" else ()


def _configures(feed: Feed, seen: Insight) -> bool:
    """A method that answers with its own instance, to be told more: `return this`."""
    function = _method_of(feed, seen)
    exits = seen.file.exits_of.get(function.index, ()) if function is not None else ()
    answers = [unwrapped(exit_.value) for exit_ in exits if exit_.kind is ExitKind.RETURN]
    return bool(answers) and all(
        isinstance(answer, Place) and (own := seen.file.resolve(answer)).root is Root.SELF and not own.path
        for answer in answers
    )


def _method_of(feed: Feed, seen: Insight) -> Function | None:
    """The method in which a feed stands, perhaps in a callback that is run at once."""
    here: Call | None = None
    for function in seen.file.enclosing(feed.source.function):
        if function.index in seen.file.methods:
            return function
        here = seen.file.facts.calls[function.fate.call] if function.fate.call >= 0 else None
        if here is None or seen.file.called(here) not in seen.words["calling back at once"]:
            return None
    return None
