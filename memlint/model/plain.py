"""Plain values as text, and back: for what comes back from a file that anybody may have written.

A pickle can call what it names, and set attributes of what it has made, even of a class. Of this text (JSON) nothing
can come but numbers, texts, tuples, and memlint's own values, each made anew by its class, of fields as it declares.
"""

from __future__ import annotations

import builtins
import json
import sys
from enum import Enum
from functools import lru_cache
from typing import Any, cast

from memlint.model.frozen import fields_of

_PLAIN = frozenset({type(None), bool, int, float, str})


def dump(value: object) -> bytes:
    """The text of a value. Raises `TypeError` for what is none of memlint's, `RecursionError` if it is too deep."""
    return json.dumps(_taken_apart(value), separators=(",", ":")).encode("ascii")


def load(text: bytes) -> object | None:
    """The value of a text; None for what no value has."""
    try:
        parts = _JSON.decode(text.decode("ascii"))
        return _put_together(parts) if isinstance(parts, list) else cast("object", parts)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError):
        return None


def _taken_apart(value: Any) -> object:
    """Lists that begin with the name of a class, or with nothing for a tuple."""
    made = type(value)
    if made in _PLAIN:
        return value
    if made is tuple:
        return ["", *map(_taken_apart, value)]
    if isinstance(value, Enum):
        return [_name_of(made), value.value]
    fields = fields_of(made)
    if fields is None:
        raise TypeError(f"{made.__name__} is no value of memlint")
    return [_name_of(made), *(_taken_apart(getattr(value, name)) for name in fields)]


def _put_together(parts: list[Any]) -> object:
    name = parts[0]
    values = [_put_together(part) if type(part) is list else part for part in parts[1:]]
    if name == "":
        return tuple(values)
    made, declared = _class_named(name)
    if len(values) != len(declared) or not all(map(_fits, values, declared)):
        raise ValueError(f"{name} has other fields")
    return made(*values)


def _fits(value: object, types: frozenset[str]) -> bool:
    """Whether a value is of one of these types; any is, where the declaration names what is no class."""
    return not types or type(value).__name__ in types


def _refused(_pairs: object) -> object:
    raise ValueError("no value has this form")


def _name_of(made: type) -> str:
    return f"{made.__module__}:{made.__name__}"


@lru_cache(maxsize=256)
def _class_named(name: str) -> tuple[Any, tuple[frozenset[str], ...]]:
    """A class of values, and for each of its fields the names of the types that it may have."""
    module, _, own = name.partition(":")
    found = getattr(sys.modules.get(module), own, None) if module.startswith("memlint.") else None
    if isinstance(found, type) and issubclass(found, Enum):
        return found, (frozenset(),)
    fields = fields_of(found) if isinstance(found, type) else None
    if fields is None:
        raise ValueError(f"{name} is no value of memlint")
    return found, tuple([_types(str(vars(found)["__annotations__"][field]), module) for field in fields])


def _types(declared: str, module: str) -> frozenset[str]:
    """The names of the types in `str | None`, `tuple[Step, ...]`; none where one of them is no class that is known."""
    names = [part.strip().partition("[")[0] for part in declared.split(" | ")] if declared.count("|") < 5 else []
    known = {one: getattr(builtins, one, getattr(sys.modules[module], one, None)) for one in names}
    if not names or not all(one == "None" or isinstance(known[one], type) for one in names):
        return frozenset()
    return frozenset({"NoneType" if one == "None" else one for one in names} | ({"int"} if "float" in names else set()))


_JSON = json.JSONDecoder(object_pairs_hook=_refused)
