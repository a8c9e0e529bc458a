"""Cards, tables and the checklist are read as they are written, and refused with a remedy when they are not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from memlint.catalog.cards import examples_of, heap_of, parse_card
from memlint.catalog.catalog import card_text, load_catalog
from memlint.catalog.checklist import parse_checklist
from memlint.catalog.folder import CatalogError
from memlint.catalog.tables import parse_owner, parse_resource, parse_shape
from memlint.model.card import Card, Promise
from memlint.model.finding import Precision, Severity
from memlint.model.resource import Shape

CATALOG = load_catalog()
CARDS = [pytest.param(card, id=card.name) for card in CATALOG.cards]

CARD = """\
+++
id = "MEM999"
severity = "warning"
precision = "high"
checklist = ["unbounded Maps"]
resources = ["interval"]
message = "`{acquire}` is never cleared"
help = "Clear it."
+++
# A thing that stays

The [loop](https://example.org/loop) holds **everything**,
and `this` too.

It grows.

## Leaks: thrown away

```js
start(); // leaks
```

## Clean: two files

Words in between.

```ts file=clock.ts
export const tick = 1;
```

```py
# Not a title
## Not a heading
x = 1
```

## Heap

Words.

```js
export const turns = {};
```

## What memlint cannot see

Much.
"""


def change(old: str, new: str) -> str:
    assert old in CARD
    return CARD.replace(old, new, 1)


# ---- cards ----


def test_a_card_is_read() -> None:
    card = parse_card("thing-that-stays", CARD)

    assert (card.id, card.severity, card.precision) == ("MEM999", Severity.WARNING, Precision.HIGH)
    assert card.title == "A thing that stays"
    assert card.why == "The loop holds everything, and `this` too.\n\nIt grows."
    assert (card.checklist, card.resources) == (("unbounded Maps",), ("interval",))
    assert card.message == "`{acquire}` is never cleared"


def test_the_body_has_the_examples_but_not_the_program_for_the_runner() -> None:
    body = parse_card("thing-that-stays", CARD).body

    assert body.startswith("The [loop]")
    assert "## Clean: two files" in body
    assert "turns" not in body
    assert body.endswith("## What memlint cannot see\n\nMuch.\n")


def test_examples_are_the_fences_under_their_headings() -> None:
    leak, clean = examples_of(CARD)

    assert (leak.promise, leak.title) == (Promise.LEAKS, "thrown away")
    assert leak.files == (("example.js", "start(); // leaks\n"),)
    assert (clean.promise, clean.title) == (Promise.CLEAN, "two files")
    assert clean.files == (
        ("clock.ts", "export const tick = 1;\n"),
        ("example.py", "# Not a title\n## Not a heading\nx = 1\n"),
    )


def test_the_heap_part_is_a_program() -> None:
    assert heap_of(CARD) == "export const turns = {};\n"
    assert heap_of(CARD.replace("## Heap", "## Elsewhere")) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# No front matter\n", "rules/x.md:1: no front matter"),
        (change('id = "MEM999"', "id = MEM999"), "rules/x.md:2: not TOML"),
        (change('id = "MEM999"', 'id = "M9"'), "rules/x.md:2: id: must look like"),
        (change('severity = "warning"', 'severity = "warn"'), 'rules/x.md:3: severity: did you mean "warning"?'),
        (change('precision = "high"', "precision = 3"), "rules/x.md:4: precision: must be a text"),
        (change('checklist = ["unbounded Maps"]', 'checklist = "unbounded Maps"'), "rules/x.md:5: checklist: must be"),
        (change("resources =", "resource ="), 'rules/x.md:6: resource: unknown key; did you mean "resources"?'),
        (change('help = "Clear it."\n', ""), "help: must be a text"),
        (change("# A thing", "A thing"), "rules/x.md:10: no title"),
        (change("It grows.", "# It grows"), "two titles"),
        (CARD[: CARD.index("The [loop]")] + "## Leaks: a\n", "no reason"),
    ],
)
def test_a_card_that_cannot_be_read_says_where_and_why(text: str, message: str) -> None:
    with pytest.raises(CatalogError, match=re.escape(message)):
        parse_card("x", text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("## Leaks: a\n\nWords.\n", '"Leaks: a": no example'),
        ("## Leaks: a\n\n```java\nx\n```\n", '"Leaks: a": a fence of `java`; it is one of'),
        ("## Leaks: a\n\n```js x.js\nx\n```\n", '"Leaks: a": `js x.js`; write ```js file=name.js'),
        ("## Clean: a\n\n```js\nx\n```\n\n```js\ny\n```\n", '"Clean: a": two files of one name'),
    ],
)
def test_an_example_that_cannot_be_read_says_why(text: str, message: str) -> None:
    with pytest.raises(CatalogError, match=re.escape(message)):
        examples_of(text)


@pytest.mark.parametrize("card", CARDS)
def test_every_card_shows_both_sides_and_its_limits(card: Card) -> None:
    promises = [example.promise for example in examples_of(card_text(card))]

    assert promises.count(Promise.LEAKS) >= 4
    assert promises.count(Promise.CLEAN) >= 6
    assert "\n## What memlint cannot see\n" in card.body


@pytest.mark.parametrize("card", CARDS)
def test_every_leak_has_a_marked_line_and_no_clean_example_has_one(card: Card) -> None:
    for example in examples_of(card_text(card)):
        marked = any(re.search(r"(//|#|\{/\*) leaks\b", source) for _, source in example.files)
        assert marked == (example.promise is Promise.LEAKS), example.title


@pytest.mark.parametrize("card", CARDS)
def test_every_card_is_found_by_id_and_by_name(card: Card) -> None:
    assert CATALOG.card(card.id) is CATALOG.card(card.name) is card
    assert CATALOG.card("nothing") is None


@pytest.mark.parametrize("card", CARDS)
def test_every_kind_that_a_card_names_has_rows(card: Card) -> None:
    assert set(card.resources) <= {row.kind for row in CATALOG.resources}


def test_cards_come_in_the_order_of_their_ids() -> None:
    ids = [card.id for card in CATALOG.cards]

    assert ids == sorted(set(ids))


# ---- shapes ----


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("$timer = setInterval($callback, ...)", Shape("setInterval", "", ("$callback", "..."), "$timer")),
        (
            "$target.addEventListener($type, $listener, $options)",
            Shape("addEventListener", "$target", ("$type", "$listener", "$options")),
        ),
        ("new ResizeObserver($callback)", Shape("ResizeObserver", "", ("$callback",), constructs=True)),
        ("$observer = new ResizeObserver(...)", Shape("ResizeObserver", "", ("...",), "$observer", constructs=True)),
        ("URL.revokeObjectURL($url)", Shape("revokeObjectURL", "URL", ("$url",))),
        ("$stop()", Shape("$stop")),
        ("$subscription.unsubscribe()", Shape("unsubscribe", "$subscription")),
        ("navigator.geolocation.watchPosition(...)", Shape("watchPosition", "navigator.geolocation", ("...",))),
        ("$channel.port1.close()", Shape("close", "$channel.port1")),
        ('$signal.addEventListener("abort", $f)', Shape("addEventListener", "$signal", ("'abort'", "$f"))),
        ("$signal.connect($f, weak=False, ...)", Shape("connect", "$signal", ("$f", "weak=False", "..."))),
        ("  $a=b( 'x' ,$y )  ", Shape("b", "", ("'x'", "$y"), "$a")),
    ],
)
def test_a_shape_is_a_call_with_holes(text: str, shape: Shape) -> None:
    read = parse_shape(text, "here")

    assert read.text == text.strip()
    assert (read.name, read.receiver, read.arguments, read.result, read.constructs) == (
        shape.name,
        shape.receiver,
        shape.arguments,
        shape.result,
        shape.constructs,
    )


@pytest.mark.parametrize(
    "text",
    ["", "setInterval", "$timer = ", "f(x)", "f($a $b)", "f($a,)", "f(..., $a)", "1f()", "f()()", "f(); g()", "a..b()"],
)
def test_what_is_no_shape_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(CatalogError, match=r"^table\.toml:3: "):
        parse_shape(text, "table.toml:3")


# ---- rows ----

ROW: dict[str, object] = {
    "kind": "interval",
    "acquire": "$timer = setInterval($callback, ...)",
    "release": ["clearInterval($timer)", "clearTimeout($timer)"],
    "holder": "process",
    "keeps": "$callback",
}


def test_a_row_is_read() -> None:
    row = parse_resource(ROW, "memlint.toml:3")

    assert (row.kind, row.holder, row.keeps, row.source) == ("interval", "process", "$callback", "memlint.toml:3")
    assert [shape.name for shape in row.acquire] == ["setInterval"]
    assert [shape.name for shape in row.release] == ["clearInterval", "clearTimeout"]
    assert (row.languages, row.modules, row.fires_once, row.started_by) == (("javascript",), (), False, ())


def test_a_row_may_tell_more() -> None:
    row = parse_resource(
        {
            "kind": "observer",
            "noun": "observer",
            "acquire": ["$o = new Watcher($f)"],
            "started-by": "$o.watch($element)",
            "release": "$o.unwatch($element)",
            "holder": "$element",
            "languages": ["javascript", "python"],
            "modules": ["watcher"],
            "fires-once": True,
        },
        "here",
    )

    assert [shape.text for shape in row.started_by] == ["$o.watch($element)"]
    assert (row.noun, row.languages, row.modules, row.fires_once) == (
        "observer",
        ("javascript", "python"),
        ("watcher",),
        True,
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"releases": "f()"}, 'unknown key "releases"; did you mean "release"?'),
        ({"kind": 3}, "kind must be a text in quotes, not 3"),
        ({"acquire": [3]}, "acquire must be a text in quotes or a list of them, not [3]"),
        ({"acquire": "setInterval"}, "`setInterval` is not a shape"),
        ({"release": ""}, '"release" is missing'),
        ({"holder": "$timr"}, 'holder = "$timr"; did you mean "$timer"?'),
        ({"holder": "window"}, 'it is one of "$callback", "$timer", "owner", "platform", "process", "self"'),
        ({"release": "clearInterval($tmer)"}, 'fills $tmer; did you mean "$timer"?'),
        ({"keeps": "$handler"}, "fills $handler"),
        ({"fires-once": "yes"}, "fires-once must be true or false, not 'yes'"),
    ],
)
def test_a_row_that_cannot_be_followed_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(CatalogError, match="^memlint.toml:3: .*" + re.escape(message)):
        parse_resource(ROW | changes, "memlint.toml:3")


def test_an_owner_has_a_name_beginnings_and_ends() -> None:
    owner = parse_owner({"name": "element", "begins": "connectedCallback", "ends": ["disconnectedCallback"]}, "here")

    assert (owner.begins, owner.ends) == (("connectedCallback",), ("disconnectedCallback",))
    with pytest.raises(CatalogError, match='did you mean "ends"'):
        parse_owner({"name": "element", "begins": "a", "end": "b"}, "here")


def test_rows_of_the_project_join_the_table() -> None:
    row = parse_resource(ROW | {"acquire": "$timer = every($callback)"}, "memlint.toml:3")

    assert load_catalog((row,)).resources == (*CATALOG.resources, row)


def test_a_row_of_a_kind_that_no_rule_answers_for_is_refused() -> None:
    row = parse_resource(ROW | {"kind": "intervall"}, "memlint.toml:3")

    with pytest.raises(CatalogError, match=r'memlint\.toml:3: no rule .* "intervall"; did you mean "interval"\?'):
        load_catalog((row,))


def test_our_own_rows_remember_their_place() -> None:
    assert all(re.fullmatch(r"rules/resources/[\w-]+\.toml:\d+", row.source) for row in CATALOG.resources)


# ---- the checklist ----


def test_an_item_is_answered_by_rules_by_plans_or_by_eyes() -> None:
    answered, half, planned, eyes = parse_checklist(
        "# Title\n\n| form | of | words |\n|---|---|---|\n\n## Part\n\n"
        "| item | what must be found | answered by |\n|---|---|---|\n"
        "| a | what | MEM101, MEM102 |\n| b | what | MEM101; planned: more |\n"
        "| c | what | planned: all |\n| d | what | human eyes: why |\n"
    )

    assert (answered.cards, answered.planned, answered.eyes) == (("MEM101", "MEM102"), "", "")
    assert (half.cards, half.planned) == (("MEM101",), "more")
    assert (planned.cards, planned.planned) == ((), "all")
    assert (eyes.cards, eyes.eyes, eyes.section) == ((), "why", "Part")


@pytest.mark.parametrize("answer", ["soon", "uncleared-timer", "MEM101, soon"])
def test_an_item_without_an_answer_is_refused(answer: str) -> None:
    with pytest.raises(CatalogError, match="answers nothing"):
        parse_checklist(f"## Part\n\n| item | what | by |\n|---|---|---|\n| a | what | {answer} |\n")


def test_the_checklist_names_rules_that_exist_and_no_item_twice() -> None:
    names = [item.name for item in CATALOG.checklist]

    assert len(names) == len(set(names))
    assert {id_ for item in CATALOG.checklist for id_ in item.cards} == {card.id for card in CATALOG.cards}


@pytest.mark.parametrize("card", CARDS)
def test_every_card_answers_for_items_of_the_checklist(card: Card) -> None:
    items = {item.name: item for item in CATALOG.checklist}

    assert card.checklist or card.id.startswith("MEM0")
    for name in card.checklist:
        assert card.id in items[name].cards, f'CHECKLIST.md: "{name}" does not name {card.id}'


@pytest.mark.parametrize("card", CARDS)
def test_the_readme_lists_every_rule(card: Card) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")

    assert f"| [{card.id}](rules/{card.name}.md) | {card.name} | {card.title} |" in readme


# ---- start-up ----


def test_the_catalog_reads_what_a_run_needs_and_no_more() -> None:
    program = "import memlint.catalog.catalog as c, sys; c.load_catalog(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert not {"json", "difflib", "libcst", "tree_sitter", "sarif_om", "importlib.resources"} & set(loaded)
