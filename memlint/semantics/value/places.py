"""The places of one file: what an alias stands for, and what fills a place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from memlint.model.facts import Binding, Call, UnitKind
from memlint.model.value import Place, Record, Root, Value
from memlint.semantics.tables import Tables
from memlint.semantics.value.values import unwrapped

ALIASES = 6
"""Names for names that are followed; more in a row hide a circle rather than a meaning."""


class Places(Tables):
    """Tables, and the places behind the names of a file."""

    @cached_property
    def unit_roots(self) -> list[int]:
        """For each unit the topmost base class in this file: fields are shared along that line."""
        by_binding = {unit.binding: unit.index for unit in self.facts.units if unit.binding >= 0}
        roots = []
        for unit in self.facts.units:
            here, seen = unit, {unit.index}
            while isinstance(here.base, Place) and here.base.root is Root.BINDING and not here.base.path:
                above = by_binding.get(int(here.base.key))
                if above is None or above in seen:
                    break
                seen.add(above)
                here = self.facts.units[above]
            roots.append(here.index)
        for borrower, lender in self._borrowed_instances():
            roots[borrower] = roots[lender]
        return roots

    def _borrowed_instances(self) -> Iterator[tuple[int, int]]:
        """Units that are only a function with a `this`, and the unit that calls it: `release.call(this)`."""
        kept = {function.fate.place: function for function in self.facts.functions if function.unit >= 0}
        for call in self.facts.calls:
            if call.name not in ("call", "apply", "bind") or not call.arguments:
                continue
            instance, function = self._instance(call.arguments[0]), kept.get(call.receiver)
            if instance is None or function is None or instance == function.unit or call.receiver is None:
                continue
            unit = self.facts.units[function.unit]
            if unit.kind is UnitKind.PROTOTYPE and len(unit.methods) <= 1:
                yield unit.index, instance

    def _instance(self, value: Value) -> int | None:
        """The unit whose instance a value is: `this`, or a name for it."""
        if isinstance(value, Place) and value.root is Root.BINDING and not value.path:
            value = self.facts.bindings[int(value.key)].value or value
        return int(value.key) if isinstance(value, Place) and value.root is Root.SELF and not value.path else None

    def resolve(self, place: Place) -> Place:
        """The place that an alias stands for: `const self = this`, `const {bus} = this`, `const p = this.pool`."""
        if place.root is not Root.BINDING and place.root is not Root.SELF:
            return place
        known = self._resolved.get(place)
        if known is None:
            known = self._resolved[place] = self._resolve(place)
        return known

    @cached_property
    def _resolved(self) -> dict[Place, Place]:
        """What places stand for, as far as somebody asked: each is asked for some ten times."""
        return {}

    def _resolve(self, place: Place) -> Place:
        for _ in range(ALIASES):
            if place.root is Root.SELF:
                unit = self.unit_roots[int(place.key)]
                return self._static(place) or (place if unit == place.key else Place(Root.SELF, unit, place.path))
            if place.root is not Root.BINDING:
                return place
            target = self._alias(int(place.key))
            if target is None:
                shared = self._object_units.get(int(place.key))
                return Place(Root.SELF, shared, place.path) if shared is not None and place.path else place
            place = Place(target.root, target.key, target.path + place.path)
        return place

    @cached_property
    def _object_units(self) -> dict[int, int]:
        """Bindings that are an object literal with methods: their members are the members of `this` in it."""
        found = {}
        for binding in self.facts.bindings:
            if isinstance(binding.value, Record) and binding.value.unit >= 0 and not binding.member:
                found[binding.index] = binding.value.unit
        return found

    def _static(self, place: Place) -> Place | None:
        """`this.constructor.all` of a class with a name."""
        if len(place.path) < 2 or place.path[0] != "constructor":
            return None
        binding = self.facts.units[int(place.key)].binding
        return Place(Root.BINDING, binding, place.path[1:]) if binding >= 0 else None

    def _alias(self, index: int) -> Place | None:
        binding = self.facts.bindings[index]
        if binding.kind in ("parameter", "import", "catch", "function", "class"):
            return None
        value = unwrapped(binding.value) or self._lent(index)
        if not isinstance(value, Place) or (value.root is Root.RESULT and not value.path):
            return None
        if value.root is Root.RESULT or "..." in binding.member or len(self.writes_at[Place(Root.BINDING, index)]) > 1:
            return None
        return Place(value.root, value.key, value.path + binding.member)

    def _lent(self, index: int) -> Value | None:
        """What a compiler lends a name for: `(_a = this.socket) === null || _a === void 0 ? void 0 : _a.close()`."""
        writes = self.writes_at[Place(Root.BINDING, index)]
        binding = self.facts.bindings[index]
        lent = len(writes) == 1 and binding.name.startswith("_") and writes[0].function == binding.function
        return unwrapped(writes[0].value) if lent and writes[0].operator == "=" else None

    def binding(self, place: Place) -> Binding | None:
        """The binding a place starts at."""
        return self.facts.bindings[int(place.key)] if place.root is Root.BINDING else None

    def call_of(self, value: Value | None) -> Call | None:
        """The call whose result this value is, through `await` and names that are declared once."""
        value = unwrapped(value)
        for _ in range(ALIASES):
            if not isinstance(value, Place) or value.path:
                return None
            if value.root is Root.RESULT:
                return self.facts.calls[int(value.key)]
            if value.root is not Root.BINDING:
                return None
            binding = self.facts.bindings[int(value.key)]
            if binding.member or binding.kind == "parameter" or len(self.writes_at[value]) > 1:
                return None
            value = unwrapped(binding.value)
        return None

    def maker_of(self, place: Place) -> Call | None:
        """The one call that fills a place, if there is but one: `this.pool = new Pool()`."""
        values = [write.value for write in self.writes_at.get(self.resolve(place), ()) if write.value is not None]
        made = [call for call in map(self.call_of, values) if call is not None]
        return made[0] if len(made) == 1 else None
