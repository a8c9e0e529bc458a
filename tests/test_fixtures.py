"""The rules get along on a believable program: every marked line is found, and every other line is silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from marks import marks

from memlint.catalog.catalog import load_catalog
from memlint.config.settings import Settings
from memlint.discovery.walk import discover
from memlint.linter import lint
from memlint.model.finding import ProblemKind

FIXTURES = Path(__file__).parents[1] / "fixtures"
SUFFIXES = {".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".py"}
FILES = sorted(path for path in FIXTURES.rglob("*") if path.suffix in SUFFIXES)
SHELL_LINE = "1-emergency-stabilization.js"


@pytest.fixture(scope="module")
def found() -> dict[str, set[tuple[int, str]]]:
    settings = Settings(root=FIXTURES)
    report = lint(*discover([str(FIXTURES)], settings), settings, load_catalog())
    assert [(Path(problem.path).name, problem.kind) for problem in report.problems] == [
        (SHELL_LINE, ProblemKind.SYNTAX)
    ]
    by_file: dict[str, set[tuple[int, str]]] = {}
    for finding in report.findings:
        by_file.setdefault(str(Path(finding.span.path).resolve()), set()).add((finding.span.line, finding.rule))
    return by_file


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_marked_lines_are_found_and_no_other(path: Path, found: dict[str, set[tuple[int, str]]]) -> None:
    expected = {(line, rule) for line, (rule, _) in marks(path.read_text()).items()}
    assert found.get(str(path), set()) == expected


def test_what_is_fixed_is_silent(found: dict[str, set[tuple[int, str]]]) -> None:
    assert not [path for path in found if "/fixed/" in path]
