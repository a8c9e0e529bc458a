"""A file twice as long is about twice the work: counted in calls, for no clock is as steady as that."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest

from memlint.catalog.catalog import load_catalog
from memlint.config.settings import Settings
from memlint.discovery.walk import discover
from memlint.linter import lint

CATALOG = load_catalog()
MOST = 2.6
"""How much more work twice the source may be; quadratic work comes near to four times."""
CASES: dict[str, str | tuple[str, ...]] = {
    "listeners of classes.js": """
        class C# {
          constructor(bus) { this.bus = bus; this.on# = this.on#.bind(this); this.bus.on('change', this.on#); }
          on#() { this.changed = true; }
          destroy() { this.bus.off('change', this.on#); }
        }
        """,
    "listeners of the page.js": """
        export function mount#(element) {
          const focus = () => element.focus();
          window.addEventListener('resize', focus);
          return () => window.removeEventListener('resize', focus);
        }
        """,
    "listeners that are not removed.js": """
        export class View# {
          connectedCallback() { bus.on('page', () => this.render()); }
          disconnectedCallback() { bus.off('page', this.render); }
          render() {}
        }
        """,
    "wrappers of one event.js": """
        export function subscribe#(handler) {
          bus.on('page', handler);
          return () => bus.off('page', handler);
        }
        """,
    "handles for the wrong canceller.js": """
        export class Wheel# {
          turn() { this.frame = setTimeout(() => this.draw(), 20); shared.frame = setInterval(() => this.draw(), 9000); }
          draw() { this.turned = true; }
          stop() { cancelAnimationFrame(this.frame); cancelAnimationFrame(shared.frame); }
        }
        """,
    "lists of owners that are handed on.js": """
        class Desk# {
          constructor() { this.notes = []; this.pages = new Map(); }
          note(text) { this.notes.push(text); this.pages.set(text.id, text); close(this, text); tear#(this, text); }
        }
        function tear#(desk, text) { desk.notes.splice(desk.notes.indexOf(text), 1); close(desk, text); }
        export const desk# = new Desk#();
        """,
    "looked for before they are made.js": """
        const pages# = [], all = [];
        export function open#(name) {
          const known = pages#.find((page) => page.name === name) ?? all.find((page) => page.name === name);
          if (known) return known;
          pages#.push({ name }); all.push({ name });
        }
        """,
    "one of two is destroyed.js": """
        class Ruler# {
          constructor() { window.addEventListener('resize', this.fit); }
          fit() {}
          destroy() { window.removeEventListener('resize', this.fit); }
        }
        export class Page# {
          constructor() { this.left = new Ruler#(); this.top = new Ruler#(); }
          destroy() { this.left.destroy(); }
        }
        """,
    "classes of an injector.ts": """
        @Injectable() export class Desk# { constructor() { window.addEventListener('resize', () => this.fit()); } fit() {} }
        @Component({ selector: 'page' })
        export class Page# { constructor() { document.addEventListener('click', () => this.open()); } open() {} }
        """,
    "texts joined from products.js": "export function a#(p) { let t = ''; t += renderPage(p); return p.end(t); }\n",
    "timers.js": "class T# { start() { this.t# = setInterval(() => {}, 1000); } stop() { clearInterval(this.t#); } }\n",
    "observers.js": """
        class O# {
          connect(element) { this.seen = new ResizeObserver(() => {}); this.seen.observe(element); }
          disconnect() { this.seen.disconnect(); }
        }
        """,
    "files.py": "def f#(path):\n    file = open(path)\n    line = file.readline()\n    file.close()\n    return line\n",
    "reads.js": """
        export function lines#(upload#) {
          const text# = require('fs').readFileSync(upload#, 'utf8');
          return text#.split('\\n');
        }
        """,
    "collections.js": "const m# = new Map();\nexport function put#(key, page) { if (!key) return; m#.set(key, page); }\n",
    "a chain of calls.js": "function f#(page) { f0#(page); }\nfunction f0#(page) { f#(page); pages.push(page); }\n",
    "captures.js": """
        export async function c#(path) {
          const text = await fs.readFile(path);
          bus.on('page', () => text.length);
        }
        """,
    "tries of one function.js": (
        "export function print(printer, pages, done) {\n",
        """
          let late#;
          try {
            late# = setTimeout(() => done(new Error('stuck')), printer.patience);
            printer.send(pages[#], () => clearTimeout(late#));
          } catch (error) {
            clearTimeout(late#);
            done(error);
          }
        """,
        "}\n",
    ),
    "tries that only tell.js": (
        "export function print(printer, pages, log, done) {\n",
        """
          const late# = setTimeout(() => done(new Error('stuck')), printer.patience);
          try {
            printer.send(pages[#], () => clearTimeout(late#));
          } catch (error) {
            log(error);
          }
        """,
        "}\n",
    ),
    "one-shots of one class.js": (
        "export class Page {\n",
        "  open#() { this.late# = setTimeout(() => this.show(#), this.patience); }\n",
        "  show(at) { this.at = at; }\n  destroy() {\n",
        "    clearTimeout(this.late#);\n",
        "  }\n}\n",
    ),
    "one-shots of one class, forgotten.js": (
        "export class Page {\n  open() {\n    this.line = setInterval(() => this.show(0), 1000);\n",
        "    this.late# = setTimeout(() => this.show(#), this.patience);\n",
        "  }\n  show(at) { this.at = at; }\n  destroy() { clearInterval(this.line); }\n}\n",
    ),
    "one-shots of a component.js": (
        "export class Page extends React.Component {\n",
        "  open#() { this.late# = setTimeout(() => this.setState({ at: # }), 20); }\n",
        "  componentWillUnmount() {\n",
        "    window.clearTimeout(this.late#);\n",
        "  }\n}\n",
    ),
    "one-shots of a component, forgotten.js": (
        "export class Page extends React.Component {\n",
        "  open#() { this.late# = setTimeout(() => this.setState({ at: # }), 20); }\n",
        "  componentWillUnmount() { this.isGone = true; }\n}\n",
    ),
    "many opened together.js": """
        export async function copy#(from, to) {
          const [source#, target#] = await Promise.all([connect(from), connect(to)]);
          await target#.write(await source#.read());
          await source#.close();
          await target#.close();
        }
        """,
    "children of one owner.js": (
        "export class Page {\n  constructor(element) {\n",
        "    this.clock# = new PageWatcher(element, #);\n",
        "  }\n  destroy() {\n",
        "    this.clock#.destroy();\n",
        "  }\n}\n",
    ),
    "children of one owner, forgotten.js": (
        "export class Page {\n  constructor(element) {\n    this.menu = new Menu(element);\n",
        "    this.clock# = new PageWatcher#(element);\n    this.line# = new Line#(element);\n",
        "  }\n  destroy() {\n    this.menu.destroy();\n",
        "    this.line#.destroy();\n",
        "  }\n}\n",
    ),
    "races with a watch.js": """
        const rest# = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        async function watch#() { await rest#(20); return watch#(); }
        export const serve# = (guest) => Promise.race([guest.order(), watch#()]);
        """,
}


@pytest.mark.parametrize("name", CASES)
def test_work_grows_with_the_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    work(tmp_path, name, 2)  # whatever is made once
    assert work(tmp_path, name, 80) < MOST * work(tmp_path, name, 40)


def work(folder: Path, name: str, repetitions: int) -> int:
    """How many calls it takes to lint a piece of source so many times over."""
    suffix = name.rpartition(".")[2]
    case = CASES[name]
    source = "".join(_repeated(piece, repetitions) for piece in ((case,) if isinstance(case, str) else case))
    (folder / f"example.{suffix}").write_text(source)
    settings = Settings(root=folder, jobs=1)
    found = discover([f"example.{suffix}"], settings)
    calls = 0

    def count(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        report = lint(*found, settings, CATALOG)
    finally:
        sys.setprofile(before)
    assert not report.problems
    return calls


def _repeated(piece: str, repetitions: int) -> str:
    """A piece of source with numbers in the place of `#`; one that has none of these stands once."""
    return "".join(piece.replace("#", str(at)) for at in range(repetitions)) if "#" in piece else piece


def test_a_long_chain_of_calls_is_not_too_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chain = "".join(f"function f{number + 1}(page) {{ f{number}(page); }}\n" for number in range(400))
    source = f"const pages = [];\nfunction f0(page) {{ pages.push(page); }}\n{chain}"
    (tmp_path / "example.js").write_text(f"{source}export function open(page) {{ f400(page); }}\n")
    settings = Settings(root=tmp_path, jobs=1)
    report = lint(*discover(["example.js"], settings), settings, CATALOG)

    assert not report.problems
    assert [finding.rule for finding in report.findings] == ["MEM201"]
