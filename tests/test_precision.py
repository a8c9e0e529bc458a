"""What people said of findings on published packages is read and compared as told."""

from __future__ import annotations

import pytest
from precision.measure import LABELS, Label, Site, drawn, read_labels, report

from memlint.catalog.catalog import load_catalog

SITE = Site("pkg@1.0.0", "lib/a.js", 3, "MEM101")


def test_the_labels_are_labels_of_rules_that_exist() -> None:
    labels = read_labels(LABELS.read_text(encoding="utf-8"))
    rules = {card.id for card in load_catalog().cards}

    assert {label.site.rule for label in labels} <= rules
    assert len({label.site for label in labels}) == len(labels)
    assert all("@" in label.site.package[1:] for label in labels)


@pytest.mark.parametrize(
    "line",
    ["{}", "nothing", '{"package": "a@1", "path": "a", "line": 1, "rule": "MEM101", "label": "yes", "why": "x"}'],
)
def test_a_line_that_is_no_label_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"labels\.jsonl:1: "):
        read_labels(line)


def test_what_changed_is_told() -> None:
    lost = Label(SITE, "true", "a reason")
    still = Label(Site("pkg@1.0.0", "lib/a.js", 9, "MEM102"), "false", "another")
    right = Label(Site("pkg@1.0.0", "lib/b.js", 1, "MEM102"), "true", "a third")
    other = Site("pkg@1.0.0", "lib/c.js", 1, "MEM102")

    assert list(report([lost, still, right], frozenset({still.site, right.site, other}))) == [
        "MEM102: 1 true, 1 false, 0 arguable: 0.50 of the decided are true",
        "all: 1 true, 1 false, 0 arguable: 0.50 of the decided are true; 1 not labelled",
        "lost: pkg@1.0.0/lib/a.js:3: MEM101: a reason",
        "still false: pkg@1.0.0/lib/a.js:9: MEM102: another",
    ]


def test_a_draw_takes_turns_among_the_rules_and_is_the_same_each_time() -> None:
    many = [Site("pkg@1.0.0", "lib/a.js", line, "MEM101") for line in range(50)]
    few = [Site("pkg@1.0.0", "lib/a.js", line, "MEM301") for line in range(2)]

    chosen = list(drawn([*many, *few], 6, seed=1))

    assert [site.rule for site in chosen].count("MEM301") == 2
    assert chosen == list(drawn([*few, *many], 6, seed=1))
