"""How often memlint is right on published packages: `make precision`.

`labels.jsonl` holds what a person said of findings, one JSON object a line: `package` (`name@version`, as npm writes it),
`path` in it, `line`, `rule`, `label` (`true`, `false`, `arguable`) and `why`. Facts only, no code. The packages are
fetched once, into `PRECISION_DIR` or a cache folder, and linted with the defaults.

`measure.py draw 150 [SEED] < report.json` draws findings that are to be read next, from a JSON report on a folder of
packages that are named as the cache names them. It prints them as rows whose label and reason are still open.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, zip_longest
from pathlib import Path

from memlint.catalog.catalog import load_catalog
from memlint.config.settings import Settings
from memlint.discovery.walk import discover
from memlint.linter import lint

LABELS = Path(__file__).with_name("labels.jsonl")
VERDICTS = ("true", "false", "arguable")


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """Where a finding stands."""

    package: str
    path: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class Label:
    """What a person said of the finding at a site."""

    site: Site
    verdict: str
    why: str


def read_labels(text: str) -> list[Label]:
    """Read `labels.jsonl`; raises `ValueError` naming the line that is none."""
    labels = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            row = json.loads(line)
            label = Label(Site(row["package"], row["path"], row["line"], row["rule"]), row["label"], row["why"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"labels.jsonl:{number}: no label: {error!r}") from error
        if label.verdict not in VERDICTS or not label.why:
            raise ValueError(f"labels.jsonl:{number}: a label is one of {', '.join(VERDICTS)}, with a reason")
        labels.append(label)
    return labels


def folder_of(package: str, cache: Path) -> Path:
    """The unpacked package, fetched if it is not there yet."""
    folder = cache / package.replace("/", "+")
    if not folder.is_dir():
        fresh = cache / f".{folder.name}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        command = ["npm", "pack", "--loglevel=error", "--ignore-scripts", package]
        packed = subprocess.run(command, cwd=fresh, capture_output=True, text=True, check=False)
        if packed.returncode:
            raise OSError(f"{package} cannot be fetched: {packed.stderr.strip()}")
        with tarfile.open(fresh / packed.stdout.split()[-1]) as archive:
            archive.extractall(fresh / "unpacked", filter="data")
        (inside,) = (fresh / "unpacked").iterdir()
        inside.rename(folder)
        shutil.rmtree(fresh)
    return folder


def findings_of(package: str, folder: Path) -> Iterator[Site]:
    """Lint one package as its author would: from its own folder, with the defaults."""
    os.chdir(folder)
    settings = Settings(root=folder)
    for finding in lint(*discover(["."], settings), settings, load_catalog()).findings:
        yield Site(package, finding.span.path, finding.span.line, finding.rule)


def share(counts: Mapping[str, int]) -> str:
    """`12 true, 1 false, 2 arguable: 0.92 of the decided`."""
    decided = counts.get("true", 0) + counts.get("false", 0)
    told = ", ".join(f"{counts.get(verdict, 0)} {verdict}" for verdict in VERDICTS)
    return f"{told}: {counts.get('true', 0) / decided:.2f} of the decided are true" if decided else told


def report(labels: Sequence[Label], found: frozenset[Site]) -> Iterator[str]:
    """Lines: precision of what is reported now, rule by rule; then every label that this run does not bear out."""
    by_site = {label.site: label for label in labels}
    standing = [by_site[site] for site in sorted(found) if site in by_site]
    for rule in sorted({label.site.rule for label in standing}):
        yield f"{rule}: {share(Counter(label.verdict for label in standing if label.site.rule == rule))}"
    yield f"all: {share(Counter(label.verdict for label in standing))}; {len(found - by_site.keys())} not labelled"
    for label in sorted(labels, key=lambda label: label.site):
        place = f"{label.site.package}/{label.site.path}:{label.site.line}: {label.site.rule}"
        if label.verdict == "true" and label.site not in found:
            yield f"lost: {place}: {label.why}"
        elif label.verdict == "false" and label.site in found:
            yield f"still false: {place}: {label.why}"


def drawn(sites: Iterable[Site], wanted: int, seed: int) -> Iterator[Site]:
    """`wanted` of the sites, in turns among the rules: a rare rule is read as well as a frequent one."""
    chance = random.Random(seed)
    piles: dict[str, list[Site]] = {}
    for site in sorted(set(sites)):
        piles.setdefault(site.rule, []).append(site)
    for pile in piles.values():
        chance.shuffle(pile)
    turns = (site for turn in zip_longest(*piles.values()) for site in turn if site is not None)
    return islice(turns, wanted)


def draw(wanted: int, seed: int, text: str) -> str:
    """Rows to be labelled, of the findings of a JSON report."""
    rows = []
    sites = []
    for finding in json.loads(text)["findings"]:
        folder, _, path = finding["span"]["path"].partition("/")
        sites.append(Site(folder.replace("+", "/"), path, finding["span"]["line"], finding["rule"]))
    for site in sorted(drawn(sites, wanted, seed)):
        rows.append(json.dumps({**asdict(site), "label": "", "why": ""}) + "\n")
    return "".join(rows)


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["draw"]:
        wanted, seed = [*map(int, arguments[1:]), 0][:2]
        sys.stdout.write(draw(wanted, seed, sys.stdin.read()))
        return 0
    if shutil.which("npm") is None:
        sys.stderr.write("the packages are fetched with npm, which is not installed\n")
        return 2
    labels = read_labels(LABELS.read_text(encoding="utf-8"))
    home = os.environ.get("PRECISION_DIR") or Path.home() / ".cache/memlint-precision"
    packages = sorted({label.site.package for label in labels if not arguments or label.site.package in arguments})
    found: set[Site] = set()
    for package in packages:
        try:
            found.update(findings_of(package, folder_of(package, Path(home).resolve())))
        except OSError as error:
            sys.stderr.write(f"{error}\n")
            return 2
    chosen = [label for label in labels if label.site.package in packages]
    sys.stdout.write("".join(f"{line}\n" for line in report(chosen, frozenset(found))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
