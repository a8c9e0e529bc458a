"""What a framework takes out of the page, whichever way it is written, and what it runs then."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Call, FateKind, Function, Unit, UnitKind
from memlint.model.frozen import frozen
from memlint.model.value import Place, Value
from memlint.semantics.names import is_hook_name, words_of
from memlint.semantics.running.effects import cleanups_of
from memlint.semantics.value.values import inner_values


@frozen
class TakenOut:
    """A component: what it is called, and the functions that run when it goes."""

    name: str
    leaving: tuple[int, ...]


class TakenOuts:
    """Answers for one file, by `seen.once(TakenOuts)`; each component is described once."""

    def __init__(self, seen: Insight) -> None:
        self._seen = seen
        hooks = seen.words["hooks of components"]
        self._drawing = {call.function for name in hooks for call in seen.file.calls_named.get(name, ())}
        self._decorated = seen.file.decorated(seen.words["decorators of components"])
        self._known: dict[tuple[int, int], TakenOut | None] = {}

    def around(self, function: int) -> TakenOut | None:
        """The component to which what runs in a function belongs; None if nothing says that a framework has one."""
        file = self._seen.file
        unit = file.unit_of(function)
        for here in file.enclosing(function):
            if here.index not in (function, MODULE) and self._is_drawn(here):
                return self._remembered((here.index, -1), here, None)
        return self._remembered((-1, unit.index), None, unit) if unit is not None else None

    def _remembered(self, key: tuple[int, int], here: Function | None, unit: Unit | None) -> TakenOut | None:
        if key not in self._known:
            own = self._of_unit(unit) if unit is not None else None
            self._known[key] = self._of_function(here) if here is not None else own
        return self._known[key]

    def _is_drawn(self, here: Function) -> bool:
        """A function that is drawn as a component, or sets one up; a hook is ended by whoever uses it."""
        return (here.index in self._drawing and not is_hook_name(here.name)) or (
            here.unit >= 0 and here.name in self._seen.words["setting up a component"]
        )

    def _of_function(self, here: Function) -> TakenOut:
        return TakenOut(here.name, tuple(dict.fromkeys(self._run_at_the_end(here))))

    def _run_at_the_end(self, here: Function) -> Iterator[int]:
        """The cleanups of effects, and all that is handed to hooks that nobody knows, which may well run it then."""
        seen = self._seen
        yield from (function.index for function in cleanups_of(here.index, seen.file, seen.words))
        for inner in seen.file.inside(here.index):
            for call in seen.file.calls_in.get(inner, ()):
                name = seen.file.called(call)
                if name in seen.words["effects"]:
                    yield from self._answered(call)
                elif name in seen.vocabulary.told or self._may_run_it(name):
                    yield from self._functions(call.arguments)

    def _may_run_it(self, name: str) -> bool:
        words = self._seen.words
        is_told = words.any_of("being there", words_of(name))  # `tryOnUnmounted(stop)`
        return is_told or (is_hook_name(name) and name not in words["hooks of components"])

    def _answered(self, effect: Call) -> Iterator[int]:
        """`useEffect(() => stop)`, where `const stop = useCallback(() => …)`, or what that is given right there."""
        for function in self._functions(effect.arguments[:1]):
            for exit_ in self._seen.file.exits_of.get(function, ()):
                yield from self._functions((exit_.value,))

    def _functions(self, values: tuple[Value | None, ...]) -> Iterator[int]:
        file = self._seen.file
        for value in (inner for each in values for inner in inner_values(each)):
            made = file.call_of(value)
            for one in (value, *(made.arguments if made is not None else ())):
                function = file.behind(one)
                if function is not None:
                    yield function

    def _of_unit(self, unit: Unit) -> TakenOut | None:
        if not self._is_component(unit) or self._may_be_ended_by_its_base(unit):
            return None
        seen, file = self._seen, self._seen.file
        last = seen.words["last hooks in one word"]
        units = [unit, *(file.facts.units[other] for other in file.relatives(unit.index))]
        methods = [(name, at) for each in units for name, at in each.methods]
        leaving = [at for name, at in methods if name in last or seen.vocabulary.ends_for_good(name)]
        own = {at for _, at in methods}
        told = (one.index for at in own for one in seen.reach.teardowns(at) if one.index not in own)
        return TakenOut(unit.name, tuple(dict.fromkeys((*leaving, *told))))

    def _may_be_ended_by_its_base(self, unit: Unit) -> bool:
        """Whether it extends a class of another file that is no framework's: its last hook may call any method."""
        words, base = self._seen.words, unit.base
        if base is None or not self._seen.file.extends_what_is_elsewhere(unit.index):
            return False
        name = (base.path or (self._seen.file.name_of(base),))[-1] if isinstance(base, Place) else ""
        return name not in words["bases of components with state"] | words["bases of own elements"]

    def _is_component(self, unit: Unit) -> bool:
        words, names = self._seen.words, {name for name, _ in unit.methods}
        if unit.kind is UnitKind.OBJECT:
            shown = unit.fate.kind in (FateKind.EXPORTED, FateKind.ARGUMENT)
            return shown and not names.isdisjoint(words["methods of a component's options"])
        if unit.index in self._decorated:
            return True
        if isinstance(unit.base, Place):
            base = (unit.base.path or (self._seen.file.name_of(unit.base),))[-1]
            drawn = not names.isdisjoint(words["methods of a component with state"])
            return (drawn and base in words["bases of components with state"]) or base in words["bases of own elements"]
        return False


def is_whole_page(component: TakenOut, seen: Insight) -> bool:
    """Whether its name says that it is the whole page, which nobody takes out."""
    words = tuple(word for word in words_of(component.name) if word not in seen.words["kinds of components"])
    return bool(words) and all(word in seen.words["names of the whole page"] for word in words)
