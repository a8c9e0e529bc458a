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
from pathlib import Path

import pytest
from started import LEAK, environment, judged, memlint, places, python, sarif_notices

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, signals and modes are POSIX's")

OTHER = "leak.js:2 MEM102"
_PATIENCE = 300
"""Seconds for what takes a few on an idle machine."""


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


@pytest.mark.parametrize("text", [b"", b" \n\t\r\n", b"# nothing\n", b"\xef\xbb\xbf", b"#!x", b"\n" * 9999])
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
    assert b"1 problem (1 binary)" in memlint(".", cwd=project).stdout
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
_SECONDS = 60
_KILOBYTES = 700_000
_MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
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
    # A process counts the peak of the one that began it as its own: this one's is not small.
    process = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command],
        check=False,
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
    )
    kilobytes = int(process.stdout)

    report = json.loads((project / "out.json").read_text())
    assert OTHER in places(report)
    assert [problem["kind"] for problem in report["problems"]] in (
        [],
        ["too deep"],
        ["syntax"],
        ["not parsed"],
        ["too slow"],
    )
    assert process.returncode == (2 if report["problems"] and report["problems"][0]["kind"] != "syntax" else 1)
    assert process.stderr == "".join(
        f"memlint: {name}: {problem['kind']}: {problem['message']}\n" for problem in report["problems"]
    )
    assert time.monotonic() - start < _SECONDS
    assert kilobytes < _KILOBYTES


# 10-14: size, number, faults of our own


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("big.js", LEAK + "// a comment that fills the file\n" * 70_000, "larger than 2 MiB"),
        ("small.min.js", LEAK, "minified"),
        ("line.js", LEAK.replace("\n", "") + "a=1;" * 5_000, "minified"),
        ("made.js", "/* @generated */\n" + LEAK, "generated"),
    ],
)
def test_what_is_skipped_says_why_and_can_be_named(project: Path, name: str, text: str, reason: str) -> None:
    (project / name).write_text(text)

    report, err = judged(".", cwd=project, code=1)
    assert places(report) == [OTHER]
    assert report["skipped"] == [{"path": name, "reason": reason, "named": False}]
    assert err == (f"memlint: {name}: skipped, {reason}\n" if name == "big.js" else "")
    assert f"1 skipped (1 {reason})".encode() in memlint(".", cwd=project).stdout
    assert f"memlint: {name}: skipped, {reason}\n" in judged("-v", ".", cwd=project, code=1)[1]
    assert name in {place.partition(":")[0] for place in places(judged(name, cwd=project, code=1)[0])}


def test_many_findings_are_all_in_json_and_counted_in_text(tmp_path: Path) -> None:
    (tmp_path / "many.js").write_text("export function f(a) {\n" + "setInterval(() => a(), 1);\n" * 1_100 + "}\n")

    start = time.monotonic()
    report, _ = judged("many.js", cwd=tmp_path, code=1)
    assert len(report["findings"]) == 1_100
    assert "… and 100 more" in memlint("many.js", cwd=tmp_path).stdout.decode()
    assert time.monotonic() - start < 60


def test_a_huge_one_line_file_ends_in_time(project: Path) -> None:
    (project / "huge.js").write_text(
        "export function f(a){setInterval(()=>a(),1)}" + "var b=function(c){return c.d(1)};" * 60_000
    )

    start = time.monotonic()
    report, _ = judged("huge.js", "leak.js", "--jobs", "2", cwd=project, code=1)
    assert time.monotonic() - start < 60
    assert places(report) == ["huge.js:1 MEM102", OTHER]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("target", "what"), [("memlint.visitors.lifetime.visit", " (MEM102)"), ("memlint.examine.lower", "")]
)
def test_a_fault_of_ours_is_told_and_costs_nothing_else(project: Path, target: str, what: str, jobs: str) -> None:
    (project / "bad.js").write_text(LEAK)
    (project / "cache.js").write_text("const kept = new Map();\nexport function f(a, b) {\n  kept.set(a, b);\n}\n")
    module, _, name = target.rpartition(".")
    code = f"""
import sys, {module} as room
from memlint.__main__ import main
before = room.{name}
def broken(*given):
    told = given[1].file.facts.path if {name!r} == "visit" else given[0]
    if told == "bad.js" and ({name!r} == "lower" or given[0].id == "MEM102"):
        raise KeyError("x\\ny")
    return before(*given)
room.{name} = broken
sys.exit(main(["-o", "json", "--jobs", "{jobs}", "."]))
"""
    ran = python(code, cwd=project)

    assert ran.returncode == 2
    assert ran.stderr == f"memlint: bad.js: internal error{what}: KeyError: 'x\\ny'; please report this\n"
    assert {"cache.js:3 MEM201", OTHER} <= set(places(json.loads(ran.stdout)))


def test_a_file_that_kills_its_worker_is_named_and_costs_nothing_else(project: Path) -> None:
    for number in range(20):
        (project / f"leak{number:02}.js").write_text(LEAK)
    code = """
import os, signal, sys, memlint.batch as room
from memlint.__main__ import main
before = room.examine
def examine(path, *rest):
    if path in ("leak07.js", "leak13.js"):
        os.kill(os.getpid(), signal.SIGKILL)
    return before(path, *rest)
room.examine = examine
sys.exit(main(["-o", "json", "--jobs", "2", "."]))
"""
    ran = python(code, cwd=project)

    assert ran.returncode == 2
    assert ran.stderr == "".join(
        f"memlint: leak{n}.js: internal error: the process that judged it was killed (out of memory?)\n"
        for n in ("07", "13")
    )
    assert len(json.loads(ran.stdout)["findings"]) == 19


def test_a_worker_that_somebody_kills_costs_nothing(project: Path) -> None:
    slow = _slow_project(project)
    process = subprocess.Popen(
        [sys.executable, "-m", "memlint", "-j2", "-o", "json", "."],
        cwd=project, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.kill(_children(process)[0], signal.SIGKILL)

    out, err = process.communicate(timeout=_PATIENCE)
    assert (process.returncode, err) == (1, b"")
    assert len(json.loads(out)["findings"]) == slow + 1


def _slow_project(folder: Path) -> int:
    """Files that take two processes some seconds."""
    body = "".join(f"export function f{n}(a) {{ return a.map((b) => b.c({n}) + a.d[{n}]); }}\n" for n in range(3_000))
    for number in range(8):
        (folder / f"slow{number}.js").write_text(LEAK + body)
    return 8


def _parent(entry: Path) -> int:
    """The parent of a process, as Linux tells it; 0 for one that has gone."""
    try:
        return int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _children(process: subprocess.Popen[bytes], number: int = 2) -> list[int]:
    """The workers, as soon as all of them are there."""
    if not Path("/proc").is_dir():
        process.kill()
        pytest.skip("who started a process is read from Linux' /proc")
    for _ in range(600):
        pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _parent(entry) == process.pid]
        if len(pids) >= number:
            time.sleep(0.3)
            return pids
        assert process.poll() is None
        time.sleep(0.02)
    raise AssertionError("no workers")


# 15-17: what is no file, or cannot be read


@pytest.mark.parametrize("make", ["fifo", "socket", "folder", "device"])
def test_what_is_no_file_is_not_opened(project: Path, make: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    odd = project / "odd.js"
    if make == "fifo":
        os.mkfifo(odd)
    elif make == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("odd.js")
    elif make == "folder":
        odd.mkdir()
        (odd / "leak.js").write_text(LEAK)
    else:
        odd = Path("/dev/null")

    report, err = judged(".", cwd=project, code=1)
    if make in ("fifo", "socket"):
        assert (places(report), err) == ([OTHER], "memlint: odd.js: skipped, not a regular file\n")
        assert sarif_notices(project, "odd.js") == ["note odd.js: skipped: not a regular file"]
    elif make == "folder":
        assert places(report) == [OTHER, "odd.js/leak.js:2 MEM102"]
    if make != "folder":
        judged(str(odd), cwd=project, code=2)


def test_a_file_that_becomes_a_pipe_does_not_hang_the_run(project: Path) -> None:
    (project / "odd.js").write_text(LEAK)
    code = """
import os, sys, memlint.linter as room
from memlint.__main__ import main
before = room.lint
def lint(*rest):
    os.remove("odd.js"); os.mkfifo("odd.js")
    return before(*rest)
room.lint = lint
sys.exit(main(["-o", "json", "."]))
"""
    ran = python(code, cwd=project, timeout=_PATIENCE)

    assert (ran.returncode, ran.stderr) == (1, "memlint: odd.js: unreadable: not a regular file\n")
    assert places(json.loads(ran.stdout)) == [OTHER]


def test_links_are_not_followed_and_no_file_counts_twice(project: Path) -> None:
    (project / "src").mkdir()
    (project / "src/real.js").write_text(LEAK)
    (project / "twice.js").symlink_to("src/real.js")
    (project / "loop.js").symlink_to("loop.js")
    (project / "loop").symlink_to("loop")
    (project / "src/up").symlink_to("..")
    (project / "dangling.js").symlink_to("gone.js")
    (project / "outside").symlink_to("/usr")

    report, err = judged(".", cwd=project, code=1)
    assert (places(report), err) == ([OTHER, "src/real.js:2 MEM102"], "")
    assert {skip["reason"] for skip in report["skipped"]} == {"symbolic link"}
    named, _ = judged("twice.js", "src/real.js", "src/up/src/real.js", cwd=project, code=1)
    assert places(named) == ["src/real.js:2 MEM102"]
    for name in ("loop.js", "dangling.js"):
        report, err = judged(name, "leak.js", cwd=project, code=2)
        assert (places(report), err) == ([OTHER], f"memlint: {name}: skipped, unreadable\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(project: Path) -> None:
    (project / "locked.js").write_text(LEAK)
    (project / "locked.js").chmod(0)

    report, err = judged(".", cwd=project, code=1)
    assert (places(report), err) == ([OTHER], "memlint: locked.js: unreadable: Permission denied\n")
    judged("locked.js", cwd=project, code=2)


@pytest.mark.parametrize("fault", ["PermissionError(13, 'Permission denied')", "FileNotFoundError(2, 'No such file')"])
def test_what_cannot_be_opened_is_named_everywhere(project: Path, fault: str) -> None:
    (project / "locked.js").write_text(LEAK)
    (project / "shut").mkdir()
    code = f"""
import os, sys
from memlint.__main__ import main
opened, scanned = os.open, os.scandir
def refuse(before, name):
    def call(path, *rest, **more):
        if str(path).endswith(name):
            raise {fault}
        return before(path, *rest, **more)
    return call
os.open, os.scandir = refuse(opened, "locked.js"), refuse(scanned, "shut")
sys.exit(main(sys.argv[1:]))
"""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, cwd=project, env=environment(), capture_output=True, text=True, check=False)

    reason = fault.partition("'")[2].rstrip("')")
    ran = run("-o", "json", ".")
    assert (ran.returncode, places(json.loads(ran.stdout))) == (1, [OTHER])
    assert ran.stderr == f"memlint: locked.js: unreadable: {reason}\nmemlint: shut/: skipped, unreadable\n"
    summary = run(".").stdout.splitlines()[-1]
    assert "1 problem (1 unreadable)" in summary
    assert "1 skipped (1 unreadable)" in summary
    notices = json.loads(run("-o", "sarif", ".").stdout)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notices[0]["message"]["text"] == f"unreadable: {reason}"
    assert run("locked.js").returncode == 2
    assert run("shut").returncode == 2


# 19-23: the command line and its end


def test_a_path_that_is_not_there_is_a_sentence(project: Path) -> None:
    ran = memlint("leak.js", "gone.js", "src\x1b[31m", cwd=project)

    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.decode() == "memlint: gone.js: no such file or folder; src␛[31m: no such file or folder\n"


def test_no_files_is_a_warning_or_what_one_asks_for(tmp_path: Path) -> None:
    for arguments, code in (((), 0), (("--error-on-no-files",), 2), (("--error-on-no-files", "-q"), 2)):
        ran = memlint(*arguments, cwd=tmp_path)
        assert ran.returncode == code
        assert ran.stderr.startswith(b"memlint: no files to check found here") is ("-q" not in arguments)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("group", [False, True])
def test_an_interrupt_ends_all_processes_and_leaves_nothing(
    project: Path, number: int, code: int, jobs: str, *, group: bool
) -> None:
    _slow_project(project)
    (project / "out.json").write_text("old")
    process = subprocess.Popen(
        [sys.executable, "-m", "memlint", "-j", jobs, "-o", "json:out.json", "-o", "text", "."],
        cwd=project, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    workers = _children(process) if jobs == "2" else []
    if not workers:
        time.sleep(1)
    if group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)

    out, err = process.communicate(timeout=_PATIENCE)
    assert (process.returncode, out) == (code, b"")
    assert err == {130: b"memlint: interrupted\n", 143: b"memlint: terminated\n"}[code]
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]
    assert (project / "out.json").read_text() == "old"
    assert not list(project.glob(".*.tmp"))


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_a_reader_that_leaves_is_no_fault(project: Path, form: str) -> None:
    (project / "many.js").write_text("export function f(a) {\n" + "setInterval(() => a(), 1);\n" * 500 + "}\n")
    command = f"{sys.executable} -m memlint -o {form} . | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}"

    ran = subprocess.run(
        ["bash", "-c", command], cwd=project, env=environment(), capture_output=True, text=True, check=False
    )

    assert (ran.stdout, ran.stderr) == ("1\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_is_a_sentence_and_two(project: Path, form: str) -> None:
    command = f"{sys.executable} -m memlint -o {form} . >/dev/full"

    ran = subprocess.run(
        ["sh", "-c", command], cwd=project, env=environment(), capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stderr) == (2, "memlint: standard output: No space left on device\n")


# 26-29: settings


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("memlint.toml", "jobs = 1\nignore = [\n", "memlint.toml:3: not TOML"),
        ("memlint.toml", "jobs = 1\nignroe = []\n", 'memlint.toml:2: unknown key "ignroe"; did you mean "ignore"?'),
        ("memlint.toml", "\njobs = 'two'\n", 'memlint.toml:2: "jobs" must be a whole number from 1, not "two"'),
        ("memlint.toml", "jobs = 0\n", 'memlint.toml:1: "jobs" must be a whole number from 1, not 0'),
        (
            "memlint.toml",
            "ignore = ['uncleared-timr']\n",
            'memlint.toml:1: unknown rule "uncleared-timr"; did you mean "uncleared-timer"?',
        ),
        ("memlint.toml", "exclude = ['[z-a]']\n", 'memlint.toml:1: "exclude" must be gitignore patterns, not "[z-a]"'),
        ("memlint.toml", "exclude = ['!']\n", 'memlint.toml:1: "exclude" must be gitignore patterns, not "!"'),
        (
            "memlint.toml",
            "extend-exclude = ['*a*a*a*a*a*a*b']\n",
            'memlint.toml:1: "extend-exclude" must be globs of at most 4 stars, not "*a*a*a*a*a*a*b"',
        ),
        (
            "memlint.toml",
            "per-file-ignores = {'[z-a]' = ['MEM102']}\n",
            'memlint.toml:1: "per-file-ignores" must be gitig',
        ),
        ("memlint.toml", "cache-dir = '../../etc'\n", 'memlint.toml:1: "cache-dir" must be inside the project, not'),
        ("memlint.toml", "cache-dir = '/etc'\n", 'memlint.toml:1: "cache-dir" must be inside the project, not'),
        ("memlint.toml", "cache-dir = '~/x'\n", 'memlint.toml:1: "cache-dir" must be inside the project, not'),
        (
            "memlint.toml",
            "extends = 'https://x.example'\n",
            'memlint.toml:1: unknown key "extends"; did you mean "exten',
        ),
        ("memlint.toml", "a" * (2 << 20), "memlint.toml: larger than 1 MiB"),
        ("memlint.toml", "jobs = " + "[" * 50_000, "memlint.toml: nested too deeply"),
        ("memlint.toml", "jobs = " + "1" * 9_999, "memlint.toml: a number is too long"),
        ("pyproject.toml", "[tool.memlint]\njobs = '\n", "pyproject.toml:3: not TOML"),
        ("pyproject.toml", "[tool.memlint]\nx.y = 1\n", 'pyproject.toml:2: unknown key "x"'),
        ("package.json", '{"memlint":\n {"jobs": 1,}}', "package.json:2: not JSON"),
        ("package.json", '{"memlint": ' + '{"a":' * 50_000, "package.json: nested too deeply"),
        ("package.json", '{"memlint": {"jobs": ' + "1" * 9_999 + "}}", "package.json: a number is too long"),
        ("package.json", '{"memlint": []}', 'package.json: "memlint" must be a table of settings'),
        ("package.json", " " * (3 << 19) + '{"memlint": {}}', ""),
        ("package.json", '"memlint"' + " " * (2 << 20), "package.json: larger than 1 MiB"),
    ],
)
def test_a_fault_in_the_settings_is_a_sentence(project: Path, name: str, text: str, message: str) -> None:
    (project / name).write_text(text)

    ran = memlint(".", cwd=project)

    err = ran.stderr.decode()
    assert ran.returncode == (2 if message else 1)
    assert err.startswith(f"memlint: {message}" if message else "")
    assert err.count("\n") == bool(message)
    assert "internal" not in err
    assert len(err) < 300


def test_a_gitignore_file_that_is_no_good_is_used_as_far_as_it_is(project: Path) -> None:
    (project / ".gitignore").write_bytes(
        b"[z-a]\n!\n\xff\n*a*a*a*a*a*a*a*a*a*a*a*b\n\\\n/skip.js\n" + b"**/" * 99 + b"\n"
    )
    (project / "skip.js").write_text(LEAK)
    (project / ("a" * 200 + ".js")).write_text(LEAK)

    start = time.monotonic()
    report, err = judged(".", cwd=project, code=1)
    assert (len(report["findings"]), err) == (2, "")
    assert report["skipped"] == [{"path": "skip.js", "reason": "ignored by git", "named": False}]
    assert time.monotonic() - start < 10


# 30-32: names and texts

_NAMES = [
    b"esc\x1b[31m.js", b"new\nline.js", b"\r::error::x.js", "bidi\u202e.js".encode(), b"a::b,c%0A%25.js", b"with space.js",
    b"'quo\"tes`.js", b"-leading.js", b"#hash?query.js", b"[class].js", b"*.js", b"bad\xff\xfe.js", b"\xe2\x80\x8bzero.js",
    b"$(touch owned).js", b"<b>html.js", b"|pipe|.js", b"\\back.js", "caf\u00e9.js".encode(), "cafe\u0301.js".encode(),
    b"A.js", b"a.js", b"~.js",
]  # fmt: skip


@pytest.fixture
def oddly_named(tmp_path: Path) -> Path:
    for name in _NAMES:
        with open(os.fsencode(tmp_path) + b"/" + name, "wb") as file:  # noqa: PTH123 - names in bytes
            file.write(LEAK.encode())
    return tmp_path


def test_every_name_is_judged_once(oddly_named: Path) -> None:
    report, err = judged(".", cwd=oddly_named, code=1)
    assert err == ""
    assert sorted(os.fsencode(found["span"]["path"]) for found in report["findings"]) == sorted(_NAMES)
    named, err = judged(*_NAMES, cwd=oddly_named, code=1)
    assert named["findings"] == report["findings"]


def test_odd_names_harm_no_screen_and_no_log(oddly_named: Path) -> None:
    for form in ("text", "concise"):
        out = memlint("-o", form, ".", cwd=oddly_named).stdout.decode()
        assert all(char.isprintable() or char == "\n" for char in out)
        assert "bad\\xff\\xfe.js:2:3" in out
        assert "esc␛[31m.js:2:3" in out
    lines = memlint("-o", "github", ".", cwd=oddly_named).stdout.decode().splitlines()
    assert all(line.startswith("::") for line in lines if line)
    assert not any(line.startswith("::error::x") for line in lines)
    sarif = json.loads(memlint("-o", "sarif", ".", cwd=oddly_named).stdout)
    uris = [
        found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for found in sarif["runs"][0]["results"]
    ]
    assert all(uri.isascii() and uri.isprintable() and not set(uri) & set(' #?<>"[]`|\\') for uri in uris)
    assert "bad%FF%FE.js" in uris
    assert not (oddly_named / "owned").exists()


def test_an_odd_option_is_shown_harmless(project: Path) -> None:
    ran = memlint("--\x1b[31m\nx", cwd=project)

    assert ran.returncode == 2
    assert b"\x1b" not in ran.stderr
    assert b"\nx" not in ran.stderr


def test_odd_source_lines_are_shown_in_full_and_underlined(tmp_path: Path) -> None:
    odd = "\x1b]52;c;x\x07 \x1b]8;;http://x\x1b\\ \u202e \u200b \t \u6f22\u5b57 \U0001f600"
    (tmp_path / "a.js").write_text(f"export function f(a) {{ /* {odd} */ setInterval(() => a('{odd}'), 1); }}\n")

    out = memlint(".", cwd=tmp_path).stdout.decode()
    assert all(char.isprintable() or char == "\n" for char in out)
    shown, marks = out.splitlines()[1:3]
    wide = sum(char in "\u6f22\u5b57\U0001f600" for char in shown[: shown.index("setInterval")])
    assert marks.index("^") == shown.index("setInterval") + wide


def test_text_in_messages_is_no_markup(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text(
        "export const f = (t, g) => { t['[x](http://x)|`<b>`'].addEventListener('[x](http://x)|<i>', () => g()); };\n"
        "const kept = {};\nexport function k(a) { kept[a.b] = a; }\n"
    )

    ran = memlint("-o", "sarif", "--min-confidence", "low", ".", cwd=tmp_path)
    texts = [result["message"]["text"] for result in json.loads(ran.stdout)["runs"][0]["results"]]
    assert not [text for text in texts if "[x](" in text]


# 37-38, 42, 44: standard input, locales, order


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"", 0, b""),
        (LEAK.encode(), 1, b""),
        (b"\0\1\2", 2, b"memlint: stdin.js: binary"),
        (b"\xff\xfea\0", 2, b"memlint: stdin.js: encoding"),
        (b"a" * (65 << 20), 2, b"memlint: standard input is larger than 64 MiB; give a file\n"),
        (b"// \xe9\xff\n" + LEAK.encode(), 1, b""),
        (LEAK.encode() + b"function (", 1, b"memlint: stdin.js: syntax: line 4"),
    ],
)
def test_standard_input_of_every_kind_is_bounded(tmp_path: Path, data: bytes, code: int, message: bytes) -> None:
    ran = memlint("-", cwd=tmp_path, stdin=data)

    assert ran.returncode == code
    assert ran.stderr.startswith(message)
    assert ran.stderr.count(b"\n") == bool(message)


def test_closed_standard_input_is_a_sentence(tmp_path: Path) -> None:
    command = f"{sys.executable} -m memlint - <&-"

    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment(), capture_output=True, check=False)

    assert (ran.returncode, ran.stderr) == (2, b"memlint: standard input is closed\n")


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "github"])
@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "cp1252"}]
)
def test_a_poor_locale_changes_no_finding(oddly_named: Path, form: str, locale: dict[str, str]) -> None:
    ran = memlint("-o", form, ".", cwd=oddly_named, env={"PYTHONUTF8": "0", **locale})

    assert (ran.returncode, ran.stderr) == (1, b"")
    if form in ("json", "sarif"):
        report = json.loads(ran.stdout)
        found = report["findings"] if form == "json" else report["runs"][0]["results"]
        assert len(found) == len(_NAMES)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real program, and what goes wrong in files."""
    top = tmp_path_factory.mktemp("many") / "one"
    shutil.copytree(Path(__file__).parents[1] / "fixtures/book-writer", top, ignore=shutil.ignore_patterns("*.md"))
    (top / "src/broken.js").write_text("function (\n" + LEAK)
    (top / "src/binary.js").write_bytes(b"\0")
    (top / "src/wide.py").write_text(LEAK, encoding="utf-16")
    return top


def _timeless(form: str, out: bytes) -> object:
    report = json.loads(out)
    if form == "json":
        report["summary"].pop("seconds")
        for skip in report["skipped"]:
            skip.pop("named")
    return report


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_the_same_input_gives_the_same_report(many: Path, form: str) -> None:
    def report(*arguments: str, cwd: Path = many, env: dict[str, str] | None = None) -> object:
        return _timeless(form, memlint("-o", form, "--min-confidence", "low", *arguments, cwd=cwd, env=env).stdout)

    first = report("-j1", ".")
    folders = sorted(path.name for path in many.iterdir() if path.is_dir() or path.suffix in {".js", ".py", ".json"})
    moved = many.with_name(f"another place for {form}")
    shutil.copytree(many, moved)

    assert report("-j4", ".") == first
    assert report("-j3", *folders, env={"PYTHONHASHSEED": "7"}) == first
    assert report("-j1", *reversed(folders), env={"PYTHONHASHSEED": "42"}) == first
    assert report("-j2", str(many)) == first
    assert report("-j2", ".", cwd=moved) == first
    shutil.rmtree(moved)


def test_another_working_directory_changes_nothing_but_the_paths(many: Path) -> None:
    def prints(*arguments: str, cwd: Path) -> list[tuple[str, str, int]]:
        report = json.loads(memlint("-o", "json", *arguments, cwd=cwd).stdout)
        return [
            (found["fingerprint"], found["message"].replace("../", "").replace("one/", ""), found["span"]["line"])
            for found in report["findings"]
        ]

    assert [line for _, *line in prints(".", cwd=many)] == [line for _, *line in prints("one", cwd=many.parent)]
