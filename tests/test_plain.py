"""Plain values as text: what was put in comes out, and nothing else ever does."""

from __future__ import annotations

from pathlib import Path

import pytest

from memlint.model.facts import Fate, FateKind
from memlint.model.finding import Severity, Span
from memlint.model.plain import dump, load
from memlint.model.value import Compound, Constant, Place, Record, Root, Value


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        0.5,
        "a \udc80 \N{SNOWMAN}",
        (),
        ("", ("memlint.model.value:Place", 1)),
        Severity.WARNING,
        Span("a.js", 1, 2, 3, 4),
        Place(Root.SELF, 3, ("poll",)),
        Compound("+", (Constant("a"), Record((("key", Place(Root.GLOBAL, "window")),)))),
        Fate(FateKind.KEPT, Place(Root.BINDING, 1)),
    ],
)
def test_what_was_put_in_comes_out(value: object) -> None:
    found = load(dump(value))

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", [Path("/"), {"a": 1}, [1], b"a", Path, print])
def test_other_values_are_not_taken(value: object) -> None:
    with pytest.raises(TypeError):
        dump(value)


def test_a_value_that_is_too_deep_is_not_written() -> None:
    value: Value = Constant(1)
    for _ in range(5_000):
        value = Compound("+", (value,))

    with pytest.raises(RecursionError):
        dump(value)


@pytest.mark.parametrize(
    "text",
    [
        b'["memlint.model.finding:Span","a.js"]',
        b'["memlint.model.finding:Span","a.js","",3,2,5]',
        b'["memlint.model.facts:Fate",["memlint.model.facts:FateKind","kept"],"window"]',
        b'["memlint.model.finding:Severity"]',
        b'["memlint.model.finding:Severity","warning",1]',
        b'["memlint.model.source:span_of","a.js"]',
        b'["memlint.model.finding:StrEnum","a"]',
        b'["builtins:print","a"]',
        b'["memlint.gone:Span"]',
        b"[1]",
        b'{"a":1}',
        b"nothing",
    ],
)
def test_nothing_else_comes_of_a_text(text: bytes) -> None:
    assert load(text) is None
