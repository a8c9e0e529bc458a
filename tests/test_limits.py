"""Each row of `rules/limits.toml` is found where no limit is told, and silent under each option that tells one."""

from __future__ import annotations

import pytest

from memlint.catalog.catalog import load_catalog
from memlint.examine import Task, examine
from memlint.model.limit import Limit

CATALOG = load_catalog()
_CARD = CATALOG.card("missing-limit")
_TASK = Task((_CARD,) if _CARD else (), CATALOG.resources, CATALOG.owners, CATALOG.words, CATALOG.limits)
MADE = [
    pytest.param(limit, module, make, id=f"{module} {make}")
    for limit in CATALOG.limits
    for module in limit.modules
    for make in limit.makes
]


@pytest.mark.parametrize(("limit", "module", "make"), MADE)
def test_row_is_found_until_a_limit_is_told(limit: Limit, module: str, make: str) -> None:
    assert _found(limit, module, make, "") == 1
    assert _found(limit, module, make, "{ other: true }") == (1 if limit.options else 0)
    assert _found(limit, module, make, "settings") == 0
    for option in limit.options:
        outer, _, inner = option.partition(".")
        assert _found(limit, module, make, f"{{ {outer}: {f'{{ {inner}: 9 }}' if inner else '9'} }}") == 0
        assert (
            _found(limit, module, make, f"{{ {outer}: {f'{{ {inner}: Infinity }}' if inner else 'undefined'} }}") == 1
        )
    for option in limit.elsewhere:
        assert _found(limit, module, make, f"{{ {option}: settings }}") == 0


def _found(limit: Limit, module: str, make: str, options: str) -> int:
    name = "Made" if make == "default" else make
    given = ", ".join([*("given" for _ in range(limit.position)), options] if options else [])
    feeds = "".join(f"  made.{method}(id, given);\n" for method in limit.fed_by)
    source = f"""import {name if make == "default" else f"{{ {name} }}"} from "{module}";
import {{ settings, given }} from "./settings.js";
const made = new {name}({given});
export function keep(id) {{
{feeds}}}
"""
    examined = examine("shelf.js", source.encode(), _TASK)
    assert not examined.problems, examined.problems
    return len(examined.findings)
