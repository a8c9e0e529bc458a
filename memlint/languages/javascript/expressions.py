"""Expressions, each with its room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from memlint.languages.javascript import calls, classes, functions, jsx, literals, members, objects, operators
from memlint.languages.javascript.lowering import ExpressionRoom

EXPRESSIONS: Final[Mapping[str, ExpressionRoom]] = {
    "identifier": members.identifier,
    "shorthand_property_identifier": members.identifier,
    "this": members.this,
    "super": members.special,
    "import": members.special,
    "meta_property": members.special,
    "member_expression": members.member,
    "subscript_expression": members.member,
    "parenthesized_expression": members.transparent,
    "as_expression": members.transparent,
    "satisfies_expression": members.transparent,
    "non_null_expression": members.transparent,
    "instantiation_expression": members.transparent,
    "type_assertion": members.assertion,
    "call_expression": calls.call,
    "new_expression": calls.construction,
    "await_expression": calls.awaiting,
    "yield_expression": calls.yielding,
    "string": literals.string,
    "number": literals.number,
    "true": literals.keyword,
    "false": literals.keyword,
    "null": literals.keyword,
    "undefined": literals.keyword,
    "template_string": literals.template,
    "array": literals.array,
    "spread_element": literals.spread,
    "regex": literals.nothing,
    "sequence_expression": operators.sequence,
    "assignment_expression": operators.assignment,
    "augmented_assignment_expression": operators.assignment,
    "update_expression": operators.update,
    "unary_expression": operators.unary,
    "binary_expression": operators.binary,
    "ternary_expression": operators.ternary,
    "object": objects.object_literal,
    "arrow_function": functions.function_value,
    "function_expression": functions.function_value,
    "generator_function": functions.function_value,
    "class": classes.class_value,
    "jsx_element": jsx.element,
    "jsx_self_closing_element": jsx.element,
    "jsx_fragment": jsx.element,
}
