"""Plain questions to LibCST's nodes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import libcst as cst

_FORM = frozenset(
    {"lpar", "rpar", "semicolon", "comma", "leading_lines", "header", "footer", "indent", "lbracket", "rbracket",
     "lbrace", "rbrace", "lines_after_decorators", "equal", "operator", "annotation", "returns", "type_parameters",
     "dot", "colon", "star", "separator", "asynchronous", "first_colon", "second_colon", "trailing_comma"}
)  # fmt: skip
_IMPLICITLY_STATIC = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})

_CLASS_NAMES = frozenset({"cls", "mcs", "mcls", "metacls"})
"""What the first parameter is called if it is a class (PEP 8): behind a decorator that says so in other words."""


@cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = kind.__dataclass_fields__
    return tuple(name for name in names if name not in _FORM and "whitespace" not in name and name[0] != "_")


def parts(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes that a node is made of, in the order of the text, without white space, signs and annotations."""
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, list | tuple):
            yield from value


def parameters(node: cst.Parameters) -> Iterator[cst.Param]:
    """All parameters in order."""
    yield from node.posonly_params
    yield from node.params
    if isinstance(node.star_arg, cst.Param):
        yield node.star_arg
    yield from node.kwonly_params
    if node.star_kwarg is not None:
        yield node.star_kwarg


def annotated(node: cst.Param) -> str:
    """The name of a parameter's type, if it is one name, quoted or not, or none (PEP 484, PEP 604): `Store | None`."""
    found = node.annotation.annotation if node.annotation is not None else None
    if isinstance(found, cst.BinaryOperation) and isinstance(found.operator, cst.BitOr):
        sides = [
            side for side in (found.left, found.right) if not (isinstance(side, cst.Name) and side.value == "None")
        ]
        found = sides[0] if len(sides) == 1 else None
    if isinstance(found, cst.SimpleString):
        names = [name.strip() for name in str(found.evaluated_value).split("|")]
        left = [name for name in names if name != "None"]
        return left[0] if len(left) == 1 else ""
    return found.value if isinstance(found, cst.Name) else ""


def decorator_name(node: cst.Decorator) -> str:
    """The last name of a decorator: `setter` for `@size.setter`, empty for a call."""
    named = node.decorator
    return named.attr.value if isinstance(named, cst.Attribute) else named.value if isinstance(named, cst.Name) else ""


def is_static(node: cst.FunctionDef) -> bool:
    """Whether a function in a class body needs no instance."""
    names = {decorator_name(decorator) for decorator in node.decorators}
    if not names.isdisjoint(("staticmethod", "classmethod")) or node.name.value in _IMPLICITLY_STATIC:
        return True
    first = next(parameters(node.params), None)
    return first is not None and first.name.value in _CLASS_NAMES


def imported_names(node: cst.Import | cst.ImportFrom) -> Iterator[cst.Name]:
    """The names that an import binds; what is from the future binds none."""
    if isinstance(node.names, cst.ImportStar):
        return
    if isinstance(node, cst.ImportFrom) and isinstance(node.module, cst.Name) and node.module.value == "__future__":
        return
    for alias in node.names:
        named: cst.BaseExpression = alias.asname.name if alias.asname is not None else alias.name
        while isinstance(named, cst.Attribute):
            named = named.value
        if isinstance(named, cst.Name):
            yield named
