"""What Python has compiled is kept in one file, and is no more than what stands beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).parents[1]
COUNT = "print([name for name, one in sys.modules.items() if type(getattr(one, '__loader__', None)).__name__ == 'Compiled'])"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A memlint of its own."""
    for folder in ("memlint", "rules"):
        copytree(ROOT / folder, tmp_path / folder, ignore=ignore_patterns("__pycache__"), symlinks=True)
    (tmp_path / "one.js").write_text("setInterval(() => {}, 10);\n")
    return tmp_path


def run(home: Path) -> tuple[int, list[str]]:
    """The exit code of a run, and the modules that came from what was kept."""
    code = f"import sys\nfrom memlint.__main__ import main\nmain(['check', 'one.js', '--isolated', '-q'])\n{COUNT}"
    told = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run([sys.executable, "-c", code], cwd=home, env=told, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout.splitlines()[-1].strip("[]").split(", ")


def kept(home: Path) -> Path:
    (found,) = (home / "memlint" / "__pycache__").glob("*.compiled")
    return found


def test_what_one_run_has_loaded_the_next_one_finds_in_one_file(home: Path) -> None:
    first, second = run(home), run(home)

    assert first == (0, [""])
    assert "'memlint.linter'" in second[1]


def test_what_was_written_to_is_compiled_anew(home: Path) -> None:
    run(home)
    (home / "memlint" / "linter.py").write_text((home / "memlint" / "linter.py").read_text() + "\nchanged = True\n")

    assert run(home) == (0, [""])
    assert "'memlint.linter'" in run(home)[1]


@pytest.mark.parametrize("harm", [lambda data: data[:-9], lambda _: b"", lambda data: b"\0" + data])
def test_what_is_damaged_is_as_good_as_none(home: Path, harm: Callable[[bytes], bytes]) -> None:
    run(home)
    kept(home).write_bytes(harm(kept(home).read_bytes()))

    assert run(home) == (0, [""])
    assert "'memlint.linter'" in run(home)[1]
