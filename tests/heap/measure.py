"""What the heap says of the examples: `python tests/heap/measure.py [MEM101 …]` writes it to `rules/heap/`."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from memlint.catalog.cards import examples_of, heap_of
from memlint.catalog.catalog import card_text, load_catalog
from memlint.model.card import Card, Example

HERE = Path(__file__).parent
HEAP = HERE.parents[1] / "rules/heap"
N = 40
AT_ONCE = 30
"""Examples of one card in one process: a small heap is collected fast, and processes can run side by side."""
DEADLINE = 300
"""Seconds for one process; `run.mjs` itself gives up on an example after 20."""


class HarnessError(Exception):
    """The runner could not do its work; that says nothing about the examples."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What `run.mjs` says of one example: survivors after N and after 2N turns; or why there are none; or a fault."""

    first: int = 0
    second: int = 0
    grows: bool = False
    skipped: str = ""
    error: str = ""


def cards_with_heap() -> list[Card]:
    return [card for card in load_catalog().cards if heap_of(card_text(card))]


def javascript_examples(card: Card) -> list[Example]:
    """The examples that Node can run, which are all but those in Python."""
    return [example for example in examples_of(card_text(card)) if not example.files[0][0].endswith(".py")]


def portions(card: Card) -> list[list[Example]]:
    """The examples of a card that Node can run, by process."""
    examples = javascript_examples(card)
    return [examples[start : start + AT_ONCE] for start in range(0, len(examples), AT_ONCE)]


def missing_tool() -> str:
    """Why nothing can be measured on this machine, or nothing."""
    missing = [tool for tool in ("node", "npm") if not shutil.which(tool)]
    return f"{' and '.join(missing)} not found: Node.js 20 or newer measures the examples" if missing else ""


def install_modules() -> None:
    """Run `npm ci` once, whoever of several processes comes first."""
    with (HERE / ".npmrc").open(encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules" / ".package-lock.json").is_file():
            _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], "")


def ask_heap(card: Card, examples: Sequence[Example]) -> tuple[str, Mapping[str, Answer]]:
    """Run these examples of a card: Node's version, and the answers by title."""
    request = {
        "heap": heap_of(card_text(card)),
        "n": N,
        "examples": [
            {"title": example.title, "files": dict(example.files), "entry": example.files[0][0]} for example in examples
        ],
    }
    told = json.loads(_run(["node", "--expose-gc", "run.mjs"], json.dumps(request)))
    return told["node"], {title: Answer(**answer) for title, answer in told["examples"].items()}


def _run(command: list[str], given: str) -> str:
    try:
        done = subprocess.run(
            command, cwd=HERE, input=given, capture_output=True, encoding="utf-8", timeout=DEADLINE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise HarnessError(f"{' '.join(command)}: not done after {DEADLINE} s") from error
    if done.returncode:
        raise HarnessError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr[-4000:]}")
    return done.stdout


def table_of(node: str, answers: Mapping[str, Answer]) -> str:
    """One line for each example: survivors after N and after 2N turns, and why it was not run, if so."""
    rows = {title: [answer.first, answer.second, answer.skipped] for title, answer in answers.items()}
    lines = [f"    {json.dumps(title, ensure_ascii=False)}: {json.dumps(row)}" for title, row in rows.items()]
    body = ",\n".join(lines)
    return f'{{\n  "node": "{node}",\n  "turns": {N},\n  "survivors": {{\n{body}\n  }}\n}}\n'


def main(wanted: Sequence[str]) -> int:
    if missing := missing_tool():
        sys.stderr.write(f"{missing}\n")
        return 2
    install_modules()
    known = cards_with_heap()
    cards = [card for card in known if card.id in wanted] if wanted else known
    HEAP.mkdir(exist_ok=True)
    code = 0
    with ThreadPoolExecutor(2) as pool:
        asked = [(card, [pool.submit(ask_heap, card, portion) for portion in portions(card)]) for card in cards]
        for card, told in asked:
            node = told[0].result()[0]
            answers = {title: answer for each in told for title, answer in each.result()[1].items()}
            faults = [f"{card.id}: {title}: {answer.error}" for title, answer in answers.items() if answer.error]
            if faults:
                sys.stderr.write("\n".join(faults) + f"\nrules/heap/{card.id}.json is left as it was\n")
                code = 1
            else:
                (HEAP / f"{card.id}.json").write_text(table_of(node, answers), encoding="utf-8")
    for path in HEAP.glob("*.json"):
        if path.stem not in {card.id for card in known}:
            path.unlink()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
