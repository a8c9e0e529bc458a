"""Which place a value comes from, and whether two values are the same one, within one file.

Places are compared in a canonical form: aliases are followed, and an element of a collection is the collection's place
with the step `[]`, however it was put in (`push`, `set`, `table[key] =`) or taken out (`for … of`, `get`, `pop`,
`forEach`).
"""

from __future__ import annotations

from functools import cached_property

from memlint.model.facts import Call, ExitKind, FateKind
from memlint.model.value import Closure, Compound, Place, Root, Sequence, Value
from memlint.semantics.file import File
from memlint.semantics.value.values import alternatives, unwrapped

_LIMIT = 8
_TAKES = frozenset({"get", "pop", "shift", "at", "find", "popleft", "next", "deref"})
_SAME = frozenset(
    {"values", "slice", "splice", "filter", "concat", "reverse", "entries", "toArray", "flat", "copy", "items"}
)
VISITS = frozenset({"forEach", "map", "filter", "some", "every", "find", "flatMap", "each", "reduce"})
PURE_LOOKUPS = frozenset(
    {
        "querySelector", "getElementById", "getElement", "get", "$", "jQuery", "find", "closest", "getContainer",
        "getRootNode", "getInstance", "getBody", "getWindow", "getDocument", "container", "view", "instance",
    }
)  # fmt: skip


class Sources:
    """Canonical places of one file."""

    def __init__(self, file: File) -> None:
        self.file = file
        self._memo: dict[Place, Place] = {}

    def canonical(self, value: Value | None) -> Place | None:
        """The place a value comes from, in canonical form; None for what is no place."""
        value = unwrapped(value)
        if isinstance(value, Sequence) and len(value.items) == 1:
            only = value.items[0]
            if isinstance(only, Compound) and only.operator == "spread":
                return self.canonical(only.parts[0])
        if not isinstance(value, Place):
            return None
        known = self._memo.get(value)
        if known is None:
            self._memo[value] = value  # a circle ends here
            known = self._memo[value] = self._canonical(value)
        return known

    def _canonical(self, value: Place) -> Place:
        place = self.file.resolve(value)
        if place.root is Root.RESULT:
            start = self._result_source(self.file.facts.calls[int(place.key)])
        elif place.root is Root.BINDING:
            start = self._binding_source(int(place.key))
        else:
            start = None
        if start is None:
            return place
        return Place(start.root, start.key, start.path + place.path)

    def _result_source(self, call: Call) -> Place | None:
        passed = self._passed_through(call) or self._handed_out(call)
        if passed is not None:
            return self.canonical(passed)
        receiver = call.receiver
        if receiver is None:
            return None
        if (
            receiver == Place(Root.GLOBAL, "Object")
            and self.file.called(call) in ("values", "entries")
            and call.arguments
        ):
            return self.canonical(call.arguments[0])
        if receiver == Place(Root.GLOBAL, "Array") and self.file.called(call) == "from" and call.arguments:
            return self.canonical(call.arguments[0])
        if self.file.called(call) in _TAKES:
            if self._is_module(receiver):
                return None  # `https.get(url)`: a module's function, and no collection
            if self.file.called(call) == "get" and any(isinstance(unwrapped(one), Closure) for one in call.arguments):
                return None  # `client.get(url, (answer) => …)`: a request; a collection calls nobody back
            base = self.canonical(receiver)
            return Place(base.root, base.key, (*base.path, "[]")) if base is not None else None
        if self.file.called(call) in _SAME:
            return self.canonical(receiver)
        return None

    def _is_module(self, place: Place) -> bool:
        """Whether it is another module, or a name of one, or of several: `const lib = safe ? https : http`."""
        if place.root is Root.RESULT:
            return self._is_of_a_module(place)
        binding = self.file.binding(place)
        if binding is None or place.path:
            return False
        if binding.index in self.file.imports:
            return True
        written = (write.value for write in self.file.writes_at[place])
        return any(self._is_of_a_module(one) for value in (binding.value, *written) for one in alternatives(value))

    def _is_of_a_module(self, value: Value) -> bool:
        """An import, a member of one, or the answer of `require`."""
        if not isinstance(value, Place):
            return False
        if value.root is Root.RESULT and not value.path:
            return self.file.called(self.file.facts.calls[int(value.key)]) == "require"
        return value.root is Root.BINDING and not value.path and int(value.key) in self.file.imports

    def _passed_through(self, call: Call) -> Value | None:
        """The argument that a function of this file gives back as it is."""
        target = self.file.target_of(call)
        if target is None or call.constructs:
            return None
        answers = [exit_.value for exit_ in self.file.exits_of[target] if exit_.kind is ExitKind.RETURN]
        if len(answers) != 1 or not isinstance(answers[0], Place) or answers[0].root is not Root.BINDING:
            return None
        binding = self.file.facts.bindings[int(answers[0].key)]
        own = binding.kind == "parameter" and binding.function == target
        if not own or answers[0].path or binding.member or binding.position >= len(call.arguments):
            return None
        return call.arguments[binding.position]

    def _handed_out(self, call: Call) -> Place | None:
        """What a function of this file answers with whoever asks: `function all() { return dialogs; }`.

        A method that is asked of the instance itself answers with its field: `tracks() { return this._tracks; }`.
        """
        target = self.file.target_of(call)
        answers = {
            exit_.value
            for exit_ in (self.file.exits_of[target] if target is not None and not call.constructs else ())
            if exit_.kind is ExitKind.RETURN
        }
        answer = answers.pop() if len(answers) == 1 else None
        if isinstance(answer, Place) and answer.root is Root.SELF and len(answer.path) == 1:
            asked = self.file.resolve(call.receiver) if call.receiver is not None else None
            return answer if asked is not None and asked.root is Root.SELF and not asked.path else None
        if not isinstance(answer, Place) or answer.root not in (Root.BINDING, Root.GLOBAL):
            return None
        binding = self.file.binding(answer)
        own = binding is not None and (binding.function == target or binding.kind == "import")
        return None if own or (binding is None and not answer.path) else answer

    def _binding_source(self, index: int) -> Place | None:
        file = self.file
        binding = file.facts.bindings[index]
        value = unwrapped(binding.value)
        if isinstance(value, Compound) and value.operator == "element":
            base = self.canonical(value.parts[0])
            if base is None:
                return None
            member = tuple(step for step in binding.member if not step.isdigit())
            return Place(base.root, base.key, (*base.path, "[]", *member))
        if binding.kind == "parameter":
            return self._parameter_source(index)
        if isinstance(value, Place) and value.root is Root.RESULT and not value.path and not binding.member:
            if len(file.writes_at[Place(Root.BINDING, index)]) <= 1:
                return self._result_source(file.facts.calls[int(value.key)])
        return None

    def listed(self, value: Value | None) -> tuple[Value, ...]:
        """What a name stands for in turn that walks over a list written out: `for each in (self.log, self.socket)`."""
        binding = self.file.binding(value) if isinstance(value, Place) and not value.path else None
        walked = unwrapped(binding.value) if binding is not None and not binding.member else None
        if not isinstance(walked, Compound) or walked.operator != "element":
            return ()
        items = unwrapped(walked.parts[0])
        return items.items if isinstance(items, Sequence) else ()

    def _parameter_source(self, index: int) -> Place | None:
        """The parameter of a callback that walks over a collection is an element of it; the third one is all of it.

        (ECMA-262, 23.1.3.15: `forEach` calls with the element, its index, and the list itself.)
        """
        binding = self.file.facts.bindings[index]
        fate = self.file.facts.functions[binding.function].fate
        if fate.kind is not FateKind.ARGUMENT or fate.position != 0 or binding.position not in (0, 2):
            return None
        call = self.file.facts.calls[fate.call]
        if self.file.called(call) not in VISITS or call.receiver is None:
            return None
        base = self.canonical(call.receiver)
        if binding.position == 2:
            return base if self.file.called(call) not in ("each", "reduce") and not binding.member else None
        return Place(base.root, base.key, (*base.path, "[]", *binding.member)) if base is not None else None

    @cached_property
    def calls_on(self) -> dict[Place, list[Call]]:
        """Calls by the place that they are asked of."""
        found: dict[Place, list[Call]] = {}
        for call in self.file.facts.calls:
            place = self.canonical(call.receiver)
            if place is not None:
                found.setdefault(place, []).append(call)
        return found

    # Sameness

    def same(self, one: Value | None, other: Value | None, depth: int = 0) -> bool:
        """Whether two values are certainly the same one: a place, a closure, a constant, an equal pure look-up."""
        one, other = unwrapped(one), unwrapped(other)
        if one is None or other is None or depth > _LIMIT:
            return one is other
        first, second = self.file.constant(one), self.file.constant(other)
        if first is not None or second is not None:
            return first == second
        a, b = self.canonical(one), self.canonical(other)
        if a is not None and b is not None:
            return a == b or self._equal_lookup(a, b, depth)
        if isinstance(one, Compound) and isinstance(other, Compound):
            return (
                one.operator == other.operator
                and len(one.parts) == len(other.parts)
                and bool(one.parts)
                and all(self.same(x, y, depth + 1) for x, y in zip(one.parts, other.parts, strict=True))
            )
        return one == other

    def _equal_lookup(self, a: Place, b: Place, depth: int) -> bool:
        """`document.querySelector("x")` twice is the same element; `matchMedia(q)` twice is not."""
        if a.root is not Root.RESULT or b.root is not Root.RESULT or a.path != b.path:
            return False
        one, other = self.file.facts.calls[int(a.key)], self.file.facts.calls[int(b.key)]
        if one.name != other.name or one.name not in PURE_LOOKUPS or len(one.arguments) != len(other.arguments):
            return False
        return self.same(one.callee, other.callee, depth + 1) and all(
            self.same(x, y, depth + 1) for x, y in zip(one.arguments, other.arguments, strict=True)
        )
