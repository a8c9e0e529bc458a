"""The hook as its users meet it: a real pre-commit, a real repository, a real commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IN_CI = bool(os.environ.get("CI"))
SHIPPED = ("memlint", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
NO_NETWORK = ("Could not find a version", "Failed to establish", "Temporary failure in name", "Network is unreachable")

LEAK = "export function watch(account, warn) {\n  setInterval(() => warn(account), 60_000);\n}\n"
MENDED = "export function watch(account, warn) {\n  return setInterval(() => warn(account), 60_000);\n}\n"

pytestmark = [
    pytest.mark.skipif(not IN_CI and not shutil.which("git"), reason="git is not installed"),
    pytest.mark.skipif(not IN_CI and not find_spec("pre_commit"), reason="pre-commit is not installed"),
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Leave the user's own git and pre-commit alone."""
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT", "PYTHONPATH"))
    }
    someone = {
        f"GIT_{role}_{what}": "memlint@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    home = str(tmp_path_factory.mktemp("pre-commit"))
    return {**clean, **someone, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_HOME": home}


def done(environment: dict[str, str], cwd: Path, *command: str) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=600
    )
    if not IN_CI and any(sign in ran.stdout + ran.stderr for sign in NO_NETWORK):
        pytest.skip("the package registry is out of reach")
    return ran


def git(environment: dict[str, str], cwd: Path, *arguments: str) -> str:
    ran = done(environment, cwd, "git", *arguments)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """Commit this checkout as it stands, also what is not committed here yet."""
    copy = tmp_path_factory.mktemp("memlint")
    listed = git(environment, ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SHIPPED)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    git(environment, copy, "init", "--quiet")
    git(environment, copy, "add", ".")
    git(environment, copy, "commit", "--quiet", "--message", "as it stands")
    return copy


@pytest.fixture
def repository(tmp_path: Path, environment: dict[str, str]) -> Path:
    git(environment, tmp_path, "init", "--quiet")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_hook_can_be_tried(environment: dict[str, str], checkout: Path, repository: Path) -> None:
    write(repository / "watch.js", LEAK)
    write(repository / "notes.md", "setInterval(() => {}, 1000)\n")
    git(environment, repository, "add", ".")

    command = (sys.executable, "-m", "pre_commit", "try-repo", str(checkout), "memlint", "--all-files")
    ran = done(environment, repository, *command)

    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "watch.js:2:3" in ran.stdout
    assert "MEM102" in ran.stdout
    assert "notes.md" not in ran.stdout


def test_a_commit_with_a_leak_is_refused_and_one_without_is_accepted(
    environment: dict[str, str], checkout: Path, repository: Path
) -> None:
    revision = git(environment, checkout, "rev-parse", "HEAD")
    hook = f"repos:\n- repo: '{checkout.as_posix()}'\n  rev: {revision}\n  hooks:\n  - id: memlint\n"
    write(repository / ".pre-commit-config.yaml", hook)
    installed = done(environment, repository, sys.executable, "-m", "pre_commit", "install")
    assert installed.returncode == 0, installed.stdout

    write(repository / "src/watch.js", LEAK)
    write(repository / "--help.js", MENDED)
    git(environment, repository, "add", ".")
    refused = done(environment, repository, "git", "commit", "--message", "leak")
    assert refused.returncode == 1
    assert "src/watch.js:2:3" in refused.stdout + refused.stderr
    assert done(environment, repository, "git", "rev-parse", "--verify", "--quiet", "HEAD").returncode != 0

    write(repository / "src/watch.js", MENDED)
    write(repository / "node_modules/watch/index.js", LEAK)
    git(environment, repository, "add", "--all")
    accepted = done(environment, repository, "git", "commit", "--message", "mended")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert git(environment, repository, "log", "--format=%s") == "mended"

    write(repository / "node_modules/watch/index.js", LEAK + LEAK)
    git(environment, repository, "add", "--all")
    accepted = done(environment, repository, "git", "commit", "--message", "only what is excluded")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
