"""No file ends the run, or costs another file its findings; numbers are those of the ecosystem bar, section 5.3."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from started import LEAK, environment, judged, memlint, places, python, sarif_notices

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, signals and modes are POSIX's")

OTHER = "leak.js:2 MEM102"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "leak.js").write_text(LEAK)
    return tmp_path


# 1-6: encodings and line ends


@pytest.mark.parametrize("name", ["odd.js", "odd.ts"])
def test_invalid_utf_8_is_analysed(project: Path, name: str) -> None:
    (project / name).write_bytes(b"// caf\xe9 \xff\xfe\n" + LEAK.encode().replace(b"account", b"caf\xc3\xa9"))

    report, err = judged(".", cwd=project, code=1)
    assert places(report) == [OTHER, f"{name}:3 MEM102"]
    assert err == ""


def test_a_name_with_invalid_bytes_is_shown_with_replacements(project: Path) -> None:
    (project / "odd.js").write_bytes(b"export function watch(a) { setInterval(() => a('\xff'), 1); } // \xff\n")

    for form in ("text", "sarif", "github", "json"):
        ran = memlint("-o", form, "odd.js", cwd=project)
        assert ran.returncode == 1
        assert ran.stdout.decode("utf-8")


def test_a_byte_order_mark_shifts_no_column(project: Path) -> None:
    (project / "bom.js").write_bytes(b"\xef\xbb\xbf" + LEAK.replace("\n", " ").encode())
    (project / "none.js").write_text(LEAK.replace("\n", " "))

    report, _ = judged("bom.js", "none.js", cwd=project, code=1)
    marked, plain = report["findings"]
    assert marked["span"] == {**plain["span"], "path": "bom.js"}


def test_python_with_a_byte_order_mark_is_analysed(project: Path) -> None:
    source = "import threading\nKEPT = []\ndef keep(x):\n    KEPT.append(x)\n"
    (project / "a.py").write_bytes(b"\xef\xbb\xbf" + source.encode())
    (project / "b.py").write_text(source)

    report, err = judged("a.py", "b.py", cwd=project, code=1)
    assert [place[4:] for place in places(report)] == [":4 MEM201", ":4 MEM201"]
    assert err == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-32-be"])
def test_other_encodings_are_named(project: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("be") else ""
    (project / "wide.js").write_bytes((mark + LEAK).encode(encoding))

    report, err = judged(".", cwd=project, code=1)
    assert places(report) == [OTHER]
    assert err == "memlint: wide.js: encoding: UTF-16 or UTF-32; save it as UTF-8\n"
    assert report["problems"][0]["path"] == "wide.js"
    assert sarif_notices(project, ".") == ["error wide.js: encoding: UTF-16 or UTF-32; save it as UTF-8"]
    judged("wide.js", cwd=project, code=2)


@pytest.mark.parametrize("text", [b"", b" \n\t\r\n", b"// nothing\n", b"/* open", b"\xef\xbb\xbf", b"#!x", b"\n" * 9999])
@pytest.mark.parametrize("name", ["a.js", "a.tsx", "a.py"])
def test_a_file_without_code_is_clean(tmp_path: Path, text: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(text)

    report, _ = judged(name, cwd=tmp_path, code=0)
    assert report["findings"] == []


def test_a_binary_file_is_named(project: Path) -> None:
    (project / "image.js").write_bytes(b"setInterval(\0)" + bytes(range(256)))

    report, err = judged(".", cwd=project, code=1)
    assert places(report) == [OTHER]
    assert err == "memlint: image.js: binary: it holds NUL bytes, so it is no source text\n"
    assert b"1 problem (binary)" in memlint(".", cwd=project).stdout
    judged("image.js", cwd=project, code=2)


@pytest.mark.parametrize(
    ("end", "line"), [("\n", 2), ("\r\n", 2), ("\r", 2), ("\r\n\n", 3), ("\u2028\n", 2), ("\u2028", 1)]
)
def test_lines_are_counted_in_every_form(tmp_path: Path, end: str, line: int) -> None:
    (tmp_path / "a.js").write_bytes(LEAK.replace("\n", end).encode())

    report, _ = judged("a.js", cwd=tmp_path, code=1)
    assert places(report) == [f"a.js:{line} MEM102"]
    assert f"a.js:{line}:".encode() in memlint("-o", "concise", "a.js", cwd=tmp_path).stdout
    assert f"line={line},".encode() in memlint("-o", "github", "a.js", cwd=tmp_path).stdout
    sarif = json.loads(memlint("-o", "sarif", "a.js", cwd=tmp_path).stdout)
    (place,) = sarif["runs"][0]["results"][0]["locations"]
    assert place["physicalLocation"]["region"]["startLine"] == line


# 7-8: syntax


@pytest.mark.parametrize(
    ("name", "before", "partly"),
    [
        ("a.js", "#!/usr/bin/env node\n", False),
        ("a.mjs", "export const view = (x) => <b a={x}>{...x}</b>;\n", False),
        ("a.js", "// @flow\nexport type A = {| +a: ?string |};\n", True),
        ("a.js", "let x: number = 1;\n", True),
        ("a.js", "function (\n", True),
        ("a.js", "}}}}\n", True),
        ("a.ts", "let a = <T,>(x: T) => x; enum E { A }\n", False),
        ("a.ts", "class A { @@ }\n", True),
    ],
)
def test_what_is_intact_is_analysed(project: Path, name: str, before: str, *, partly: bool) -> None:
    (project / name).write_text(before + LEAK)

    report, err = judged(".", cwd=project, code=1)
    assert places(report) == sorted([OTHER, f"{name}:{2 + before.count(chr(10))} MEM102"])
    notices = [line for line in err.splitlines() if line.startswith(f"memlint: {name}: syntax: line ")]
    assert (len(notices), err.count("\n")) == ((1, 1) if partly else (0, 0))
    assert judged(name, cwd=project, code=1)[0]["summary"]["problems"] == partly


@pytest.mark.parametrize("opened", ["'", '"', "`", "`${", "/*", "/[", "<a", "<!--", "(", "{", "a ? b", "'\\"])
@pytest.mark.parametrize("suffix", ["js", "ts", "tsx"])
def test_what_is_never_closed_ends_in_time(project: Path, opened: str, suffix: str) -> None:
    (project / f"open.{suffix}").write_text(LEAK + f"const a = {opened} setInterval(() => b, 1)\n" * 50)

    start = time.monotonic()
    report, _ = judged(".", cwd=project, code=1)
    assert time.monotonic() - start < 10
    assert OTHER in places(report)


@pytest.mark.parametrize("text", ["def f(:\n", "x = '''\n", "  x\n y\n", "\tif x:\n        y\n", "f'{", "\f\r\v"])
def test_python_with_another_syntax_is_named(project: Path, text: str) -> None:
    (project / "a.py").write_text("def keep(x, y=[]):\n    y.append(x)\n" + text)

    report, _ = judged(".", cwd=project, code=1)
    assert OTHER in places(report)


# 9: depth

_MANY = 100_000
_SECONDS = 15
_KILOBYTES = 700_000
_DEEP = {
    "arrays.js": "setInterval(a, 1);" + "[" * _MANY * 10 + "]" * _MANY * 10,
    "open arrays.js": "setInterval(a, 1);" + "[" * _MANY * 10,
    "functions.js": "setInterval(a, 1);" + "function f(){" * _MANY + "}" * _MANY,
    "arrows.ts": "setInterval(a, 1);" + "()=>" * _MANY + "1",
    "sum.js": "setInterval(a, 1);" + "a+" * _MANY * 10 + "a",
    "chain.js": "setInterval(a, 1);a" + ".b()" * _MANY * 5,
    "templates.js": "setInterval(a, 1);" + "`${" * _MANY + "a" + "}`" * _MANY,
    "else.js": "setInterval(a, 1);" + "if(a);else " * _MANY + ";",
    "jsx.jsx": "setInterval(a, 1);" + "<a>" * _MANY + "</a>" * _MANY,
    "types.ts": "setInterval(a, 1); type A = " + "Array<" * _MANY + "b" + ">" * _MANY,
    "lists.py": "import sched; x = open(y)\nz = " + "[" * _MANY * 10 + "]" * _MANY * 10,
    "sum.py": "x = open(y)\nz = " + "a+" * _MANY * 10 + "a",
    "chain.py": "x = open(y)\nz = a" + ".b()" * _MANY * 5,
    "ifs.py": "x = open(y)\nif a: pass\n" + "elif a: pass\n" * _MANY,
    "lambdas.py": "x = open(y)\nz = " + "lambda: " * _MANY + "1",
    "nots.py": "x = open(y)\nz = " + "not " * _MANY + "1",
    "blocks.py": "x = open(y)\n" + "".join(" " * n + "if a:\n" for n in range(2000)) + " " * 2000 + "pass",
}


@pytest.mark.parametrize("name", _DEEP)
def test_deep_code_neither_ends_the_run_nor_hangs_it(project: Path, name: str) -> None:
    (project / name).write_text(_DEEP[name])
    command = [sys.executable, "-m", "memlint", "-j1", "-o", "json:out.json", name, "leak.js"]

    start = time.monotonic()
    process = subprocess.Popen(command, cwd=project, env=environment(), stderr=subprocess.PIPE, text=True)
    assert process.stderr
    with process.stderr:
        err = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)

    report = json.loads((project / "out.json").read_text())
    assert OTHER in places(report)
    assert [problem["kind"] for problem in report["problems"]] in ([], ["too deep"], ["too slow"])
    assert process.returncode == (2 if report["problems"] else 1)
    assert err == "".join(
        f"memlint: {name}: {problem['kind']}: {problem['message']}\n" for problem in report["problems"]
    )
    assert time.monotonic() - start < _SECONDS
    assert usage.ru_maxrss < _KILOBYTES
