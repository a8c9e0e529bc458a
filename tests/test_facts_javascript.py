"""Source in, facts out: what the JavaScript room tells of a few lines.

Facts are written the way a person would: `^name` is a global, `<A>.x` a member of the unit A, `#1` the result of call
1, `fn1` function 1; a value of another kind is its operator with its parts.
"""

from __future__ import annotations

import random
import time

import pytest

from memlint.languages import lower as lower_any
from memlint.languages.javascript import parsing
from memlint.languages.javascript.source import lower
from memlint.model.facts import DirectiveKind, Facts, Fate, FateKind, FunctionKind
from memlint.model.finding import Problem, ProblemKind, Span
from memlint.model.source import span_of
from memlint.model.value import Closure, Compound, Constant, Place, Record, Root, Sequence, Value
from memlint.semantics.file import File
from memlint.semantics.value.objects import is_object


def told(source: str | bytes, path: str = "a.js") -> Told:
    data = source.encode() if isinstance(source, str) else source
    return Told(data, *lower(path, data, frozenset()))


class Told:
    """Facts, written out."""

    def __init__(self, data: bytes, facts: Facts, problems: tuple[Problem, ...]) -> None:
        self.data, self.facts = data, facts
        self.problems = [problem.kind for problem in problems]

    def place(self, place: Place) -> str:
        key, facts = int(place.key) if place.root is not Root.GLOBAL else -1, self.facts
        root = {
            Root.GLOBAL: lambda: f"^{place.key}",
            Root.BINDING: lambda: facts.bindings[key].name,
            Root.SELF: lambda: f"<{facts.units[key].name}>",
            Root.RESULT: lambda: f"#{key}",
        }[place.root]()
        return ".".join((root, *place.path))

    def value(self, value: Value | None) -> str:
        match value:
            case None:
                return "-"
            case Place():
                return self.place(value)
            case Constant():
                return repr(value.value)
            case Closure():
                return f"fn{value.function}"
            case Record():
                return "{" + ", ".join(f"{name}: {self.value(item)}" for name, item in value.items) + "}"
            case Sequence():
                return "[" + ", ".join(map(self.value, value.items)) + "]"
            case Compound():
                return f"{value.operator}({', '.join(map(self.value, value.parts))})"

    def fate(self, fate: Fate) -> str:
        place = f" {self.place(fate.place)}" if fate.place else ""
        call = f" #{fate.call}" if fate.call >= 0 else ""
        return fate.kind + place + call + (f" {fate.position}" if fate.position >= 0 else "")

    def text(self, extent: tuple[int, int]) -> str:
        return self.data[extent[0] : extent[1]].decode()

    @property
    def bindings(self) -> list[str]:
        return [
            f"{one.kind} {one.name} of {one.function} = {self.value(one.value)}" + "".join(f" .{m}" for m in one.member)
            for one in self.facts.bindings
        ]

    @property
    def uses(self) -> list[tuple[str, int]]:
        """What is used, and the number of the binding that is meant."""
        return [(".".join((self.facts.bindings[one.binding].name, *one.path)), one.binding) for one in self.facts.uses]

    @property
    def calls(self) -> list[str]:
        return [
            "new " * one.constructs
            + f"{self.value(one.callee)}({', '.join(map(self.value, one.arguments))})"
            + " awaited" * one.awaited
            for one in self.facts.calls
        ]

    @property
    def fates(self) -> list[str]:
        return [self.fate(one.fate) for one in self.facts.calls]

    @property
    def writes(self) -> list[str]:
        return [
            f"{self.place(one.place)} {one.operator} {self.value(one.value)}"
            + (f" by {self.value(one.key)}" if one.key is not None else "")
            for one in self.facts.writes
        ]

    @property
    def exits(self) -> list[str]:
        return [f"{one.kind} {self.value(one.value)} of {one.function}" for one in self.facts.exits]

    @property
    def functions(self) -> list[str]:
        """Functions but the module: kind, name, and the unit that `this` in them is."""
        units = self.facts.units
        return [
            f"{one.kind} {one.name}" + (f" of {units[one.unit].name or one.unit}" if one.unit >= 0 else "")
            for one in self.facts.functions[1:]
        ]

    @property
    def units(self) -> list[str]:
        return [
            f"{one.kind} {one.name}: " + ", ".join(f"{name} fn{index}" for name, index in one.methods)
            for one in self.facts.units
        ]

    @property
    def regions(self) -> list[str]:
        """The path of regions that each call is in, from the outside."""
        told = []
        for call in self.facts.calls:
            path, index = [], call.region
            while index >= 0:
                region = self.facts.regions[index]
                path.append(region.kind + (f" {self.value(region.test)}" if region.test is not None else ""))
                index = region.parent
            told.append(" > ".join(reversed(path)))
        return told

    @property
    def imports(self) -> list[str]:
        return [f"{self.facts.bindings[one.binding].name}: {one.name} of {one.module}" for one in self.facts.imports]

    @property
    def exports(self) -> list[str]:
        return [
            f"{one.name}: {one.imported} of {one.module}" if one.module else f"{one.name}: {self.value(one.value)}"
            for one in self.facts.exports
        ]


# Scopes


def test_var_functions_and_classes_are_hoisted() -> None:
    facts = told("use(a, f); { var a = 1 } function f() {} class C {}")
    assert facts.calls == ["^use(a, f)"]
    assert facts.bindings == ["var a of 0 = 1.0", "function f of 0 = fn1", "class C of 0 = class(0.0)"]


@pytest.mark.parametrize(
    "source",
    [
        "{ var x = 1 } x",
        "if (a) var x = 1; x",
        "for (var x = 1;;) {} x",
        "switch (a) { case 1: var x = 1 } x",
        "try {} catch { var x = 1 } x",
        "label: { var x = 1 } x",
        "var x; var x = 1; x",
    ],
)
def test_a_var_is_one_binding_of_its_function_wherever_it_stands(source: str) -> None:
    facts = told(f"function f() {{ {source} }}")
    assert facts.bindings[1:] == ["var x of 1 = 1.0"]
    assert facts.uses == [("x", 1)]


def test_let_on_a_line_of_its_own_declares() -> None:
    source = "function f(a) {\n\tlet\n\t\tframe = null,\n\t\twide\n\t;\n\tframe = a; wide = 1;\n}\n"

    assert {(each.name, each.function) for each in told(source).facts.bindings} >= {("frame", 1), ("wide", 1)}
    explained = source.replace("let", "let /** @type {Frame} */")
    assert {(each.name, each.function) for each in told(explained).facts.bindings} >= {("frame", 1), ("wide", 1)}


def test_let_and_const_end_with_their_block() -> None:
    facts = told("let x = 1; { const x = 2; x } x")
    assert facts.uses == [("x", 1), ("x", 0)]


def test_a_closure_uses_the_binding_of_the_function_around_it() -> None:
    facts = told("function f(x) { return () => x }")
    assert facts.uses == [("x", 1)]
    assert [use.function for use in facts.facts.uses] == [2]


def test_a_parameter_shadows_and_a_named_function_expression_knows_itself() -> None:
    facts = told("const f = function g(f) { g; f }")
    assert facts.bindings == ["const f of 0 = fn1", "function g of 1 = fn1", "parameter f of 1 = -"]
    assert facts.uses == [("g", 1), ("f", 2)]


def test_a_named_class_expression_knows_itself() -> None:
    facts = told("const A = class B { m() { return B } }")
    assert facts.exits == ["return B of 1"]
    assert facts.units == ["class B: m fn1"]


def test_types_of_flow_are_no_names() -> None:
    source = (
        "/** @flow */\nexport function run({ path }: Job, callback: ?Callback) {\n  callback(null, (path: any));\n}\n"
    )
    facts = told(source).facts
    assert [binding.name for binding in facts.bindings if binding.kind == "parameter"] == ["path", "callback"]


def test_catch_binds_its_parameter() -> None:
    facts = told("try {} catch ({message: m}) { m } m")
    assert facts.bindings == ["catch m of 0 = - .message"]
    assert facts.uses == [("m", 0)]


def test_a_loop_variable_is_an_element_of_what_is_walked() -> None:
    facts = told("for (const [k, v] of m) k; for (var i in o) i; for (a.b of c) {}")
    assert facts.bindings == [
        "var i of 0 = element(^o)",
        "const k of 0 = element(^m) .0",
        "const v of 0 = element(^m) .1",
    ]
    assert facts.writes == [
        "k declare member(element(^m), '0')",
        "v declare member(element(^m), '1')",
        "i declare element(^o)",
        "^a.b = element(^c)",
    ]


def test_a_function_of_a_later_case_is_known_in_an_earlier_one() -> None:
    assert told("switch (a) { case 1: f(); break; case 2: function f() {} }").calls == ["f()"]


def test_an_import_is_known_before_its_line() -> None:
    assert told("f(); import {f} from 'm'").calls == ["f()"]


# Destructuring


def test_destructured_names_know_the_members_they_are() -> None:
    facts = told("const {a, b: {c}, d = 1, 'e-f': g, [h]: i, ...rest} = o")
    assert facts.bindings == [
        "const a of 0 = ^o .a",
        "const c of 0 = ^o .b .c",
        "const d of 0 = ^o .d",
        "const g of 0 = ^o .e-f",
        "const i of 0 = ^o .[]",
        "const rest of 0 = ^o ....",
    ]
    assert facts.writes[:2] == ["a declare ^o.a", "c declare ^o.b.c"]


def test_array_holes_count() -> None:
    facts = told("const [a,, b = f(), ...rest] = o")
    assert facts.bindings == ["const a of 0 = ^o .0", "const b of 0 = ^o .2", "const rest of 0 = ^o ...."]
    assert facts.calls == ["^f()"]


def test_what_is_awaited_is_taken_apart_like_what_it_becomes() -> None:
    assert told("const {a} = await f()").writes == ["a declare #0.a"]


def test_destructuring_into_places_that_exist() -> None:
    facts = told("({a, b: x.y, c: [z], d = f(), ...r} = o); [p,, q[k]] = s")
    assert facts.writes == [
        "^a = ^o.a",
        "^x.y = ^o.b",
        "^z = ^o.c.0",
        "^d = ^o.d",
        "^r = ^o....",
        "^p = ^s.0",
        "^q.[] = ^s.2 by ^k",
    ]


# Parameters


def test_parameters_know_their_positions() -> None:
    facts = told("function f(a, {b, c: [d]} = {}, e = (x) => g(x), ...rest) {}")
    bound = [(one.name, one.position, one.member) for one in facts.facts.bindings if one.function == 1]
    assert bound == [("a", 0, ()), ("b", 1, ("b",)), ("d", 1, ("c", "0")), ("e", 2, ()), ("rest", 3, ("...",))]
    assert facts.facts.functions[1].parameters == ("a", "", "e", "")
    assert facts.calls == ["^g(x)"]


def test_a_parameter_property_is_a_field_too() -> None:
    facts = told("class A { constructor(private bus: Bus, readonly n = 1, plain?: string) {} }", "a.ts")
    assert facts.writes == ["<A>.bus = bus", "<A>.n = n"]
    assert facts.facts.functions[1].parameters == ("bus", "n", "plain")


def test_members_that_the_language_keeps_to_the_class() -> None:
    source = (
        "class Desk { private pages = []; #ink = 1; readonly name = ''; protected lamp = 2; public get open() {} "
        "constructor(private bus: Bus, public key: Key) {} private async turn() {} static #count = 0; _by_custom() {} }"
    )
    assert sorted(told(source, "a.ts").facts.units[0].private) == ["#count", "#ink", "bus", "pages", "turn"]


def test_a_this_parameter_is_no_parameter() -> None:
    facts = told("function f(this: Window, a: number, /* b */ c: HTMLElement) {}", "a.ts")
    assert [(one.name, one.position, one.declared) for one in facts.facts.bindings[1:]] == [
        ("a", 0, ""),
        ("c", 1, "object"),
    ]


def test_a_type_that_the_file_declares_is_an_object() -> None:
    facts = told("export interface Bus {} class Car {} function f(a: Bus, b: Car, c: {x: 1}, d: string) {}", "a.ts")
    assert [one.declared for one in facts.facts.bindings if one.kind == "parameter"] == ["object", "Car", "object", ""]
    parameters = [Place(Root.BINDING, one.index) for one in facts.facts.bindings if one.kind == "parameter"]
    assert [is_object(one, File(facts.facts)) for one in parameters] == [True, True, True, False]


def test_a_type_that_may_be_missing_is_that_type() -> None:
    facts = told("function f(a: Bus | null, b: undefined | Bus, c: Bus | Car, d?: Bus) {}", "a.ts")
    assert [one.declared for one in facts.facts.bindings if one.kind == "parameter"] == ["Bus", "Bus", "", "Bus"]


# This


def test_this_in_a_class() -> None:
    facts = told("class A { m() { this.x; f(() => this.y); g(function () { this.z }) } static s() { return this.t } }")
    assert facts.functions == ["method m of A", "arrow  of A", "function ", "method s"]
    assert facts.exits == ["return <A>.y of 2", "return A.t of 4"]


def test_this_in_prototypes_and_constructor_functions() -> None:
    facts = told("function T() { this.x = f() } T.prototype.m = function () { return this.x }; T.prototype.n = 1")
    assert facts.units == ["prototype T: constructor fn1, m fn2"]
    assert facts.functions == ["function T of T", "function m of T"]
    assert facts.writes[0] == "<T>.x = #0"
    assert facts.exits == ["return <T>.x of 2"]


def test_a_prototype_that_is_an_object_literal() -> None:
    facts = told("const T = function () {}; T.prototype = { m() { return this.x }, n: function () { this.y = 1 } }")
    assert facts.units == ["prototype T: m fn2, n fn3"]
    assert facts.exits == ["return <T>.x of 2"]


def test_this_in_object_literals() -> None:
    facts = told("const o = { a: 1, m() { this.a }, get z() { return this.a }, f: () => this }; g({ h() { this.i } })")
    assert facts.units == ["object o: m fn1, z fn2, f fn3", "object : h fn4"]
    assert facts.functions == ["method m of o", "getter z of o", "arrow f", "method h of 1"]
    assert facts.exits == ["return <o>.a of 2", "return ^this of 3"]


def test_functions_given_to_an_object_make_it_a_unit() -> None:
    facts = told("const o = {}; o.start = function () { this.t = 1 }; app.use = function () { this.u = 2 }")
    assert facts.units == ["object o: start fn1", "object app: use fn2"]
    assert [write for write in facts.writes if "fn" not in write] == ["o declare {}", "<o>.t = 1.0", "<app>.u = 2.0"]


def test_a_static_function_of_a_constructor_speaks_of_the_constructor() -> None:
    assert told("function T() {} T.make = function () { return this.all }").exits == ["return T.all of 2"]


@pytest.mark.parametrize(
    "source",
    [
        "f(function () { this.x = 1 }.bind(this))",
        "(function () { this.x = 1 }).call(this)",
        "f(function () { this.x = 1 }, this)",
        "f(() => { this.x = 1 })",
        "(() => { this.x = 1 })()",
    ],
)
def test_functions_that_share_our_this(source: str) -> None:
    facts = told(f"class A {{ m() {{ {source} }} }}")
    assert facts.writes == ["<A>.x = 1.0"]
    assert facts.functions[1].endswith(" of A")


@pytest.mark.parametrize(
    "source",
    [
        'define(["a"], function (A) { var t = A.x; })',
        'define("me", ["a"], (A) => { var t = A.x; })',
        "(function (A) { var t = A.x; })(A)",
        "(function () { var t = A.x; }())",
        "(function (A) { var t = A.x; }).call(this, A)",
        "!function (A) { var t = A.x; }(A)",
        "(function (root, make) { make(root.exports) })(this, function (A) { var t = A.x; })",
        "(function () { (() => { var t = A.x; })(); })()",
    ],
)
def test_a_wrapper_of_a_module_is_the_module(source: str) -> None:
    facts = told(source)
    assert not facts.functions
    assert any(write.startswith("t declare") and write.endswith("A.x") for write in facts.writes)


@pytest.mark.parametrize(
    "source",
    [
        "(async function () { var t = 1; })()",
        "(function* () { var t = 1; })()",
        "(function again() { var t = 1; setTimeout(again, 9); })()",
        "const o = (function () { var t = 1; return t; })()",
        "function f() { (function () { var t = 1; })() }",
        "define({ t: function () { var t = 1; } })",
        "if (a) (function () { var t = 1; })()",
    ],
)
def test_no_wrapper_of_a_module(source: str) -> None:
    assert told(source).functions


def test_what_a_wrapped_module_takes_in_and_gives_out() -> None:
    facts = told('define(["./a", "b"], function (A) { return { load: A } })').facts
    assert [(one.module, facts.bindings[one.binding].name) for one in facts.imports] == [("./a", "A")]
    assert [one.name for one in facts.exports] == ["default", "load"]
    facts = told('define(function (require, exports) { var a = require("a"); exports.b = a; })').facts
    assert [one.module for one in facts.imports] == ["a"]
    assert [one.name for one in facts.exports] == ["b"]


def test_this_of_the_module_is_unknown() -> None:
    assert told("f(this.x)").calls == ["^f(^this.x)"]


# Calls and what becomes of them


@pytest.mark.parametrize(
    ("source", "fate"),
    [
        ("f()", "discarded"),
        ("void f()", "discarded"),
        ("a, f()", "discarded"),
        ("const a = f()", "kept a"),
        ("a.b = f()", "kept ^a.b"),
        ("a ||= f()", "kept ^a"),
        ("const {a} = f()", "other"),
        ("() => f()", "returned"),
        ("function g() { return f() }", "returned"),
        ("function g() { return /* why */ (f()) }", "returned"),
        ("export default f()", "exported"),
        ("if (f()) a", "tested"),
        ("f() && a", "tested"),
        ("a && f()", "discarded"),
        ("const a = b ? f() : c", "kept a"),
        ("const a = b ?? f()", "kept a"),
        ("const a = await f()", "kept a"),
        ("[f()]", "element"),
        ("({a: f()})", "element"),
        ("f().a", "receiver"),
        ("throw f()", "other"),
    ],
)
def test_the_fate_of_a_result(source: str, fate: str) -> None:
    assert told(source).fates == [fate]


def test_a_result_is_the_argument_or_the_receiver_of_another_call() -> None:
    facts = told("g(1, f()); h()(2)")
    assert facts.calls == ["^g(1.0, #1)", "^f()", "#3(2.0)", "^h()"]
    assert facts.fates == ["discarded", "argument #0 1", "discarded", "receiver #2"]


def test_the_fate_of_a_function() -> None:
    facts = told(
        "const a = () => 1; f(1, () => 2); [() => 3]; o.m = function () {}; (() => 4)(); export default () => 5"
    )
    assert [facts.fate(one.fate) for one in facts.facts.functions[1:]] == [
        "kept a",
        "argument #0 1",
        "element",
        "kept ^o.m",
        "receiver #1",
        "exported",
    ]
    assert [one.name for one in facts.facts.functions[1:]] == ["a", "", "", "m", "", ""]


def test_optional_chaining_construction_and_templates() -> None:
    facts = told("a?.b?.(c)?.d(); new A; new b.C(1); tag`x${y}`; import('m'); super_.f(...z); a?.[k]()")
    assert facts.calls == [
        "#1.d()",
        "^a.b(^c)",
        "new ^A()",
        "new ^b.C(1.0)",
        "^tag(template('x', ^y))",
        "^import('m')",
        "^super_.f(spread(^z))",
        "^a.[]()",
    ]


def test_a_call_underlines_its_name() -> None:
    facts = told("a\n  .b(1) // one.two\n  /* c */ . d (2); (e.f)(); new G(); h['i']()")
    names = [facts.text(call.name_extent) for call in facts.facts.calls]
    assert names == ["d", "b", "f", "G", "h['i']"]
    assert [call.name for call in facts.facts.calls] == ["d", "b", "f", "G", "i"]


def test_calls_of_super_and_members_of_meta_properties() -> None:
    facts = told(
        "class A extends B { constructor() { super(1); super.m(); new.target.n(); import.meta.hot.dispose() } }"
    )
    assert facts.calls == ["^super(1.0)", "^super.m()", "^new.target.n()", "^import.meta.hot.dispose()"]


def test_await_marks_the_call_and_may_leave_the_function() -> None:
    facts = told(
        "async function f() { await g(h()); return await (i()) } async () => { for await (const x of y()) {} }"
    )
    assert facts.calls == ["^g(#1) awaited", "^h()", "^i() awaited", "^y()"]
    assert facts.exits == ["await #0 of 1", "await #2 of 1", "return await(#2) of 1", "await #3 of 2"]
    assert [one.is_async for one in facts.facts.functions] == [False, True, True]


def test_a_member_of_what_is_awaited() -> None:
    assert told("(await f()).g.h()").calls == ["#1.g.h()", "^f() awaited"]


def test_comments_stand_anywhere() -> None:
    facts = told("f(/* a */ 1, /* b */); const x = /* c */ await /* d */ g(); [/* e */ 2]; y /* f */ = /* g */ 3")
    assert facts.calls == ["^f(1.0)", "^g() awaited"]
    assert facts.writes == ["x declare await(#1)", "^y = 3.0"]


# Writes


def test_computed_members() -> None:
    facts = told(
        "t[k] = v; t['a'] = 1; t[0] = 2; t[`b`] = 3; t[i][j] = 4; t[f()].x = 5; delete t[k]; t[k]++; t[k] += 6"
    )
    assert facts.writes == [
        "^t.[] = ^v by ^k",
        "^t.a = 1.0 by 'a'",
        "^t.0 = 2.0 by 0.0",
        "^t.b = 3.0 by 'b'",
        "^t.[].[] = 4.0 by ^j",
        "^t.[].x = 5.0",
        "^t.[] delete - by ^k",
        "^t.[] ++ - by ^k",
        "^t.[] += 6.0 by ^k",
    ]


def test_a_key_is_evaluated_once() -> None:
    facts = told("const k = 1; t[f(k)] = 1; delete t[g(k)]")
    assert facts.calls == ["^f(k)", "^g(k)"]
    assert len(facts.uses) == 2


def test_every_sign_of_assignment() -> None:
    facts = told("a = 1; a += 2; a ||= 3; a ??= 4; a++; --a; delete a.b; (c.d) = 5; let e; using f = g()")
    signs = [write.operator for write in facts.facts.writes]
    assert signs == ["=", "+=", "||=", "??=", "++", "--", "delete", "=", "using"]


@pytest.mark.parametrize("path", ["a.js", "a.ts", "a.tsx"])
def test_using_declares_and_manages(path: str) -> None:
    facts = told("function f() { using a = g(); a.h() }", path)
    assert facts.bindings[1:] == ["const a of 1 = #0"]
    assert facts.writes == ["a using #0"]
    assert facts.calls == ["^g()", "a.h()"]


def test_chained_assignments_and_names_of_what_is_kept() -> None:
    assert told("this.a = b = f()").writes == ["^b = #0", "^this.a = ^b"]


# Regions and exits


def test_branches_are_regions() -> None:
    facts = told("if (a) f(); else if (b) { g() } else h(); a && i(); a ? j() : k(); a || l()")
    assert facts.regions == [
        "body > then ^a",
        "body > else ^a > then ^b",
        "body > else ^a > else ^b",
        "body > then ^a",
        "body > then ^a",
        "body > else ^a",
        "body > else ^a",
    ]


def test_loops_are_regions_and_hold_their_tests() -> None:
    facts = told("for (a(); b(); c()) d(); while (e()) f(); do { g() } while (h()); for (const x of i()) j()")
    assert [
        (call.name, region.count("loop")) for call, region in zip(facts.facts.calls, facts.regions, strict=True)
    ] == [
        *[("a", 0), ("b", 1), ("c", 1), ("d", 1)],
        *[("e", 1), ("f", 1), ("h", 1), ("g", 1)],
        *[("i", 0), ("j", 1)],
    ]
    assert facts.regions[3] == "body > loop #1"
    assert len(facts.facts.regions) == 5


def test_try_catch_finally_and_cases_are_regions() -> None:
    facts = told("try { a() } catch { b() } finally { c() } switch (x) { case 1: d(); default: e() }")
    assert facts.regions == [
        "body > try",
        "body > catch",
        "body > finally",
        "body > case ===(^x, 1.0)",
        "body > case",
    ]


def test_a_function_has_a_body_of_its_own() -> None:
    assert told("if (a) { b(() => c()) }").regions == ["body > then ^a", "body"]


def test_exits() -> None:
    facts = told("function* f() { if (a) return; yield b; yield* c(); throw new E(d); } const g = (x) => x")
    assert facts.exits == ["return - of 1", "yield ^b of 1", "yield #0 of 1", "throw #1 of 1", "return x of 2"]
    assert [one.is_generator for one in facts.facts.functions] == [False, True, False]


# Units


def test_fields_run_in_a_constructor_of_their_own() -> None:
    facts = told("class A { #p = f(); x; n = () => this.#p; 'q r' = 1; static s = g(); static { this.t = h() } }")
    assert facts.writes == [
        "A.s static field #0",
        "A.t = #1",
        "<A>.#p field #2",
        "<A>.n field fn2",
        "<A>.q r field 1.0",
    ]
    assert facts.functions == ["constructor constructor of A", "arrow n of A"]
    assert [call.function for call in facts.facts.calls] == [0, 0, 1]
    assert facts.exits == ["return <A>.#p of 2"]
    assert facts.units == ["class A: n fn2"]


def test_methods_of_every_spelling() -> None:
    facts = told(
        "class A { constructor() {} get a() {} set a(v) {} static b() {} async *c() {} [Symbol.dispose]() {} ['d']() {}"
        " #e() {} get() {} static() {} static get\nf() {} }"
    )
    assert facts.functions == [
        "constructor constructor of A",
        "getter a of A",
        "setter a of A",
        "method b",
        "method c of A",
        "method [Symbol.dispose] of A",
        "method d of A",
        "method #e of A",
        "method get of A",
        "method static of A",
        "getter f",
    ]
    assert [one.name for one in facts.facts.functions if one.is_static] == ["b", "f"]


def test_a_class_knows_its_base_and_its_name() -> None:
    facts = told("class A extends mixin(B) {} const C = class extends A {}; f(class {})")
    assert [(one.name, facts.value(one.base), one.binding) for one in facts.facts.units] == [
        ("A", "#0", 0),
        ("C", "A", 1),
        ("", "-", -1),
    ]


@pytest.mark.parametrize("path", ["a.js", "a.ts"])
def test_decorators_are_told(path: str) -> None:
    facts = told("@f() class A { @g('x') m() {} @h() y = 1 }", path)
    assert facts.calls == ["^f()", "^g('x')", "^h()"]
    assert [facts.value(one) for one in facts.facts.functions[1].decorators] == ["#1"]


def test_enums_and_records_are_constants() -> None:
    facts = told("enum E { A, B = 'b', C = 5, D, 'F-G' } const R = {x: 1, 'y': [true, null, undefined], 3: -2}", "a.ts")
    assert facts.bindings == [
        "const E of 0 = {A: 0.0, B: 'b', C: 5.0, D: 6.0, F-G: 7.0}",
        "const R of 0 = {x: 1.0, y: [True, None, None], 3: -2.0}",
    ]


def test_entries_of_object_literals() -> None:
    facts = told("const o = {a, [b]: 1, ['c']: 2, ...d, e() {}, get f() {}}")
    assert facts.value(facts.facts.bindings[0].value) == "{a: ^a, []: 1.0, c: 2.0, []: spread(^d), e: fn1, f: fn2}"


# Values


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (r"'a\n\u{1F600}\x41\'\q'", '"a\\n😀A\'q"'),
        ("`a\\`b`", "'a`b'"),
        ("'a' + 'b'", "'ab'"),
        ("1_000", "1000.0"),
        ("0x1F", "31"),
        ("0b11", "3"),
        ("10n", "'10n'"),
        ("-.5", "-0.5"),
        ("true", "True"),
        ("null", "None"),
        ("undefined", "None"),
        ("void 0", "None"),
        ("!x", "not(^x)"),
        ("typeof x", "typeof(^x)"),
        ("a < b", "<(^a, ^b)"),
        ("a ? b : c", "choice(^b, ^c)"),
        ("a || b", "choice(^a, ^b)"),
        ("a && b", "&&(^a, ^b)"),
        ("`x${y}z`", "template('x', ^y, 'z')"),
        ("[a, ...b]", "[^a, spread(^b)]"),
        ("(a, b)", "^b"),
        ("/x/", "other()"),
        ("f()[0].x", "#0.0.x"),
        ("[a].b", "member([^a], 'b')"),
    ],
)
def test_values(source: str, value: str) -> None:
    facts = told(f"const v = {source}")
    assert facts.value(facts.facts.bindings[0].value) == value


def test_casts_leave_a_value_what_it_is() -> None:
    facts = told("const a = <T>b!; (c as D).e(f satisfies G); h<T>(); let i: any; (i as X)!.j.k = 1; let l!: T", "a.ts")
    assert facts.bindings == ["const a of 0 = ^b", "let i of 0 = -", "let l of 0 = -"]
    assert facts.calls == ["^c.e(^f)", "^h()"]
    assert facts.uses == [("i.j.k", 1)]


def test_jsx_holds_its_expressions_and_mentions_its_components() -> None:
    source = "const P = 1, ui = 2; const e = <P onClick={() => f()} {...g}>{h()}<ui.B ref={/* c */ r}>t</ui.B><b /></P>"
    for path in ("a.jsx", "a.tsx"):
        facts = told(source, path)
        assert facts.value(facts.facts.bindings[2].value) == "jsx({onClick: fn1}, spread(^g), #1, {ref: ^r})"
        assert facts.uses == [("P", 0), ("ui.B", 1)]
        assert facts.fate(facts.facts.functions[1].fate) == "element"


def test_jsx_fragments() -> None:
    assert told("f(<><A.B c={<D e={d()} />} /></>)", "a.jsx").calls == ["^f(jsx({c: jsx({e: #1})}))", "^d()"]


# Modules


def test_imports() -> None:
    facts = told("import a, {b as c, default as d, 'e-f' as g} from 'm'; import * as h from \"n\"; import 'side'")
    assert facts.imports == ["a: default of m", "c: b of m", "d: default of m", "g: e-f of m", "h: * of n"]


def test_imports_of_types_take_nothing_in() -> None:
    facts = told("import type {A} from 'm'; import b = require('n')", "a.ts")
    assert facts.imports == ["b: * of n"]


def test_exports() -> None:
    facts = told(
        "export const a = 1, {b} = o; export function f() {} export class K {} export {a as c, b as default};"
        "export * from 'm'; export * as ns from 'n'; export {d as e} from 'k'"
    )
    assert facts.exports == [
        *["a: a", "b: b", "f: f", "K: K", "c: a", "default: b"],
        *["*: * of m", "ns: * of n", "e: d of k"],
    ]


@pytest.mark.parametrize(
    ("source", "exports"),
    [
        ("export default function f() {}", ["default: f"]),
        ("export default function () {}", ["default: fn1"]),
        ("export default class A {}", ["default: A"]),
        ("export default {a: 1}", ["default: {a: 1.0}"]),
        ("export default /* c */ x", ["default: ^x"]),
    ],
)
def test_default_exports(source: str, exports: list[str]) -> None:
    assert told(source).exports == exports


def test_typescript_exports() -> None:
    facts = told("namespace N { export const q = f() } export = g; export type T = 1; declare const z: T; N.q", "a.ts")
    assert facts.exports == ["default: ^g"]
    assert facts.bindings == ["const q of 0 = #0", "const N of 0 = {q: q}"]


def test_commonjs() -> None:
    facts = told(
        "const x = require('m'), {y, z: q} = require('n'), w = require('o').p;"
        "module.exports = {y, f() {}}; exports.b = 2; module.exports.c = 3; other.exports = 4"
    )
    assert facts.imports == ["x: * of m", "y: y of n", "q: z of n", "w: p of o"]
    assert facts.exports == ["default: {y: y, f: fn1}", "y: y", "f: fn1", "b: 2.0", "c: 3.0"]


# Comments, positions, faults


def test_directives() -> None:
    facts = told(
        "// memlint-disable-next-line MEM101 -- it is one per run\n"
        "f(); /* memlint-disable-line */ g('memlint-disable')\n"
        "//memlint-disable-file"
    )
    assert [(one.kind, one.rules, one.reason, one.line) for one in facts.facts.directives] == [
        (DirectiveKind.NEXT_LINE, ("MEM101",), "it is one per run", 1),
        (DirectiveKind.LINE, (), "", 2),
        (DirectiveKind.FILE, (), "", 3),
    ]


def test_positions_count_utf16_units() -> None:
    facts = told("\ufeff'é😀'; f()\r\nlet naïve = 'é'; naïve.gé(1)\r\n")
    spans = [span_of("a.js", call.extent, facts.facts.lines, facts.facts.wide) for call in facts.facts.calls]
    assert spans == [Span("a.js", 1, 8, 1, 11), Span("a.js", 2, 18, 2, 29)]
    assert facts.calls == ["^f()", "naïve.gé(1.0)"]
    assert [facts.text(call.name_extent) for call in facts.facts.calls] == ["f", "gé"]


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    facts = told(b"f('\xff\xfe'); g()")
    assert facts.calls == ["^f('\ufffd\ufffd')", "^g()"]


def test_a_syntax_error_is_analysed_around() -> None:
    facts = told("f(1);\nlet = = ) ;\nfunction g() { h(2) }\n")
    assert facts.problems == [ProblemKind.SYNTAX]
    assert {"^f(1.0)", "^h(2.0)"} <= set(facts.calls)
    message = lower("a.js", facts.data, frozenset())[1][0].message
    assert message == "line 2 is not understood; the rest of the file was analysed"


def test_a_missing_end_is_a_syntax_error_too() -> None:
    facts = told("f(1);\nif (a) { g(2)")
    assert facts.problems == [ProblemKind.SYNTAX]
    assert facts.calls == ["^f(1.0)", "^g(2.0)"]


@pytest.mark.parametrize("source", ["", "\n", "#!/usr/bin/env node", "// only", "\ufeff", "{", "`${", "class", "\0"])
def test_little_or_nothing_is_a_file_too(source: str) -> None:
    facts = told(source)
    assert facts.facts.functions[0].kind is FunctionKind.MODULE
    assert facts.facts.regions[0].function == 0


def test_the_suffix_chooses_the_grammar() -> None:
    for path, source in (("a.TS", "let a: T = <T>b"), ("a.mts", "let a: T = b!"), ("a.jsx", "<a/>"), ("a.cjs", "a")):
        assert lower_any(path, source.encode(), frozenset())[1] == ()


def test_facts_are_the_models_own_values() -> None:
    facts = told("class A { m(x) { for (const y of x) f(y, () => 1) } } throw 1").facts
    for values in (facts.functions, facts.regions, facts.bindings, facts.units, facts.calls, facts.writes, facts.exits):
        for value in values:
            assert type(value).__module__ == "memlint.model.facts"
    assert facts.calls[0].fate == Fate(FateKind.DISCARDED)
    assert hash(facts.calls[0]) == hash(told("class A { m(x) { for (const y of x) f(y, () => 1) } }").facts.calls[0])
    with pytest.raises(AttributeError):
        setattr(facts.calls[0], "index", 1)  # noqa: B010 - as anybody could who does not ask mypy


# Input nobody writes


@pytest.mark.parametrize(
    "source",
    [
        "[" * 100_000 + "]" * 100_000,
        "f" + "()" * 100_000,
        "a" + ".b()" * 100_000,
        "x = " + "a+" * 200_000 + "a",
        "x = " + "'a'+" * 200_000 + "'a'",
        "x" + " = y" * 50_000,
        "function f() {" * 20_000 + "}" * 20_000,
        "`${" * 20_000 + "a" + "}`" * 20_000,
        "(" * 50_000 + ")" * 50_000,
        "a => " * 50_000 + "a",
        "if (a) {} else " * 50_000 + "b",
        "{" * 50_000 + "}" * 50_000,
        "[" * 50_000 + "a" + "]" * 50_000 + " = b",
        "let " + "{a: " * 50_000 + "a" + "}" * 50_000 + " = b",
        "!" * 100_000 + "a",
        "a" + ".b" * 200_000,
        "a" + "[0]" * 100_000,
        "a ? b : " * 50_000 + "c",
        "<a>" * 20_000 + "</a>" * 20_000,
        "class A { m() { " * 10_000 + "}}" * 10_000,
        "// memlint-disable-line\n" * 20_000,
        "f(" + "1," * 100_000 + "1)",
        "let " + ",".join(f"a{number}" for number in range(50_000)),
        "case 1: " * 5_000,
    ],
    ids=lambda source: source[:12],
)
def test_monstrous_input_ends_soon_and_without_a_crash(source: str) -> None:
    data = source.encode()
    start = time.process_time()
    facts, problems = lower("a.js", data, frozenset())
    assert time.process_time() - start < 2 * _pace()
    assert {problem.kind for problem in problems} <= {ProblemKind.TOO_DEEP, ProblemKind.SYNTAX}
    assert facts.functions[0].kind is FunctionKind.MODULE


def _pace() -> float:
    """How much slower this machine is, right now, than one that does this in 0.05 s."""
    start = time.process_time()
    sum(number * number for number in range(500_000))
    return max(1.0, (time.process_time() - start) / 0.05)


def test_input_that_is_too_deep_has_no_facts_but_its_directives() -> None:
    facts = told("// memlint-disable-file\nf();" + "[" * 5_000 + "]" * 5_000)
    assert facts.problems == [ProblemKind.TOO_DEEP]
    assert facts.calls == []
    assert [one.kind for one in facts.facts.directives] == [DirectiveKind.FILE]


def test_nesting_that_people_generate_is_not_too_deep() -> None:
    facts = told("[" * 500 + "]" * 500 + ";" + "a+" * 1_000 + "a;" + "a" + ".b()" * 1_000)
    assert facts.problems == []
    assert len(facts.calls) == 1_000


def test_random_bytes_are_bounded_in_time_and_the_next_file_is_read_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "TIME_LIMIT", 0.2)
    start = time.process_time()
    facts = told(random.Random(1).randbytes(300_000))
    assert time.process_time() - start < 2 * _pace()
    assert facts.problems == [ProblemKind.TOO_SLOW]
    assert told("f(1)").calls == ["^f(1.0)"]
    assert told("f(1);" + " " * 200_000 + "g(2)").calls == ["^f(1.0)", "^g(2.0)"]
