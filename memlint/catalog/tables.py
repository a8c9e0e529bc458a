"""Rows of the tables, read: what must be given back, and what has a beginning and an end."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from memlint.catalog.folder import CatalogError
from memlint.model.frozen import replace
from memlint.model.limit import Limit
from memlint.model.resource import Owner, Resource, Shape
from memlint.wording.spelling import one_of

_ARGUMENT = r"""(?:\$\w+|'[^'\\]*'|"[^"\\]*"|\w+=(?:True|False|None)|\.\.\.)"""
_SHAPE = re.compile(
    rf"(?:(\$\w+)\s*(=|<-)\s*)?(new\s+)?(\$?[^\W\d]\w*(?:\.\$?[^\W\d]\w*)*\*?)\(\s*((?:{_ARGUMENT}\s*,\s*)*{_ARGUMENT})?\s*\)"
)
_HOLE = re.compile(r"(?<!\.)\$\w+")
_RESOURCE_KEYS = (
    "kind", "acquire", "release", "holder", "keeps", "noun", "languages", "modules", "globals", "named", "fires-once",
    "adds-once", "answers-nothing", "trusts-holder", "started-by", "completed-by", "shown-by", "wraps", "looked-at-by",
    "mostly-once", "chains", "beside", "of-services", "outlasts-errors",
)  # fmt: skip
_HOLDERS = ("process", "self", "platform", "owner")
_OWNER_KEYS = ("name", "begins", "ends", "told", "lasts", "unmistakable", "final", "updates")
_WORDS_KEYS = ("list", "why", "words")
_LIMIT_KEYS = (
    "keeps", "modules", "makes", "options", "position", "elsewhere", "memory", "unused-by", "fed-by", "emptied-by",
    "own-end", "advice",
)  # fmt: skip


def parse_shape(text: str, where: str) -> Shape:
    """Read `$timer = setInterval($callback, ...)`; a constant's quotes become single ones.

    A name that ends in `*` stands for all that begin so and go on with a capital letter: `$target.on*($handler)`.
    `$handle <- open(...)` hands its result to a callback, the last argument, behind an error.
    A keyword of Python must be given so, wherever it stands (`weak=False`), or not at all (`dispatch_uid=None`).
    """
    match = _SHAPE.fullmatch(text.strip())
    if not match:
        raise CatalogError(
            f"{where}: `{text}` is not a shape; write a call with holes, like `$timer = setInterval($callback, ...)`"
        )
    result, arrow, new, callee, listed = match.groups()
    arguments = tuple(re.findall(_ARGUMENT, listed or ""))
    if "..." in arguments[:-1]:
        raise CatalogError(f"{where}: `{text}`: `...` stands for all further arguments; put it last")
    receiver, _, name = callee.rpartition(".")
    return Shape(
        name=name,
        receiver=receiver,
        arguments=tuple(f"'{each[1:-1]}'" if each[0] in "'\"" else each for each in arguments),
        result=result or "",
        constructs=new is not None,
        calls_back=arrow == "<-",
        text=text.strip(),
    )


def parse_resource(table: Mapping[str, object], where: str) -> Resource:
    """Read one `[[resource]]`; `where` is its place, for messages and for `Resource.source`."""
    _check_keys(table, where, _RESOURCE_KEYS, required=("kind", "acquire", "release", "holder"))
    acquire, release, started_by = (
        tuple(parse_shape(text, where) for text in _texts(table, key, where))
        for key in ("acquire", "release", "started-by")
    )
    holder, keeps, wraps = (_text(table, key, where) for key in ("holder", "keeps", "wraps"))
    holes = {hole for shape in (*acquire, *started_by) for hole in _HOLE.findall(shape.text)}
    if holder not in {*_HOLDERS, *holes}:
        raise CatalogError(f'{where}: holder = "{holder}"; {one_of(holder, [*_HOLDERS, *sorted(holes)])}')
    needed = [hole for shape in release for hole in _HOLE.findall(shape.text)]
    for hole in needed + [hole for hole in (keeps, wraps) if hole]:
        if hole not in holes:
            raise CatalogError(f"{where}: nothing in `acquire` or `started-by` fills {hole}; {one_of(hole, holes)}")
    chained = tuple(shape.name for shape in (*acquire, *release)) if _flag(table, "chains", where) else ()
    globals_, named = _texts(table, "globals", where), _texts(table, "named", where)
    return Resource(
        kind=_text(table, "kind", where),
        acquire=tuple(replace(shape, globals=globals_, named=named, chained=chained) for shape in acquire),
        release=tuple(replace(shape, chained=chained) for shape in release),
        holder=holder,
        keeps=keeps,
        noun=_text(table, "noun", where) or _text(table, "kind", where),
        languages=_texts(table, "languages", where) or ("javascript",),
        modules=_texts(table, "modules", where),
        fires_once=_flag(table, "fires-once", where),
        adds_once=_flag(table, "adds-once", where),
        answers_nothing=_flag(table, "answers-nothing", where),
        trusts_holder=_flag(table, "trusts-holder", where),
        started_by=started_by,
        wraps=wraps,
        mostly_once=_flag(table, "mostly-once", where),
        looked_at_by=_texts(table, "looked-at-by", where),
        completed_by=_texts(table, "completed-by", where),
        shown_by=_texts(table, "shown-by", where),
        beside=_texts(table, "beside", where),
        of_services=_flag(table, "of-services", where),
        outlasts_errors=_flag(table, "outlasts-errors", where),
        source=where,
    )


def parse_owner(table: Mapping[str, object], where: str) -> Owner:
    """Read one `[[owner]]`: its name, and the methods or calls that begin and end it."""
    _check_keys(table, where, _OWNER_KEYS, required=("name", "ends"))
    return Owner(
        _text(table, "name", where),
        _texts(table, "begins", where),
        _texts(table, "ends", where),
        _texts(table, "told", where),
        _flag(table, "lasts", where),
        _texts(table, "unmistakable", where),
        _texts(table, "final", where),
        _texts(table, "updates", where),
    )


def parse_words(table: Mapping[str, object], where: str) -> tuple[str, frozenset[str]]:
    """Read one `[[words]]`: the name of the list, and its words."""
    _check_keys(table, where, _WORDS_KEYS, required=("list", "why", "words"))
    return _text(table, "list", where), frozenset(_texts(table, "words", where))


def parse_limit(table: Mapping[str, object], where: str) -> Limit:
    """Read one `[[limit]]`: what is made without a limit, and the options that would set one."""
    _check_keys(table, where, _LIMIT_KEYS, required=("keeps", "modules", "makes"))
    return Limit(
        _text(table, "keeps", where),
        _texts(table, "modules", where),
        _texts(table, "makes", where),
        options=_texts(table, "options", where),
        position=_number(table, "position", where, 0),
        elsewhere=_texts(table, "elsewhere", where),
        memory=_texts(table, "memory", where),
        unused_by=_texts(table, "unused-by", where),
        fed_by=_texts(table, "fed-by", where),
        emptied_by=_texts(table, "emptied-by", where),
        own_end=_number(table, "own-end", where, -1),
        is_advice=_flag(table, "advice", where),
        source=where,
    )


def _check_keys(table: Mapping[str, object], where: str, known: tuple[str, ...], required: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise CatalogError(f'{where}: unknown key "{key}"; {one_of(key, known)}')
    for key in required:
        if not table.get(key):
            raise CatalogError(f'{where}: "{key}" is missing; see rules/resources/ for rows to copy')


def _text(table: Mapping[str, object], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise CatalogError(f"{where}: {key} must be a text in quotes, not {value!r}")
    return value


def _texts(table: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    value = table.get(key, [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) and text for text in texts):
        raise CatalogError(f"{where}: {key} must be a text in quotes or a list of them, not {value!r}")
    return tuple(texts)


def _flag(table: Mapping[str, object], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise CatalogError(f"{where}: {key} must be true or false, not {value!r}")
    return value


def _number(table: Mapping[str, object], key: str, where: str, otherwise: int) -> int:
    value = table.get(key, otherwise)
    if not isinstance(value, int) or isinstance(value, bool):
        raise CatalogError(f"{where}: {key} must be the number of an argument, from 0, not {value!r}")
    return value


def parse_toml(text: str, where: str, first_line: int = 1) -> dict[str, object]:
    """Read TOML, or say in which line of which file it ends."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = first_line - 1 + (int(found[1]) if found else text.count("\n") + 1)
        raise CatalogError(f"{where}:{line}: not TOML: {error}") from error
