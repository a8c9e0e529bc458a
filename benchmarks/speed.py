"""How fast memlint is, as ratios: against parsing the same files and nothing else, and against a bare start of Python.

usage: python benchmarks/speed.py PATH...

Seconds differ from machine to machine, and from hour to hour; ratios of processor time taken in one run tell more. A
benchmark is to look at, never a test.
"""

from __future__ import annotations

import resource
import subprocess
import sys
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


def cost(*command: str, given: str = "") -> float:
    """Seconds of processor time that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=given, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(paths: list[str]) -> int:
    if not paths:
        print(__doc__)
        return 2
    found = [path for top in paths for path in sorted(Path(top).rglob("*")) if path.suffix in SUFFIXES]
    sizes = {str(path): path.stat().st_size for path in found if path.is_file()}
    one = min(sizes, key=lambda path: abs(sizes[path] - 25_000))
    bare = median(cost(*PYTHON, "-c", "pass") for _ in range(5))
    start = median(cost(*MEMLINT, one) for _ in range(5))
    print(f"one file of {sizes[one]} bytes: {start:.3f} s, {start / bare:.1f} times a bare start of Python")
    parsing = cost(*PYTHON, "-c", PARSE_ONLY, given="\n".join(sizes))
    whole = cost(*MEMLINT, *paths)
    megabytes = sum(sizes.values()) / 1e6
    print(f"{len(sizes)} files, {megabytes:.1f} MB: {whole:.1f} s, {whole / parsing:.1f} times parsing them only")
    print(f"most memory of one process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
