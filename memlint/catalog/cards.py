"""A card, read from its Markdown: front matter, reason, examples, heap part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn, TypeVar

from memlint.catalog.folder import CatalogError
from memlint.catalog.tables import parse_toml
from memlint.model.card import Card, Example, Promise
from memlint.model.finding import Precision, Severity
from memlint.wording.fences import with_code_told
from memlint.wording.spelling import one_of

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_FENCE = re.compile(r"(?ms)^(`{3,})([^`\n]+)\n(.*?)^\1[ \t]*$")
_RULE_ID = re.compile(r"MEM\d{3}")
_SUFFIXES = ("js", "jsx", "ts", "tsx", "py", "sh", "yaml", "json", "dockerfile", "env")
_KEYS = ("id", "severity", "precision", "checklist", "resources", "message", "help")

_Word = TypeVar("_Word", Severity, Precision)


def parse_card(name: str, text: str) -> Card:
    """Read one card; `body` leaves out the part `## Heap`, whose code is for the runner, not for readers."""
    where = f"rules/{name}.md"
    end = text.find("\n+++\n")
    if not text.startswith("+++\n") or end < 0:
        raise CatalogError(f"{where}:1: no front matter; begin with `+++`, TOML, `+++` (see rules/README.md)")
    table = parse_toml(text[4:end], where, first_line=2)
    title, why, body = _prose(text[end + 5 :], where, text.count("\n", 0, end) + 3)

    def fail(key: str, wanted: str) -> NoReturn:
        before = text[: max(text.find(f"\n{key} "), text.find(f"\n{key}="), 0) + 1]
        raise CatalogError(f"{where}:{before.count(chr(10)) + 1}: {key}: {wanted}")

    def sentence(key: str) -> str:
        value = table.get(key)
        return value if isinstance(value, str) and value else fail(key, "must be a text in quotes")

    def words(key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        valid = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
        return tuple(value) if isinstance(value, list) and valid else fail(key, "must be a list of texts")

    def choice(key: str, choices: type[_Word]) -> _Word:
        value = sentence(key)
        return choices(value) if value in set(choices) else fail(key, one_of(value, choices))

    for key in table:
        if key not in _KEYS:
            fail(key, f"unknown key; {one_of(key, _KEYS)}")
    if not _RULE_ID.fullmatch(sentence("id")):
        fail("id", 'must look like "MEM102"')
    return Card(
        name=name,
        id=sentence("id"),
        title=title,
        why=why,
        message=sentence("message"),
        help=sentence("help"),
        severity=choice("severity", Severity),
        precision=choice("precision", Precision),
        checklist=words("checklist"),
        resources=words("resources"),
        body=body,
    )


def _prose(text: str, where: str, line: int) -> tuple[str, str, str]:
    """Split what follows the front matter into title, why, and body."""
    start = len(text) - len(text.lstrip("\n"))
    heading, _, rest = text[start:].partition("\n")
    if not heading.startswith("# "):
        raise CatalogError(f"{where}:{line + start}: no title; write `# A noun phrase for the bad thing` here")
    # Only then is it worth knowing which lines are headings and which are comments in an example.
    if "\n# " in rest and any(level == 1 for level, _, _ in sections(rest)):
        raise CatalogError(f"{where}: two titles; everything below the first one is `##`")
    opening = rest[: f"\n{rest}".find("\n## ")] if "\n## " in f"\n{rest}" else rest
    why = "\n\n".join(" ".join(paragraph.split()) for paragraph in opening.split("\n\n") if paragraph.strip())
    if not why:
        raise CatalogError(f"{where}:{line + start}: no reason; say below the title who holds it and why it grows")
    return heading[2:].strip(), _plain(why), _without_heap(rest).strip() + "\n"


def _plain(markdown: str) -> str:
    """Text without links and emphasis; backticks stay, as they do in messages."""
    text = _LINK.sub(r"\1", markdown) if "](" in markdown else markdown
    return text.replace("**", "")


def _without_heap(text: str) -> str:
    start = text.find("\n## Heap\n")
    end = text.find("\n## ", start + 1)
    return text if start < 0 else text[:start] + (text[end:] if end > 0 else "")


def examples_of(text: str) -> tuple[Example, ...]:
    """Read the parts `## Leaks: …` and `## Clean: …` of a card, with the files in their fences."""
    examples = []
    for _, heading, content in sections(text):
        promise, colon, title = heading.partition(": ")
        if colon and promise in set(Promise):
            files = tuple((_file_name(info, heading), source) for info, source in _fences(content))
            if not files:
                raise CatalogError(f'"{heading}": no example; add a fence such as ```js')
            if len(dict(files)) < len(files):
                raise CatalogError(f'"{heading}": two files of one name; write ```js file=name.js')
            examples.append(Example(Promise(promise), title.strip(), files))
    return tuple(examples)


def heap_of(text: str) -> str:
    """Find the program under `## Heap` of a card's text, or nothing."""
    parts = (content for _, heading, content in sections(text) if heading == "Heap")
    return next((source for content in parts for info, source in _fences(content) if info == "js"), "")


def _file_name(info: str, heading: str) -> str:
    language, _, rest = info.partition(" ")
    if language not in _SUFFIXES:
        raise CatalogError(f'"{heading}": a fence of `{language}`; {one_of(language, _SUFFIXES)}')
    if rest and not rest.startswith("file="):
        raise CatalogError(f'"{heading}": `{info}`; write ```{language} file=name.{language}')
    return rest.removeprefix("file=") or f"example.{language}"


def sections(text: str) -> Iterator[tuple[int, str, str]]:
    """Headings outside of fences: level, title, and the text up to the next one."""
    lines = text.split("\n")
    starts = [
        number
        for number, (line, is_code) in enumerate(with_code_told(lines))
        if not is_code and line.startswith(("# ", "## "))
    ]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        marks, _, title = lines[start].partition(" ")
        yield len(marks), title.strip(), "\n".join(lines[start + 1 : end])


def _fences(text: str) -> Iterator[tuple[str, str]]:
    """Find the fences of a part: info string and source."""
    for match in _FENCE.finditer(text):
        yield match[2].strip(), match[3]
