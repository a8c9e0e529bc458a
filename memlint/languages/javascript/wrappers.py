"""Functions that a file wraps itself in: what stands in them stands in the module.

Before modules were part of the language, a file kept its names to itself with a function that runs once, while it is
loaded: one called where it is written, the factory of an asynchronous module (AMD, `define(["a"], function (a) {…})`),
or both in one (UMD). Their variables live as long as those of any module.
"""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.kinds import BINDING
from memlint.languages.javascript.lowering import OTHER, Lowering, operand, operands
from memlint.languages.javascript.members import unwrapped
from memlint.languages.javascript.patterns import bind_pattern, key_name
from memlint.languages.javascript.scopes import Scope
from memlint.model.exchange import Import
from memlint.model.facts import MODULE, Write
from memlint.model.value import Place

_FUNCTIONS = frozenset({"function_expression", "arrow_function"})
_NAMES = frozenset({"identifier", "member_expression"})
_DEFINES = frozenset({"define", "require", "requirejs", "sap.ui.define", "sap.ui.require"})
"""What takes the names of modules, and a function that gets them (AMD; OpenUI5, "Modules and Dependencies")."""
_COMMON_JS = frozenset({"require", "exports", "module"})
"""What a wrapped CommonJS module is handed: it means the same there as in any CommonJS module."""


def wrapped(low: Lowering, node: Node) -> bool:
    """Lowers a statement's expression as a part of the module if it is nothing but the module's wrapper."""
    if low.function != MODULE or low.region != 0:
        return False
    call = operand(node) if node.type == "unary_expression" else unwrapped(node)  # `!function () {…}()`
    if call is None or call.type != "call_expression":
        return False
    target, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if target is None or arguments is None or arguments.type != "arguments":
        return False
    nodes = operands(arguments)
    if target.type in _NAMES and low.text(target) in _DEFINES:
        return _defined(low, target, nodes)
    return _called_at_once(low, target, nodes)


def _defined(low: Lowering, target: Node, nodes: list[Node]) -> bool:
    factory = nodes[-1] if nodes else None
    if factory is None or not _is_plain(factory) or low.scope.find(low.text(target).split(".")[0]) is not None:
        return False
    listed = next((node for node in nodes[:-1] if node.type == "array"), None)
    modules = [key_name(low, name) for name in operands(listed)] if listed is not None else []
    _unwrap(low, factory, [], modules)
    return True


def _called_at_once(low: Lowering, target: Node, nodes: list[Node]) -> bool:
    function = unwrapped(target)
    if function.type == "member_expression" and low.text(function.child_by_field_name("property")) == "call":
        inner = function.child_by_field_name("object")
        function, nodes = (unwrapped(inner), nodes[1:]) if inner is not None else (function, nodes)
    if not _is_plain(function):
        return False
    for factory in map(unwrapped, nodes):  # builders put parentheses around it: `(…)(this, (function (exports) {…}))`
        if _is_plain(factory) and _hands_on(low, function):
            _unwrap(low, factory, [], [])
    _unwrap(low, function, nodes, [])
    return True


def _is_plain(node: Node) -> bool:
    """A function with a body of statements and no name, that is neither `async` nor a generator."""
    body = node.child_by_field_name("body") if node.type in _FUNCTIONS else None
    has_name = node.type == "function_expression" and node.child_by_field_name("name") is not None
    return body is not None and body.type == "statement_block" and not has_name and node.children[0].type != "async"


def _hands_on(low: Lowering, header: Node) -> bool:
    """Whether a wrapper looks for a loader of modules, to hand it a factory: the head of a universal module."""
    text = low.text(header.child_by_field_name("body"))
    return "exports" in text or "define" in text


def _unwrap(low: Lowering, function: Node, given: list[Node], modules: list[str]) -> None:
    """Lowers the body of a wrapper where it stands, with its parameters as names of what it is given."""
    values = [None if unwrapped(node).type in _FUNCTIONS else low.expression(node, OTHER) for node in given]
    body, listed = function.child_by_field_name("body"), function.child_by_field_name("parameters")
    single = function.child_by_field_name("parameter")
    outer = low.scope
    low.scope = Scope(outer, MODULE)
    for position, parameter in enumerate(operands(listed) if listed is not None else [single] if single else []):
        pattern = parameter.child_by_field_name("pattern") or parameter
        name = low.text(pattern)
        if not given and name in _COMMON_JS:
            continue
        if position < len(modules) or not given:
            _imported(low, pattern, modules[position] if position < len(modules) else "")
        elif pattern.type != "identifier":
            bind_pattern(low, pattern, None, "const")
        else:
            index = low.declare(pattern, "const")
            value = values[position] if position < len(values) else None
            if value is not None:
                low.tables.bindings[index].value = value
                at = pattern.byte_range
                low.tables.writes.append(Write(Place(BINDING, index), value, "declare", at, MODULE, low.region))
    if body is not None:
        low.body(body)
    low.scope = outer


def _imported(low: Lowering, pattern: Node, module: str) -> None:
    if pattern.type != "identifier":
        bind_pattern(low, pattern, None, "import")
        return
    index = low.declare(pattern, "import")
    if module:
        low.tables.imports.append(Import(index, module, "*"))
