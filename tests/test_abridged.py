"""A rule's page with a few of its examples."""

from __future__ import annotations

from memlint.wording.abridged import abridged

PAGE = """Why it leaks.

## Leaks: one

```md
## Leaks: no heading
```

## Leaks: two

## Clean: three

## References
"""


def test_what_is_left_out_is_counted_where_it_stood() -> None:
    short = abridged(PAGE, 1, "; there")

    assert short == PAGE.replace("## Leaks: two\n", "*1 more that leak; there*\n")


def test_a_page_without_more_is_left_as_it_is() -> None:
    assert abridged(PAGE, 2) == PAGE
    assert abridged("", 3) == ""


def test_without_examples_the_prose_is_left_and_how_many_there_are() -> None:
    short = abridged(PAGE, 0, "; there")

    assert short == (
        "Why it leaks.\n\n*2 examples that leak; there*\n\n*1 examples that are clean; there*\n\n## References\n"
    )


def test_a_longer_fence_holds_shorter_ones() -> None:
    page = PAGE.replace("```md\n", "````md\n```js\n").replace("heading\n```", "heading\n```\n## Clean: none\n````")

    assert abridged(page, 1) == page.replace("## Leaks: two\n", "*1 more that leak*\n")
