"""Who holds it: where a place comes from, and so how long it lives."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.model.facts import (
    MODULE,
    Binding,
    Call,
    ExitKind,
    Extent,
    FateKind,
    Function,
    FunctionKind,
    UnitKind,
    Write,
)
from memlint.model.frozen import replace
from memlint.model.resource import Holder
from memlint.model.value import Compound, Place, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.holder.asking import is_handed_down, is_the_one_there_is
from memlint.semantics.holder.everybodys import of_global, of_platform
from memlint.semantics.holder.holders import Origin, either, in_common, unknown
from memlint.semantics.holder.singletons import Singletons
from memlint.semantics.names import words_of
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import is_empty, member_of, unwrapped

_LIMIT = 6


class Origins:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow, words: WordLists) -> None:
        self.file = file
        self.flow = flow
        self.words = words
        self._making = tuple(words["making verbs"])
        self.singletons = Singletons(file, words)
        self.own: frozenset[tuple[int, int]] = frozenset()
        """Parameters, by function and position, that other files fill with what is their own."""
        self._known: dict[Value, Origin] = {}

    def of(self, value: Value | None, depth: int = 0) -> Origin:
        """The origin of a value that something is handed to."""
        value = unwrapped(value)
        if depth > _LIMIT or value is None:
            return unknown("something")
        if value not in self._known:
            self._known[value] = unknown("something")  # a circle leads nowhere
            self._known[value] = self._find(value, depth)
        return self._known[value]

    def _find(self, value: Value, depth: int) -> Origin:
        if isinstance(value, Compound):
            return self._of_choice(value, depth)
        if not isinstance(value, Place):
            return Origin(Holder.CALL, "a value of this call")
        place = self.flow.canonical(value) or value
        name = self.file.name_of(value)
        known = of_global(place, name)
        if known is not None:
            return known
        if place.root is Root.RESULT:
            return self._of_result(self.file.facts.calls[int(place.key)], name, depth)
        if place.root is Root.SELF:
            return self._of_self(place, name, depth)
        return self._of_binding(self.file.facts.bindings[int(place.key)], place, name, depth)

    def _of_choice(self, value: Compound, depth: int) -> Origin:
        if value.operator == "choice" and value.parts:
            return in_common([self.of(part, depth + 1) for part in value.parts if not is_empty(part)], "one of several")
        return unknown("one of several")

    def _of_result(self, call: Call, name: str, depth: int) -> Origin:
        known = of_platform(call, name, self.file, self.words)
        if known is not None:
            return known
        if self.file.called(call) in self.words["page look-ups"]:
            return self._of_lookup(call, name, depth)
        if self.makes(call):
            return self._of_made(call, name, depth)
        return self._of_asked(call, name, depth)

    def _of_asked(self, call: Call, name: str, depth: int) -> Origin:
        """What was there before it was asked for: a value from above, the one instance."""
        if is_handed_down(call, self.file, self.words):
            return Origin(Holder.FOREIGN, f"`{name}`, handed down", call.extent, is_asked=True)
        receiver = self.of(call.receiver, depth + 1) if call.receiver is not None else None
        if is_the_one_there_is(call, receiver, self.file, self.words):
            return Origin(Holder.PROCESS, f"`{name}`, which others ask for as well", call.extent, sure=False)
        return self._of_answer(call, depth) or unknown(f"`{name}`")

    def _of_answer(self, call: Call, depth: int) -> Origin | None:
        """`pageOf(node)`, a function that answers with `node.ownerDocument || document`: the page, on every way."""
        target = self.file.target_of(call)
        exits = self.file.exits_of.get(target, ()) if target is not None and not call.constructs else ()
        answers = [self.of(exit_.value, depth + 1) for exit_ in exits if exit_.kind is ExitKind.RETURN]
        known = in_common(answers, "one of several") if answers else None
        return replace(known, sure=False) if known is not None and known.is_everybodys else None

    def _of_lookup(self, call: Call, name: str, depth: int) -> Origin:
        """An element of the page; one inside of an own element is an own one, and one inside of any is a part of it."""
        inside = self.of(call.receiver, depth + 1) if call.receiver is not None else None
        if inside is not None and inside.holder in (Holder.UNIT, Holder.CALL):
            return inside
        if inside is None or inside.holder is Holder.PROCESS:
            return Origin(Holder.FOREIGN, f"`{name}`, an element of the page", call.extent, sure=False)
        return Origin(Holder.FOREIGN, f"`{name}`, a part of what was given", call.extent, sure=False, is_part=True)

    def _of_made(self, call: Call, name: str, depth: int) -> Origin:
        """Made here: it lives as long as where it is kept."""
        fate = call.fate
        if fate.kind is FateKind.KEPT and fate.place is not None and depth < _LIMIT:
            kept = fate.place
            if kept.root is Root.SELF:
                return Origin(Holder.UNIT, f"`{self.file.name_of(kept)}`, made here", call.extent)
            if kept.root is Root.GLOBAL:
                return Origin(Holder.PROCESS, f"`{self.file.name_of(kept)}`", call.extent)
            binding = self.file.binding(kept)
            if binding is not None and binding.function == MODULE:
                return Origin(Holder.PROCESS, f"`{binding.name}` of the module", binding.extent)
        if call.function == MODULE:
            return Origin(Holder.PROCESS, f"`{name}` of the module", call.extent)
        return Origin(Holder.CALL, f"`{name}`, made in this call", call.extent)

    def _of_self(self, place: Place, name: str, depth: int) -> Origin:
        unit = self.file.facts.units[int(place.key)]
        if not place.path:
            if self.singletons.is_only_one(unit):
                return Origin(Holder.PROCESS, f"the one instance of {unit.name or 'this object'}", unit.extent)
            return Origin(Holder.UNIT, f"`{name}` itself", unit.extent)
        field = Place(place.root, place.key, place.path[:1])
        writes = [
            write
            for own in (place, field)
            for write in self.file.writes_at.get(own, ())
            if write.value is not None and not is_empty(write.value)
        ]
        if len(place.path) > 1 and place.path[1] == "[]" and any(write.place == place for write in writes):
            writes = [write for write in writes if write.place == place]  # who made the bag did not make what is in it
        writes += self._written_by_relatives(place)
        if not writes:
            if unit.kind is UnitKind.OBJECT or unit.base is not None:
                return Origin(Holder.FOREIGN, f"`{name}`, set elsewhere", unit.extent, sure=False, shown=False)
            return unknown(f"`{name}`, set elsewhere")
        origins = [self._of_field_value(write.value, write.extent, name, depth) for write in writes]
        if all(origin.holder is origins[0].holder for origin in origins):
            return origins[0]
        return either(origins) or unknown(f"`{name}`")

    def _written_by_relatives(self, place: Place) -> list[Write]:
        found = []
        for other in self.file.relatives(int(place.key)):
            found += [
                write
                for write in self.file.writes_at.get(Place(Root.SELF, other, place.path[:1]), ())
                if write.value is not None and not is_empty(write.value)
            ]
        return found

    def _of_field_value(self, value: Value | None, extent: Extent, name: str, depth: int) -> Origin:
        inner = unwrapped(value)
        call = self.file.call_of(inner)
        if call is not None and (self.makes(call)):
            return Origin(Holder.UNIT, f"`{name}`, made here", call.extent)
        if call is not None and self.file.called(call) in self.words["page look-ups"]:
            found = self._of_lookup(call, name, depth)
            if found.holder is Holder.FOREIGN:
                return found
            return Origin(Holder.UNIT, f"`{name}`, inside of what was made here", call.extent)
        origin = self.of(inner, depth + 1)
        if origin.holder is Holder.CALL:
            return Origin(Holder.UNIT, f"`{name}`, made here", extent)
        if origin.holder is Holder.FOREIGN:
            return replace(origin, phrase=f"`{name}`, handed in", extent=extent) if origin.shown else origin
        return Origin(
            origin.holder, f"`{name}`" if origin.holder is Holder.UNKNOWN else origin.phrase, extent, origin.sure
        )

    def _of_binding(self, binding: Binding, place: Place, name: str, depth: int) -> Origin:
        if binding.kind == "import":
            return Origin(Holder.PROCESS, f"`{name}`, an import", binding.extent)
        if binding.kind == "parameter":
            return self._of_parameter(binding, place, name, depth)
        if binding.function == MODULE and binding.kind != "catch":
            value = unwrapped(binding.value)
            if isinstance(value, Compound) and value.operator == "element":
                return unknown(f"`{name}`")
            if self._is_made_anew(binding):
                return Origin(Holder.CALL, f"`{name}`, made anew each time", binding.extent)
            return Origin(Holder.PROCESS, f"`{name}` of the module", binding.extent)
        values = [write.value for write in self.file.writes_at[Place(Root.BINDING, binding.index)] if write.value]
        if binding.member and binding.value is not None:
            return self.of(binding.value, depth + 1)
        if len(values) != 1:
            filled = [value for value in values if not is_empty(value)]
            return in_common([self.of(value, depth + 1) for value in filled], f"`{name}`")
        if place.path and self.file.call_of(values[0]) is not None:
            given = [write.value for write in self.file.writes_at.get(place, ()) if write.value is not None]
            if len(given) == 1:
                return self.of(given[0], depth + 1)
            made = self.of(values[0], depth + 1)
            return Origin(made.holder, f"`{name}`", binding.extent, sure=False)
        return self.of(values[0], depth + 1)

    def _is_made_anew(self, binding: Binding) -> bool:
        """A module variable that only functions fill, each time with something fresh."""
        writes = [
            write
            for write in self.file.writes_at[Place(Root.BINDING, binding.index)]
            if write.value is not None and not is_empty(write.value)
        ]
        made = [self.file.call_of(write.value) for write in writes if write.function != MODULE]
        fresh = [call for call in made if call is not None and (self.makes(call) or self._connects(call))]
        return bool(fresh) and len(fresh) == len(writes)

    def _connects(self, call: Call) -> bool:
        """`line = io.connect(url)` on every way, and not only where there is none yet."""
        is_asked = any(self.file.facts.regions[index].test is not None for index in self.file.regions_of(call.region))
        return not is_asked and bool(self.words["connecting verbs"] & set(words_of(self.file.called(call))[:1]))

    def makes(self, call: Call) -> bool:
        """Whether a call's name says that it makes something: `new X()`, `createX()`, `spawn.apply(null, …)`."""
        name = self.file.called(call)
        if name in ("apply", "call") and call.receiver is not None:
            name = self.file.name_of(call.receiver).rsplit(".", 1)[-1]
        return call.constructs or name.startswith(self._making)

    def _of_parameter(self, binding: Binding, place: Place, name: str, depth: int) -> Origin:
        function = self.file.facts.functions[binding.function]
        if not place.path and not binding.member and (binding.function, binding.position) in self.own:
            return Origin(Holder.UNIT, f"`{name}`, of whoever made both", binding.extent)
        if not place.path and (binding.function, binding.position) in self.singletons.injected:
            return Origin(Holder.UNIT, f"`{name}`, of the same injector", binding.extent)
        usual = self._by_default(binding, place, name, depth)
        if usual is not None:
            return usual
        given = self._given(binding, place.path, depth)
        if given is not None and given.holder is not Holder.UNKNOWN:
            return given
        if function.fate.kind is FateKind.ARGUMENT and function.fate.call >= 0:
            return Origin(Holder.CALL, f"`{name}`, of this callback", binding.extent, sure=False)
        if binding.name in self.words["of one event"]:
            if place.path and place.path[-1] in self.words["sockets of a request"]:
                return Origin(Holder.FOREIGN, f"`{name}`, which serves more requests", binding.extent)
            return Origin(Holder.CALL, f"`{name}`, of this call", binding.extent, sure=False)
        sure = self.lives_long(name) and len(place.path) <= 1
        return Origin(Holder.FOREIGN, f"`{name}`, handed in", binding.extent, sure)

    def _by_default(self, binding: Binding, place: Place, name: str, depth: int) -> Origin | None:
        """`target = window` is the window; `box = document.createElement("div")` is brought along, or made here."""
        if binding.default is None:
            return None
        usual = self.of(member_of(binding.default, place.path), depth + 1)
        if usual.is_everybodys:
            return replace(usual, sure=False)
        made = self.file.call_of(binding.default) if not place.path else None
        brought = Origin(Holder.FOREIGN, f"`{name}`, handed in", binding.extent)
        return either([brought, usual]) if made is not None else None

    def _given(self, binding: Binding, path: tuple[str, ...], depth: int) -> Origin | None:
        """What the callers in this file hand in, if the function is private and they all agree."""
        function = self.file.facts.functions[binding.function]
        private = self.file.is_private(function) or (
            function.fate.place is not None
            and function.fate.place.root is Root.BINDING
            and int(function.fate.place.key) not in self.file.exported_bindings
        )
        callers = self.file.callers.get(function.index, ()) if private else ()
        is_method = not private and function.kind is FunctionKind.METHOD
        if not private and function.kind is FunctionKind.CONSTRUCTOR:
            callers = self._made_along(function, binding.position)
        elif is_method:
            callers = self.file.callers.get(function.index, ())
        arguments = [call.arguments[binding.position] for call in callers if binding.position < len(call.arguments)]
        if not arguments or binding.member or depth >= _LIMIT:
            return None
        origins = [self.of(member_of(argument, path), depth + 2) for argument in arguments]
        if is_method and any(origin.holder is not Holder.UNIT for origin in origins):
            return None  # others may call it too: only what the class hands to itself, of its own, is telling
        return origins[0] if all(origin.holder is origins[0].holder for origin in origins) else None

    def _made_along(self, function: Function, position: int) -> Sequence[Call]:
        """`this.input = new Input(this)` in a constructor, and nowhere else: a part of the one who made it."""
        made = self.file.callers.get(function.index, ())
        return made if all(self._gives_itself(call, position) for call in made) else ()

    def _gives_itself(self, call: Call, position: int) -> bool:
        given = call.arguments[position] if position < len(call.arguments) else None
        here = self.file.facts.functions[call.function]
        own = isinstance(given, Place) and given.root is Root.SELF and not given.path
        return own and here.kind is FunctionKind.CONSTRUCTOR

    def lives_long(self, name: str) -> bool:
        """Whether the last word of a path tells of something that mostly outlives those who listen to it."""
        words = words_of(name.rsplit(".", 1)[-1])
        known = self.words["outliving owners"]
        return bool(words) and (
            words[-1].removesuffix("s") in known or any(len(one) > 3 and words[-1].endswith(one) for one in known)
        )
