"""sarif-om's objects as plain values for JSON, every level and kind written out.

A level that is left out is taken from the rule, which may have another one; therefore what equals a default of the
object model is not always superfluous.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import attr
import sarif_om

from memlint.model.frozen import frozen

_ALWAYS_WRITTEN = frozenset({"level", "kind", "importance"})


@frozen
class _Property:
    attribute: str
    name: str
    required: bool
    default: object

    def superfluous(self, value: object) -> bool:
        if self.attribute in _ALWAYS_WRITTEN:
            return value is None
        return value is None or (type(value) is type(self.default) and value == self.default)


def plain(value: object) -> object:
    """`value` in dictionaries, lists, strings and numbers; a required property that is missing raises."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if not attr.has(type(value)):
        raise TypeError(f"SARIF has no place for a {type(value).__name__}")
    return _object(value)


def _object(value: object) -> dict[str, object]:
    told: dict[str, object] = {}
    kind: type = type(value)
    for item in _properties(kind):
        content = getattr(value, item.attribute)
        if item.required and content is None:
            raise ValueError(f"{kind.__name__}.{item.attribute} is required in SARIF")
        if item.required or not item.superfluous(content):
            told[item.name] = plain(content)
    return told


@cache
def _properties(kind: type) -> tuple[_Property, ...]:
    return tuple(
        _Property(field.name, _name(kind, field), field.default is attr.NOTHING, _default(field))
        for field in attr.fields(kind)
    )


def _name(kind: type, field: attr.Attribute[object]) -> str:
    if kind is sarif_om.Suppression and field.name == "state":  # sarif-om 1.0.4 has the name of a draft
        return "status"
    return str(field.metadata["schema_property_name"])


def _default(field: attr.Attribute[object]) -> object:
    factory = getattr(field.default, "factory", None)
    return factory() if factory else field.default
