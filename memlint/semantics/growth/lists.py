"""How long a list can get: as long as the source says, a few, or as many as there are."""

from __future__ import annotations

from memlint.model.facts import Call
from memlint.model.value import Compound, Place, Record, Root, Sequence, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.names import words_of
from memlint.semantics.value.values import unwrapped

_LIMIT = 4
_SHORT = frozenset({"slice", "splice", "take", "chunk", "first"})
_LISTS = frozenset({"Set", "from", "keys", "values", "entries", "uniq", "uniqBy", "compact", "flat"})
_SHORTENS = frozenset({"without", "difference", "reject", "uniq", "uniqBy", "compact", "sortBy", "orderBy"})
"""Functions of Lodash and the like that answer with a list no longer than the first one they are given."""
_KEEPS_LENGTH = frozenset({"filter", "map", "sort", "reverse", "toSorted", "concat", "toReversed"})


class Lists:
    """Answers for one file."""

    def __init__(self, file: File, words: WordLists) -> None:
        self.file = file
        self.words = words

    def is_short(self, value: Value | None, depth: int = 0) -> bool:
        """Whether a list is fixed by the source, cut to a fixed length, or of a kind that has few entries."""
        value = unwrapped(value)
        if depth > _LIMIT or value is None:
            return False
        if isinstance(value, Sequence):
            return not any(isinstance(item, Compound) and item.operator == "spread" for item in value.items)
        if not isinstance(value, Place):
            return False
        if self._is_named_short(value):
            return True
        call = self.file.call_of(value)
        return self._is_short_result(call, depth) if call is not None else self._is_short_name(value, depth)

    def _is_named_short(self, value: Place) -> bool:
        """A list whose name says so, one that a settings object holds, a part that somebody has cut off a list."""
        name = self.file.name_of(value)
        *around, last = name.split(".")
        if self.words.any_of("short lists", words_of(last)[-1:]):
            return True
        if self.words.any_of("settings", {word for step in around for word in words_of(step)}):
            return True
        binding = self.file.binding(value) if not value.path else None
        return binding is not None and bool(set(words_of(last)[-1:]) & self.words["parts of a list"])

    def is_long(self, value: Value | None) -> bool:
        """Whether a list has the name of something that users fill: `files`, `pages`, `await readdir(folder)`."""
        value = unwrapped(value)
        call = self.file.call_of(value)
        if call is not None and (self.file.called(call) in _KEEPS_LENGTH or self.file.called(call) in _LISTS):
            if call.receiver is not None and self.is_long(call.receiver):
                return True
            return any(self.is_long(argument) for argument in call.arguments[:1])
        if not isinstance(value, Place):
            return False
        return self.words.any_of("long lists", words_of(self.file.name_of(value).rstrip("()[]"))[-1:])

    def _is_short_result(self, call: Call, depth: int) -> bool:
        name = self.file.called(call)
        first = call.arguments[0] if call.arguments else None
        if name in _SHORT:
            return True
        if name == "from" and first is not None and not isinstance(unwrapped(first), Place):
            return True
        if name in ("freeze", "keys", "values", "entries") and first is not None:
            return self.is_short(first, depth + 1) or self._is_table(first)
        if name in _SHORTENS and first is not None:
            return self.is_short(first, depth + 1)
        if name in _KEEPS_LENGTH and call.receiver is not None:
            return self.is_short(call.receiver, depth + 1)
        return name == "Array" and first is not None

    def _is_short_name(self, value: Place, depth: int) -> bool:
        binding = self.file.binding(value) if not value.path else None
        if binding is None:
            return False
        if binding.kind == "import":
            return True
        if any(_is_single(write.value) for write in self.file.writes_at.get(value, ())):
            return True
        if binding.kind == "parameter" or binding.member:
            return binding.kind == "parameter" and "..." in binding.member
        if len(self.file.writes_at[Place(Root.BINDING, binding.index)]) > 1:
            return False
        inner = unwrapped(binding.value)
        if isinstance(inner, Compound) and inner.operator == "choice":
            return any(_is_single(part) for part in inner.parts)
        is_filled_later = isinstance(inner, Sequence) and not inner.items
        return not is_filled_later and self.is_short(inner, depth + 1)

    def _is_table(self, value: Value) -> bool:
        binding = self.file.binding(value) if isinstance(value, Place) and not value.path else None
        inner = unwrapped(binding.value) if binding is not None else None
        return isinstance(inner, Record) and bool(inner.items) and binding is not None and binding.kind == "const"


def _is_single(value: Value | None) -> bool:
    """`Array.isArray(urls) ? urls : [urls]`: who takes one as well as many mostly gets a few."""
    value = unwrapped(value)
    return isinstance(value, Sequence) and len(value.items) == 1
