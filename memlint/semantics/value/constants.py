"""The values of one file that are known from its source."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.model.facts import Facts
from memlint.model.value import Compound, Constant, Place, Record, Root, Value
from memlint.semantics.value.globals import Globals
from memlint.semantics.value.places import ALIASES

_TEXT_LIMIT = 10_000
"""Characters beyond which nobody needs a computed text: sums of sums double with each name."""


class Constants(Globals):
    """Places, and those of them that hold one known value."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._constants: dict[Value, Constant | None] = {}

    def constant(self, value: Value | None) -> Constant | None:
        """A value that is known from the source: literals, constants, members of constant records and enums."""
        if value is None or isinstance(value, Constant):
            return value
        if value not in self._constants:
            self._constants[value] = None  # a circle is no constant
            self._constants[value] = self._find_constant(value)
        return self._constants[value]

    def _find_constant(self, value: Value | None) -> Constant | None:
        for _ in range(ALIASES):
            if isinstance(value, Constant):
                return value
            if isinstance(value, Compound) and len(value.parts) == 2:
                return self._computed(value)
            if not isinstance(value, Place) or value.root is not Root.BINDING:
                return None
            binding = self.facts.bindings[int(value.key)]
            if binding.kind == "parameter" or len(self.writes_at[Place(Root.BINDING, int(value.key))]) > 1:
                return None
            if value.path and value in self.writes_at:
                return self._written_once(value)
            path = (*binding.member, *value.path)
            value = binding.value
            for name in path:
                if isinstance(value, Compound) and value.operator in ("call", "await"):
                    value = value.parts[0]
                value = self._frozen(value)
                if not isinstance(value, Record):
                    return None
                value = dict(value.items).get(name)
        return None

    def _written_once(self, place: Place) -> Constant | None:
        """`static WAIT = 500`, `Poller.WAIT = 500`: a member written but once, where its owner is declared."""
        writes = self.writes_at[place]
        declared = self.facts.bindings[int(place.key)].function
        only = writes[0].value if len(writes) == 1 and writes[0].function == declared else None
        return only if isinstance(only, Constant) else self.constant(only) if isinstance(only, Compound) else None

    def _computed(self, value: Compound) -> Constant | None:
        """`30 * 60_000`, `"a" + "b"`, of constants."""
        first, second = self.constant(value.parts[0]), self.constant(value.parts[1])
        if first is None or second is None:
            return None
        a, b = first.value, second.value
        if isinstance(a, str) and isinstance(b, str) and value.operator == "+":
            return Constant(a + b) if len(a) + len(b) <= _TEXT_LIMIT else None
        if isinstance(a, int | float) and isinstance(b, int | float):
            known = {"*": lambda: a * b, "+": lambda: a + b, "-": lambda: a - b}.get(value.operator)
            return Constant(known()) if known else None
        return None

    def _frozen(self, value: Value | None) -> Value | None:
        """`Object.freeze({...})` is its argument."""
        if isinstance(value, Place) and value.root is Root.RESULT and not value.path:
            call = self.facts.calls[int(value.key)]
            if call.name == "freeze" and call.arguments:
                return call.arguments[0]
        return value

    def records_of_names(self) -> Iterator[tuple[Place, Record]]:
        """The records that names are given, once and for all: `var api = {…}`, `api = {…}`."""
        for binding in self.facts.bindings:
            if isinstance(binding.value, Record):
                yield Place(Root.BINDING, binding.index), binding.value
        for write in self.facts.writes:
            if isinstance(write.value, Record) and write.place.root is Root.BINDING and not write.place.path:
                if len(self.writes_at.get(write.place, ())) == 1:
                    yield write.place, write.value
