"""What is remembered from run to run: the same answers, sooner, and never a wrong one."""

from __future__ import annotations

import os
import pickle
import struct
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import pytest

from memlint import batch, linter
from memlint import cache as remembered_in
from memlint.cache import Cache, digest, read, write
from memlint.catalog.catalog import load_catalog
from memlint.config.settings import Settings
from memlint.discovery.walk import discover
from memlint.model import finding
from memlint.model.finding import Problem, ProblemKind
from memlint.model.frozen import replace
from memlint.model.report import Report
from memlint.prepared import state_of

CATALOG = load_catalog()
BASIS = digest("all the same")
LEAK = 'export function open(chart) {\n  window.addEventListener("resize", () => chart.draw());\n}\n'
FIRE = "export function start(job) {\n  return setInterval(job, 50);\n}\n"
USE = 'import {start} from "./start.js";\nexport class Clock {\n  constructor() {\n    start(() => this.tick());\n  }\n}\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files with findings of their own, and with one that another file is needed for."""
    monkeypatch.setattr(linter, "_WORTH_A_CACHE", 1)
    monkeypatch.chdir(tmp_path)
    for name, text in {"leak.js": LEAK, "start.js": FIRE, "use.js": USE, "fine.js": "export const one = 1;\n"}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(project: Path, **more: object) -> Report:
    settings = Settings(project, jobs=1, cache_dir=project / ".memlint_cache", **more)  # type: ignore[arg-type]
    return linter.lint(*discover(["."], settings), settings, CATALOG)


def told(report: Report) -> list[tuple[object, ...]]:
    return [(finding, report.sources[finding.span.path].data) for finding in report.findings]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are judged anew."""
    names: list[str] = []
    examine = batch.examine

    def listed(path: str, *rest: object) -> object:
        names.append(path)
        return examine(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "examine", listed)
    return names


def test_the_second_run_says_the_same_and_judges_nothing(project: Path, judged: list[str]) -> None:
    first = run(project)
    judged.clear()

    second = run(project)

    assert told(second) == told(first)
    assert {finding.span.path for finding in first.findings} == {"leak.js", "use.js"}
    assert judged == []
    assert second.checked == first.checked


def test_a_file_that_was_changed_is_judged_anew_and_so_are_those_it_helps(project: Path, judged: list[str]) -> None:
    run(project)
    judged.clear()
    (project / "leak.js").write_text(LEAK + "\n// more\n")
    run(project)
    assert set(judged) == {"leak.js"}

    (project / "start.js").write_text(FIRE.replace("setInterval(job, 50)", "job()"))
    judged.clear()
    report = run(project)

    assert "start.js" in judged
    assert [finding.span.path for finding in report.findings] == ["leak.js"]


def test_another_rule_another_row_another_memlint_are_another_cache(project: Path, judged: list[str]) -> None:
    run(project)
    judged.clear()

    assert not run(project, select=("MEM201",)).findings
    assert set(judged) == {"leak.js", "start.js", "use.js", "fine.js"}


def test_the_folder_keeps_itself_out_of_repositories_and_backups(project: Path) -> None:
    run(project)

    folder = project / ".memlint_cache"
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "CACHEDIR.TAG", "answers"]
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_nothing_is_written_for_little_work_or_when_nobody_wants_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(project, cache=False)
    monkeypatch.setattr(linter, "_WORTH_A_CACHE", 10_000)
    run(project)

    assert not (project / ".memlint_cache").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-7],
        lambda data: data[:100] + b"\0" + data[101:],
        lambda data: data[:0],
        lambda data: b"memlint cache 0\n" + data[16:],
        lambda data: data + b"\x80",
    ],
)
def test_a_damaged_cache_is_none(project: Path, judged: list[str], damage: Callable[[bytes], bytes]) -> None:
    first = run(project)
    answers = project / ".memlint_cache" / "answers"
    answers.write_bytes(damage(answers.read_bytes()))
    judged.clear()

    assert told(run(project)) == told(first)
    assert "leak.js" in judged


def written(folder: Path, *entries: tuple[bytes, bytes, bytes]) -> Path:
    """The file of a cache with these entries, as it was written by somebody."""
    body = b"".join(struct.pack("<III", *map(len, entry)) + b"".join(entry) for entry in entries)
    (folder / "answers").write_bytes(b"memlint cache 2\n" + BASIS + body + blake2b(body, digest_size=16).digest())
    return folder


class _Attack:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("attacked",)


@pytest.mark.parametrize(
    "hostile",
    [
        pickle.dumps(_Attack()),
        b"cmemlint.model.finding\nFinding\n(N}S'severity'\nS'note'\nstb.",
        b'["os:mkdir","attacked"]',
        b'["memlint.cache:Cache"]',
        b'["memlint.model.plain:load",""]',
        b'["memlint.model.finding:Span","a.js",1]',
        b'["memlint.model.finding:Severity",{"_value_":"note"}]',
        b'["memlint.model.finding:Severity","worse"]',
        b'{"memlint.model.finding:Finding":1}',
        b'[["",1],2]',
        b"[]",
        b"",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_nothing_but_plain_values_is_ever_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {name: dict(vars(made)) for name, made in vars(finding).items() if isinstance(made, type)}

    with closing(read(written(tmp_path, (b"/a.js", b"key", hostile)), BASIS)) as cache:
        assert cache.recall("/a.js", b"key") is None
    assert not (tmp_path / "attacked").exists()
    assert {name: dict(vars(made)) for name, made in vars(finding).items() if isinstance(made, type)} == before


@pytest.mark.parametrize("path", [b"\xff", b"/a.js"])
def test_entries_that_cannot_be_are_none(tmp_path: Path, path: bytes) -> None:
    body = struct.pack("<III", len(path), 3, 2**32 - 1) + path + b"key"
    if path == b"\xff":
        body = struct.pack("<III", len(path), 3, 2) + path + b"key12"
    (tmp_path / "answers").write_bytes(b"memlint cache 2\n" + BASIS + body + blake2b(body, digest_size=16).digest())

    with closing(read(tmp_path, BASIS)) as cache:
        assert cache.recall("/a.js", b"key") is None


def test_a_cache_grows_to_its_limit_and_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_in, "_MOST", 1_000)
    with closing(Cache()) as cache:
        for number in range(100):
            cache.keep(f"/{number}.js", b"key", "an answer of some length")
        write(tmp_path, BASIS, cache)

    assert (tmp_path / "answers").stat().st_size <= 1_000
    with closing(read(tmp_path, BASIS)) as later:
        assert later.recall("/0.js", b"key") == "an answer of some length"
        assert later.recall("/99.js", b"key") is None

    monkeypatch.setattr(remembered_in, "_MOST", 100)
    with closing(read(tmp_path, BASIS)) as too_large:
        assert too_large.recall("/0.js", b"key") is None


def test_answers_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    with closing(Cache()) as cache:
        for number in range(100):
            cache.keep(f"/{number}.js", b"key", "x" * 100_000)
        write(tmp_path, BASIS, cache)
    tracemalloc.start()

    with closing(read(tmp_path, BASIS)) as later:
        assert later.recall("/7.js", b"key") == "x" * 100_000
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()


def test_a_file_of_which_nothing_is_known_is_read_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr(batch, "read", lambda path: (names.append(path.name), path.read_bytes())[1])

    run(project)

    assert sorted(set(names)) == ["fine.js", "leak.js", "start.js", "use.js"]
    assert names.count("fine.js") == names.count("leak.js") == 1


def test_rules_that_are_written_to_while_they_are_used_are_another_basis(project: Path, judged: list[str]) -> None:
    settings = Settings(project, jobs=1, cache_dir=project / ".memlint_cache")
    linter.lint(*discover(["."], settings), settings, CATALOG)
    judged.clear()

    linter.lint(*discover(["."], settings), settings, replace(CATALOG, state="written to"))

    assert CATALOG.state
    assert "leak.js" in judged


def test_a_link_is_not_written_through_and_that_is_said(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (project / ".memlint_cache").symlink_to(elsewhere)

    report = run(project)

    assert not list(elsewhere.iterdir())
    assert len(report.notes) == 1
    assert "it is a link" in report.notes[0]
    assert "--no-cache" in report.notes[0]
    assert report.findings


def test_a_file_in_the_way_costs_nothing_but_time(project: Path) -> None:
    (project / ".memlint_cache").write_text("")

    report = run(project)

    assert "nothing could be remembered" in report.notes[0]
    assert report.findings


def test_what_failed_is_not_remembered(project: Path, monkeypatch: pytest.MonkeyPatch, judged: list[str]) -> None:
    examine = batch.examine
    fault = Problem("leak.js", ProblemKind.INTERNAL, "for once")
    monkeypatch.setattr(batch, "examine", lambda path, *_: batch.Examined(path, problems=(fault,)))
    run(project)
    monkeypatch.setattr(batch, "examine", examine)

    report = run(project)

    assert "leak.js" in judged
    assert not report.problems


def test_answers_about_files_that_are_gone_are_forgotten_and_others_are_kept(tmp_path: Path) -> None:
    here, gone, new = (tmp_path / name for name in ("here.js", "gone.js", "new.js"))
    here.write_text("")
    new.write_text("")
    with closing(Cache()) as cache:
        cache.keep(str(here), b"1", "of here")
        cache.keep(str(gone), b"2", "of gone")
        write(tmp_path, BASIS, cache)

    with closing(read(tmp_path, BASIS)) as later:
        later.keep(str(new), b"3", "of new")
        write(tmp_path, BASIS, later)

    with closing(read(tmp_path, BASIS)) as last, closing(read(tmp_path, digest("another basis"))) as other:
        assert [last.knows(str(path)) for path in (here, gone, new)] == [True, False, True]
        assert other.recall(str(here), b"1") is None


def test_an_answer_that_nobody_asks_for_any_more_is_forgotten(tmp_path: Path) -> None:
    entries = [(b"/a.js", b"old", b'"old"'), (b"/a.js", b"same", b'"same"')]

    with closing(read(written(tmp_path, *entries), BASIS)) as cache:
        assert cache.recall("/a.js", b"same") == "same"
        assert [entry[-6:] for entry in cache.entries()] == [b'"same"']


def test_an_answer_that_cannot_be_read_is_replaced(tmp_path: Path) -> None:
    here = tmp_path / "here.js"
    here.write_text("")
    with closing(read(written(tmp_path, (str(here).encode(), b"1", b"no text")), BASIS)) as cache:
        assert cache.recall(str(here), b"1") is None
        cache.keep(str(here), b"1", "of here")
        write(tmp_path, BASIS, cache)

    with closing(read(tmp_path, BASIS)) as later:
        assert later.recall(str(here), b"1") == "of here"


def test_a_digest_tells_parts_from_each_other() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest() != digest("")


def test_a_folder_that_was_written_to_has_another_state(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    file = tmp_path / "inner" / "rule.md"
    file.write_text("one")
    before = state_of(str(tmp_path))
    assert state_of(str(tmp_path)) == before

    file.write_text("three")

    assert state_of(str(tmp_path)) != before
