from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memlint.config.settings import Settings
from memlint.discovery.content import content_skip
from memlint.discovery.walk import PathError, discover


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(root: Path, *paths: str, text: str = "x()\n") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def found(root: Path, *paths: str, **changes: Any) -> list[str]:
    files, _ = discover(paths, replace(Settings(root), **changes))
    return [file.path for file in files]


def skipped(root: Path, *paths: str, **changes: Any) -> dict[str, str]:
    _, skips = discover(paths, replace(Settings(root), **changes))
    return {skip.path: skip.reason for skip in skips}


def test_all_suffixes_are_found_in_one_order(project: Path) -> None:
    make(
        project,
        "b.ts",
        "a.js",
        "c/d.tsx",
        "c/e.py",
        "f.mjs",
        "g.cjs",
        "h.jsx",
        "i.mts",
        "j.cts",
        "K.JS",
        "README.md",
        "js",
    )

    assert found(project) == ["K.JS", "a.js", "b.ts", "c/d.tsx", "c/e.py", "f.mjs", "g.cjs", "h.jsx", "i.mts", "j.cts"]
    assert skipped(project) == {}


def test_paths_are_told_from_the_working_directory(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(project, "app/src/a.js", "lib/b.js")
    monkeypatch.chdir(project / "app")

    files, _ = discover([".", "../lib"], Settings(project))

    assert [file.path for file in files] == ["../lib/b.js", "src/a.js"]
    assert [file.absolute for file in files] == [project / "lib/b.js", project / "app/src/a.js"]
    assert [file.size for file in files] == [4, 4]


def test_a_file_is_listed_once_however_often_it_is_given(project: Path) -> None:
    make(project, "src/a.js")
    (project / "link.js").symlink_to("src/a.js")

    files, skips = discover(["src", "src/a.js", "./src/../src/a.js", "link.js"], Settings(project))

    assert [(file.path, file.named) for file in files] == [("src/a.js", True)]
    assert skips == []


def test_a_missing_path_is_named(project: Path) -> None:
    make(project, "a.js")

    with pytest.raises(PathError, match=r"^b\.js: no such file or folder; src: no such file or folder$"):
        found(project, "a.js", "b.js", "src")


def test_a_skipped_folder_is_one_skip(project: Path) -> None:
    make(project, "node_modules/x/index.js", "node_modules/y/index.js", "app/dist/a.js", "app/vendor/b.js", "app/c.js")
    make(project, "env/pyvenv.cfg", "env/lib/d.py", "tests/e.js", "src/__tests__/f.js")

    assert found(project) == ["app/c.js"]
    assert skipped(project) == {
        "node_modules/": "dependencies",
        "app/dist/": "build output",
        "app/vendor/": "vendored",
        "env/": "virtual environment",
        "tests/": "tests",
        "src/__tests__/": "tests",
    }


def test_files_are_skipped_by_name(project: Path) -> None:
    make(project, "a.test.ts", "b.spec.js", "test_c.py", "d_test.py", "conftest.py", "e.min.js", "f.d.ts", "g.d.mts")

    assert found(project) == []
    assert skipped(project) == {
        **dict.fromkeys(["a.test.ts", "b.spec.js", "test_c.py", "d_test.py", "conftest.py"], "tests"),
        "e.min.js": "minified",
        "f.d.ts": "declarations",
        "g.d.mts": "declarations",
    }
    assert found(project, include_tests=True) == ["a.test.ts", "b.spec.js", "conftest.py", "d_test.py", "test_c.py"]


def test_a_large_file_is_skipped(project: Path) -> None:
    make(project, "large.js", text="x" * ((2 << 20) + 1))

    assert skipped(project) == {"large.js": "larger than 2 MiB"}
    assert found(project, "large.js") == ["large.js"]


def test_named_files_are_read_whatever_their_name(project: Path) -> None:
    names = ["a.test.js", "node_modules/b.js", "c.min.js", "tests/d.js", "ignored.js"]
    make(project, *names)
    make(project, ".gitignore", text="ignored.js\n")

    assert found(project, *names) == sorted(names)
    assert skipped(project, *names, force_exclude=True) == {
        "a.test.js": "tests",
        "node_modules/b.js": "dependencies",
        "c.min.js": "minified",
        "tests/d.js": "tests",
        "ignored.js": "ignored by git",
    }


def test_a_named_folder_is_walked_even_if_it_is_excluded(project: Path) -> None:
    make(
        project,
        "node_modules/x/a.js",
        "node_modules/x/node_modules/y/b.js",
        "legacy/src/c.js",
        "gone/d.js",
        "gone/e.js",
    )
    make(project, ".gitignore", text="gone/\n")
    make(project, "gone/.gitignore", text="e.js\n")

    assert found(project, "node_modules/x") == ["node_modules/x/a.js"]
    assert found(project, "legacy/src", extend_exclude=("legacy/src",)) == ["legacy/src/c.js"]
    assert found(project, "gone") == ["gone/d.js"]
    assert skipped(project, "node_modules/x", force_exclude=True) == {"node_modules/x/": "dependencies"}
    assert skipped(project, "gone", force_exclude=True) == {"gone/": "ignored by git"}


def test_excludes_are_names_and_globs(project: Path) -> None:
    make(project, "a.js", "old/b.js", "src/gen/c.js", "src/gen.js", "dist/d.js", "src/e.pb.js", "src/keep.pb.js")

    assert found(project, exclude=()) == sorted(
        ["a.js", "old/b.js", "src/gen/c.js", "src/gen.js", "dist/d.js", "src/e.pb.js", "src/keep.pb.js"]
    )
    patterns = ("old", "src/gen/", "*.pb.js", "!keep.pb.js")
    assert found(project, extend_exclude=patterns) == ["a.js", "src/gen.js", "src/keep.pb.js"]
    assert skipped(project, extend_exclude=patterns) == {
        "dist/": "build output",
        "old/": "excluded",
        "src/gen/": "excluded",
        "src/e.pb.js": "excluded",
    }


def test_excludes_are_meant_from_the_root(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(project, "app/gen/a.js", "app/b.js")
    monkeypatch.chdir(project / "app")

    assert found(project, extend_exclude=("/app/gen",)) == ["b.js"]


def test_nested_gitignores_are_obeyed(project: Path) -> None:
    make(
        project,
        "a.log.js",
        "app/a.log.js",
        "app/keep.log.js",
        "app/local.js",
        "local.js",
        "out-dir/b.js",
        "private/c.js",
    )
    make(project, ".gitignore", text="# logs\n*.log.js\n/out-dir/\n\n!\n")
    make(project, "app/.gitignore", text="!keep.log.js\nlocal.js\n")
    make(project, ".git/info/exclude", text="private\n")

    assert found(project) == ["app/keep.log.js", "local.js"]
    assert skipped(project)["out-dir/"] == "ignored by git"
    assert found(project, "app") == ["app/keep.log.js"]
    assert len(found(project, respect_gitignore=False)) == 7


def test_gitignores_end_at_the_repository(project: Path) -> None:
    make(project, ".gitignore", text="*.js\n")
    make(project, "repository/.git/HEAD", "repository/a.js", "repository/src/b.js")

    assert found(project / "repository", "repository/src") == ["repository/src/b.js"]


def test_links_are_not_followed_but_resolved_when_named(project: Path) -> None:
    make(project, "real/a.js")
    make(project, "outside.txt")
    (project / "b.js").symlink_to("real/a.js")
    (project / "dangling.js").symlink_to("nowhere.js")
    (project / "loop").symlink_to(".")
    (project / "note").symlink_to("outside.txt")
    (project / "self.js").symlink_to("self.js")

    assert found(project) == ["real/a.js"]
    assert skipped(project) == dict.fromkeys(["b.js", "dangling.js", "loop", "self.js"], "symbolic link")
    assert found(project, "b.js") == ["real/a.js"]
    assert skipped(project, "dangling.js", "self.js") == dict.fromkeys(["dangling.js", "self.js"], "unreadable")


def test_what_is_no_file_is_not_opened(project: Path) -> None:
    os.mkfifo(project / "pipe.js")
    (project / "folder.js").mkdir()
    make(project, "folder.js/a.js")
    os.mkfifo(project / ".gitignore")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.js")

        assert found(project) == ["folder.js/a.js"]
        assert skipped(project) == {"pipe.js": "not a regular file", "socket.js": "not a regular file"}
    _, (skip,) = discover(["pipe.js"], Settings(project))
    assert (skip.reason, skip.named) == ("not a regular file", True)


def test_an_unreadable_folder_is_a_skip(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(project, "closed/a.js", "b.js")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    assert found(project) == ["b.js"]
    assert skipped(project) == {"closed/": "unreadable"}
    _, (skip,) = discover(["closed"], Settings(project))
    assert skip.named


def test_odd_names_survive(project: Path) -> None:
    names = ["--help.js", "a b.js", "new\nline.js", "\x1b[31m.js", "[x].js", "#1.js", "caf\u00e9.js", "100%.js"]
    make(project, *names)
    Path(os.fsdecode(b"\xff.js")).write_text("x()\n")

    assert found(project) == sorted([*names, os.fsdecode(b"\xff.js")])


def test_another_language_is_a_skip_when_named(project: Path) -> None:
    make(project, "README.md")

    assert skipped(project, "README.md") == {"README.md": "no language memlint knows"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", None),
        (b"const a = 1;\n", None),
        (b"a\0b", "binary"),
        (b"\xff\xfea\0b\0", None),
        (b"//\n" * 3000 + b"\0", None),
        (b"/* @generated */\n", "generated"),
        (b"# Code generated by protoc-gen. DO NOT EDIT.\n", "generated"),
        (b"x\n" * 2000 + b"// @generated\n", None),
        (b"var a=1;" * 1000, "minified"),
        (b"var a=1;" * 100, None),
        (b"// licence\n" * 90 + b"f();" * 5000, "minified"),
        (b"const a = 1;\r\n" * 5000, None),
        (b"const a = 1;\n" * 1000 + b"const font = '" + b"A" * 4000 + b"';\n", None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_content_that_is_not_worth_judging(data: bytes, reason: str | None) -> None:
    assert content_skip(data) == reason


def test_of_a_named_file_only_binary_content_is_skipped() -> None:
    assert content_skip(b"/* @generated */\n", named=True) is None
    assert content_skip(b"var a=1;" * 1000, named=True) is None
    assert content_skip(b"\0", named=True) == "binary"
