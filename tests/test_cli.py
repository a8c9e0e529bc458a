from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import types
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from memlint import __version__
from memlint.__main__ import main
from memlint.catalog.catalog import load_catalog
from memlint.model.finding import Confidence, Finding, Problem, ProblemKind, Severity, Span
from memlint.model.report import Report, Skip
from memlint.model.source import Source

ROOT = Path(__file__).parents[1]
LEAK = "export function watch(account, warn) {\n  setInterval(() => warn(account), 60_000);\n}\n"
FINE = "export const sum = (a, b) => a + b;\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MEMLINT_TRACEBACK", raising=False)
    (tmp_path / "leak.js").write_text(LEAK)
    (tmp_path / "fine.js").write_text(FINE)
    return tmp_path


@pytest.fixture
def run(project: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capfd.readouterr()
        return code, out, err

    assert project.is_dir()
    return run


def started(
    *arguments: str, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run memlint as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    command = [sys.executable, "-m", "memlint", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, input=stdin, capture_output=True, check=False, timeout=60)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the linter come to this outcome, whatever it is given."""

    def judged(
        findings: tuple[Finding, ...] = (), problems: tuple[Problem, ...] = (), *, fault: BaseException | None = None
    ) -> None:
        def lint(files: tuple[object, ...], skips: tuple[Skip, ...], *_rest: object) -> Report:
            if fault:
                raise fault
            sources = {"leak.js": Source("leak.js", LEAK.encode())}
            cards = load_catalog().cards
            return Report(findings, problems, tuple(skips), cards, sources, len(files), 0, 0.1, str(Path.cwd()))

        linter = types.ModuleType("memlint.linter")
        vars(linter).update(lint=lint, lint_text=lambda _name, _data, *rest: lint((1,), (), *rest))
        monkeypatch.setitem(sys.modules, "memlint.linter", linter)

    return judged


def finding(severity: Severity = Severity.WARNING) -> Finding:
    return Finding("MEM102", Span("leak.js", 2, 3, 2, 14), "`setInterval` is never cleared", severity, Confidence.HIGH)


def test_the_version_loads_next_to_nothing() -> None:
    code = (
        "import sys\nfrom memlint.__main__ import main\nassert main(['--version']) == 0\n"
        "heavy = {'tree_sitter', 'libcst', 'sarif_om', 'pathspec', 'concurrent.futures', 'json', 'tomllib',"
        " 'multiprocessing', 'memlint.config.settings', 'memlint.catalog.catalog', 'memlint.reports'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"memlint {__version__}\n", "")


def test_a_run_with_text_output_loads_no_report_library(project: Path) -> None:
    code = (
        "import sys\nfrom memlint.__main__ import main\nmain(['--no-cache', 'fine.js'])\n"
        "heavy = {'libcst', 'sarif_om', 'pathspec', 'concurrent.futures', 'multiprocessing'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=environment, capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [("leak.js",), ("check", "leak.js"), ("--quiet", "leak.js"), ()])
def test_check_is_the_command_when_none_is_named(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)

    assert code == 1
    assert "leak.js:2:3" in out
    assert "MEM102" in out
    assert err == ""


def test_clean_is_zero(run: Run) -> None:
    code, out, err = run("fine.js")

    assert (code, err) == (0, "")
    assert "1 file checked" in out


@pytest.mark.parametrize(
    ("arguments", "severity", "code"),
    [
        ((), Severity.WARNING, 1),
        ((), Severity.NOTE, 0),
        (("--fail-on", "note"), Severity.NOTE, 1),
        (("--fail-on", "error"), Severity.WARNING, 0),
        (("--exit-zero",), Severity.ERROR, 0),
    ],
)
@pytest.mark.parametrize("name", ["text", "concise", "json", "sarif", "github"])
def test_the_exit_code_is_the_same_in_every_format(
    run: Run, judged: Callable[..., None], arguments: tuple[str, ...], severity: Severity, code: int, name: str
) -> None:
    judged((finding(severity),))

    assert run(*arguments, "--output-format", name, "leak.js")[0] == code


@pytest.mark.parametrize(
    ("problem", "arguments", "code"),
    [
        (Problem("leak.js", ProblemKind.BINARY, ""), ("leak.js",), 2),
        (Problem("leak.js", ProblemKind.BINARY, ""), ("leak.js", "--exit-zero"), 2),
        (Problem("leak.js", ProblemKind.TOO_DEEP, "nested 4000 levels"), (".",), 0),
        (Problem("leak.js", ProblemKind.SYNTAX, "line 3"), ("leak.js",), 0),
        (Problem("leak.js", ProblemKind.INTERNAL, "KeyError: 'x'", "MEM102"), (".",), 2),
    ],
)
def test_a_problem_is_named_and_counts_if_the_file_was(
    run: Run, judged: Callable[..., None], problem: Problem, arguments: tuple[str, ...], code: int
) -> None:
    judged((), (problem,))

    exit_code, _, err = run(*arguments)

    assert exit_code == code
    (line,) = err.splitlines()
    assert line.startswith(f"memlint: leak.js: {problem.kind}")
    assert line.endswith(problem.message)


def test_unfinished_work_outweighs_findings(run: Run, judged: Callable[..., None]) -> None:
    judged((finding(),), (Problem("leak.js", ProblemKind.INTERNAL, "x", "MEM102"),))

    assert run("leak.js")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gone.js",), "memlint: gone.js: no such file or folder\n"),
        (
            ("explain", "MEM102"),
            "memlint: explain: no such file or folder, and no command; there are check, rule, checklist\n",
        ),
        (
            ("--select", "MEM1,uncleared-timr"),
            'memlint: --select: unknown rule "uncleared-timr"; did you mean "uncleared-timer"?\n',
        ),
        (("--config", "selct=[]"), 'memlint: --config selct: unknown key "selct"; did you mean "select"?\n'),
        (("-o", "txt"), 'Error: unknown output format "txt"; did you mean "text"?\n'),
        (
            ("-o", "text", "-o", "json"),
            "Error: two reports go to standard output; give one a path, like json:report.json\n",
        ),
        (("-o", "json:a", "-o", "sarif:a"), "Error: two reports go to a; give each its own path\n"),
        (("-o", "json:gone/a.json"), "memlint: gone/a.json: the folder gone does not exist; make it first\n"),
        (("-o", "json:."), "memlint: .: is a folder; name a file\n"),
        (("-", "leak.js"), "Error: `-` (standard input) stands alone; check other paths in a second run.\n"),
        (("--stdin-filename", "a.js"), "Error: --stdin-filename names standard input, which is only read for `-`.\n"),
        (("--jobs", "0"), "Error: Invalid value for '--jobs' / '-j': 0 is not in the range x>=1.\n"),
        (("--selct", "MEM1"), "Error: No such option '--selct'. (Did you mean one of: "),
        (("--select", "MEN102"), 'memlint: --select: unknown rule "MEN102"; did you mean "MEM102"?\n'),
        (("--select", "MEM9"), 'memlint: --select: unknown rule "MEM9"; `memlint rule` lists them\n'),
        (("rule", "uncleared-timr"), 'memlint: unknown rule "uncleared-timr"; did you mean "uncleared-timer"?\n'),
    ],
)
def test_a_wrong_use_is_two_and_a_sentence(run: Run, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_fault_in_the_settings_names_file_and_line(run: Run, project: Path) -> None:
    (project / "memlint.toml").write_text("jobs = 1\nselct = []\n")

    assert run() == (2, "", 'memlint: memlint.toml:2: unknown key "selct"; did you mean "select"?\n')


def test_a_fault_in_an_own_resource_names_file_and_line(run: Run, project: Path) -> None:
    (project / "memlint.toml").write_text('[[resource]]\nkind = "lock"\n')

    code, _, err = run()
    assert code == 2
    assert err.startswith("memlint: memlint.toml:1: ")


def test_an_unexpected_fault_is_one_line(
    run: Run, judged: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(fault=KeyError("x\ny"))

    code, out, err = run("leak.js")
    assert (code, out) == (2, "")
    assert err.startswith("memlint: internal error: KeyError: ")
    assert err.count("\n") == 1

    monkeypatch.setenv("MEMLINT_TRACEBACK", "1")
    assert "Traceback" in run("leak.js")[2]


def test_an_interrupt_is_one_line(run: Run, judged: Callable[..., None]) -> None:
    judged(fault=KeyboardInterrupt())

    assert run("leak.js") == (130, "", "memlint: interrupted\n")


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a process of its own are POSIX's")
def test_a_real_interrupt_ends_with_130(project: Path) -> None:
    code = (
        "import os, signal, sys, memlint.command.run\nfrom memlint.__main__ import main\n"
        "memlint.command.run.read_stdin = lambda: os.kill(os.getpid(), signal.SIGINT)\nsys.exit(main(['-']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    ran = subprocess.run([sys.executable, "-c", code], cwd=project, env=environment, capture_output=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"memlint: interrupted\n")


def test_a_full_disk_is_a_sentence(run: Run, judged: Callable[..., None]) -> None:
    judged(fault=OSError(errno.ENOSPC, "No space left on device", "cache.json"))

    assert run("leak.js") == (2, "", "memlint: cache.json: No space left on device\n")


def test_reports_go_to_files_and_screen(run: Run, project: Path) -> None:
    (project / "out.json").write_text("old")
    (project / "link.sarif").symlink_to("real.sarif")

    code, out, _ = run("-o", "json:out.json", "-o", "sarif:link.sarif", "-o", "concise", "leak.js")

    assert code == 1
    assert out.startswith("leak.js:2:3")
    assert json.loads((project / "out.json").read_text())["findings"][0]["rule"] == "MEM102"
    assert json.loads((project / "real.sarif").read_text())["version"] == "2.1.0"
    assert (project / "link.sarif").is_symlink()
    assert sorted(path.name for path in project.iterdir() if path.suffix == ".tmp") == []


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "out.json").write_text("old")

    def refuse(self: Path, _target: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "replace", refuse)

    assert run("-o", "json:out.json", "fine.js")[::2] == (
        2,
        "memlint: out.json: cannot be written: Permission denied\n",
    )
    assert (project / "out.json").read_text() == "old"
    assert not list(project.glob(".*.tmp"))


def test_a_report_can_go_to_a_device(run: Run) -> None:
    assert run("-o", "json:/dev/null", "fine.js")[0] == 0
    assert not Path("/dev/null").is_file()


def test_standard_input_is_judged_under_its_name(project: Path) -> None:
    ran = started("-", "--stdin-filename", "app/leak.ts", "-o", "concise", cwd=project, stdin=LEAK.encode())
    assert ran.returncode == 1
    assert ran.stdout.startswith(b"app/leak.ts:2:3")

    assert started("-", cwd=project).returncode == 0
    assert started("-", "--stdin-filename", "a.md", cwd=project).returncode == 2
    excluded = started("-", "--stdin-filename", "a.md", cwd=project)
    assert b"its suffix tells no language" in excluded.stderr


def test_an_excluded_name_of_standard_input_is_clean_for_a_hook(run: Run, project: Path) -> None:
    (project / "vendor").mkdir()
    (project / "vendor/leak.js").write_text(LEAK)

    assert run("-", "--stdin-filename", "vendor/leak.js", "--force-exclude", "--quiet") == (0, "", "")


def test_a_file_that_looks_like_an_option_is_a_file(run: Run, project: Path) -> None:
    for name in ("--help.js", "-x.js", "--output-format=json:fine.js"):
        (project / name).write_text(LEAK)

    code, out, err = run("-o", "concise", "--help.js", "-x.js", "--output-format=json:fine.js")

    assert (code, err) == (1, "")
    assert [line.partition(".js")[0] for line in out.splitlines()[:3]] == ["--help", "--output-format=json:fine", "-x"]
    assert (project / "fine.js").read_text() == FINE
    assert run("--", "--help.js")[0] == 1


def test_files_and_skips_are_shown(run: Run, project: Path) -> None:
    (project / "node_modules").mkdir()
    (project / "made.js").write_text("// @generated\n")
    (project / "\x1bodd.js").write_text("")
    (project / "a.test.js").write_text("")

    code, out, _ = run("--show-files")

    assert code == 0
    assert out.splitlines() == [
        "\u241bodd.js",
        "a.test.js: skipped, tests",
        "fine.js",
        "leak.js",
        "made.js: skipped, generated",
        "node_modules/: skipped, dependencies",
    ]


def test_settings_are_shown(run: Run, project: Path) -> None:
    (project / "memlint.toml").write_text('fail-on = "error"\n')

    code, out, _ = run("--show-settings", "--select", "MEM1")

    assert code == 0
    assert 'select = ["MEM1"]  # --select' in out
    assert 'fail-on = "error"  # memlint.toml:1' in out


def test_skips_are_told_to_those_who_may_wonder(run: Run, project: Path) -> None:
    (project / "a.test.js").write_text("")
    (project / "notes.md").write_text("")

    assert run("-q", ".")[2] == ""
    assert "memlint: a.test.js: skipped, tests\n" in run("--verbose", ".")[2]
    assert run("fine.js", "notes.md")[::2] == (0, "memlint: notes.md: skipped, no language memlint knows\n")


def test_no_files_is_a_warning(run: Run, project: Path) -> None:
    (project / "empty").mkdir()

    code, _, err = run("empty")
    assert code == 0
    assert err == "memlint: no files to check found here; --show-files tells what was skipped, and why\n"
    assert run("--quiet", "empty") == (0, "", "")


def test_a_hook_that_passes_only_excluded_files_hears_nothing(run: Run, project: Path) -> None:
    (project / "vendor").mkdir()
    (project / "vendor/leak.js").write_text(LEAK)

    code, _, err = run("check", "--force-exclude", "vendor/leak.js")
    assert (code, err) == (0, "")
    assert run("check", "vendor/leak.js")[0] == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_named_pipe_is_not_opened(run: Run, project: Path) -> None:
    os.mkfifo(project / "p.js")

    code, _, err = run("p.js")
    assert code == 2
    assert "memlint: p.js: skipped, not a regular file\n" in err
    assert run("-q", ".")[0] == 1


def test_statistics_count_by_rule(run: Run, judged: Callable[..., None]) -> None:
    judged((finding(), finding()))

    assert "    2  MEM102  uncleared-timer: A timer that nothing clears\n" in run("--statistics", ".")[1]
    _, out, err = run("--statistics", "-o", "json", ".")
    assert json.loads(out)
    assert "    2  MEM102  uncleared-timer" in err


def test_a_closed_pipe_is_quiet(project: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for arguments in (["rule", "--all"], ["-o", "json", "."], ["."]):
        process = subprocess.Popen(
            [sys.executable, "-m", "memlint", *arguments],
            cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) in {0, 1}
        process.stderr.close()


def test_closed_streams_are_no_fault(project: Path) -> None:
    command = f"{sys.executable} -m memlint fine.js >&- 2>&-"

    ran = subprocess.run(["sh", "-c", command], cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)

    assert ran.returncode == 0


@pytest.mark.parametrize(
    "arguments", [("-o", "text", "."), ("-o", "sarif", "."), ("rule", "MEM102"), ("gone\u00e9.js",)]
)
def test_a_poor_locale_is_no_fault(project: Path, arguments: tuple[str, ...]) -> None:
    (project / "caf\u00e9.js").write_text(LEAK.replace("account", "\u00e9\U0001f600"))
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}

    ran = started(*arguments, cwd=project, env=locale)

    assert ran.returncode == (0 if arguments[0] == "rule" else 2 if "gone" in arguments[0] else 1)
    assert b"Traceback" not in ran.stderr
    assert b"internal" not in ran.stderr
    if "sarif" in arguments:
        assert json.loads(ran.stdout.decode("utf-8"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep the folder one stands in")
def test_a_working_directory_that_is_gone_is_a_sentence(project: Path) -> None:
    (project / "gone").mkdir()
    command = f"rmdir ../gone; {sys.executable} -m memlint"

    ran = subprocess.run(
        ["sh", "-c", command], cwd=project / "gone", env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 2
    assert ran.stderr == "memlint: the working directory does not exist any more; change to another\n"


def test_a_rule_is_printed_with_what_the_heap_said(run: Run) -> None:
    code, out, _ = run("rule", "uncleared-timer")

    assert code == 0
    assert out.startswith("# MEM102 uncleared-timer: A timer that nothing clears\n")
    assert "\n## Leaks: the handle is thrown away\n" in out
    assert "\n## What memlint cannot see\n" in out
    assert "\n## Heap\n" not in out
    if (ROOT / "rules/heap/MEM102.json").is_file():
        assert "survivors (grows)" in out
        assert "survivors (does not grow)" in out


def test_a_rule_is_printed_with_as_many_examples_as_one_wants(run: Run) -> None:
    _, short, _ = run("rule", "MEM101")
    _, all_, _ = run("rule", "MEM101", "--examples", "1000")
    _, none, _ = run("rule", "MEM101", "--examples", "0")

    assert [short.count(f"\n## {kind}: ") for kind in ("Leaks", "Clean")] == [3, 3]
    more = all_.count("\n## Leaks: ") - 3
    assert f"\n*{more} more that leak; --examples tells how many to print*\n" in short
    assert "more that" not in all_
    assert "\n## Leaks: " not in none
    assert "\n## What memlint cannot see\n" in none


def test_rules_are_listed(run: Run) -> None:
    _, out, _ = run("rule")
    assert "MEM102  uncleared-timer: A timer that nothing clears\n" in out
    assert out.splitlines() == sorted(out.splitlines())

    assert run("rule", "MEM0")[1].count("\n# ") == 2
    assert len(run("rule", "--all")[1]) > 10_000


def test_the_checklist_names_its_rules(run: Run) -> None:
    code, out, err = run("checklist")

    assert (code, err) == (0, "")
    assert "unremoved listeners" in out
    assert "    MEM102 uncleared-timer: A timer that nothing clears\n" in out
    assert "leak.js" not in out


def test_the_checklist_shows_what_was_found(run: Run) -> None:
    code, out, _ = run("checklist", "leak.js")

    assert code == 1
    assert "    \u2192 leak.js:2:3: MEM102 " in out
