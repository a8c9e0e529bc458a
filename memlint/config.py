"""What the user set: memlint.toml, `[tool.memlint]` of pyproject.toml or "memlint" of package.json, and options."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from memlint.model.card import Card
from memlint.model.finding import Confidence, Severity

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT_EXCLUDE: Mapping[str, str] = {
    ".git": "version control",
    ".hg": "version control",
    ".svn": "version control",
    "node_modules": "dependencies",
    "bower_components": "dependencies",
    "jspm_packages": "dependencies",
    ".yarn": "dependencies",
    "site-packages": "dependencies",
    "vendor": "vendored",
    "third_party": "vendored",
    ".venv": "virtual environment",
    "venv": "virtual environment",
    ".tox": "virtual environment",
    ".nox": "virtual environment",
    "dist": "build output",
    "build": "build output",
    "out": "build output",
    ".next": "build output",
    ".nuxt": "build output",
    ".svelte-kit": "build output",
    ".eggs": "build output",
    "coverage": "build output",
    "htmlcov": "build output",
    "__pycache__": "cache",
    ".mypy_cache": "cache",
    ".pytest_cache": "cache",
    ".ruff_cache": "cache",
    ".memlint_cache": "cache",
}
"""Names that are not walked into unless `exclude` says otherwise, each with the reason that a skip gives."""

_SIZE_LIMIT = 1 << 20
_CODE = re.compile(r"[A-Za-z]+[0-9]*")
_ASSIGNMENT = re.compile(r"""[\w-]+(?:\.(?:[\w-]+|"[^"]*"|'[^']*'))*\s*=""")


class ConfigError(Exception):
    """A setting that cannot be followed; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Row:
    """A `[[resource]]` or `[[owner]]` of the project, as written, and where it stands (`memlint.toml:12`)."""

    table: Mapping[str, object]
    where: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set, read and checked; an empty `select` means every rule, `jobs` 0 as many as pay."""

    root: Path
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = tuple(DEFAULT_EXCLUDE)
    extend_exclude: tuple[str, ...] = ()
    min_severity: Severity = Severity.NOTE
    min_confidence: Confidence = Confidence.MEDIUM
    fail_on: Severity = Severity.WARNING
    jobs: int = 0
    cache: bool = True
    cache_dir: Path = Path(".memlint_cache")
    respect_gitignore: bool = True
    force_exclude: bool = False
    require_reason: bool = True
    include_tests: bool = False
    resources: tuple[Row, ...] = ()
    owners: tuple[Row, ...] = ()
    config_file: Path | None = None
    places: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Where each key was set: `memlint.toml:3`, `--select`."""


@dataclass(frozen=True, slots=True)
class _Section:
    """The part of a file that is ours: its keys, and how to find their lines again."""

    file: Path
    text: str
    table: Mapping[str, object]
    prefix: str
    """`tool.memlint`, `memlint` or nothing: the tables around the keys."""

    def line(self, *keys: str) -> int:
        """Find the line of a key: the first mention of each name, one after the other; tomllib tells no lines."""
        at = 0
        for name in (*filter(None, [self.prefix]), *keys):
            found = _key_pattern(name).search(self.text, at)
            at = found.end() if found else at
        return self.text.count("\n", 0, at) + 1

    def line_of_row(self, key: str, number: int) -> int:
        """Find the line of the `number`-th `[[key]]`."""
        headers = list(re.finditer(rf"(?m)^\s*\[\[[^\]\n]*\b{re.escape(key)}\s*\]\]", self.text))
        return self.text.count("\n", 0, headers[number].end()) + 1 if number < len(headers) else self.line(key)

    def line_of_text(self, key: str, text: str) -> int:
        """Find the line of a quoted text in the value of a key."""
        start = self.line(key)
        lines = self.text.split("\n")[start - 1 :]
        return next((start + n for n, line in enumerate(lines) if f'"{text}"' in line or f"'{text}'" in line), start)

    def place(self, line: int) -> str:
        """`memlint.toml:3`, relative to the working directory where that is shorter."""
        return f"{_shown(self.file)}:{line}"


def _key_pattern(name: str) -> re.Pattern[str]:
    """Match a dotted name as a TOML header, a TOML key or a JSON key."""
    dotted = r"\s*\.\s*".join(rf"[\"']?{re.escape(part)}[\"']?" for part in name.split("."))
    header = rf"(?:^[ \t]*\[+|\.)[ \t]*{dotted}[ \t]*(?=[.\]])"
    return re.compile(rf"(?m){header}|(?:^|[{{,.])[ \t]*{dotted}[ \t]*(?=[=:.])")


def load_settings(
    cwd: Path, paths: Iterable[str] = (), config: Sequence[str] = (), *, isolated: bool = False
) -> Settings:
    """Read the settings for these paths: the nearest file upwards, or the one in `config`, then its `key=value`s.

    >>> load_settings(Path.cwd(), ["src"], ["jobs=4"]).jobs
    4
    """
    chosen = [text for text in config if not _is_assignment(text)]
    if len(chosen) > 1:
        raise ConfigError(f"--config: two files, {chosen[0]} and {chosen[1]}; give one")
    if chosen and isolated:
        raise ConfigError(f"--config {chosen[0]}: --isolated reads no file; leave one of the two out")
    section = _section_of(cwd / chosen[0]) if chosen else None if isolated else _nearest(_start(cwd, paths))

    root = section.file.parent if section else cwd
    settings = Settings(root, cache_dir=root / ".memlint_cache", config_file=section.file if section else None)
    if section:
        settings = _apply(settings, section.table, section)
    for text in config:
        if _is_assignment(text):
            settings = _apply(settings, _assignment(text), "--config ")
    return settings


def with_options(settings: Settings, options: Mapping[str, object]) -> Settings:
    """Put the command line's word on top; `--select` starts anew, `--ignore` and `--extend-select` add.

    >>> with_options(Settings(Path(), ignore=("MEM2",)), {"ignore": ["MEM101"]}).ignore
    ('MEM2', 'MEM101')
    """
    if "select" in options:
        settings = replace(settings, ignore=(), extend_select=())
    before = settings
    settings = _apply(settings, options, "--")
    return replace(
        settings,
        ignore=tuple(dict.fromkeys(before.ignore + settings.ignore)),
        extend_select=tuple(dict.fromkeys(before.extend_select + settings.extend_select)),
    )


def check_rules(settings: Settings, ids: Iterable[str], names: Iterable[str]) -> None:
    """Raise `ConfigError` if a setting names a rule, or a family of rules, that does not exist."""
    known = list(zip(ids, names, strict=True))
    listed = [
        ("select", settings.select),
        ("ignore", settings.ignore),
        ("extend-select", settings.extend_select),
        *(("per-file-ignores", rules) for _, rules in settings.per_file_ignores),
    ]
    for key, selectors in listed:
        for selector in selectors:
            if not any(matches(selector, id_, name) for id_, name in known):
                place = settings.places.get(f"{key}:{selector}", key)
                hint = did_you_mean(selector, [word for rule in known for word in rule])
                raise ConfigError(f'{place}: unknown rule "{selector}"{hint or "; `memlint rule` lists them"}')


def matches(selector: str, id_: str, name: str) -> bool:
    """Whether a code (`MEM101`), a family (`MEM1`) or a name means this rule."""
    return selector == name or (_CODE.fullmatch(selector) is not None and id_.startswith(selector.upper()))


def selects(settings: Settings, card: Card) -> bool:
    """Whether a rule is on: the longer of two matching words wins, `ignore` when they are equally long.

    >>> settings = Settings(Path(), select=("MEM101",), ignore=("MEM1",))  # MEM101 is on, MEM102 is off
    """
    chosen = _strength((*settings.select, *settings.extend_select), card)
    if not settings.select:
        chosen = max(chosen, 1)
    return chosen > _strength(settings.ignore, card)


def spares(settings: Settings, path: str, card: Card) -> bool:
    """Whether `per-file-ignores` turns this rule off for a file, given relative to the working directory."""
    ignores = [glob for glob, rules in settings.per_file_ignores if _strength(rules, card)]
    if not ignores:
        return False
    inside = Path(os.path.relpath(path, settings.root)).as_posix()
    return any(gitignore(glob).match_file(inside) for glob in ignores)


def _strength(selectors: Iterable[str], card: Card) -> int:
    found = [word for word in selectors if matches(word, card.id, card.name)]
    return max((len(card.id) if word == card.name else len(word) for word in found), default=0)


@cache
def gitignore(*globs: str) -> GitIgnoreSpec:
    """Compiled gitignore patterns; pathspec is loaded only by those who have some."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 20 ms that most runs can save

    try:
        return GitIgnoreSpec.from_lines(globs)
    except ValueError as error:
        raise ConfigError(f"{', '.join(globs)}: not a gitignore pattern: {error}") from error


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """`; did you mean "select"?`, or nothing when no word comes near."""
    import difflib  # noqa: PLC0415 - only for those who err

    close = difflib.get_close_matches(word, list(words), 1) or difflib.get_close_matches(word.upper(), list(words), 1)
    return f'; did you mean "{close[0]}"?' if close else ""


def describe(settings: Settings) -> str:
    """Write the settings as a memlint.toml that would mean the same, each line with where it was set."""
    lines = [f"# configuration: {settings.config_file or 'none'}", f"# root: {settings.root}"]
    for each in fields(Settings):
        key = each.name.replace("_", "-")
        if key in _READERS:
            value, place = getattr(settings, each.name), settings.places.get(key)
            line = "# jobs: as many as pay" if key == "jobs" and not value else f"{key} = {_toml(value)}"
            lines.append(line + (f"  # {place}" if place else ""))
    for kind, rows in (("resource", settings.resources), ("owner", settings.owners)):
        lines += [f"# [[{kind}]] at {row.where}" for row in rows]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    import json  # noqa: PLC0415 - a JSON text is a TOML text too

    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "{ " + ", ".join(f"{_toml(key)} = {_toml(items)}" for key, items in value) + " }"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)


def _start(cwd: Path, paths: Iterable[str]) -> Path:
    """Find the folder that all paths have in common."""
    absolute = [os.path.realpath(cwd / path) for path in paths]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in absolute]  # noqa: PTH112, PTH120
    try:
        return Path(os.path.commonpath(folders)) if folders else cwd
    except ValueError:  # paths on two Windows drives
        return cwd


def _nearest(folder: Path) -> _Section | None:
    for each in (folder, *folder.parents):
        for name in ("memlint.toml", "pyproject.toml", "package.json"):
            path = each / name
            if path.is_file() and (section := _read(path)):
                return section
    return None


def _section_of(path: Path) -> _Section:
    """Read the section of a file that the user named: it has to be there."""
    if not path.is_file():
        raise ConfigError(f"--config {path.name}: no such file; for a setting write --config key=value")
    section = _read(path)
    if not section:
        wanted = '"memlint"' if path.name == "package.json" else "[tool.memlint]"
        raise ConfigError(f"{_shown(path)}: has no {wanted}; add it, or name another file")
    return section


def _read(path: Path) -> _Section | None:
    shared = path.name in {"pyproject.toml", "package.json"}
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        if shared:
            return None
        raise ConfigError(f"{_shown(path)}: cannot be read: {error.strerror}") from error
    if shared and b"memlint" not in data:
        return None
    if len(data) > _SIZE_LIMIT:
        raise ConfigError(f"{_shown(path)}: larger than 1 MiB; move the settings to memlint.toml")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{_shown(path)}:{line}: not UTF-8; save the file as UTF-8") from error

    if path.name == "package.json":
        prefix, table = "memlint", _inner(_parse_json(path, text), "memlint")
    elif path.name == "pyproject.toml":
        prefix, table = "tool.memlint", _inner(_inner(_parse_toml(path, text), "tool"), "memlint")
    else:
        prefix, table = "", _parse_toml(path, text)
    if table is None:
        return None
    if not isinstance(table, Mapping):
        raise ConfigError(f'{_shown(path)}: "{prefix}" must be a table of settings')
    return _Section(path, text, table, prefix)


def _inner(table: object, key: str) -> object:
    return table.get(key) if isinstance(table, Mapping) else None


def _parse_toml(path: Path, text: str) -> object:
    import tomllib  # noqa: PLC0415 - only for those who have settings

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        reason = re.sub(r"\s*\(at [^)]*\)$", "", str(error))
        raise ConfigError(f"{_shown(path)}:{line}: not TOML: {reason}") from error
    except RecursionError as error:
        raise ConfigError(f"{_shown(path)}: nested too deeply") from error


def _parse_json(path: Path, text: str) -> object:
    import json  # noqa: PLC0415 - only for those whose package.json mentions memlint

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"{_shown(path)}:{error.lineno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise ConfigError(f"{_shown(path)}: nested too deeply") from error


def _is_assignment(text: str) -> bool:
    return _ASSIGNMENT.match(text) is not None and not Path(text).is_file()


def _assignment(text: str) -> Mapping[str, object]:
    import tomllib  # noqa: PLC0415 - only for those who use it

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        key, _, value = text.partition("=")
        quoted = f"; a text needs quotes: {key}='\"{value}\"'" if re.fullmatch(r"[\w./*-]+", value) else ""
        raise ConfigError(f"--config {text}: the value is not TOML{quoted}") from error


def _apply(settings: Settings, table: Mapping[str, object], source: _Section | str) -> Settings:
    """Put the keys of `table` on top, read and checked; `source` is a file's section or the start of an option."""

    def place(key: str, text: str = "") -> str:
        if isinstance(source, str):
            return source + key
        return source.place(source.line_of_text(key, text) if text else source.line(key))

    readers = _OPTION_READERS if isinstance(source, str) else _READERS
    changes: dict[str, object] = {}
    places = dict(settings.places)
    for key, value in table.items():
        if key in _ROWS:
            changes[_ROWS[key]] = tuple(_rows(key, value, source))
            continue
        if key not in readers:
            raise ConfigError(f'{place(key)}: unknown key "{key}"{did_you_mean(key, [*_READERS, *_ROWS])}')
        try:
            read = readers[key](value, settings.root)
        except ValueError as error:
            raise ConfigError(f'{place(key)}: "{key}" must be {error}') from error
        changes[key.replace("-", "_")] = read
        places[key] = place(key)
        places |= {f"{key}:{word}": place(key, word) for word in _words(read)}
    return replace(settings, **changes, places=places)  # type: ignore[arg-type]  # each reader gives its field's type


def _words(value: object) -> Iterable[str]:
    """List the texts in what was read, however deep: rules are checked later than the file."""
    if isinstance(value, tuple):
        for item in value:
            yield from [item] if type(item) is str else _words(item)


def _rows(key: str, value: object, source: _Section | str) -> Iterable[Row]:
    where = source + key if isinstance(source, str) else source.place(source.line(key))
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise ConfigError(f'{where}: "{key}" must be tables: [[{key}]]')
    for number, table in enumerate(value):
        yield Row(table, where if isinstance(source, str) else source.place(source.line_of_row(key, number)))


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()


def _texts(value: object, _root: Path) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise ValueError(f"a list of texts, not {_named(value)}")
    return tuple(value)


def _globs(value: object, root: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, Mapping):
        form = '"legacy/**" = ["MEM101"]'
        raise ValueError(f"a table of globs and rules ({form}), not {_named(value)}")  # noqa: TRY004 - as below
    return tuple((glob, _texts(rules, root)) for glob, rules in value.items())


def _flag(value: object, _root: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false, not {_named(value)}")  # noqa: TRY004 - one error for all readers
    return value


def _count(value: object, _root: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"a whole number from 1, not {_named(value)}")
    return value


def _one_of(words: type[StrEnum]) -> Callable[[object, Path], StrEnum]:
    def read(value: object, _root: Path) -> StrEnum:
        try:
            return words(str(value))
        except ValueError:
            listed = ", ".join(f'"{word}"' for word in words)
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            raise ValueError(f"one of {listed}, not {_named(value)}{hint}") from None

    return read


def _folder(value: object, root: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError(f"the name of a folder, not {_named(value)}")
    return Path(os.path.realpath(root / value))


def _folder_inside(value: object, root: Path) -> Path:
    """Refuse other folders: a file that came with somebody's repository must not choose where to write."""
    path = _folder(value, root)
    if str(value).startswith("~") or not path.is_relative_to(os.path.realpath(root)):
        raise ValueError(f"inside the project, not {_named(value)}; --cache-dir may name any folder")
    return path


def _named(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value!r:.60}"


_ROWS = {"resource": "resources", "owner": "owners"}
_READERS: Mapping[str, Callable[[object, Path], object]] = {
    "select": _texts,
    "ignore": _texts,
    "extend-select": _texts,
    "per-file-ignores": _globs,
    "exclude": _texts,
    "extend-exclude": _texts,
    "min-severity": _one_of(Severity),
    "min-confidence": _one_of(Confidence),
    "fail-on": _one_of(Severity),
    "jobs": _count,
    "cache": _flag,
    "cache-dir": _folder_inside,
    "respect-gitignore": _flag,
    "force-exclude": _flag,
    "require-reason": _flag,
    "include-tests": _flag,
}
_OPTION_READERS = {**_READERS, "cache-dir": _folder}
