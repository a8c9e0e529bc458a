"""Classes as compilers write them: methods described in a list, and handed over with their constructor.

Babel's helper is `_createClass(Page, [{key: "close", value: function () {…}}])`, second the static ones. Where it is
taken from a package, it is `(0, _createClass2.default)(Page, […])`; bundlers number the names that would clash.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from memlint.languages.javascript.functions import FUNCTIONS, function
from memlint.languages.javascript.kinds import BINDING, KEPT, SELF
from memlint.languages.javascript.lowering import Lowering, operands
from memlint.languages.javascript.patterns import key_name
from memlint.languages.javascript.receivers import label
from memlint.model.facts import Fate, FunctionKind, UnitKind
from memlint.model.value import Place, Record, Sequence, Value

_HELPER = re.compile(r"_?(createClass|create_class)\$?\d*")
_KINDS = {"value": FunctionKind.METHOD, "get": FunctionKind.GETTER, "set": FunctionKind.SETTER}


def described_class(low: Lowering, callee: Value, nodes: list[Node], position: int) -> Place | None:
    """The constructor whose methods an argument describes, if it does so."""
    if position != 1 or nodes[1].type != "array" or nodes[0].type != "identifier":
        return None
    if not isinstance(callee, Place) or callee.path not in ((), ("default",)):
        return None
    name = low.tables.bindings[int(callee.key)].name if callee.root is BINDING else callee.key
    owner = low.place_of(nodes[0]) if _HELPER.fullmatch(str(name)) else None
    return owner if owner is not None and owner.root is BINDING else None


def described_methods(low: Lowering, node: Node, owner: Place) -> Value:
    """Lowers the list of methods."""
    return Sequence(tuple([_described(low, entry, owner) for entry in operands(node)]))


def _described(low: Lowering, node: Node, owner: Place) -> Value:
    unit = low.tables.unit_of(owner, label(low, owner), node.byte_range, low.function, UnitKind.PROTOTYPE)
    pairs = [child for child in operands(node) if child.type == "pair"]
    parts = {key_name(low, pair.child_by_field_name("key")): pair.child_by_field_name("value") for pair in pairs}
    key = parts.get("key")
    name = low.text(key).strip("\"'") if key is not None and key.type == "string" else "[]"
    items: list[tuple[str, Value]] = []
    for part, value in parts.items():
        kind = _KINDS.get(part)
        if value is None or kind is None or value.type not in FUNCTIONS:
            continue
        receiver = Place(SELF, unit.index)
        fate = Fate(KEPT, Place(SELF, unit.index, (name,)))
        method = function(low, value, fate, name=name, kind=kind, receiver=receiver)
        unit.methods.append((name, method.function))
        items.append((part, method))
    return Record(tuple(items), -1)
