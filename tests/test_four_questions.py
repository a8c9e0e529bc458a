"""The four questions, asked of one or two lines of source: who holds it, how often, what lets go, who took the duty."""

from __future__ import annotations

import pytest

from memlint.catalog.catalog import load_catalog
from memlint.languages import lower
from memlint.ledger import Insight, Lifetime
from memlint.model.resource import Holder
from memlint.semantics.file import File
from memlint.semantics.repetition.rate import Rate
from memlint.verdicts.duty.duty import is_handed_over

CATALOG = load_catalog()


def insight(source: str, name: str = "example.js") -> Insight:
    facts, problems = lower(name, source.encode(), frozenset({"on", "open", "add"}))
    assert not problems
    return Insight(File(facts), CATALOG.resources, CATALOG.owners, CATALOG.words)


def only(source: str, name: str = "example.js") -> tuple[Lifetime, Insight]:
    seen = insight(source, name)
    (life,) = seen.lifetimes
    return life, seen


HOLDERS = {
    "a global": ("function f() { window.addEventListener('resize', () => {}); }", Holder.PROCESS),
    "an import": ("import bus from './bus.js'; function f() { bus.on('x', () => {}); }", Holder.PROCESS),
    "a binding of the module": (
        "const bus = new Emitter(); export function f() { bus.on('x', () => {}); }",
        Holder.PROCESS,
    ),
    "a parameter": ("export function f(bus) { bus.on('x', () => {}); }", Holder.FOREIGN),
    "a field that was handed in": (
        "class A { constructor(bus) { this.bus = bus; } start() { this.bus.on('x', () => {}); } }",
        Holder.FOREIGN,
    ),
    "a field taken apart": (
        "class A { constructor(bus) { this.bus = bus; } start() { const { bus } = this; bus.on('x', () => {}); } }",
        Holder.FOREIGN,
    ),
    "an own child": (
        "class A { constructor() { this.bus = new Emitter(); } start() { this.bus.on('x', () => {}); } }",
        Holder.UNIT,
    ),
    "the object itself": ("class A { start() { this.on('x', () => {}); } }", Holder.UNIT),
    "self for this": ("class A { start() { const self = this; self.on('x', () => {}); } }", Holder.UNIT),
    "something made in this call": ("function f() { const bus = new Emitter(); bus.on('x', () => {}); }", Holder.CALL),
    "a module variable that each call fills": (
        "let child = null; export function f() { child = spawn('ls'); child.on('x', () => {}); }",
        Holder.CALL,
    ),
    "one of two": ("export function f(bus) { const b = bus || new Emitter(); b.on('x', () => {}); }", Holder.EITHER),
}


@pytest.mark.parametrize("case", HOLDERS, ids=str)
def test_who_holds_it(case: str) -> None:
    source, holder = HOLDERS[case]
    life, _ = only(source)
    assert life.origin.holder is holder


RATES = {
    "at module level": ("setInterval(() => {}, 9);", Rate.ONCE),
    "in a loop at module level": ("for (const x of xs) setInterval(() => {}, 9);", Rate.ONCE),
    "in a function invoked where it is written": ("(() => { setInterval(() => {}, 9); })();", Rate.ONCE),
    "in a constructor": ("export class A { constructor() { setInterval(() => {}, 9); } }", Rate.INSTANCE),
    "in the constructor of the one instance": (
        "class A { constructor() { setInterval(() => {}, 9); } } const a = new A(); export const f = () => a;",
        Rate.ONCE,
    ),
    "in a private method that the constructor calls": (
        "export class A { constructor() { this._go(); } _go() { setInterval(() => {}, 9); } }",
        Rate.INSTANCE,
    ),
    "in a method": ("export class A { work() { setInterval(() => {}, 9); } }", Rate.CALL),
    "in an exported function": ("export function work() { setInterval(() => {}, 9); }", Rate.CALL),
    "in a function called only while loading": ("function go() { setInterval(() => {}, 9); } go();", Rate.ONCE),
    "in a handler": (
        "import { bus } from './bus.js'; bus.once('y', () => {}); bus.on('x', () => { setInterval(() => {}, 9); });",
        Rate.EVENT,
    ),
    "in a handler of an event that comes once": (
        "document.addEventListener('DOMContentLoaded', () => { setInterval(() => {}, 9); });",
        Rate.ONCE,
    ),
    "behind a flag of the module": (
        "let on = false; export function go() { if (on) return; on = true; setInterval(() => {}, 9); }",
        Rate.ONCE,
    ),
}


@pytest.mark.parametrize("case", RATES, ids=str)
def test_how_often(case: str) -> None:
    source, rate = RATES[case]
    seen = insight(source)
    life = next(life for life in seen.lifetimes if life.resource.kind == "interval")
    assert life.frequency.rate is rate


ENDED = {
    "by the same name": "function f() { const t = setInterval(g, 9); return () => clearInterval(t); }",
    "through a field": "class A { a() { this.t = setInterval(g, 9); } b() { clearInterval(this.t); } }",
    "through an alias of this": "class A { a() { const s = this; s.t = setInterval(g, 9); } b() { clearInterval(this.t); } }",
    "through a list": (
        "class A { a() { this.all.push(setInterval(g, 9)); } b() { for (const t of this.all) clearInterval(t); } }"
    ),
    "through a map": "class A { a(k) { this.m.set(k, setInterval(g, 9)); } b(k) { clearInterval(this.m.get(k)); } }",
    "through a walk": "class A { a() { this.all.add(setInterval(g, 9)); } b() { this.all.forEach((t) => clearInterval(t)); } }",
    "through a base class": "class B { b() { clearInterval(this.t); } } class A extends B { a() { this.t = setInterval(g, 9); } }",
    "through a helper here": "function end(t) { clearInterval(t); } class A { a() { this.t = setInterval(g, 9); } b() { end(this.t); } }",
    "through unref": "function f() { const t = setInterval(g, 9).unref(); return () => clearInterval(t); }",
}  # fmt: skip


@pytest.mark.parametrize("case", ENDED, ids=str)
def test_what_lets_go(case: str) -> None:
    life, _ = only(ENDED[case])
    assert [end.call.name for end in life.ends] == ["clearInterval"]


NOT_ENDED = {
    "another field": "class A { a() { this.t = setInterval(g, 9); } b() { clearInterval(this.u); } }",
    "another event": "class A { a() { bus.on('x', this.f); } b() { bus.off('y', this.f); } }",
    "a fresh bind": "class A { a() { bus.on('x', this.f); } b() { bus.off('x', this.f.bind(this)); } }",
    "another flag": "class A { a() { w.addEventListener('x', this.f, true); } b() { w.removeEventListener('x', this.f); } }",
}


@pytest.mark.parametrize("case", NOT_ENDED, ids=str)
def test_what_only_looks_like_letting_go(case: str) -> None:
    life, seen = only(NOT_ENDED[case])
    assert not life.ends
    assert len(list(seen.near_misses(life))) == 1


TAKEN = {
    "the caller": "export function f() { return setInterval(g, 9); }",
    "a function nobody here knows": "export function f() { keep(setInterval(g, 9)); }",
    "an object that was handed in": "export function f(owner) { owner.timer = setInterval(g, 9); }",
    "an object that is handed on": "export function f() { const o = {}; o.t = setInterval(g, 9); return o; }",
    "a signal from elsewhere": "export function f(signal) { window.addEventListener('x', () => {}, { signal }); }",
    "a finalizer with the very method": "import weakref\ndef f(o):\n    file = open(o)\n    weakref.finalize(o, file.close)\n",
}


@pytest.mark.parametrize("case", TAKEN, ids=str)
def test_who_else_took_the_duty(case: str) -> None:
    life, seen = only(TAKEN[case], "example.py" if "def f" in TAKEN[case] else "example.js")
    assert is_handed_over(life, seen)


def test_nobody_took_the_duty_if_the_signal_is_ours_and_never_aborted() -> None:
    life, seen = only(
        "export function f() { const c = new AbortController();"
        " window.addEventListener('x', () => {}, { signal: c.signal }); }"
    )
    assert not is_handed_over(life, seen)


def test_both_languages_tell_the_same_story() -> None:
    script = insight("const seen = new Set();\nexport function note(x) { seen.add(x); }\n").collections
    python = insight("seen = set()\n\n\ndef note(x):\n    seen.add(x)\n", "example.py").collections
    assert [(one.name, len(one.feeds), len(one.drains)) for one in script] == [("seen", 1, 0)]
    assert [(one.name, len(one.feeds), len(one.drains)) for one in python] == [("seen", 1, 0)]
