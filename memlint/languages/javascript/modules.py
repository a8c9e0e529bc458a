"""What a module takes in and gives out (ECMA-262, 16.2)."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.kinds import BINDING
from memlint.languages.javascript.lowering import EXPORTED, OTHER, UNKNOWN, Lowering, operand
from memlint.languages.javascript.patterns import key_name
from memlint.languages.javascript.scopes import pattern_names
from memlint.model.exchange import Export, Import
from memlint.model.value import Place, Record

_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})


def import_statement(low: Lowering, node: Node) -> None:
    """An import of values; `import type` takes nothing in."""
    if any(child.type == "type" for child in node.children):
        return
    source = node.child_by_field_name("source")
    for clause in node.named_children:
        if clause.type == "import_clause" and source is not None:
            for child in clause.named_children:
                _import_clause(low, child, _module(low, source))
        elif clause.type == "import_require_clause":
            local, required = operand(clause), clause.child_by_field_name("source")
            if required is not None and local is not None:
                _bind_import(low, local, _module(low, required), "*")


def _module(low: Lowering, source: Node) -> str:
    return key_name(low, source)


def _import_clause(low: Lowering, child: Node, module: str) -> None:
    if child.type == "identifier":
        _bind_import(low, child, module, "default")
    elif child.type == "namespace_import":
        local = operand(child)
        if local is not None:
            _bind_import(low, local, module, "*")
    elif child.type == "named_imports":
        for specifier in child.named_children:
            name = specifier.child_by_field_name("name")
            if name is not None:
                _bind_import(low, specifier.child_by_field_name("alias") or name, module, key_name(low, name))


def _bind_import(low: Lowering, local: Node, module: str, name: str) -> None:
    low.tables.imports.append(Import(low.declare(local, "import"), module, name))


def export_statement(low: Lowering, node: Node) -> None:
    for child in node.named_children:
        if child.type == "decorator":
            low.expression(operand(child), OTHER)
    declared, source = node.child_by_field_name("declaration"), node.child_by_field_name("source")
    if declared is not None:
        low.statement(declared)
        _export_declared(low, declared, is_default=any(child.type == "default" for child in node.children))
        return
    module = _module(low, source) if source is not None else ""
    for child in node.named_children:
        if child.type == "export_clause":
            _export_clause(low, child, module)
            return
        if child.type == "namespace_export":
            low.tables.exports.append(Export(key_name(low, operand(child)), None, module, "*"))
            return
    if source is not None:
        low.tables.exports.append(Export("*", None, module, "*"))
    else:
        _export_value(low, node)


def _export_value(low: Lowering, node: Node) -> None:
    """`export default value`, and TypeScript's `export = value`."""
    value_node = node.child_by_field_name("value")
    for child in [value_node] if value_node is not None else node.named_children:
        if child.type not in ("comment", "decorator"):
            low.tables.exports.append(Export("default", low.expression(child, EXPORTED)))


def export_answer(low: Lowering, node: Node) -> None:
    """What the function answers with that a file wraps itself in: `define(function () { return {load: load}; })`."""
    value = low.expression(node, EXPORTED)
    low.tables.exports.append(Export("default", value))
    if isinstance(value, Record):
        low.tables.exports += [Export(name, item) for name, item in value.items if name != "[]"]


def _export_declared(low: Lowering, declared: Node, *, is_default: bool) -> None:
    exports = low.tables.exports
    if declared.type in _DECLARATIONS:
        for declarator in declared.named_children:
            for name in pattern_names(declarator.child_by_field_name("name")):
                _export_name(low, name, low.text(name))
        return
    own_name = declared.child_by_field_name("name")
    if own_name is not None:
        _export_name(low, own_name, "default" if is_default else low.text(own_name))
    elif is_default:
        exports.append(Export("default", UNKNOWN))


def _export_name(low: Lowering, name: Node, exported: str) -> None:
    index = low.binding_at(name)
    if index is not None:
        low.tables.exports.append(Export(exported, Place(BINDING, index)))


def _export_clause(low: Lowering, clause: Node, module: str) -> None:
    for specifier in clause.named_children:
        name = specifier.child_by_field_name("name")
        if name is None:
            continue
        local = key_name(low, name)
        alias = specifier.child_by_field_name("alias")
        exported = key_name(low, alias) if alias is not None else local
        if module:
            low.tables.exports.append(Export(exported, None, module, local))
        else:
            index = low.binding_at(name)
            value = Place(BINDING, index) if index is not None else UNKNOWN
            low.tables.exports.append(Export(exported, value))
