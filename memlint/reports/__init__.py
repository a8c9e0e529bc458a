"""The ways to tell a report: every module here without a leading underscore is a format, `render` its one name.

`render(report, terminal)` returns the whole text, with a newline at its end unless it is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from memlint.model.report import Report
    from memlint.wording.terminal import Terminal

Renderer = Callable[["Report", "Terminal"], str]


def formats() -> tuple[str, ...]:
    """Every format by its name, in alphabetical order."""
    rooms = (path.stem for path in Path(__file__).parent.glob("*.py"))
    return tuple(sorted(name for name in rooms if not name.startswith("_")))


def renderer(name: str) -> Renderer:
    """`render` of one format; its module, and what that needs, is imported only now."""
    if name not in formats():
        raise LookupError(f"no report format is called {name!r}; there are {', '.join(formats())}")
    return cast("Renderer", import_module(f"{__name__}.{name}").render)
