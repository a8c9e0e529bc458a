"""What is remembered from run to run: the same answers, sooner, and never a wrong one."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import pytest

from memlint import batch, linter
from memlint.cache import Cache, digest, read, write
from memlint.catalog.catalog import load_catalog
from memlint.config.settings import Settings
from memlint.discovery.walk import discover
from memlint.model.finding import Problem, ProblemKind
from memlint.model.report import Report
from memlint.prepared import state_of

CATALOG = load_catalog()
BASIS = digest("all the same")
LEAK = 'export function open() {\n  window.addEventListener("resize", () => draw());\n}\n'
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


class _Attack:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("attacked",)


@pytest.mark.parametrize("hostile", [_Attack(), ("/a.js", b"key", pickle.dumps(_Attack())), Path("/"), 1])
def test_nothing_but_plain_values_is_ever_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: object
) -> None:
    monkeypatch.chdir(tmp_path)
    body = pickle.dumps(hostile)
    head = b"memlint cache 1\n" + BASIS
    (tmp_path / "answers").write_bytes(head + body + blake2b(body, digest_size=16).digest())

    with closing(read(tmp_path, BASIS)) as cache:
        assert cache.recall("/a.js", b"key") is None
    assert not (tmp_path / "attacked").exists()


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
        assert sorted(path for path, _, _ in last.entries()) == [str(here), str(new)]
        assert other.recall(str(here), b"1") is None


def test_an_answer_that_nobody_asks_for_any_more_is_forgotten() -> None:
    entries = [("/a.js", b"old", pickle.dumps("old")), ("/a.js", b"same", pickle.dumps("same"))]

    with closing(Cache(entries)) as cache:
        assert cache.recall("/a.js", b"same") == "same"
        assert [key for _, key, _ in cache.entries()] == [b"same"]


def test_an_answer_that_cannot_be_read_is_replaced(tmp_path: Path) -> None:
    here = tmp_path / "here.js"
    here.write_text("")
    with closing(Cache([(str(here), b"1", b"no pickle")])) as cache:
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
