"""What the user set: memlint.toml, `[tool.memlint]` of pyproject.toml or "memlint" of package.json, and options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from memlint.config.files import ConfigError, Section, assignment, common_folder, is_assignment, nearest, section_of
from memlint.config.values import OPTION_READERS, READERS
from memlint.model.finding import Confidence, Severity
from memlint.model.frozen import frozen, made_by, replace
from memlint.wording.spelling import did_you_mean

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

_ROWS = {"resource": "resources", "owner": "owners"}


@frozen
class Row:
    """A `[[resource]]` or `[[owner]]` of the project, as written, and where it stands (`memlint.toml:12`)."""

    table: Mapping[str, object]
    where: str


@frozen
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
    places: Mapping[str, str] = made_by(default_factory=dict)
    """Where each key was set: `memlint.toml:3`, `--select`."""

    def __eq__(self, other: object) -> bool:
        """Whether the same is set, wherever it was."""
        return isinstance(other, Settings) and all(
            getattr(self, name) == getattr(other, name) for name in self.__match_args__ if name != "places"
        )

    __hash__ = None  # type: ignore[assignment]  # the table of a row is a dict


def load_settings(
    cwd: Path, paths: Iterable[str] = (), config: Sequence[str] = (), *, isolated: bool = False
) -> Settings:
    """Read the settings for these paths: the nearest file upwards, or the one in `config`, then its `key=value`s.

    >>> load_settings(Path.cwd(), ["src"], ["jobs=4"]).jobs
    4
    """
    chosen = [text for text in config if not is_assignment(text)]
    if len(chosen) > 1:
        raise ConfigError(f"--config: two files, {chosen[0]} and {chosen[1]}; give one")
    if chosen and isolated:
        raise ConfigError(f"--config {chosen[0]}: --isolated reads no file; leave one of the two out")
    section = section_of(cwd / chosen[0]) if chosen else None if isolated else nearest(common_folder(cwd, paths))

    root = section.file.parent if section else cwd
    settings = Settings(root, cache_dir=root / ".memlint_cache", config_file=section.file if section else None)
    if section:
        settings = _apply(settings, section.table, section)
    for text in config:
        if is_assignment(text):
            settings = _apply(settings, assignment(text), "--config ")
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


def describe(settings: Settings) -> str:
    """Write the settings as a memlint.toml that would mean the same, each line with where it was set."""
    lines = [f"# configuration: {settings.config_file or 'none'}", f"# root: {settings.root}"]
    for name in Settings.__match_args__:
        key = name.replace("_", "-")
        if key in READERS:
            value, place = getattr(settings, name), settings.places.get(key)
            line = "# jobs: as many as pay" if key == "jobs" and not value else f"{key} = {_toml(value)}"
            lines.append(line + (f"  # {place}" if place else ""))
    for kind, rows in (("resource", settings.resources), ("owner", settings.owners)):
        lines += [f"# [[{kind}]] at {row.where}" for row in rows]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    import json  # noqa: PLC0415 - only for --show-settings; a JSON text is a TOML text too

    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "{ " + ", ".join(f"{_toml(key)} = {_toml(items)}" for key, items in value) + " }"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)


def _apply(settings: Settings, table: Mapping[str, object], source: Section | str) -> Settings:
    """Put the keys of `table` on top, read and checked; `source` is a file's section or the start of an option."""

    def place(key: str, text: str = "") -> str:
        if isinstance(source, str):
            return source + key
        return source.place(source.line_of_text(key, text) if text else source.line(key))

    readers = OPTION_READERS if isinstance(source, str) else READERS
    changes: dict[str, object] = {}
    places = dict(settings.places)
    for key, value in table.items():
        if key in _ROWS:
            changes[_ROWS[key]] = tuple(_rows(key, value, source))
            continue
        if key not in readers:
            raise ConfigError(f'{place(key)}: unknown key "{key}"{did_you_mean(key, [*READERS, *_ROWS])}')
        try:
            read = readers[key](value, settings.root)
        except ValueError as error:
            raise ConfigError(f'{place(key)}: "{key}" must be {error}') from error
        changes[key.replace("-", "_")] = read
        places[key] = place(key)
        places |= {f"{key}:{word}": place(key, word) for word in _words(read)}
    return replace(settings, **changes, places=places)


def _words(value: object) -> Iterable[str]:
    """List the texts in what was read, however deep: rules are checked later than the file."""
    if isinstance(value, tuple):
        for item in value:
            yield from [item] if type(item) is str else _words(item)


def _rows(key: str, value: object, source: Section | str) -> Iterable[Row]:
    where = source + key if isinstance(source, str) else source.place(source.line(key))
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise ConfigError(f'{where}: "{key}" must be tables: [[{key}]]')
    for number, table in enumerate(value):
        yield Row(table, where if isinstance(source, str) else source.place(source.line_of_row(key, number)))
