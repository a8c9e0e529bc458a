from __future__ import annotations

import pickle
import re
import subprocess
import sys

import pytest

from memlint.languages.python.source import lower
from memlint.model.exchange import Export, Import
from memlint.model.facts import (
    MODULE,
    Binding,
    Call,
    DirectiveKind,
    ExitKind,
    Facts,
    Fate,
    FateKind,
    Function,
    FunctionKind,
    RegionKind,
    Write,
)
from memlint.model.finding import ProblemKind
from memlint.model.source import span_of
from memlint.model.value import Closure, Compound, Constant, Place, Record, Root, Sequence


def facts(source: str) -> Facts:
    found, problems = lower("a.py", source.encode(), frozenset(re.findall(r"\w+", source)))
    assert not problems
    return found


def binding(found: Facts, name: str) -> Binding:
    (one,) = [candidate for candidate in found.bindings if candidate.name == name]
    return one


def local(found: Facts, name: str, *path: str) -> Place:
    return Place(Root.BINDING, binding(found, name).index, path)


def function(found: Facts, name: str) -> Function:
    (one,) = [candidate for candidate in found.functions if candidate.name == name]
    return one


def call(found: Facts, name: str) -> Call:
    (one,) = [candidate for candidate in found.calls if candidate.name == name]
    return one


def write(found: Facts, place: Place) -> Write:
    (one,) = [candidate for candidate in found.writes if candidate.place == place]
    return one


def regions(found: Facts, name: str) -> list[str]:
    index, kinds = call(found, name).region, []
    while index >= 0:
        kinds.append(found.regions[index].kind.value)
        index = found.regions[index].parent
    return kinds


def itself(*path: str, unit: int = 0) -> Place:
    return Place(Root.SELF, unit, path)


def outside(name: str, *path: str) -> Place:
    return Place(Root.GLOBAL, name, path)


def result(index: int, *path: str) -> Place:
    return Place(Root.RESULT, index, path)


# Names


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("x = 1", "const"),
        ("x: int = 1", "const"),
        ("x, y = 1, 2", "const"),
        ("with open(p) as x: pass", "const"),
        ("x = 1\nx = 2", "let"),
        ("x = 1\nx += 2", "let"),
        ("x = 1\ndel x", "let"),
        ("for x in y: pass", "let"),
        ("while y: x = 1", "let"),
        ("[0 for x in y]", "let"),
        ("x = 1\ndef f():\n    global x\n    x = 2", "let"),
        ("def f():\n    global x\n    x = 2", "let"),
        ("def f():\n    def g():\n        nonlocal x\n        x = 1\n    x = 2", "let"),
        ("def f(x): pass", "parameter"),
        ("import x", "import"),
        ("def x(): pass", "function"),
        ("class x: pass", "class"),
        ("try: pass\nexcept E as x: pass", "catch"),
    ],
)
def test_a_name_is_of_a_kind(source: str, kind: str) -> None:
    assert binding(facts(source), "x").kind == kind


def test_an_unbound_name_is_global() -> None:
    assert call(facts("print(1)"), "print").callee == outside("print")


def test_a_name_belongs_to_the_function_that_assigns_it() -> None:
    found = facts("x = 1\ndef f():\n    x = 2\n    g(x)")

    outer, inner = [one for one in found.bindings if one.name == "x"]
    assert (outer.function, inner.function) == (MODULE, 1)
    assert call(found, "g").arguments == (Place(Root.BINDING, inner.index),)


def test_a_name_is_local_before_it_is_assigned() -> None:
    found = facts("x = 1\ndef f():\n    g(x)\n    x = 2")

    assert call(found, "g").arguments == (Place(Root.BINDING, found.bindings[2].index),)
    assert found.bindings[2].function == 1


def test_a_function_sees_names_bound_after_it() -> None:
    found = facts("def f():\n    g(x)\nx = 1")

    assert call(found, "g").arguments == (local(found, "x"),)


def test_global_reaches_the_module() -> None:
    found = facts("x = None\ndef f():\n    global x\n    x = open(p)")

    first, second = found.writes
    assert (first.operator, first.value, first.function) == ("declare", Constant(None), MODULE)
    assert (second.place, second.operator, second.function) == (local(found, "x"), "=", 1)
    assert binding(found, "x").value == Constant(None)


def test_nonlocal_reaches_the_function_around() -> None:
    found = facts("x = 0\ndef f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2")

    outer, inner = [one for one in found.bindings if one.name == "x"]
    assert (outer.function, inner.function) == (MODULE, 1)
    assert found.writes[-1].place == Place(Root.BINDING, inner.index)


def test_the_scope_of_a_class_is_not_seen_in_its_methods() -> None:
    found = facts("size = 1\nclass A:\n    size = 2\n    f(size)\n    def m(self):\n        g(size)")

    assert call(found, "f").arguments == (itself("size"),)
    assert call(found, "g").arguments == (local(found, "size"),)


def test_a_comprehension_has_a_scope_of_its_own() -> None:
    found = facts("x = 1\ny = [f(x) for x in x]\ng(x)")

    outer, inner = [one for one in found.bindings if one.name == "x"]
    assert found.regions[call(found, "f").region].test == Place(Root.BINDING, outer.index)
    assert call(found, "f").arguments == (Place(Root.BINDING, inner.index),)
    assert call(found, "g").arguments == (Place(Root.BINDING, outer.index),)


def test_a_walrus_in_a_comprehension_binds_outside() -> None:
    found = facts("def f(ys):\n    [(x := g(y)) for y in ys]\n    return x")

    assert found.exits[0].value == local(found, "x")
    assert call(found, "g").fate == Fate(FateKind.KEPT, local(found, "x"))


def test_a_use_tells_the_members_taken_of_it() -> None:
    found = facts("def f(a):\n    return lambda: a.b.c()")

    (use,) = found.uses
    assert (use.binding, use.extent, use.function, use.path) == (binding(found, "a").index, (29, 30), 2, ("b", "c"))


def test_names_taken_apart_remember_their_member() -> None:
    found = facts("(a, *b), c = f()")

    assert [(one.name, one.value, one.member) for one in found.bindings] == [
        ("a", result(0), ("0", "0")),
        ("b", result(0), ("0", "...")),
        ("c", result(0), ("1",)),
    ]
    assert write(found, local(found, "c")).value == result(0, "1")


def test_assignments_side_by_side_are_each_their_own() -> None:
    found = facts("a, b.c = f(), []")

    assert call(found, "f").fate == Fate(FateKind.KEPT, local(found, "a"))
    assert write(found, outside("b", "c")).value == Sequence(())


# Units


def test_self_is_the_unit_and_no_parameter() -> None:
    found = facts("class A(B):\n    def __init__(self, bus):\n        self.bus = bus")

    (unit,) = found.units
    method = function(found, "__init__")
    assert (unit.name, unit.base, unit.binding) == ("A", outside("B"), binding(found, "A").index)
    assert unit.methods == (("__init__", 1), ("constructor", 1))
    assert (method.kind, method.unit, method.parameters) == (FunctionKind.CONSTRUCTOR, 0, ("bus",))
    assert binding(found, "bus").position == 0
    assert write(found, itself("bus")).value == local(found, "bus")


def test_self_is_seen_in_functions_inside() -> None:
    found = facts("class A:\n    def m(this):\n        return lambda: this.n.close()")

    assert call(found, "close").receiver == itself("n")


def test_self_in_a_nested_class_is_the_inner_one() -> None:
    found = facts("class A:\n    class B:\n        def m(self): self.x = 1")

    assert found.writes[0].place == itself("x", unit=1)
    assert [unit.binding for unit in found.units] == [0, -1]


@pytest.mark.parametrize(
    ("decorator", "kind", "is_static", "parameters"),
    [
        ("", FunctionKind.METHOD, False, ("b",)),
        ("@staticmethod\n    ", FunctionKind.METHOD, True, ("a", "b")),
        ("@classmethod\n    ", FunctionKind.METHOD, True, ("b",)),
        ("@property\n    ", FunctionKind.GETTER, False, ("b",)),
        ("@functools.cached_property\n    ", FunctionKind.GETTER, False, ("b",)),
        ("@m.setter\n    ", FunctionKind.SETTER, False, ("b",)),
    ],
)
def test_methods_by_decorator(decorator: str, kind: FunctionKind, is_static: bool, parameters: tuple[str, ...]) -> None:
    method = function(facts(f"class A:\n    {decorator}def m(a, b): pass"), "m")

    assert (method.kind, method.is_static, method.parameters, method.unit) == (kind, is_static, parameters, 0)
    assert method.fate == Fate(FateKind.KEPT, itself("m"))


def test_a_field_of_a_class_is_the_same_place_however_it_is_reached() -> None:
    found = facts(
        "class A:\n    cache = {}\n    @classmethod\n    def f(cls): cls.cache[1] = 1\n"
        "    def g(self): self.cache[2] = 2\ndef h(): A.cache[3] = 3"
    )

    assert [(one.place.root, one.place.key, one.place.path, one.operator) for one in found.writes] == [
        (Root.SELF, 0, ("cache",), "static field"),
        (Root.SELF, 0, ("cache", "1"), "="),
        (Root.SELF, 0, ("cache", "2"), "="),
        (Root.SELF, 0, ("cache", "3"), "="),
    ]


def test_a_method_called_on_the_class_stays_with_the_name() -> None:
    found = facts("class A:\n    def m(self): pass\nA.m(a)")

    assert call(found, "m").callee == local(found, "A", "m")


@pytest.mark.parametrize("base", ["super()", "super(A, self)"])
def test_super_is_no_call(base: str) -> None:
    found = facts(f"class A:\n    def close(self): {base}.close()")

    assert [one.callee for one in found.calls] == [outside("super", "close")]


def test_a_class_is_its_name_s_value() -> None:
    assert binding(facts("class A: pass\nclass B: pass"), "B").value == Compound("class", (Constant(1.0),))


# Functions


def test_a_definition_is_kept_by_its_name() -> None:
    found = facts("async def f(a, /, b=[], *c, d, **e):\n    yield a")

    made = function(found, "f")
    assert made.fate == Fate(FateKind.KEPT, local(found, "f"))
    assert (made.parameters, made.is_async, made.is_generator) == (("a", "b", "c", "d", "e"), True, True)
    assert (binding(found, "b").value, binding(found, "d").position) == (Sequence(()), 3)
    assert binding(found, "f").value == Closure(1)


def test_decorators_are_values_and_their_calls_happen_outside() -> None:
    found = facts("import functools\n@functools.lru_cache(maxsize=None)\n@functools.wraps\ndef f(): pass")

    assert function(found, "f").decorators == (result(0), local(found, "functools", "wraps"))
    made = call(found, "lru_cache")
    assert (made.function, made.fate.kind) == (MODULE, FateKind.RECEIVER)
    assert made.arguments == (Record((("maxsize", Constant(None)),)),)


@pytest.mark.parametrize(
    ("source", "fate"),
    [
        ("f(0, lambda: 1)", Fate(FateKind.ARGUMENT, call=0, position=1)),
        ("g = lambda: 1", Fate(FateKind.KEPT, Place(Root.BINDING, 0))),
        ("f(key=lambda: 1)", Fate(FateKind.ELEMENT)),
        ("def f(): return lambda: 1", Fate(FateKind.RETURNED)),
        ("(lambda: 1)()", Fate(FateKind.RECEIVER, call=0)),
    ],
)
def test_the_fate_of_a_lambda(source: str, fate: Fate) -> None:
    (made,) = [one for one in facts(source).functions if one.kind is FunctionKind.ARROW]
    assert made.fate == fate


def test_a_lambda_returns_its_body_and_is_named_by_its_place() -> None:
    found = facts("class A:\n    key = lambda self: self.x")

    assert found.exits[0].value == itself("x")
    assert (function(found, "key").unit, found.units[0].methods) == (0, (("key", 1),))


# Calls and their fates


@pytest.mark.parametrize(
    ("source", "fate"),
    [
        ("f()", Fate(FateKind.DISCARDED)),
        ("await f()", Fate(FateKind.DISCARDED)),
        ("x = f()", Fate(FateKind.KEPT, Place(Root.BINDING, 0))),
        ("x = await f()", Fate(FateKind.KEPT, Place(Root.BINDING, 0))),
        ("x = y or f()", Fate(FateKind.KEPT, Place(Root.BINDING, 0))),
        ("x = f() if y else None", Fate(FateKind.KEPT, Place(Root.BINDING, 0))),
        ("x = z = f()", Fate(FateKind.KEPT, Place(Root.BINDING, 1))),
        ("a.b = f()", Fate(FateKind.KEPT, Place(Root.GLOBAL, "a", ("b",)))),
        ("a[k] = f()", Fate(FateKind.KEPT, Place(Root.GLOBAL, "a", ("[]",)))),
        ("g(1, f())", Fate(FateKind.ARGUMENT, call=0, position=1)),
        ("f().g()", Fate(FateKind.RECEIVER, call=0)),
        ("x = f().g", Fate(FateKind.RECEIVER)),
        ("x = [f()]", Fate(FateKind.ELEMENT)),
        ("x = {1: f()}", Fate(FateKind.ELEMENT)),
        ("if f(): pass", Fate(FateKind.TESTED)),
        ("f() and g()", Fate(FateKind.TESTED)),
        ("x = f'{f()}'", Fate(FateKind.OTHER)),
        ("for x in f(): pass", Fate(FateKind.OTHER)),
    ],
)
def test_the_fate_of_a_result(source: str, fate: Fate) -> None:
    assert call(facts(source), "f").fate == fate


def test_a_returned_result() -> None:
    found = facts("def g(): return f()")

    assert call(found, "f").fate == Fate(FateKind.RETURNED)
    assert [(one.kind, one.value, one.function) for one in found.exits] == [(ExitKind.RETURN, result(0), 1)]


def test_keywords_follow_as_one_record() -> None:
    found = facts("f(1, *a, b=2, **c)")

    assert call(found, "f").arguments == (
        Constant(1),
        Compound("spread", (outside("a"),)),
        Record((("b", Constant(2)), ("[]", Compound("spread", (outside("c"),))))),
    )


@pytest.mark.parametrize(
    ("source", "constructs"),
    [("a.Queue()", True), ("_Pool()", True), ("open()", False), ("a.B.of()", False)],
)
def test_a_capital_letter_constructs(source: str, constructs: bool) -> None:
    assert facts(source).calls[0].constructs is constructs


def test_cls_constructs() -> None:
    found = facts("class A:\n    @classmethod\n    def of(cls): return cls()")

    assert (found.calls[0].callee, found.calls[0].constructs) == (itself(), True)


def test_a_call_knows_its_name_s_place_and_whether_it_is_awaited() -> None:
    found = facts("await a.b(c)")

    made = call(found, "b")
    assert (made.extent, made.name_extent, made.awaited) == ((6, 12), (8, 9), True)
    assert [(one.kind, one.value, one.extent) for one in found.exits] == [(ExitKind.AWAIT, result(0), (0, 12))]


# Values


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'a' \"b\"", Constant("ab")),
        ("'a' + 'b'", Constant("ab")),
        (r"'\n'", Constant("\n")),
        ("'''a'''", Constant("a")),
        ("b'a'", Constant("a")),
        ("f'a'", Constant("a")),
        ("-1", Constant(-1)),
        ("None", Constant(None)),
        ("(1, 2)", Sequence((Constant(1), Constant(2)))),
        ("{1}", Sequence((Constant(1),))),
        ("[*a]", Sequence((Compound("spread", (outside("a"),)),))),
        ("{'a': 1, b: 2}", Record((("a", Constant(1)), ("[]", Constant(2))))),
        ("a['k'].b", outside("a", "k", "b")),
        ("a[0]", outside("a", "0")),
        ("a[k]", outside("a", "[]")),
        ("a[1:]", Compound("slice", (outside("a"), Constant(1), Constant(None)))),
        ("(a or b)[0]", Compound("member", (Compound("choice", (outside("a"), outside("b"))), Constant("0")))),
        ("f'{a} b'", Compound("template", (outside("a"), Constant(" b")))),
        ("a if b else c", Compound("choice", (outside("a"), outside("c")))),
        ("a and b", Compound("&&", (outside("a"), outside("b")))),
        ("not a", Compound("not", (outside("a"),))),
        ("a is None", Compound("===", (outside("a"), Constant(None)))),
        ("a not in b", Compound("not", (Compound("in", (outside("a"), outside("b"))),))),
        (
            "a < b < c",
            Compound("&&", (Compound("<", (outside("a"), outside("b"))), Compound("<", (outside("b"), outside("c"))))),
        ),
    ],
)
def test_a_value(source: str, value: object) -> None:
    assert binding(facts(f"x = {source}"), "x").value == value


@pytest.mark.parametrize(
    ("source", "operator"), [("[f(y) for y in a]", "comprehension"), ("(f(y) for y in a)", "generator")]
)
def test_a_comprehension_is_a_loop(source: str, operator: str) -> None:
    found = facts(f"x = {source}")

    assert binding(found, "x").value == Compound(operator, (outside("a"), result(0)))
    assert regions(found, "f") == ["loop", "body"]


# Writes


def test_a_subscript_tells_its_key() -> None:
    found = facts("def f(k):\n    t[k] = 1\n    del t[k]")

    assert [(one.place, one.operator, one.value, one.key) for one in found.writes] == [
        (outside("t", "[]"), "=", Constant(1), local(found, "k")),
        (outside("t", "[]"), "delete", None, local(found, "k")),
    ]


def test_a_slice_is_written_as_a_computed_member() -> None:
    (one,) = facts("del a[:-9]").writes
    assert (one.place, one.key) == (outside("a", "[]"), Compound("slice", (Constant(None), Constant(-9))))


def test_an_augmented_assignment_uses_its_target() -> None:
    found = facts("x = 1\nx += 2")

    assert [one.operator for one in found.writes] == ["declare", "+="]
    assert [one.binding for one in found.uses] == [0]


def test_what_a_loop_hands_out_is_an_element() -> None:
    found = facts("class A:\n    def close(self):\n        for t in self.ts: t.cancel()")

    assert binding(found, "t").value == Compound("element", (itself("ts"),))
    assert regions(found, "cancel") == ["loop", "body"]


@pytest.mark.parametrize("source", ["with open(p) as f: g()", "async with open(p) as f: g()"])
def test_with_manages_a_name(source: str) -> None:
    found = facts(source)

    assert call(found, "open").fate == Fate(FateKind.KEPT, local(found, "f"))
    one = write(found, local(found, "f"))
    assert (one.operator, one.value) == ("with", result(0))
    assert binding(found, "f").value == result(0)
    assert regions(found, "g") == ["body"]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("with lock.held(1): pass", result(0)),
        ("async with await lock.held(1): pass", result(0)),
        ("with lock: pass", outside("lock")),
    ],
)
def test_with_manages_what_has_no_name(source: str, place: Place) -> None:
    (one,) = facts(source).writes
    assert (one.place, one.value, one.operator) == (place, place, "with")


def test_with_manages_a_member() -> None:
    found = facts("class A:\n    def m(self):\n        with open(p) as self.f: pass")

    assert call(found, "open").fate == Fate(FateKind.KEPT, itself("f"))
    assert [(one.place, one.operator) for one in found.writes] == [(itself("f"), "with")]


# Regions


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("if a: f()", ["then", "body"]),
        ("if a: pass\nelse: f()", ["else", "body"]),
        ("if a: pass\nelif b: f()", ["then", "else", "body"]),
        ("while f(): pass", ["loop", "body"]),
        ("for x in f(): pass", ["body"]),
        ("for x in y: pass\nelse: f()", ["else", "body"]),
        ("try: f()\nfinally: pass", ["try", "body"]),
        ("try: pass\nexcept E: f()", ["catch", "body"]),
        ("try: pass\nexcept E: pass\nelse: f()", ["else", "body"]),
        ("try: pass\nfinally:\n    if a: f()", ["then", "finally", "body"]),
        ("match a:\n    case 1: f()", ["case", "body"]),
        ("match a:\n    case b if b: f()", ["then", "case", "body"]),
        ("x and f()", ["then", "body"]),
        ("x or f()", ["else", "body"]),
        ("[0 for x in y if f()]", ["loop", "body"]),
        ("[f() for x in y if x]", ["then", "loop", "body"]),
        ("def g():\n    if a: f()", ["then", "body"]),
        ("class A:\n    if a: f()", ["then", "body"]),
    ],
)
def test_a_call_stands_in_regions(source: str, kinds: list[str]) -> None:
    assert regions(facts(source), "f") == kinds


def test_a_region_knows_its_test_and_extent() -> None:
    found = facts("if a:\n    f()\nelse:\n    pass")

    assert [(one.kind, one.test, one.extent) for one in found.regions[1:]] == [
        (RegionKind.THEN, outside("a"), (10, 13)),
        (RegionKind.ELSE, outside("a"), (14, 28)),
    ]


def test_the_test_of_a_while_is_known_though_it_runs_inside() -> None:
    assert facts("while f(): pass").regions[1].test == result(0)


def test_patterns_capture() -> None:
    found = facts("match a:\n    case Point(x=0, y=[y, *z]) | {'k': y, **z}: f()\n    case w: pass")

    part = Compound("element", (outside("a"),))
    inner = Compound("element", (part,))
    assert [(found.bindings[int(one.place.key)].name, one.value) for one in found.writes] == [
        ("y", inner),
        ("z", inner),
        ("z", part),
        ("y", part),
        ("w", outside("a")),
    ]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("def f(): raise E", ExitKind.THROW),
        ("def f(): yield E", ExitKind.YIELD),
        ("def f(): yield from E", ExitKind.YIELD),
        ("async def f(): await E", ExitKind.AWAIT),
        ("async def f():\n    async for x in E: pass", ExitKind.AWAIT),
        ("async def f():\n    async with E: pass", ExitKind.AWAIT),
    ],
)
def test_ways_out(source: str, kind: ExitKind) -> None:
    assert [(one.kind, one.value, one.function) for one in facts(source).exits] == [(kind, outside("E"), 1)]


# Modules


@pytest.mark.parametrize(
    ("source", "module", "name"),
    [
        ("import a", "a", "*"),
        ("import a.b", "a", "*"),
        ("import a.b as c", "a.b", "*"),
        ("from a import b", "a", "b"),
        ("from a.b import c as d", "a.b", "c"),
        ("from . import a", ".", "a"),
        ("from ..a.b import c", "..a.b", "c"),
        ("def f():\n    from a import b", "a", "b"),
    ],
)
def test_an_import(source: str, module: str, name: str) -> None:
    found = facts(source)

    (entry,) = found.imports
    assert (entry.module, entry.name, found.bindings[entry.binding].kind) == (module, name, "import")


def test_one_name_can_be_imported_in_two_ways() -> None:
    found = facts("try: import a as x\nexcept E: import b as x")

    assert found.imports == (Import(0, "a", "*"), Import(0, "b", "*"))


def test_public_names_are_exported() -> None:
    found = facts("from __future__ import annotations\nimport os\nfrom .a import b as c\nx = 1\n_y = 2\ndef f(): z = 1")

    assert found.exports == (
        Export("c", None, ".a", "b"),
        Export("x", local(found, "x")),
        Export("f", local(found, "f")),
    )


def test_what_is_listed_is_exported_too() -> None:
    found = facts("__all__ = ['_y']\n_y = 2\nfrom .a import *")

    assert found.exports == (Export("*", None, ".a", "*"), Export("_y", local(found, "_y")))


# Directives


def test_directives_are_comments_only() -> None:
    found = facts(
        "f()  # memlint-disable-line MEM101, MEM102 -- one per run\n"
        's = "# memlint-disable-line MEM103 -- text"\n'
        "# noqa: E501  # memlint-disable-file uncleared-timer -- why # leaks: this\n"
    )

    assert [(one.kind, one.rules, one.reason, one.line, one.extent) for one in found.directives] == [
        (DirectiveKind.LINE, ("MEM101", "MEM102"), "one per run", 1, (5, 57)),
        (DirectiveKind.FILE, ("uncleared-timer",), "why", 3, (102, 175)),
    ]


def test_a_misspelt_directive_names_itself() -> None:
    (one,) = facts("f()  # memlint-disable-nextline MEM101 -- why").directives

    assert (one.kind, one.rules) == (DirectiveKind.LINE, ("memlint-disable-nextline",))


def test_directives_are_read_where_nothing_else_is() -> None:
    found, problems = lower("a.py", b"if:  # memlint-disable-line MEM101 -- why", frozenset({"memlint"}))

    assert (len(found.directives), problems) == (1, ())


# What is read, and what is not


@pytest.mark.parametrize("source", ["'open'", "# open", "r'''a\n open'''", "opened()", r"'\' open'"])
def test_a_word_in_text_wakes_nothing(source: str) -> None:
    found, problems = lower("a.py", f"x = 1; {source}".encode(), frozenset({"open"}))

    assert (len(found.functions), len(found.regions), found.bindings, problems) == (1, 1, (), ())


@pytest.mark.parametrize("source", ["open(p)", "a.open", "f'{open(p)}'", "'a' 'b'; open"])
def test_a_word_in_code_wakes_all(source: str) -> None:
    assert lower("a.py", f"x = 1; {source}".encode(), frozenset({"open"}))[0].bindings


def test_a_file_without_a_word_costs_no_parser() -> None:
    code = (
        "import sys; from memlint.languages.python.source import lower; lower('a.py', b'x = 1', frozenset({'open'}));"
        "assert 'libcst' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"f(\n\n", ProblemKind.UNPARSED, "line 1: '(' was never closed"),
        (b"f()\nprint 'x'\n", ProblemKind.UNPARSED, "line 2: Missing parentheses"),
        (b"f('\xe9')\n", ProblemKind.ENCODING, "not UTF-8 at byte 3"),
        ("# coding: latin-1\nf('é')\n".encode(), ProblemKind.ENCODING, "declares the encoding latin-1"),
        (b"f(" * 20000, ProblemKind.TOO_DEEP, "nested too deeply"),
        (b"f(" + b"lambda a,b:" * 20000 + b"1)", ProblemKind.TOO_DEEP, "nested too deeply"),
        (b"f(" + b"1+" * 20000 + b"1)", ProblemKind.TOO_DEEP, "nested too deeply"),
        (b"x = f'{" + b"f(" * 20000 + b")" * 20000 + b"}'", ProblemKind.TOO_DEEP, "nested too deeply"),
        (b"if f: pass\n" + b"elif f: pass\n" * 20000, ProblemKind.TOO_DEEP, "nested too deeply"),
        (b"match f:\n case " + b"[" * 40 + b"]" * 40 + b": pass\n", ProblemKind.TOO_DEEP, "nested too deeply"),
    ],
    ids=range(10),
)
def test_what_cannot_be_read_is_told(data: bytes, kind: ProblemKind, message: str) -> None:
    found, (problem,) = lower("a.py", data, frozenset({"f"}))

    assert (problem.kind, problem.path) == (kind, "a.py")
    assert message in problem.message
    assert "\n" not in problem.message
    assert (len(found.functions), found.calls) == (1, ())


def test_long_chains_are_ordinary() -> None:
    found = facts("x = a" + ".b()" * 300 + " + 1" * 200)

    assert len(found.calls) == 300


@pytest.mark.parametrize("source", ["", "f()", "\ufefff()\n", "\x0cf()\n", "if a:\r\n    f()\r\n", "if a:\r    f()\r"])
def test_every_end_of_line_is_read(source: str) -> None:
    found = facts(source)
    data = source.encode()

    assert [data[slice(*one.name_extent)] for one in found.calls] == [b"f"] * source.count("f()")


def test_columns_count_utf_16_units() -> None:
    source = "x = 1\ns = 'é𝄞'; f(s)\n"
    found = facts(source)

    made = call(found, "f")
    assert source.encode()[slice(*made.extent)] == b"f(s)"
    span = span_of("a.py", made.extent, found.lines, found.wide)
    assert (span.line, span.column, span.end_column) == (2, 12, 16)


def test_facts_cross_a_process_and_are_the_same_each_time() -> None:
    source = "class A:\n    def m(self, x): return [y for y in x if open(y)]\n"

    assert pickle.loads(pickle.dumps(facts(source))) == facts(source)
