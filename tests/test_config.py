from __future__ import annotations

from pathlib import Path

import pytest

from memlint.config.files import ConfigError
from memlint.config.selection import check_rules, selects, spares
from memlint.config.settings import Settings, describe, load_settings, with_options
from memlint.model.card import Card
from memlint.model.finding import Confidence, Precision, Severity


def card(id_: str, name: str) -> Card:
    return Card(name, id_, "", "", "", "", Severity.WARNING, Precision.HIGH, (), (), "")


LISTENER, TIMER, CACHE = (
    card("MEM101", "unremoved-listener"),
    card("MEM102", "uncleared-timer"),
    card("MEM201", "growth"),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def fault(cwd: Path, *paths: str, config: tuple[str, ...] = ()) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(cwd, paths, config)
    return str(caught.value)


def test_without_a_file_everything_has_its_default(project: Path) -> None:
    settings = load_settings(project)

    assert settings == Settings(project, cache_dir=project / ".memlint_cache")
    assert (settings.min_severity, settings.min_confidence, settings.fail_on) == (
        Severity.NOTE,
        Confidence.MEDIUM,
        Severity.WARNING,
    )
    assert settings.require_reason
    assert not settings.include_tests


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("memlint.toml", 'select = ["MEM1"]\nfail-on = "error"\n'),
        ("pyproject.toml", '[project]\nname = "x"\n\n[tool.memlint]\nselect = ["MEM1"]\nfail-on = "error"\n'),
        ("package.json", '{"name": "x", "memlint": {"select": ["MEM1"], "fail-on": "error"}}'),
    ],
)
def test_three_files_say_the_same(project: Path, name: str, text: str) -> None:
    write(project / name, text)

    settings = load_settings(project)

    assert (settings.select, settings.fail_on) == (("MEM1",), Severity.ERROR)
    assert (settings.root, settings.config_file) == (project, project / name)


def test_the_nearest_file_above_the_paths_wins(project: Path) -> None:
    write(project / "memlint.toml", "jobs = 1")
    write(project / "app/memlint.toml", "jobs = 2")
    write(project / "app/src/a.js", "")

    assert load_settings(project, ["app/src/a.js"]).jobs == 2
    assert load_settings(project, ["app/src/a.js", "other.js"]).jobs == 1
    assert load_settings(project).jobs == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.ruff]\nline-length = 120\n"),
        ("pyproject.toml", '[project]\ndependencies = ["memlint"]\n'),
        ("package.json", '{"devDependencies": {"memlint": "1"}}'),
        ("package.json", "{ this is no JSON, and none of our business"),
    ],
)
def test_a_file_without_our_section_does_not_count(project: Path, name: str, text: str) -> None:
    write(project / "memlint.toml", "jobs = 3")
    write(project / "app" / name, text)

    assert load_settings(project, ["app"]).jobs == 3


def test_in_one_folder_memlint_toml_comes_first(project: Path) -> None:
    write(project / "memlint.toml", "jobs = 1")
    write(project / "pyproject.toml", "[tool.memlint]\njobs = 2")

    assert load_settings(project).jobs == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("memlint.toml", '# mine\n\nselct = ["MEM1"]', 'memlint.toml:3: unknown key "selct"; did you mean "select"?'),
        (
            "memlint.toml",
            "min_severity = 1",
            'memlint.toml:1: unknown key "min_severity"; did you mean "min-severity"?',
        ),
        ("memlint.toml", 'jobs = "many"', 'memlint.toml:1: "jobs" must be a whole number from 1, not "many"'),
        ("memlint.toml", "jobs = true", 'memlint.toml:1: "jobs" must be a whole number from 1, not true'),
        ("memlint.toml", "cache = 1", 'memlint.toml:1: "cache" must be true or false, not 1'),
        ("memlint.toml", 'select = "MEM1"', 'memlint.toml:1: "select" must be a list of texts, not "MEM1"'),
        (
            "memlint.toml",
            'fail-on = "warn"',
            'memlint.toml:1: "fail-on" must be one of "error", "warning", "note", not "warn"; did you mean "warning"?',
        ),
        ("memlint.toml", "jobs = 1\njobs = = 2\n", "memlint.toml:2: not TOML: Invalid value"),
        ("memlint.toml", "jobs = [\n\n", "memlint.toml:3: not TOML: Invalid value"),
        (
            "pyproject.toml",
            '[tool.ruff]\nselct = 1\n[tool.memlint]\nselct = ["MEM1"]',
            'pyproject.toml:4: unknown key "selct"; did you mean "select"?',
        ),
        ("pyproject.toml", "[tool]\nmemlint = 3", 'pyproject.toml: "tool.memlint" must be a table of settings'),
        (
            "package.json",
            '{\n  "scripts": {"lint": "memlint"},\n  "memlint": {\n    "jobs": 0\n  }\n}',
            'package.json:4: "jobs" must be a whole number from 1, not 0',
        ),
        ("package.json", '{\n  "memlint": {},,\n}', "package.json:2: not JSON: "),
        (
            "memlint.toml",
            '[per-file-ignores]\n"a/**" = "MEM1"',
            'memlint.toml:1: "per-file-ignores" must be a list of texts, not "MEM1"',
        ),
        ("memlint.toml", "resource = 1", 'memlint.toml:1: "resource" must be tables: [[resource]]'),
        (
            "memlint.toml",
            'cache-dir = "../elsewhere"',
            'memlint.toml:1: "cache-dir" must be inside the project, not "../elsewhere"; --cache-dir may name any',
        ),
        ("memlint.toml", 'cache-dir = "~/x"', 'memlint.toml:1: "cache-dir" must be inside the project, not "~/x"; '),
    ],
)
def test_a_fault_is_told_with_file_line_and_remedy(project: Path, name: str, text: str, message: str) -> None:
    write(project / name, text)

    assert fault(project).startswith(message)


def test_what_cannot_be_read_is_told(project: Path) -> None:
    (project / "memlint.toml").write_bytes(b"# fine\n# \xff\n")
    assert fault(project) == "memlint.toml:2: not UTF-8; save the file as UTF-8"

    (project / "memlint.toml").write_bytes(b"#" * (2 << 20))
    assert fault(project) == "memlint.toml: larger than 1 MiB; move the settings to memlint.toml"


@pytest.mark.parametrize(
    ("name", "opening"), [("package.json", "["), ("memlint.toml", "a = ["), ("memlint.toml", "[a.")]
)
def test_a_deep_file_ends_in_a_sentence(project: Path, name: str, opening: str) -> None:
    write(project / name, opening[:-1] + opening[-1] * 100_000 + ' "memlint"')

    assert name in fault(project)


def test_config_names_a_file_or_sets_a_key(project: Path) -> None:
    write(project / "memlint.toml", "jobs = 1")
    write(project / "ci/strict.toml", 'jobs = 2\nfail-on = "note"')

    settings = load_settings(project, (), ("ci/strict.toml", "jobs=4", 'ignore=["MEM2"]'))

    assert (settings.jobs, settings.fail_on, settings.ignore) == (4, Severity.NOTE, ("MEM2",))
    assert settings.root == project / "ci"
    assert settings.places["jobs"] == "--config jobs"
    assert settings.places["fail-on"] == "ci/strict.toml:2"


def test_config_can_set_a_key_within_a_table(project: Path) -> None:
    settings = load_settings(project, (), ('per-file-ignores."legacy/**"=["MEM1"]',))

    assert settings.per_file_ignores == (("legacy/**", ("MEM1",)),)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (("strict.toml",), "--config strict.toml: no such file; for a setting write --config key=value"),
        (("min-severity=error",), "--config min-severity=error: the value is not TOML; a text needs quotes: "),
        (("selct=[]",), '--config selct: unknown key "selct"; did you mean "select"?'),
        (("a.toml", "b.toml"), "--config: two files, a.toml and b.toml; give one"),
        (("pyproject.toml",), "pyproject.toml: has no [tool.memlint]; add it, or name another file"),
    ],
)
def test_a_fault_in_config_is_told(project: Path, config: tuple[str, ...], message: str) -> None:
    write(project / "pyproject.toml", "[project]\n")

    assert fault(project, config=config).startswith(message)


def test_isolated_reads_no_file(project: Path) -> None:
    write(project / "memlint.toml", "jobs = 7")

    assert load_settings(project, isolated=True).jobs == 0
    assert load_settings(project, (), ("jobs=2",), isolated=True).jobs == 2


def test_own_resources_keep_their_place(project: Path) -> None:
    write(
        project / "memlint.toml",
        'jobs = 1\n\n[[resource]]\nkind = "lock"\n\n[[resource]]\nkind = "lease"\n\n[[owner]]\nname = "panel"\n',
    )

    settings = load_settings(project)

    assert [(row.table["kind"], row.where) for row in settings.resources] == [
        ("lock", "memlint.toml:3"),
        ("lease", "memlint.toml:6"),
    ]
    assert [row.where for row in settings.owners] == ["memlint.toml:9"]


def test_own_resources_in_pyproject_keep_their_place(project: Path) -> None:
    write(project / "pyproject.toml", '[project]\nname = "x"\n\n[[tool.memlint.resource]]\nkind = "lock"\n')

    assert [row.where for row in load_settings(project).resources] == ["pyproject.toml:4"]


def test_the_command_line_has_the_last_word(project: Path) -> None:
    write(project / "memlint.toml", 'select = ["MEM1"]\nignore = ["MEM102"]\njobs = 2')
    settings = load_settings(project)

    assert with_options(settings, {"ignore": ["MEM101"]}).ignore == ("MEM102", "MEM101")
    assert with_options(settings, {"extend-select": ["MEM2"]}).extend_select == ("MEM2",)
    anew = with_options(settings, {"select": ["MEM102"], "jobs": 8})
    assert (anew.select, anew.ignore, anew.jobs) == (("MEM102",), (), 8)


def test_an_unknown_rule_is_told_with_its_line(project: Path) -> None:
    write(project / "memlint.toml", 'select = [\n  "MEM1",\n  "uncleared-timers",\n]')
    ids, names = ["MEM101", "MEM102"], ["unremoved-listener", "uncleared-timer"]

    with pytest.raises(ConfigError) as caught:
        check_rules(load_settings(project), ids, names)
    assert str(caught.value) == 'memlint.toml:3: unknown rule "uncleared-timers"; did you mean "uncleared-timer"?'

    with pytest.raises(ConfigError) as caught:
        check_rules(with_options(Settings(project), {"select": ["mme102"]}), ids, names)
    assert str(caught.value) == '--select: unknown rule "mme102"; did you mean "MEM102"?'

    with pytest.raises(ConfigError) as caught:  # the next number is quite another rule
        check_rules(with_options(Settings(project), {"select": ["MEM103"]}), ids, names)
    assert str(caught.value) == '--select: unknown rule "MEM103"; `memlint rule` lists them'


def test_codes_families_and_names_are_known(project: Path) -> None:
    settings = Settings(project, select=("MEM", "MEM1", "mem101"), ignore=("uncleared-timer",))

    check_rules(settings, ["MEM101", "MEM102"], ["unremoved-listener", "uncleared-timer"])


@pytest.mark.parametrize(
    ("select", "ignore", "extend", "active"),
    [
        ((), (), (), "MEM101 MEM102 MEM201"),
        (("MEM1",), (), (), "MEM101 MEM102"),
        (("mem1",), ("MEM102",), (), "MEM101"),
        (("MEM102",), ("MEM1",), (), "MEM102"),
        ((), ("MEM1",), ("uncleared-timer",), "MEM102 MEM201"),
        (("MEM1",), ("MEM1",), (), ""),
        (("MEM101",), (), ("MEM2",), "MEM101 MEM201"),
        (("MEM",), ("MEM",), ("MEM2",), "MEM201"),
    ],
)
def test_the_more_exact_word_wins(
    project: Path, select: tuple[str, ...], ignore: tuple[str, ...], extend: tuple[str, ...], active: str
) -> None:
    settings = Settings(project, select=select, ignore=ignore, extend_select=extend)

    assert [card.id for card in (LISTENER, TIMER, CACHE) if selects(settings, card)] == active.split()


def test_per_file_ignores_are_globs_below_the_root(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(project, per_file_ignores=(("legacy/**", ("MEM1",)), ("*.worker.js", ("growth",))))

    assert spares(settings, "legacy/deep/a.js", TIMER)
    assert not spares(settings, "legacy/deep/a.js", CACHE)
    assert not spares(settings, "src/legacy.js", TIMER)
    assert spares(settings, "src/a.worker.js", CACHE)

    (project / "legacy").mkdir()
    monkeypatch.chdir(project / "legacy")
    assert spares(settings, "a.js", TIMER)
    assert not spares(settings, "../a.js", TIMER)


def test_settings_are_described_as_a_file_that_means_the_same(project: Path) -> None:
    text = 'select = ["MEM1"]\nfail-on = "error"\nper-file-ignores = { "a b/**" = ["MEM1"], "c" = [] }\n'
    write(project / "memlint.toml", text)
    settings = load_settings(project)

    told = describe(settings)

    assert 'fail-on = "error"  # memlint.toml:2' in told
    lines = [line for line in told.splitlines() if not line.startswith("#")]
    write(project / "memlint.toml", "\n".join(lines))
    assert load_settings(project) == settings
