"""What a module takes in and gives out: ESM (ECMA-262, 16.2), and what CommonJS writes for the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from memlint.languages.javascript.lowering import UNKNOWN, Lowering
from memlint.languages.javascript.scopes import pattern_names, text
from memlint.model.facts import (
    Binding,
    Call,
    Constant,
    Export,
    Fate,
    FateKind,
    Import,
    Place,
    Record,
    Root,
    Value,
    Write,
)


def import_statement(low: Lowering, node: Node) -> None:
    if any(child.type == "type" for child in node.children):
        return
    source = node.child_by_field_name("source")
    for clause in node.named_children:
        if clause.type == "import_clause" and source is not None:
            for child in clause.named_children:
                _import_clause(low, child, _module(source))
        elif clause.type == "import_require_clause" and clause.named_children:
            required = clause.child_by_field_name("source")
            if required is not None:
                _bind_import(low, clause.named_children[0], _module(required), "*")


def _module(source: Node) -> str:
    return text(source)[1:-1]


def _import_clause(low: Lowering, child: Node, module: str) -> None:
    if child.type == "identifier":
        _bind_import(low, child, module, "default")
    elif child.type == "namespace_import" and child.named_children:
        _bind_import(low, child.named_children[0], module, "*")
    elif child.type == "named_imports":
        for specifier in child.named_children:
            name = specifier.child_by_field_name("name")
            if name is not None:
                _bind_import(low, specifier.child_by_field_name("alias") or name, module, text(name).strip("'\""))


def _bind_import(low: Lowering, local: Node, module: str, name: str) -> None:
    index = low.declare(text(local), "import", local)
    low.tables.bindings[index].kind = "import"
    low.tables.imports.append(Import(index, module, name))


def export_statement(low: Lowering, node: Node) -> None:
    declared = node.child_by_field_name("declaration")
    source = node.child_by_field_name("source")
    if declared is not None:
        low.exporting = "default" if any(child.type == "default" for child in node.children) else "named"
        low.statement(declared)
        _export_declared(low, declared, low.exporting)
        low.exporting = ""
        return
    value_node = node.child_by_field_name("value")
    if value_node is not None:
        value = low.expression(value_node, Fate(FateKind.EXPORTED))
        low.tables.exports.append(Export("default", value))
        return
    clause = next((child for child in node.named_children if child.type == "export_clause"), None)
    if clause is not None:
        _export_clause(low, clause, _module(source) if source is not None else "")
    elif source is not None:
        low.tables.exports.append(Export("*", None, _module(source), "*"))
    else:
        for child in node.named_children:
            if child.type not in ("comment", "decorator"):
                low.tables.exports.append(Export("default", low.expression(child, Fate(FateKind.EXPORTED))))


def _export_declared(low: Lowering, declared: Node, how: str) -> None:
    name = declared.child_by_field_name("name")
    if name is not None:
        index = low.scope.find(text(name))
        if index is not None:
            place = Place(Root.BINDING, index)
            low.tables.exports.append(Export("default" if how == "default" else text(name), place))
    elif declared.type in ("lexical_declaration", "variable_declaration"):
        for declarator in declared.named_children:
            pattern = declarator.child_by_field_name("name")
            for bound in pattern_names(pattern) if pattern is not None else []:
                index = low.scope.find(text(bound))
                if index is not None:
                    low.tables.exports.append(Export(text(bound), Place(Root.BINDING, index)))
    elif how == "default":
        low.tables.exports.append(Export("default", UNKNOWN))


def _export_clause(low: Lowering, clause: Node, module: str) -> None:
    for specifier in clause.named_children:
        name = specifier.child_by_field_name("name")
        if name is None:
            continue
        local = text(name).strip("'\"")
        alias = specifier.child_by_field_name("alias")
        exported = text(alias).strip("'\"") if alias is not None else local
        if module:
            low.tables.exports.append(Export(exported, None, module, local))
        else:
            index = low.scope.find(local)
            value = Place(Root.BINDING, index) if index is not None else UNKNOWN
            low.tables.exports.append(Export(exported, value))


def import_keyword(_low: Lowering, _node: Node, _fate: Fate) -> Value:
    return Place(Root.GLOBAL, "import")


def commonjs_imports(bindings: Sequence[Binding], calls: Sequence[Call]) -> Iterator[Import]:
    """`const x = require("m")`, `const {y} = require("m")`, `const z = require("m").y`."""
    for binding in bindings:
        value = binding.value
        if not isinstance(value, Place) or value.root is not Root.RESULT or not isinstance(value.key, int):
            continue
        module = _required(calls[value.key])
        path = (*value.path, *binding.member)
        if module and len(path) <= 1:
            yield Import(binding.index, module, path[0] if path else "*")


def _required(call: Call) -> str:
    callee = call.callee
    if callee == Place(Root.GLOBAL, "require") and call.arguments and isinstance(call.arguments[0], Constant):
        return str(call.arguments[0].value)
    return ""


def commonjs_exports(writes: Sequence[Write]) -> Iterator[Export]:
    """`module.exports = …`, `module.exports.x = …`, `exports.x = …`."""
    for write in writes:
        place = write.place
        if place.root is not Root.GLOBAL or write.value is None:
            continue
        path = (str(place.key), *place.path)
        if path == ("module", "exports"):
            yield Export("default", write.value)
            if isinstance(write.value, Record):
                yield from (Export(name, value) for name, value in write.value.items if name != "[]")
        elif path[:2] == ("module", "exports") and len(path) == 3:
            yield Export(path[2], write.value)
        elif path[0] == "exports" and len(path) == 2:
            yield Export(path[1], write.value)
