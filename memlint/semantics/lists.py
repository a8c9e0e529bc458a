"""How long a list can get: as long as the source says, a few, or as many as there are."""

from __future__ import annotations

from memlint.model.facts import Call, Compound, Place, Record, Root, Sequence, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File, unwrapped
from memlint.semantics.names import words_of

_LIMIT = 4
_SHORT = frozenset({"slice", "splice", "take", "chunk", "first"})
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
        if self.words.any_of("short lists", words_of(self.file.name_of(value))[-1:]):
            return True
        call = self.file.call_of(value)
        return self._is_short_result(call, depth) if call is not None else self._is_short_name(value, depth)

    def _is_short_result(self, call: Call, depth: int) -> bool:
        name = self.file.called(call)
        first = call.arguments[0] if call.arguments else None
        if name in _SHORT:
            return True
        if name == "from" and first is not None and not isinstance(unwrapped(first), Place):
            return True
        if name in ("freeze", "keys", "values", "entries") and first is not None:
            return self.is_short(first, depth + 1) or self._is_table(first)
        if name in _KEEPS_LENGTH and call.receiver is not None:
            return self.is_short(call.receiver, depth + 1)
        return name == "Array" and first is not None

    def _is_short_name(self, value: Place, depth: int) -> bool:
        binding = self.file.binding(value) if not value.path else None
        if binding is None:
            return False
        if binding.kind == "parameter" or binding.member:
            return binding.kind == "parameter" and "..." in binding.member
        if len(self.file.writes_at[Place(Root.BINDING, binding.index)]) > 1:
            return False
        inner = unwrapped(binding.value)
        is_filled_later = isinstance(inner, Sequence) and not inner.items
        return not is_filled_later and self.is_short(inner, depth + 1)

    def _is_table(self, value: Value) -> bool:
        binding = self.file.binding(value) if isinstance(value, Place) and not value.path else None
        inner = unwrapped(binding.value) if binding is not None else None
        return isinstance(inner, Record) and bool(inner.items) and binding is not None and binding.kind == "const"
