"""Each row of the table finds its own leak, and is silent about its own release: code is made from the row's shapes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from memlint.catalog.catalog import load_catalog
from memlint.examine import Task, examine
from memlint.model.finding import Confidence
from memlint.model.resource import Resource, Shape

CATALOG = load_catalog()
_KINDS = {kind for card in CATALOG.cards for kind in card.resources}
_TASK = Task(CATALOG.cards, CATALOG.resources, CATALOG.owners, CATALOG.words)
_OWNED = ("platform", "owner")


def _pairs() -> Iterator[tuple[Resource, Shape, Shape]]:
    """Every acquiring shape with the first release of its row, and every further release with the first acquisition."""
    for row in CATALOG.resources:
        if row.holder in (*_OWNED, "self") and "javascript" in row.languages and row.kind in _KINDS:
            yield from ((row, shape, row.release[0]) for shape in row.acquire)
            yield from ((row, row.acquire[0], shape) for shape in row.release[1:])


PAIRS = [pytest.param(*pair, id=f"{pair[0].source}: {pair[1].text} {pair[2].text}") for pair in _pairs()]


@pytest.mark.parametrize(("row", "acquire", "release"), PAIRS)
def test_row_finds_its_leak_and_knows_its_release(row: Resource, acquire: Shape, release: Shape) -> None:
    write = _in_callback if acquire.calls_back else _in_function if row.holder == "self" else _in_class
    assert _found(write(row, acquire, "")) == {row.kind}
    assert _found(write(row, acquire, _call(release, acquire, row))) == set()


def _found(source: str) -> set[str]:
    examined = examine("widget.js", source.encode(), _TASK)
    assert not examined.problems, examined.problems
    speaking = [finding for finding in examined.findings if finding.confidence is not Confidence.LOW]
    kinds = {card.id: card.resources for card in CATALOG.cards}
    return {kind for finding in speaking for kind in kinds[finding.rule] if kind in _of_line(source)} or {
        finding.rule for finding in speaking
    }


def _of_line(source: str) -> tuple[str, ...]:
    """The kind that the first line of the made code names."""
    return (source.partition("\n")[0].removeprefix("// "),)


def _in_class(row: Resource, acquire: Shape, release: str) -> str:
    started = "\n    ".join(f"{_call(shape, acquire, row)};" for shape in row.started_by)
    return f"""// {row.kind}
import settings from "./settings.js";
{_import(acquire, row)}
export class Widget {{
  constructor(host, options, handler, callback, blob) {{
    this.host = host;
    {"this.handle = " if acquire.result else ""}{_acquisition(acquire, row)};
    {started}
  }}
  dispose() {{
    {release.replace("host.", "this.host.")};
    this.host = null;
  }}
}}
"""


def _in_function(row: Resource, acquire: Shape, release: str) -> str:
    inside = release.replace("this.handle", "handle")
    return f"""// {row.kind}
import settings from "./settings.js";
{_import(acquire, row)}
export async function work(host, options) {{
  const handle = await {_acquisition(acquire, row)};
  try {{
    return await handle.query(options);
  }} finally {{
    {inside};
  }}
}}
export function giveBack(handle) {{
  handle.{row.release[0].name}();
}}
"""


def _in_callback(row: Resource, acquire: Shape, release: str) -> str:
    acquisition = _acquisition(acquire, row).removesuffix(")")
    return f"""// {row.kind}
{_import(acquire, row)}
export function work(host, options, done) {{
  {acquisition}, (error, handle) => {{
    if (error) return done(error);
    host.after(() => {{
      {release.replace("this.handle", "handle")};
      done(null);
    }});
  }});
}}
export function giveBack(handle) {{
  handle.{row.release[0].name}();
}}
"""


def _import(shape: Shape, row: Resource) -> str:
    modules = row.modules
    if not modules:
        return "".join(f'import {{ part }} from "{module.replace("/*", "/core")}";' for module in row.beside[:1])
    first = (shape.receiver or _plain(shape.name)).partition(".")[0]
    module = modules[0].replace("/*", "/core")
    if first.startswith("$"):
        return f'import make from "{module}";\nconst source = make();'
    return f'import {{ {first} }} from "{module}";'


def _receiver(shape: Shape, row: Resource) -> str:
    if not shape.receiver.startswith("$"):
        return shape.receiver
    if row.of_services:
        return "host.service.changes"
    word = {"$": "items$"}.get(shape.named[0], shape.named[0]) if shape.named else ""
    return f"host.{word}" if word else "source"


def _acquisition(shape: Shape, row: Resource) -> str:
    receiver = _receiver(shape, row)
    return (
        f"{'new ' if shape.constructs else ''}{f'{receiver}.' if receiver else ''}{_plain(shape.name)}({_given(shape)})"
    )


def _call(shape: Shape, acquired: Shape, row: Resource) -> str:
    """A release or a start as code, with the place of the handle, or of what was asked for it, for its hole."""
    receiver = shape.receiver.replace(acquired.result, "this.handle") if acquired.result else shape.receiver
    if shape.receiver and shape.receiver == acquired.receiver:
        receiver = _receiver(acquired, row)
    name = "this.handle" if shape.calls_hole else _plain(shape.name)
    given = _given(shape, acquired.result)
    return f"{f'{receiver}.' if receiver else ''}{name}({given})"


def _given(shape: Shape, handle: str = "") -> str:
    return ", ".join(
        "this.handle" if argument == handle else "options" if argument == "..." else _known(argument.removeprefix("$"))
        for argument in shape.arguments
    )


def _known(name: str) -> str:
    """A callback is a parameter, a text is itself; a key must be known to acquisition and release alike."""
    return name if name in ("handler", "callback", "blob") or name.startswith("'") else f"settings.{name}"


def _plain(name: str) -> str:
    return name.replace("*", "Something")
