"""Memlint as a process of its own, and what it says there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LEAK = "export function watch(account, warn) {\n  setInterval(() => warn(account), 60_000);\n}\n"


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def memlint(
    *arguments: str | bytes, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[bytes]:
    command: list[str | bytes] = [sys.executable, "-m", "memlint", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment(**(env or {})), input=stdin, capture_output=True, check=False, timeout=timeout
    )


def judged(*arguments: str | bytes, cwd: Path, code: int, **more: Any) -> tuple[dict[str, Any], str]:
    """The JSON report, and standard error; the exit code has to be this one, and nobody reads a traceback."""
    ran = memlint("-o", "json", *arguments, cwd=cwd, **more)
    err = ran.stderr.decode("utf-8", "surrogateescape")
    assert "Traceback" not in err
    assert ran.returncode == code, err
    return json.loads(ran.stdout), err


def places(report: Mapping[str, Any]) -> list[str]:
    return [f"{found['span']['path']}:{found['span']['line']} {found['rule']}" for found in report["findings"]]


def python(code: str, *, cwd: Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """A program that uses memlint."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env=environment(), capture_output=True, text=True, check=False,
        timeout=timeout,
    )  # fmt: skip


def sarif_notices(folder: Path, *arguments: str | bytes) -> Sequence[str]:
    """What SARIF says was not done: `level path: message`."""
    ran = memlint("-o", "sarif", *arguments, cwd=folder)
    (run,) = json.loads(ran.stdout)["runs"]
    told = run["invocations"][0].get("toolExecutionNotifications", [])
    return [
        f"{notice['level']} {notice['locations'][0]['physicalLocation']['artifactLocation']['uri']}: "
        f"{notice['message']['text']}"
        for notice in told
    ]
