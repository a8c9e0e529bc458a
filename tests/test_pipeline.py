"""From files to findings: what files know of each other, what a project adds, what is switched off, what is loaded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from started import LEAK, ROOT, environment, judged, memlint, places, python

GROWS = "const kept = new Map();\nexport function keep(a, b) {\n  kept.set(a, b);\n}\n"
HELPER = "export function every(task) {\n  return setInterval(task, 1000);\n}\n"
DISCARDED = "import { every } from './%s';\nexport function watch(a) {\n  every(() => a.check());\n}\n"
CLEARED = (
    "import { every } from './%s';\nexport class Watch {\n  start(a) {\n    this.timer = every(() => a.check());\n  }\n"
    "  stop() {\n    clearInterval(this.timer);\n  }\n}\n"
)


def project(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def found(folder: Path, files: Mapping[str, str], *arguments: str) -> list[str]:
    """Findings of the real command, each as `path:line rule`."""
    ran = memlint("-o", "json", *arguments, ".", cwd=project(folder, files))
    assert ran.stderr == b""
    return places(json.loads(ran.stdout))


# Files know of each other


@pytest.mark.parametrize(
    ("files", "imported"),
    [
        ({"every.js": HELPER}, "every.js"),
        ({"every.ts": HELPER}, "every"),
        ({"lib/index.js": HELPER}, "lib"),
        ({"lib/every.js": HELPER, "lib/index.js": "export { every } from './every.js';\n"}, "lib"),
        ({"lib/every.js": HELPER, "lib/index.js": "export * from './every.js';\n"}, "lib/index.js"),
        (
            {
                "lib/each.js": HELPER.replace("every", "each"),
                "lib.js": "export { each as every } from './lib/each.js';\n",
            },
            "lib",
        ),
    ],
)
def test_what_a_helper_in_another_file_acquires_is_followed(
    tmp_path: Path, files: Mapping[str, str], imported: str
) -> None:
    uses = {"bad.js": DISCARDED % imported, "good.js": CLEARED % imported}

    assert found(tmp_path, {**files, **uses}) == ["bad.js:3 MEM102"]


_EVERY = "function every(task) {\n  return setInterval(task, 1000);\n}\n"
_CALLS = "export function watch(a) {\n  %s(() => a.check());\n}\n"
_PACKAGE = '{"name": "@acme/lib", "exports": {"./timing": {"import": "./src/every.js"}}, "imports": {"#every": "./src/every.js"}}'
_PATHS = '{\n  // aliases\n  "compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["src/*"]},},\n}'


@pytest.mark.parametrize(
    ("helper", "use", "call"),
    [
        ("export default " + _EVERY, "import begin from './lib/every.js';", "begin"),
        ("export " + _EVERY, "import * as timing from './lib/every.js';", "timing.every"),
        ("export const timing = { every };\n" + _EVERY, "import { timing } from './lib/every.js';", "timing.every"),
        ("export default { every };\n" + _EVERY, "import timing from './lib/every.js';", "timing.every"),
        (
            "export class Timing {\n  static " + _EVERY[9:] + "}\n",
            "import { Timing } from './lib/every';",
            "Timing.every",
        ),
        (
            "export class Timing {\n  " + _EVERY[9:] + "}\n",
            "import { Timing } from './lib/every';\nconst t = new Timing();",
            "t.every",
        ),
        (
            "class Timing {\n  " + _EVERY[9:] + "}\nexport const timing = new Timing();\n",
            "import { timing } from './lib/every.js';",
            "timing.every",
        ),
        (_EVERY + "export { every as start, every };\n", "import { start } from './lib/every.js';", "start"),
        (_EVERY + "module.exports = { every };\n", "const { every } = require('./lib/every');", "every"),
        (_EVERY + "module.exports = { every };\n", "const timing = require('./lib/every');", "timing.every"),
        (_EVERY + "module.exports = { every };\n", "import timing from './lib/every.js';", "timing.every"),
        (_EVERY + "module.exports = every;\n", "const begin = require('./lib/every');", "begin"),
        (_EVERY + "exports.begin = every;\n", "", "require('./lib/every').begin"),
        ("exports.begin = " + _EVERY, "import lib from './lib/every.js';", "lib.begin"),
    ],
)
def test_a_helper_is_known_however_it_is_exported_and_imported(
    tmp_path: Path, helper: str, use: str, call: str
) -> None:
    line = use.count("\n") + 3

    assert found(tmp_path, {"lib/every.js": helper, "uses.js": f"{use}\n{_CALLS % call}"}) == [f"uses.js:{line} MEM102"]


@pytest.mark.parametrize("module", ["@lib/every", "src/every", "@acme/lib/timing", "#every"])
def test_a_helper_is_known_by_the_names_that_the_project_gives_its_files(tmp_path: Path, module: str) -> None:
    files = {
        "src/every.js": "export " + _EVERY,
        "src/uses.ts": f"import {{ every }} from '{module}';\n{_CALLS % 'every'}",
        "tsconfig.json": _PATHS,
        "package.json": _PACKAGE,
    }

    assert found(tmp_path, files) == ["src/uses.ts:3 MEM102"]


def test_helpers_of_helpers_are_followed_to_the_end(tmp_path: Path) -> None:
    chain = {
        f"step{n}.js": f"import {{ step{n - 1} }} from './step{n - 1}.js';\n"
        f"export function step{n}(task) {{\n  return step{n - 1}(task);\n}}\n"
        for n in range(1, 8)
    }
    files = {"step0.js": "export " + _EVERY.replace("every", "step0"), **chain}
    files["uses.js"] = "import { step7 } from './step7.js';\n" + _CALLS % "step7"

    assert found(tmp_path, files) == ["uses.js:3 MEM102"]


_OPENS = "def open_log(path):\n    return open(path, 'a')\n\n\ndef end(log):\n    log.close()\n"
_WRITES = "def note(path, text):\n    log = %s(path)\n    log.write(text)\n"


@pytest.mark.parametrize(
    ("use", "call"),
    [
        ("from .logs import open_log", "open_log"),
        ("from .logs import open_log as begin", "begin"),
        ("from . import logs", "logs.open_log"),
        ("from app.logs import open_log", "open_log"),
        ("from app import logs", "logs.open_log"),
        ("from app import open_log", "open_log"),
        ("import app.logs", "app.logs.open_log"),
        ("import app.logs as logs", "logs.open_log"),
        ("from ..app.logs import *", "open_log"),
    ],
)
def test_helpers_in_python(tmp_path: Path, use: str, call: str) -> None:
    files = {
        "src/app/__init__.py": "from .logs import open_log\n",
        "src/app/logs.py": _OPENS,
        "src/app/uses.py": f"{use}\n\n\n{_WRITES % call}",
    }

    assert found(tmp_path, files) == ([] if "*" in use else ["src/app/uses.py:5 MEM110"])


def test_a_helper_in_python_releases(tmp_path: Path) -> None:
    ends = "    try:\n        log.write(text)\n    finally:\n        logs.end(log)\n"
    files = {
        "logs.py": _OPENS,
        "uses.py": "import logs\n\n\n" + _WRITES.replace("    log.write(text)\n", ends) % "logs.open_log",
    }

    assert found(tmp_path, files) == []


_BEATS = "export function beat(a) {\n  setInterval(() => a.check(), 1000);\n}\n"


@pytest.mark.parametrize(
    ("callers", "leaks"),
    [
        ({"main.js": "import { beat } from './beat.js';\nbeat(globalThis.server);\n"}, False),
        ({"main.js": "import * as beats from './beat.js';\nbeats.beat(globalThis.server);\n"}, False),
        ({"main.js": "import { beat } from './beat.js';\nexport const onJob = (job) => beat(job);\n"}, True),
        ({"main.js": "import { beat } from './beat.js';\nfor (const one of servers) beat(one);\n"}, True),
        ({"main.js": "import { beat } from './beat.js';\nservers.forEach(beat);\n"}, True),
        (
            {
                "main.js": "import { beat } from './beat.js';\nbeat(globalThis.server);\n",
                "jobs.js": "import { beat } from './beat.js';\nexport const onJob = (job) => beat(job);\n",
            },
            True,
        ),
    ],
)
def test_how_often_other_files_call_a_function(tmp_path: Path, callers: Mapping[str, str], leaks: bool) -> None:
    assert found(tmp_path, {"beat.js": _BEATS, **callers}) == (["beat.js:2 MEM102"] if leaks else [])


def test_a_collection_that_another_file_empties(tmp_path: Path) -> None:
    grows = "SEEN = {}\n\n\ndef remember(url, page):\n    SEEN[url] = page\n"
    empties = "from pages import SEEN\n\n\ndef forget_all():\n    SEEN.clear()\n"

    assert found(tmp_path, {"pages.py": grows, "other.py": "import json\n"}) == ["pages.py:5 MEM201"]
    assert found(tmp_path, {"other.py": empties}) == []
    assert (
        found(
            tmp_path,
            {"other.py": empties.replace("from pages import SEEN", "import pages").replace("SEEN", "pages.SEEN")},
        )
        == []
    )


def test_a_finding_says_where_the_helper_acquires(tmp_path: Path) -> None:
    project(tmp_path, {"every.js": HELPER, "bad.js": DISCARDED % "every.js"})

    (finding,) = judged(".", cwd=tmp_path, code=1)[0]["findings"]
    assert "every.js" in {step["span"]["path"] for step in finding["path"] + finding["near_misses"]}


def test_a_helper_in_another_file_releases(tmp_path: Path) -> None:
    files = {
        "ends.js": "export function end(timer) {\n  clearInterval(timer);\n}\n",
        "watch.js": CLEARED.replace("import { every } from './%s';", "import { end } from './ends.js';")
        .replace("every(", "setInterval(")
        .replace("clearInterval(", "end("),
    }

    assert found(tmp_path, files) == []


def test_a_file_of_the_same_name_elsewhere_is_no_helper(tmp_path: Path) -> None:
    assert found(tmp_path, {"lib/every.js": HELPER, "bad.js": DISCARDED % "every.js"}) == []


@pytest.mark.parametrize("form", ["json", "sarif", "text"])
def test_the_number_of_processes_changes_nothing(tmp_path: Path, form: str) -> None:
    files = {f"dir{n % 3}/bad{n}.js": DISCARDED % "../lib" for n in range(12)}
    project(tmp_path, {**files, "lib/index.js": HELPER, "grows.js": GROWS, "leak.js": LEAK})

    def report(jobs: str) -> str:
        out = memlint("-o", form, "--jobs", jobs, ".", cwd=tmp_path).stdout.decode()
        return re.sub(r'"seconds": [\d.]+|[\d.]+ s$', "", out, flags=re.MULTILINE)

    assert report("1") == report("4")
    assert report("1").count("bad") >= 12


# What a project adds

_LOCK = """
[[resource]]
kind = "interval"
acquire = "$poll = startPolling($callback, ...)"
release = ["stopPolling($poll)", "$poll.stop()"]
holder = "process"
keeps = "$callback"
noun = "poll"
"""
_POLLS = """import { startPolling, stopPolling } from '@acme/polling';
export function lost(a) {
  startPolling(() => a.check());
}
export class Kept {
  start(a) {
    this.poll = startPolling(() => a.check());
  }
  stop() {
    stopPolling(this.poll);
  }
}
export class Stopped {
  start(a) {
    this.poll = startPolling(() => a.check());
  }
  stop() {
    this.poll.stop();
  }
}
export class Forgotten {
  start(a) {
    this.poll = startPolling(() => a.check());
  }
  stop() {
    this.open = false;
  }
}
"""


def test_own_resources_take_three_lines(tmp_path: Path) -> None:
    row = '[[resource]]\nkind = "interval"\nacquire = "$poll = startPolling($callback, ...)"\n'
    row += 'release = "stopPolling($poll)"\nholder = "process"\n'
    lost = "export function lost(a) {\n  startPolling(() => a.check());\n}\n"

    assert found(tmp_path, {"lost.js": lost}) == []
    assert found(tmp_path, {"memlint.toml": row}) == ["lost.js:2 MEM102"]


@pytest.mark.parametrize(
    "modules",
    [
        "",
        'modules = ["@acme/polling"]\n',
    ],
)
def test_own_resources_are_acquired_and_released(tmp_path: Path, modules: str) -> None:
    assert found(tmp_path, {"memlint.toml": _LOCK + modules, "a.js": _POLLS}) == ["a.js:3 MEM102", "a.js:23 MEM102"]


def test_own_resources_of_other_modules_are_not_meant(tmp_path: Path) -> None:
    places = found(tmp_path, {"memlint.toml": _LOCK + 'modules = ["@other/polling"]\n', "a.js": _POLLS})

    assert [place for place in places if place.endswith("MEM102")] == []


def test_own_resources_work_in_pyproject_and_in_python(tmp_path: Path) -> None:
    row = (
        '[[tool.memlint.resource]]\nkind = "file"\nlanguages = ["python"]\nacquire = "$lease = take_lease(...)"\n'
        'release = "$lease.give_back()"\nholder = "self"\nmodules = ["acme"]\n'
    )
    source = (
        "from acme import take_lease\n\n\ndef lost(name):\n    lease = take_lease(name)\n    lease.use()\n\n\n"
        "def kept(name):\n    lease = take_lease(name)\n    try:\n        lease.use()\n    finally:\n"
        "        lease.give_back()\n"
    )

    assert [place[:6] for place in found(tmp_path, {"pyproject.toml": row, "a.py": source})] == ["a.py:5"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('[[resource]]\nkind = "lock"\n', 'memlint.toml:1: "acquire" is missing'),
        (
            _LOCK.replace('"interval"', '"intervall"'),
            'memlint.toml:2: no rule answers for the kind "intervall"; did you m',
        ),
        (_LOCK.replace("$poll = startPolling(", "$poll = startPolling["), "memlint.toml:2: `$poll = startPolling["),
        (_LOCK.replace('"process"', '"$target"'), 'memlint.toml:2: holder = "$target"; it is one of'),
        (
            _LOCK.replace("stopPolling($poll)", "stopPolling($pol)"),
            "memlint.toml:2: nothing in `acquire` or `started-by`",
        ),
        (_LOCK + "modules = 3\n", "memlint.toml:2: modules must be a text in quotes or a list of them, not 3"),
        ('[[owner]]\nname = "x"\n', 'memlint.toml:1: "ends" is missing'),
        ('[[owner]]\nname = "x"\nbegins = ["a"]\nends = ["b"]\nend = 1\n', 'memlint.toml:1: unknown key "end"'),
    ],
)
def test_own_rows_that_say_nothing_are_refused(tmp_path: Path, row: str, message: str) -> None:
    ran = memlint(".", cwd=project(tmp_path, {"memlint.toml": row, "a.js": _POLLS}))

    assert ran.returncode == 2
    assert ran.stderr.decode().startswith(f"memlint: {message}")


def test_own_owners_say_what_ends(tmp_path: Path) -> None:
    source = (
        "export class Panel {\n  onEnterStage() {\n    window.addEventListener('resize', this.fit);\n  }\n"
        "  onCurtain() {\n    window.addEventListener('resize', this.fit);\n  }\n}\n"
    )
    owner = '[[owner]]\nname = "stage"\nbegins = ["onEnterStage"]\nends = ["onCurtain"]\n'

    assert "panel.js:6 MEM103" not in found(tmp_path, {"panel.js": source})
    assert "panel.js:6 MEM103" in found(tmp_path, {"memlint.toml": owner})


# What is switched off


def test_suppressed_findings_are_counted_and_comments_judged(tmp_path: Path) -> None:
    silenced = LEAK.replace(
        "  setInterval", "  // memlint-disable-next-line MEM102 -- lives with the page\n  setInterval"
    )
    project(
        tmp_path,
        {
            "a.js": silenced,
            "b.js": silenced.replace(" -- lives with the page", ""),
            "c.js": "// memlint-disable-file MEM1 -- none here\n" + GROWS,
            "d.py": "import x  # memlint-disable-line MEM999 -- none\n",
        },
    )

    report, _ = judged(".", cwd=tmp_path, code=1)
    assert places(report) == ["b.js:2 MEM002", "b.js:3 MEM102", "c.js:1 MEM001", "c.js:4 MEM201", "d.py:1 MEM003"]
    assert report["summary"]["suppressed"] == 1


@pytest.mark.parametrize("name", ["a.js", "a.py"])
def test_in_a_file_that_is_not_understood_no_comment_is_called_unused(tmp_path: Path, name: str) -> None:
    sign = "#" if name.endswith("py") else "//"
    text = f"open(a) {sign} memlint-disable-line MEM301 -- closed by the pool\n" + "def (:\n) class function ( {\n"

    report, err = judged(".", cwd=project(tmp_path, {name: text}), code=0)
    assert report["findings"] == []
    assert err.startswith((f"memlint: {name}: syntax: line ", f"memlint: {name}: not parsed: line "))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), ["a.js:2 MEM102", "b.js:3 MEM201", "legacy/c.js:2 MEM102"]),
        (("--select", "MEM1"), ["a.js:2 MEM102", "legacy/c.js:2 MEM102"]),
        (("--select", "MEM2,MEM3"), ["b.js:3 MEM201"]),
        (("--select", "growing-collection"), ["b.js:3 MEM201"]),
        (("--ignore", "MEM1"), ["b.js:3 MEM201"]),
        (("--ignore", "MEM1", "--extend-select", "MEM102"), ["a.js:2 MEM102", "b.js:3 MEM201", "legacy/c.js:2 MEM102"]),
        (("--config", "per-file-ignores={'legacy/**'=['MEM1']}"), ["a.js:2 MEM102", "b.js:3 MEM201"]),
        (("--config", "per-file-ignores={'*.js'=['MEM']}"), []),
        (("--config", "extend-exclude=['legacy/']"), ["a.js:2 MEM102", "b.js:3 MEM201"]),
    ],
)
def test_rules_and_files_are_chosen(tmp_path: Path, arguments: tuple[str, ...], expected: list[str]) -> None:
    assert found(tmp_path, {"a.js": LEAK, "b.js": GROWS, "legacy/c.js": LEAK}, *arguments) == expected


def test_the_checklist_of_a_project_names_its_findings(tmp_path: Path) -> None:
    ran = memlint("checklist", ".", cwd=project(tmp_path, {"a.js": LEAK, "b.js": GROWS}))

    out = ran.stdout.decode()
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert "    → a.js:2:3: MEM102 " in out
    assert "    → b.js:3:3: MEM201 " in out
    assert memlint("checklist", "--select", "MEM2", "a.js", cwd=tmp_path).returncode == 0
    assert memlint("checklist", "gone.js", cwd=tmp_path).returncode == 2


# What is loaded


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--version"], {"tree_sitter", "libcst", "sarif_om", "memlint.linter", "tomllib", "json"}),
        (["--help"], {"tree_sitter", "libcst", "sarif_om", "memlint.linter"}),
        (["rule", "MEM101"], {"tree_sitter", "libcst", "sarif_om", "memlint.linter"}),
        (["checklist"], {"tree_sitter", "libcst", "sarif_om", "memlint.linter"}),
        (["--show-files", "."], {"tree_sitter", "libcst", "sarif_om", "memlint.linter"}),
        (["a.js"], {"libcst", "sarif_om", "tree_sitter_typescript", "multiprocessing", "concurrent.futures.process"}),
        (["a.ts"], {"libcst", "sarif_om", "tree_sitter_javascript"}),
        (["a.py"], {"tree_sitter", "sarif_om"}),
        (["-o", "json", "a.js", "a.py"], {"sarif_om"}),
        (["nothing.js", "nothing.py"], {"tree_sitter", "libcst", "sarif_om"}),
    ],
)
def test_nothing_is_loaded_that_nobody_needs(tmp_path: Path, arguments: list[str], unwanted: set[str]) -> None:
    files = {"a.js": LEAK, "a.ts": LEAK, "a.py": "KEPT = []\ndef keep(x):\n    KEPT.append(x)\n"}
    project(tmp_path, {**files, "nothing.js": "const a = 1;\n", "nothing.py": "a = 1\n"})
    code = (
        f"import sys\nfrom memlint.__main__ import main\ncode = main({arguments!r})\n"
        "sys.stderr.write(' '.join(sys.modules))\nsys.exit(code)\n"
    )

    ran = python(code, cwd=tmp_path)

    assert ran.returncode in (0, 1)
    loaded = set(ran.stderr.split())
    assert loaded
    assert not loaded & unwanted


def test_the_command_is_the_module(tmp_path: Path) -> None:
    command = ROOT / ".venv/bin/memlint"
    if not command.is_file():
        command = Path(sys.executable).with_name("memlint")
    project(tmp_path, {"a.js": LEAK})

    ran = subprocess.run(
        [command, "-o", "concise", "."], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )

    module = memlint("-o", "concise", ".", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (module.returncode, module.stdout)
