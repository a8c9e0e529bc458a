"""Places in SARIF: clean relative addresses, whole regions, short snippets."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import sarif_om

from memlint.model.finding import Span
from memlint.reports._lines import covered
from memlint.wording.visible import visible

ROOT = "%SRCROOT%"
OUTSIDE = "OUTSIDE"
_SNIPPET = 200
_SECRET = re.compile(r"[A-Za-z0-9+/_=-]{32,}")

Lines = Mapping[str, Sequence[str]]


def bases() -> dict[str, sarif_om.ArtifactLocation]:
    """Folders that addresses are relative to, told without their names on this machine."""
    return {
        ROOT: sarif_om.ArtifactLocation(description=message("The folder that memlint was started in.")),
        OUTSIDE: sarif_om.ArtifactLocation(
            description=message("The nearest folder that holds both the source root and the file.")
        ),
    }


def message(text: str) -> sarif_om.Message:
    """`text` as a message with nothing hidden in it."""
    return sarif_om.Message(text=visible(text, keep="\n"))


def unlinked(text: str) -> str:
    """`text` for a message: brackets would be links there."""
    return re.sub(r"([\\\[\]])", r"\\\1", text)


def artifact(path: str, root: str) -> sarif_om.ArtifactLocation:
    """`path` as an address below the root; outside of it, only the part that differs from the root's path."""
    parts = _relative(path, root)
    inside = [part for part in parts if part != ".."]
    return sarif_om.ArtifactLocation(
        uri=quote(os.fsencode("/".join(inside)), safe="/"),
        uri_base_id=ROOT if inside == parts else OUTSIDE,
    )


def location(span: Span, lines: Lines, root: str, text: str = "", number: int = -1) -> sarif_om.Location:
    """`span` as a region, with what it has to do with the result."""
    return sarif_om.Location(
        id=number,
        physical_location=sarif_om.PhysicalLocation(
            artifact_location=artifact(span.path, root), region=_region(span, lines)
        ),
        message=message(unlinked(text)) if text else None,
    )


def file(path: str, root: str) -> sarif_om.Location:
    """`path` as a whole file."""
    return sarif_om.Location(physical_location=sarif_om.PhysicalLocation(artifact_location=artifact(path, root)))


def _relative(path: str, root: str) -> list[str]:
    base = root.replace(os.sep, "/")
    return posixpath.relpath(posixpath.join(base, path.replace(os.sep, "/")), base).split("/")


def _region(span: Span, lines: Lines) -> sarif_om.Region:
    snippet = covered(lines.get(span.path, ()), span, _SNIPPET + 1)
    return sarif_om.Region(
        start_line=span.line,
        start_column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        snippet=sarif_om.ArtifactContent(text=_guarded(snippet)) if snippet else None,
    )


def _guarded(snippet: str) -> str:
    """`snippet` without secrets, hidden characters and excess."""
    cut = f"{snippet[:_SNIPPET]}…" if len(snippet) > _SNIPPET else snippet
    return visible(_SECRET.sub("…", cut), keep="\n\t")
