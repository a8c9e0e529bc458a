"""Expressions: values, places, calls, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tree_sitter import Node

from memlint.languages.javascript import functions, modules
from memlint.languages.javascript.lowering import (
    ELEMENT,
    OTHER,
    TESTED,
    UNKNOWN,
    ExpressionRoom,
    Lowering,
    extent,
)
from memlint.languages.javascript.patterns import assign
from memlint.model.facts import (
    Call,
    Closure,
    Compound,
    Constant,
    Exit,
    ExitKind,
    Fate,
    FateKind,
    Place,
    RegionKind,
    Root,
    Sequence,
    Value,
    Write,
)

_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r\n|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


def unescape(source: str) -> str:
    """The text that a string literal's inside stands for (ECMA-262, 12.9.4)."""
    if "\\" not in source:
        return source

    def replace(match: re.Match[str]) -> str:
        digits = match[2] or match[3] or match[4]
        if digits:
            code = int(digits, 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return _SIMPLE.get(match[1], match[1])

    return _ESCAPE.sub(replace, source)


def identifier(low: Lowering, node: Node, _fate: Fate) -> Value:
    name = low.text(node)
    return Constant(None) if name == "undefined" else low.place_of(name, node)


def this(low: Lowering, node: Node, _fate: Fate) -> Value:
    return functions.receiver_place(low, node)


def member(low: Lowering, node: Node, _fate: Fate) -> Value:
    """`a.b.c` and `a[k]`: walks down to the root without recursion, so that a use is recorded with its whole path."""
    path: list[str] = []
    keys: list[Node] = []
    here = node
    while True:
        kind = here.type
        if kind == "member_expression":
            path.append(low.text(here.child_by_field_name("property")))
        elif kind == "subscript_expression":
            key = here.child_by_field_name("index")
            path.append(_constant_key(low, key))
            if key is not None and path[-1] == "[]":
                keys.append(key)
        elif kind in ("parenthesized_expression", "non_null_expression") and here.named_child_count:
            pass
        else:
            break
        inner = here.child_by_field_name("object") or (here.named_children[0] if here.named_children else None)
        if inner is None:
            return UNKNOWN
        here = inner
    path.reverse()
    for key in reversed(keys):
        low.expression(key, OTHER)
    return member_of(low, here, tuple(path))


def member_of(low: Lowering, base: Node, path: tuple[str, ...]) -> Value:
    """The member at `path` of what `base` evaluates to."""
    if base.type == "identifier":
        return low.place_of(low.text(base), base, path)
    value = low.expression(base, Fate(FateKind.RECEIVER))
    if isinstance(value, Compound) and value.operator == "await" and isinstance(value.parts[0], Place):
        value = value.parts[0]
    if isinstance(value, Place):
        return Place(value.root, value.key, value.path + path)
    for name in path:
        value = Compound("member", (value, Constant(name)))
    return value


def _constant_key(low: Lowering, key: Node | None) -> str:
    if key is None:
        return "[]"
    if key.type in ("string", "number"):
        value = literal(low, key)
        return str(value.value) if isinstance(value, Constant) else "[]"
    return "[]"


def literal(low: Lowering, node: Node) -> Constant:
    """A string or number literal."""
    source = low.text(node)
    if node.type == "string":
        return Constant(unescape(source[1:-1]))
    try:
        return Constant(float(source.replace("_", "")) if not source[:2].lower().startswith("0x") else int(source, 16))
    except ValueError:
        return Constant(source)


def string_or_number(low: Lowering, node: Node, _fate: Fate) -> Value:
    return literal(low, node)


def keyword(low: Lowering, node: Node, _fate: Fate) -> Value:
    return Constant({"true": True, "false": False}.get(low.text(node)))


def template(low: Lowering, node: Node, _fate: Fate) -> Value:
    parts = [child for child in node.named_children if child.type != "comment"]
    if all(child.type in ("string_fragment", "escape_sequence") for child in parts):
        return Constant(unescape(low.text(node)[1:-1]))
    return Compound(
        "template",
        tuple(
            [
                low.expression(child.named_children[0], OTHER)
                if child.type == "template_substitution" and child.named_children
                else Constant(low.text(child))
                for child in parts
            ]
        ),
    )


def call(low: Lowering, node: Node, fate: Fate) -> Value:
    """A call or a construction. Its number is known before its arguments, so that their fates can name it."""
    tables = low.tables
    index = len(tables.calls)
    tables.calls.append(None)
    constructs = node.type == "new_expression"
    target = node.child_by_field_name("constructor" if constructs else "function")
    arguments = node.child_by_field_name("arguments")
    nodes = _argument_nodes(arguments)
    callee, name_extent = _callee(low, target, nodes, index)
    values = []
    for position, argument in enumerate(nodes):
        how = Fate(FateKind.ARGUMENT, call=index, position=position)
        if argument.type == "function_expression" and any(other.type == "this" for other in nodes[position + 1 :]):
            values.append(functions.function(low, argument, how, receiver=low.receiver))
        else:
            values.append(low.expression(argument, how))
    tables.calls[index] = Call(
        index,
        callee,
        tuple(values),
        extent(node),
        low.function,
        low.region,
        fate,
        constructs,
        node.id == low.awaited,
        name_extent,
    )
    return Place(Root.RESULT, index)


def _argument_nodes(arguments: Node | None) -> list[Node]:
    if arguments is None:
        return []
    if arguments.type == "template_string":
        return [arguments]
    return [child for child in arguments.named_children if child.type != "comment"]


def _callee(low: Lowering, target: Node | None, nodes: list[Node], index: int) -> tuple[Value, tuple[int, int]]:
    if target is None:
        return UNKNOWN, (0, 0)
    kind = target.type
    if kind == "super":
        return Place(Root.GLOBAL, "super"), extent(target)
    if kind == "import":
        return Place(Root.GLOBAL, "import"), extent(target)
    if kind == "member_expression":
        named = target.child_by_field_name("property")
        inner = target.child_by_field_name("object")
        if inner is not None and inner.type in ("function_expression", "parenthesized_expression"):
            bound = _function_called_with_this(low, inner, low.text(named), nodes)
            if bound is not None:
                return bound, extent(named or target)
        return member(low, target, Fate(FateKind.RECEIVER, call=index)), extent(named or target)
    while target.type in ("parenthesized_expression", "non_null_expression") and target.named_children:
        target = target.named_children[0]
    if target.type in ("function_expression", "arrow_function"):
        return low.expression(target, Fate(FateKind.RECEIVER, call=index)), extent(target)
    return low.expression(target, Fate(FateKind.RECEIVER, call=index)), extent(target)


def _function_called_with_this(low: Lowering, inner: Node, name: str, nodes: list[Node]) -> Value | None:
    """`function () {…}.bind(this)`, `.call(this)`, `.apply(this)`: the function shares our `this`."""
    while inner.type == "parenthesized_expression" and inner.named_children:
        inner = inner.named_children[0]
    if inner.type not in ("function_expression", "arrow_function") or name not in ("bind", "call", "apply"):
        return None
    receiver = low.receiver if nodes and nodes[0].type == "this" else None
    value = functions.function(low, inner, Fate(FateKind.RECEIVER), receiver=receiver)
    return Compound("member", (value, Constant(name)))


def awaiting(low: Lowering, node: Node, fate: Fate) -> Value:
    inner = node.named_children[0] if node.named_children else None
    if inner is not None:
        low.awaited = inner.id
    value = low.expression(inner, fate)
    low.tables.exits.append(Exit(ExitKind.AWAIT, value, extent(node), low.function, low.region))
    return Compound("await", (value,))


def yielding(low: Lowering, node: Node, _fate: Fate) -> Value:
    inner = node.named_children[0] if node.named_children else None
    value = low.expression(inner, OTHER) if inner is not None else None
    low.tables.exits.append(Exit(ExitKind.YIELD, value, extent(node), low.function, low.region))
    return UNKNOWN


def transparent(low: Lowering, node: Node, fate: Fate) -> Value:
    """Parentheses, casts and assertions leave a value what it is."""
    children = [child for child in node.named_children if child.type not in ("comment", "type_arguments")]
    return low.expression(children[0], fate) if children else UNKNOWN


def sequence(low: Lowering, node: Node, fate: Fate) -> Value:
    value: Value = UNKNOWN
    children = node.named_children
    for child in children:
        value = low.expression(child, fate if child is children[-1] else Fate(FateKind.DISCARDED))
    return value


def assignment(low: Lowering, node: Node, _fate: Fate) -> Value:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return low.expression(right, OTHER)
    sign = low.text(node.child_by_field_name("operator")) or "="
    return assign(low, left, right, sign, extent(node))


def update(low: Lowering, node: Node, _fate: Fate) -> Value:
    target = low.expression(node.child_by_field_name("argument"), OTHER)
    if isinstance(target, Place):
        low.tables.writes.append(Write(target, None, "++", extent(node), low.function, low.region))
    return Compound("++", (target,))


def unary(low: Lowering, node: Node, _fate: Fate) -> Value:
    operator = low.text(node.child_by_field_name("operator"))
    argument = node.child_by_field_name("argument")
    if operator == "delete" and argument is not None:
        key = argument.child_by_field_name("index")
        place = low.expression(argument, OTHER)
        if isinstance(place, Place):
            named = low.expression(key, OTHER) if key is not None else None
            low.tables.writes.append(Write(place, None, "delete", extent(node), low.function, low.region, named))
        return UNKNOWN
    if operator == "void":
        low.expression(argument, Fate(FateKind.DISCARDED))
        return Constant(None)
    value = low.expression(argument, OTHER)
    if operator == "-" and isinstance(value, Constant) and isinstance(value.value, int | float):
        return Constant(-value.value)
    return Compound("not" if operator == "!" else operator, (value,))


def binary(low: Lowering, node: Node, fate: Fate) -> Value:
    operator = low.text(node.child_by_field_name("operator"))
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if operator in ("&&", "||", "??"):
        test = low.expression(left, fate if operator != "&&" else TESTED)
        kind = RegionKind.THEN if operator == "&&" else RegionKind.ELSE
        value = low.within(kind, right, test, fate)
        return Compound("choice" if operator != "&&" else "&&", (test, value))
    first, second = low.expression(left, OTHER), low.expression(right, OTHER)
    if operator == "+" and isinstance(first, Constant) and isinstance(second, Constant):
        if isinstance(first.value, str) and isinstance(second.value, str):
            return Constant(first.value + second.value)
    return Compound(operator, (first, second))


def ternary(low: Lowering, node: Node, fate: Fate) -> Value:
    test = low.expression(node.child_by_field_name("condition"), TESTED)
    yes = low.within(RegionKind.THEN, node.child_by_field_name("consequence"), test, fate)
    no = low.within(RegionKind.ELSE, node.child_by_field_name("alternative"), test, fate)
    return Compound("choice", (yes, no))


def array(low: Lowering, node: Node, _fate: Fate) -> Value:
    return Sequence(tuple([low.expression(child, ELEMENT) for child in node.named_children if child.type != "comment"]))


def spread(low: Lowering, node: Node, _fate: Fate) -> Value:
    return low.parts(node, "spread")


def jsx(low: Lowering, node: Node, _fate: Fate) -> Value:
    """An element: its expressions, wherever they stand; a handler in an attribute is an element of it."""
    parts: list[Value] = []
    stack = list(reversed(node.named_children))
    while stack:
        child = stack.pop()
        if child.type == "jsx_expression":
            parts += [low.expression(inner, ELEMENT) for inner in child.named_children if inner.type != "comment"]
        elif child.type in ("jsx_opening_element", "jsx_element", "jsx_self_closing_element", "jsx_attribute"):
            stack += reversed(child.named_children)
    return Compound("jsx", tuple(parts))


def meta(low: Lowering, node: Node, _fate: Fate) -> Value:
    return Place(Root.GLOBAL, low.text(node))


def nothing(_low: Lowering, _node: Node, _fate: Fate) -> Value:
    return UNKNOWN


def function_value(low: Lowering, node: Node, fate: Fate) -> Value:
    return Closure(functions.function(low, node, fate).function)


EXPRESSIONS: Final[Mapping[str, ExpressionRoom]] = {
    "identifier": identifier,
    "shorthand_property_identifier": identifier,
    "undefined": nothing,
    "this": this,
    "super": lambda _low, _node, _fate: Place(Root.GLOBAL, "super"),
    "member_expression": member,
    "subscript_expression": member,
    "call_expression": call,
    "new_expression": call,
    "string": string_or_number,
    "number": string_or_number,
    "true": keyword,
    "false": keyword,
    "null": keyword,
    "template_string": template,
    "await_expression": awaiting,
    "yield_expression": yielding,
    "parenthesized_expression": transparent,
    "as_expression": transparent,
    "satisfies_expression": transparent,
    "non_null_expression": transparent,
    "instantiation_expression": transparent,
    "type_assertion": lambda low, node, fate: low.expression(node.named_children[-1], fate),
    "sequence_expression": sequence,
    "assignment_expression": assignment,
    "augmented_assignment_expression": assignment,
    "update_expression": update,
    "unary_expression": unary,
    "binary_expression": binary,
    "ternary_expression": ternary,
    "object": functions.object_literal,
    "array": array,
    "spread_element": spread,
    "arrow_function": function_value,
    "function_expression": function_value,
    "generator_function": function_value,
    "class": functions.class_value,
    "jsx_element": jsx,
    "jsx_self_closing_element": jsx,
    "jsx_fragment": jsx,
    "meta_property": meta,
    "comment": nothing,
    "regex": nothing,
    "import": modules.import_keyword,
}
