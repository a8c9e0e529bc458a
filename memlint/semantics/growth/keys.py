"""How many keys there can be: a few that the source spells out, kinds of a program, or as many as the world sends."""

from __future__ import annotations

from collections.abc import Sequence as Many
from enum import IntEnum

from memlint.model.facts import MODULE, Call, ExitKind, RegionKind
from memlint.model.value import Compound, Constant, Place, Record, Root, Sequence, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.names import words_of
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import inner_values, unwrapped


class Number(IntEnum):
    """How many different keys there can be."""

    FIXED = 0  # certainly a few
    FEW = 1  # kinds of things, by their name
    UNKNOWN = 2
    MANY = 3  # as many as the world sends


_YES_OR_NO = frozenset(
    {"==", "===", "!=", "!==", "<", ">", "<=", ">=", "not", "in", "not in", "instanceof", "is", "typeof"}
)
_ROUND = frozenset({"%", "&"})
_STEPS = ("++", "--")
"""What makes the next number of a counter, upwards or downwards."""
_SAME_NUMBER = frozenset(
    {
        "toString", "toLowerCase", "toUpperCase", "trim", "String", "Number", "str", "lower", "upper", "strip", "slice",
        "substring", "substr", "parseInt", "normalize", "replace", "valueOf", "Symbol", "int", "split", "pop", "shift",
    }
)  # fmt: skip
_ASKS = frozenset({"includes", "has", "hasOwn", "indexOf", "hasOwnProperty"})
_LISTING = frozenset({"Set", "freeze", "Map", "frozenset", "set"})
_MEMBERS_OF_LANGUAGE = frozenset({"constructor", "prototype", "nodeName", "tagName", "localName", "nodeType"})
_DEPTH = 5


class Keys:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow, words: WordLists) -> None:
        self.file = file
        self.flow = flow
        self._few = words["kinds of things"]
        self._many = words["given from outside"]
        self._vague = words["vague in a name"]
        self.spelled: frozenset[tuple[int, int]] = frozenset()
        """Parameters that the callers in other files spell out, each as a function and a position."""

    def number(self, key: Value | None, depth: int = 0) -> Number:
        """How many values a key can have."""
        key = unwrapped(key)
        if key is None or depth > _DEPTH:
            return Number.UNKNOWN
        if self.file.constant(key) is not None:
            return Number.FIXED
        if isinstance(key, Compound):
            return self._of_compound(key, depth)
        if isinstance(key, Place):
            return self._of_place(key, depth)
        return Number.UNKNOWN

    def _of_compound(self, key: Compound, depth: int) -> Number:
        if key.operator in _STEPS:
            return Number.MANY
        if key.operator in _YES_OR_NO or key.operator in _ROUND:
            return Number.FIXED
        if key.operator == "element":
            return Number.FIXED if self.is_spelled_out(key.parts[0]) else Number.UNKNOWN
        if not key.parts or key.operator == "other":
            return Number.UNKNOWN
        found = [self.number(part, depth + 1) for part in key.parts]
        return max(found)

    def _of_place(self, key: Place, depth: int) -> Number:
        counted = self._of_counter(key)
        if counted is not None:
            return counted
        if key.root is Root.RESULT and not key.path:
            return self._of_result(self.file.facts.calls[int(key.key)], depth)
        if set(key.path) & _MEMBERS_OF_LANGUAGE:
            return Number.FEW
        if key.path and key.path[-1].isupper():
            return Number.FIXED  # `ContentType.AUDIO`, a member of an enumeration
        inside = self._in_record(key)
        if inside is not None:
            return self.number(inside, depth + 1)
        binding = self.file.binding(key)
        if binding is not None and binding.kind == "parameter" and not binding.member:
            given = self._given(binding.function, binding.position, key.path, depth)
            if given is not None:
                return given
        elif binding is not None and not key.path:
            if binding.value is not None and len(self.file.writes_at.get(Place(Root.BINDING, binding.index), ())) <= 1:
                found = Number.UNKNOWN if binding.member else self.number(binding.value, depth + 1)
                if found is Number.UNKNOWN and binding.member:
                    return self.by_name((*self._path_names(binding.value), *binding.member[-1:]))
                if found is not Number.UNKNOWN:
                    return found
        return self.by_name(self._path_names(key))

    def _of_result(self, call: Call, depth: int) -> Number:
        name = self.file.called(call)
        inputs: list[Value] = list(call.arguments)
        if name in _SAME_NUMBER:
            inputs = [call.receiver] if call.receiver is not None else inputs[:1]
        elif self.by_name((name,)) is Number.MANY:
            return Number.MANY
        found = [self.number(value, depth + 1) for value in inputs if not isinstance(value, Constant)]
        if not found or (name not in _SAME_NUMBER and max(found) is Number.FEW):
            number = self.by_name((name,))  # `keyOf(options)` is made of what the options say
        else:
            number = max(found)
        return number if number is Number.MANY else max(number, self._of_returned(call, depth))

    def _of_returned(self, call: Call, depth: int) -> Number:
        """`keyOf(statement)`, where `keyOf` of this file gives back `statement.sql + statement.mode`."""
        target = self.file.target_of(call)
        returned = [
            self.number(exit_.value, depth + 1)
            for exit_ in (self.file.exits_of.get(target, ()) if target is not None else ())
            if exit_.kind is ExitKind.RETURN and exit_.value is not None
        ]
        return Number.MANY if Number.MANY in returned else Number.FIXED

    def _in_record(self, key: Place) -> Value | None:
        """What `entry.id` is, where `entry` is a record written here."""
        binding = self.file.binding(key)
        value = unwrapped(binding.value) if binding is not None and not binding.member else None
        if len(key.path) != 1 or not isinstance(value, Record):
            return None
        return dict(value.items).get(key.path[0])

    def is_counted(self, key: Value | None) -> bool:
        """A number that goes up with each use, and so never comes again: `nextId++`."""
        key = unwrapped(key)
        if isinstance(key, Place):
            binding = self.file.binding(key)
            inside = self._in_record(key) or self._put_in(key)
            key = inside or (binding.value if binding is not None and not key.path else None)
        return isinstance(key, Compound) and key.operator in _STEPS

    def _put_in(self, key: Place) -> Value | None:
        """What `packet.id` is after `packet.id = nextId++`."""
        writes = self.file.writes_at[key] if key.path else ()
        return unwrapped(writes[0].value) if len(writes) == 1 else None

    def _given(self, function: int, position: int, path: tuple[str, ...], depth: int) -> Number | None:
        """What the callers in this file hand in, where nobody else can call the function; or those in other files."""
        if (function, position) in self.spelled:
            return Number.FEW
        place = self.file.facts.functions[function].fate.place
        if place is None or place.path or place.root is not Root.BINDING:
            return None
        if int(place.key) in self.file.exported_bindings or self.flow.mentions(place):
            return None
        callers = self.file.callers.get(function, ())
        given = [_part(call.arguments[position], path) for call in callers if position < len(call.arguments)]
        if not given or len(given) != len(callers):
            return None
        found = max(self.number(value, depth + 1) for value in given)
        return found if found is not Number.UNKNOWN else None

    def _path_names(self, value: Value | None) -> tuple[str, ...]:
        value = unwrapped(value)
        if not isinstance(value, Place):
            return ()
        binding = self.file.binding(value)
        start = (binding.name,) if binding is not None else ()
        if value.root is Root.RESULT:
            start = (self.file.called(self.file.facts.calls[int(value.key)]),)
        if value.root is Root.SELF:
            unit = self.file.facts.units[int(value.key)]
            start = (unit.name,) if unit.name else ()
        return start + tuple(step for step in value.path if step != "[]")

    def by_name(self, names: Many[str]) -> Number:
        """What names say, the last word first: `dialect` and `eventName` are few, `user.name` and `fileHash` many."""
        for name in reversed(names[-2:]):
            for word in reversed(words_of(name)):
                if word in self._vague:
                    continue
                if self.is_kind(word):
                    return Number.FEW
                return Number.MANY if word in self._many else Number.UNKNOWN
        last = words_of(names[-1]) if names else ()
        return Number.MANY if set(last) & self._many else Number.UNKNOWN

    def is_vague(self, key: Value | None) -> bool:
        """Whether the name of a key says nothing: `name`, `key`, `value`."""
        names = self._path_names(key)
        return bool(names) and set(words_of(names[-1])) <= self._vague

    def is_kind(self, word: str) -> bool:
        """Whether a word, or its singular, means kinds of things of which a program has few."""
        return word in self._few or word.removesuffix("s") in self._few

    # Keys that the source fixes

    def is_fixed_by_tests(self, key: Value, region: int, before: int, function: int, collection: Place) -> bool:
        """`if (KINDS.includes(key))` around a line, or `if (!KINDS.includes(key)) return;` before it."""
        for index in self.file.regions_of(region):
            test = self.file.facts.regions[index].test
            if test is not None and self._admits(test, key, collection):
                return True
        for here in self.file.regions_in.get(function, ()):
            if here.kind is RegionKind.THEN and here.test is not None and here.extent[1] <= before:
                if self._leaves(here.index) and self._admits(here.test, key, collection):
                    return True
        return False

    def _leaves(self, region: int) -> bool:
        return any(exit_.kind in (ExitKind.RETURN, ExitKind.THROW) for exit_ in self.file.exits_at[region])

    def _admits(self, test: Value, key: Value, collection: Place) -> bool:
        """A test that asks a constant list, or a finite table, whether it has the key."""
        for inner in inner_values(test):
            if isinstance(inner, Place) and inner.root is Root.RESULT:
                call = self.file.facts.calls[int(inner.key)]
                if self.file.called(call) in _ASKS and call.receiver is not None:
                    same = any(self.flow.same(argument, key) for argument in call.arguments)
                    other = self.flow.canonical(call.receiver) != collection
                    if same and other and self.is_spelled_out(call.receiver):
                        return True
            if isinstance(inner, Compound) and inner.operator in ("in", "not in") and len(inner.parts) == 2:
                if self.flow.same(inner.parts[0], key) and self.is_spelled_out(inner.parts[1]):
                    return True
        return False

    def is_spelled_out(self, value: Value) -> bool:
        """A list or table that the source spells out."""
        value = unwrapped(value) or value
        if isinstance(value, Sequence | Record):
            return bool(value.items)
        binding = self.file.binding(value) if isinstance(value, Place) and not value.path else None
        if binding is None or len(self.file.writes_at.get(Place(Root.BINDING, binding.index), ())) > 1:
            return False
        inner = unwrapped(binding.value)
        if isinstance(inner, Sequence | Record):
            return bool(inner.items)
        call = self.file.call_of(inner)
        return bool(call is not None and self.file.called(call) in _LISTING and call.arguments)

    def _of_counter(self, key: Place) -> Number | None:
        """How many numbers a counter comes to that begins again and again."""
        if self._goes_round(key):
            return Number.FIXED
        return Number.FEW if self._counts_a_loop(key) else None

    def _goes_round(self, key: Place) -> bool:
        """`items[next % SIZE]`, or an index that only moves modulo something, or that starts again from zero."""
        writes = self.file.writes_at.get(self.file.resolve(key), ())
        if any(
            isinstance(inner, Compound) and inner.operator in _ROUND
            for write in writes
            for inner in inner_values(write.value)
        ):
            return True
        moved = [write for write in writes if write.operator in ("+=", *_STEPS)]
        restarts = [
            write
            for write in writes
            if write.operator == "="
            and isinstance(write.value, Constant)
            and write.value.value == 0
            and write.region >= 0
        ]
        return bool(moved) and any(
            self.file.facts.regions[write.region].kind is RegionKind.THEN and write.function == moved[0].function
            for write in restarts
        )

    def _counts_a_loop(self, key: Place) -> bool:
        """`for (let at = 0; at < list.length; at++) table[at] = …`: each run begins with the first place again."""
        binding = self.file.binding(key)
        writes = self.file.writes_at.get(key, ()) if binding is not None and not key.path else ()
        first = [write for write in writes if write.operator in ("declare", "=")]
        if len(first) == len(writes) or not all(isinstance(write.value, Constant) for write in first):
            return False
        return binding is not None and all(
            write.operator in ("declare", "=", *_STEPS)
            and write.function == binding.function != MODULE
            and (write in first or self.file.in_loop(write.region, write.function))
            for write in writes
        )


def _part(value: Value, path: tuple[str, ...]) -> Value:
    """`["DD", 2][0]`, where the list, or the record, is written out; nothing has no parts."""
    for step in path:
        inner = unwrapped(value)
        if isinstance(inner, Sequence) and step.isdigit() and int(step) < len(inner.items):
            value = inner.items[int(step)]
        elif isinstance(inner, Record) and step in dict(inner.items):
            value = dict(inner.items)[step]
        elif isinstance(inner, Place):
            value = Place(inner.root, inner.key, (*inner.path, step))
        elif not isinstance(inner, Constant):
            return Compound("other", ())
    return value
