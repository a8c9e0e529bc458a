"""How fast memlint is, as ratios: against parsing the same files and nothing else, and against a bare start of Python.

usage: python benchmarks/speed.py PATH...

Seconds differ from machine to machine, and from hour to hour; ratios of processor time taken in one run tell more. A
benchmark is to look at, never a test.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

PARSE_ONLY = """
import sys
from memlint.languages.javascript.parsing import parse
for path in sys.stdin.read().split("\\n"):
    with open(path, "rb") as file:
        parse(path, file.read())
"""
SUFFIXES = frozenset({".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"})
PYTHON = (sys.executable, "-I")
MEMLINT = (*PYTHON, "-m", "memlint", "check", "--isolated", "--exit-zero", "--no-cache", "--jobs", "1")


def cost(*command: str, given: str = "") -> resource.struct_rusage:
    """What a command takes: processor time in seconds, and the most memory in KiB (macOS: bytes)."""
    with tempfile.TemporaryFile("w+") as told:
        told.write(given)
        told.seek(0)
        process = subprocess.Popen(command, stdin=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used


def seconds(used: resource.struct_rusage) -> float:
    """Processor time, that of the system on its behalf with it."""
    return used.ru_utime + used.ru_stime


def main(paths: list[str]) -> int:
    if not paths:
        print(__doc__)
        return 2
    found = [path for top in paths for path in sorted(Path(top).rglob("*")) if path.suffix in SUFFIXES]
    sizes = {str(path): path.stat().st_size for path in found if path.is_file()}
    one = min(sizes, key=lambda path: abs(sizes[path] - 25_000))
    bare = median(seconds(cost(*PYTHON, "-c", "pass")) for _ in range(5))
    start = median(seconds(cost(*MEMLINT, one)) for _ in range(5))
    print(f"one file of {sizes[one]} bytes: {start:.3f} s, {start / bare:.1f} times a bare start of Python")
    parsing = seconds(cost(*PYTHON, "-c", PARSE_ONLY, given="\n".join(sizes)))
    used = cost(*MEMLINT, *paths)
    whole = seconds(used)
    megabytes = sum(sizes.values()) / 1e6
    print(f"{len(sizes)} files, {megabytes:.1f} MB: {whole:.1f} s, {whole / parsing:.1f} times parsing them only")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    print(f"most memory of memlint: {used.ru_maxrss / unit:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
