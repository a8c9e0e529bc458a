"""Entries that a program makes while it is put together, not while it runs: what decorators and classes register."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Binding, Call, ExitKind, FateKind, Function, UnitKind
from memlint.model.value import Closure, Compound, Place, Root, Value
from memlint.semantics.growth.collections import Collection, Feed
from memlint.semantics.growth.keys import Number
from memlint.semantics.growth.sparing import asked_before
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, unwrapped

_SEEKS = frozenset({"indexOf", "includes"})
_AT_CLASS = frozenset({"__init_subclass__", "__set_name__"})
"""Methods that Python calls while a class is made (data model, 3.3.3)."""


def is_registration(feed: Feed, seen: Insight) -> bool:
    """Whether a line runs once for each function or class of the program, or for each thing that it warns of once."""
    function = seen.file.facts.functions[feed.source.function]
    if function.index == MODULE:
        return False
    if _decorates(function, feed, seen) or _is_for_class(function, feed, seen) or _takes_part(function, feed, seen):
        return True
    return seen.file.is_open_by_default and (_complains(feed, seen) or _adds_part(function, feed, seen))


def is_of_few(collection: Collection, feed: Feed, number: Number, seen: Insight) -> bool:
    """Python: whether no name says that there are many of what is kept, or nothing is kept twice.

    A module's table is a cache or a registry, and most have as many entries as the program has parts.
    """
    if not seen.file.is_open_by_default:
        return False
    if feed.key is None:
        return is_kept_once(collection, feed, seen)
    name = seen.file.name_of(feed.key)
    if name in seen.words["many by themselves"] or seen.words.any_of("given from outside", words_of(name)[-1:]):
        return False
    return number is Number.UNKNOWN


def is_kept_once(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`if root not in roots: roots.append(root)`, `if (told.includes(text)) return; told.push(text);`."""
    for region in asked_before(feed, seen.flow):
        for inner in inner_values(region.test):
            asked: Value | None = None
            if isinstance(inner, Compound) and inner.operator == "in" and len(inner.parts) == 2:
                asked = inner.parts[1]
            elif (call := seen.file.call_of(inner)) is not None and seen.file.called(call) in _SEEKS:
                asked = call.receiver
            if asked is not None and seen.flow.canonical(asked) == collection.place:
                return True
    return False


def _takes_part(function: Function, feed: Feed, seen: Insight) -> bool:
    """`before(filter) { this.filters.push(filter); }`: a part of the program, which runs with it from then on."""
    given = feed.source.arguments if isinstance(feed.source, Call) and feed.key is None else ()
    if len(given) != 1 or not _is_own_parameter(given[0], function, seen):
        return False
    registers = words_of(function.name)[:1]
    return seen.words.any_of("registering a part", registers) or seen.words.any_of(
        "parts that run", words_of(seen.file.name_of(given[0]))[-1:]
    )


def _adds_part(function: Function, feed: Feed, seen: Insight) -> bool:
    """`add_reload_hook(fn)`, `attach(*packages)`: parts of the program, by their names, as they were handed in."""
    words = words_of(function.name)
    given = [value for value in _fed(feed, seen) if _is_own_parameter(value, function, seen)]
    named = {word for value in given for word in words_of(seen.file.name_of(value))}
    adds = not seen.words["adding a part"].isdisjoint(words[:1])
    return adds and bool(given) and seen.words.any_of("parts of a program", {*words[1:], *named})


def _decorates(function: Function, feed: Feed, seen: Insight) -> bool:
    """A decorator: it gives back the function it was given, or it is what a function with options answers with."""
    given = [value for value in _fed(feed, seen) if _is_own_parameter(value, function, seen)]
    answers = [exit_.value for exit_ in seen.file.exits_of.get(function.index, ()) if exit_.kind is ExitKind.RETURN]
    if any(unwrapped(answer) == value and _is_part(value, seen) for answer in answers for value in given):
        return True
    return len(function.parameters) == 1 and _is_answer(function, seen) and _answers_function(function, seen)


def _fed(feed: Feed, seen: Insight) -> list[Value]:
    """The names that an entry is made of, and those whose methods make it: `tag` in `tags.add(tag.lower())`."""
    source = feed.source
    values = list(source.arguments) if isinstance(source, Call) else [value for value in (source.value,) if value]
    values += [feed.key] if feed.key is not None else []
    places = [inner for value in values for inner in inner_values(value) if isinstance(inner, Place)]
    made = [seen.file.call_of(place) for place in places]
    places += [call.receiver for call in made if call is not None and call.receiver is not None]
    return [Place(place.root, place.key) for place in places]


def _parameter(value: Value, seen: Insight) -> Binding | None:
    binding = seen.file.binding(value) if isinstance(value, Place) else None
    return binding if binding is not None and binding.kind == "parameter" else None


def _is_own_parameter(value: Value, function: Function, seen: Insight) -> bool:
    binding = _parameter(value, seen)
    return binding is not None and binding.function == function.index


def _is_answer(function: Function, seen: Insight) -> bool:
    """Whether the function around this one answers with it."""
    place = function.fate.place
    return function.parent != MODULE and (
        function.fate.kind is FateKind.RETURNED
        or any(
            exit_.kind is ExitKind.RETURN and unwrapped(exit_.value) == place
            for exit_ in seen.file.exits_of.get(function.parent, ())
        )
    )


def _is_part(value: Value, seen: Insight) -> bool:
    """Whether a parameter's name says that it is a function or a class."""
    name = seen.file.name_of(value)
    return name in seen.words["classes handed in"] or seen.words.any_of("parts of a program", words_of(name))


def _answers_function(function: Function, seen: Insight) -> bool:
    """Whether it answers with a function written inside of it, or with what it was given."""
    for exit_ in seen.file.exits_of.get(function.index, ()):
        value = unwrapped(exit_.value)
        inner = seen.file.function_at(value) if value is not None else None
        if exit_.kind is ExitKind.RETURN and value is not None:
            if inner is not None and seen.file.contains(function.index, inner):
                return True
            if _is_own_parameter(value, function, seen) or isinstance(value, Closure):
                return True
    return False


def _is_for_class(function: Function, feed: Feed, seen: Insight) -> bool:
    """What Python calls while classes are made, or what is given a class to keep."""
    if function.name in _AT_CLASS or _is_of_metaclass(function, seen):
        return True
    for value in _fed(feed, seen):
        binding = _parameter(value, seen)
        if binding is not None and binding.name in seen.words["classes handed in"]:
            return True
    return False


def _is_of_metaclass(function: Function, seen: Insight) -> bool:
    if function.unit < 0 or function.name not in ("__new__", "constructor", "__init__"):
        return False
    unit = seen.file.facts.units[function.unit]
    base = unwrapped(unit.base)
    return (
        unit.kind is UnitKind.CLASS
        and isinstance(base, Place)
        and (base == Place(Root.GLOBAL, "type") or seen.file.name_of(base).endswith(("Meta", "type", "Metaclass")))
    )


def _complains(feed: Feed, seen: Insight) -> bool:
    """`seen.add(key); warnings.warn(…)`: what was warned of once, in the branch that warns."""
    return any(
        seen.file.called(call) in seen.words["complaining"] and call.region == feed.source.region
        for call in seen.file.calls_in.get(feed.source.function, ())
    )
