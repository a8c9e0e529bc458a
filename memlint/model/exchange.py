"""What a module takes from others, and what it gives to them."""

from __future__ import annotations

from memlint.model.frozen import frozen
from memlint.model.value import Place, Value


@frozen
class Import:
    """`binding` is `name` of `module`; name `*` is the module itself, `default` its default export."""

    binding: int
    module: str
    name: str


@frozen
class Export:
    """`name` of this module is `value`; or it is `imported` of `module` when passed on."""

    name: str
    value: Value | None
    module: str = ""
    imported: str = ""
    place: Place | None = None
    """Where it is written to, if that is no name of this file: `exports.limit` of CommonJS."""
