"""Command lines that are read without click mean what click makes of them."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from memlint.command.cli import memlint
from memlint.command.options import read_plainly

PLAIN = (
    ("check",),
    ("check", "."),
    ("check", "pyproject.toml", "-", "tests"),
    ("check", "gone.js"),
    ("--exit-zero", "."),
    (".", "-o", "sarif:out.sarif", "--output-format=text"),
    ("check", "--select", "MEM1,MEM2", "--select", "MEM301", "--ignore=MEM101", "--extend-select", "MEM4"),
    ("check", "-j", "2", "--min-severity", "error", "--min-confidence=low", "--fail-on", "note", "--color", "never"),
    ("check", "--jobs=3", "--jobs", "4", "--config", "jobs=2", "--config=memlint.toml", "--isolated", "-q", "-v"),
    ("check", "--no-cache", "--cache-dir", "gone", "--force-exclude", "--no-respect-gitignore", "--statistics"),
    ("check", "--show-settings", "--show-files", "--stdin-filename", "a.ts", "--error-on-no-files", ""),
)

LEFT = (
    (),
    ("rule",),
    ("rule", "MEM101"),
    ("checklist", "."),
    ("gone",),
    ("--version",),
    ("check", "--help"),
    ("check", "--", "."),
    ("check", "-qv"),
    ("check", "-j2"),
    ("check", "--jobs", "0"),
    ("check", "--jobs", "many"),
    ("check", "--jobs"),
    ("check", "--quiet=yes"),
    ("check", "--color", "red"),
    ("check", "--select", "-o"),
    ("check", "--sel", "MEM1"),
    ("check", "--cache-dir", "pyproject.toml"),
)


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_what_is_plain_means_the_same_to_click(words: tuple[str, ...]) -> None:
    command = memlint.commands["check"]
    context = command.make_context("check", [word for word in words if word != "check"])
    context.params.pop("version", None)

    assert read_plainly(words) == context.params


@pytest.mark.parametrize("words", LEFT, ids=" ".join)
def test_what_is_not_is_left_to_click(words: tuple[str, ...]) -> None:
    assert read_plainly(words) is None


def test_a_shell_that_asks_for_completions_is_answered_by_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_MEMLINT_COMPLETE", "bash_complete")

    assert read_plainly(["check", "."]) is None


def test_every_option_is_known_to_both() -> None:
    options = [
        one for one in memlint.commands["check"].params if isinstance(one, click.Option) and one.name != "version"
    ]
    values = {"color": "never", "jobs": "2", "min_severity": "note", "min_confidence": "low", "fail_on": "note"}

    for one in options:
        given = () if one.is_flag else (values.get(one.name or "", "1"),)
        assert all(read_plainly(["check", name, *given]) is not None for name in one.opts), one.opts
