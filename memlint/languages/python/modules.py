"""What a module takes in and gives out."""

from __future__ import annotations

import libcst as cst

from memlint.languages.python.draft import Draft, Here
from memlint.languages.python.scopes import Symbol
from memlint.languages.python.syntax import imported_names
from memlint.model.exchange import Export, Import
from memlint.model.facts import MODULE
from memlint.model.value import Constant, Place, Root, Sequence


def _dotted(node: cst.BaseExpression | None) -> str:
    names: list[str] = []
    while isinstance(node, cst.Attribute):
        names.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        names.append(node.value)
    return ".".join(reversed(names))


def import_modules(draft: Draft, node: cst.Import, here: Here) -> None:
    """`import os.path` binds `os`, the module; `import os.path as p` binds the inner one."""
    for alias, name in zip(node.names, imported_names(node), strict=True):
        module = _dotted(alias.name)
        _import(draft, name, module if alias.asname is not None else module.partition(".")[0], "*", here)


def import_from(draft: Draft, node: cst.ImportFrom, here: Here) -> None:
    """`from ..a import b`: the dots stay with the module."""
    module = "." * len(node.relative) + _dotted(node.module)
    if isinstance(node.names, cst.ImportStar):
        if here.function == MODULE:
            draft.exports.append(Export("*", None, module, "*"))
        return
    if module == "__future__":
        return
    for alias, name in zip(node.names, imported_names(node), strict=True):
        _import(draft, name, module, _dotted(alias.name), here)


def _import(draft: Draft, name: cst.Name, module: str, member: str, here: Here) -> None:
    place, symbol = draft.target(name, here)
    if symbol is not None and place.root is Root.BINDING:
        draft.imports.append(Import(symbol.index, module, member))


def exports_of(draft: Draft) -> tuple[Export, ...]:
    """The public names of the module; a name that is imported from another module is passed on, a module is not."""
    listed = _listed(draft.scopes.module.names.get("__all__"))
    origins = {entry.binding: entry for entry in reversed(draft.imports)}
    found = list(draft.exports)
    for name, symbol in draft.scopes.module.names.items():
        if name.startswith("_") and name not in listed:
            continue
        origin = origins.get(symbol.index)
        if origin is None:
            found.append(Export(name, Place(Root.BINDING, symbol.index)))
        elif origin.name != "*" or name in listed:
            found.append(Export(name, None, origin.module, origin.name))
    return tuple(found)


def _listed(symbol: Symbol | None) -> frozenset[str]:
    """The names in a literal `__all__`."""
    if symbol is None or not isinstance(symbol.value, Sequence):
        return frozenset()
    values = [item.value for item in symbol.value.items if isinstance(item, Constant)]
    return frozenset(value for value in values if isinstance(value, str))
