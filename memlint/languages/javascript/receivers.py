"""What `this` means: an instance, a prototype's, an object literal; and which unit a function kept somewhere joins."""

from __future__ import annotations

from tree_sitter import Node

from memlint.languages.javascript.kinds import BINDING, GLOBAL, RESULT, SELF
from memlint.languages.javascript.lowering import Instance, Lowering
from memlint.model.facts import Fate, UnitKind
from memlint.model.value import Place

_THIS = Place(GLOBAL, "this")


def present(low: Lowering) -> Place:
    """What `this` means here, if it is known; the first one in a plain function makes that a constructor."""
    if low.receiver is None and low.instance is not None:
        low.receiver = constructed(low, low.instance)
    return low.receiver or _THIS


def kept_at(low: Lowering, fate: Fate, index: int, name: str, node: Node) -> Place | None:
    """What `this` means in a function that is kept at a place: the prototype's, the object's, or its own instance."""
    place = fate.place
    if place is None or place.root is RESULT:
        return None
    if not place.path:
        low.instance = (place, name, node, index)
        return constructed(low, low.instance) if place in low.tables.units_by_owner else None
    owner, kind = _meant(low, Place(place.root, place.key, place.path[:-1])), UnitKind.OBJECT
    if owner.path and owner.path[-1] == "prototype":
        owner, kind = Place(owner.root, owner.key, owner.path[:-1]), UnitKind.PROTOTYPE
    elif owner.root is SELF or not names_unit(owner):
        return owner if owner.root is SELF and not owner.path else None
    elif owner.root is BINDING and low.tables.bindings[int(owner.key)].kind in ("function", "class"):
        return owner
    unit = low.tables.unit_of(owner, label(low, owner), node.byte_range, low.function, kind)
    unit.methods.append((place.path[-1], index))
    return Place(SELF, unit.index)


def _meant(low: Lowering, owner: Place) -> Place:
    """What a variable is another name for: `const self = this; self.refresh = …`, `var _proto = Page.prototype`."""
    value = low.tables.bindings[int(owner.key)].value if owner.root is BINDING and not owner.path else None
    if isinstance(value, Place) and value.root is BINDING and value.path == ("prototype",):
        return value
    return value if isinstance(value, Place) and value.root is SELF and not value.path else owner


def constructed(low: Lowering, instance: Instance) -> Place:
    """The instance that the present function constructs."""
    place, name, node, index = instance
    unit = low.tables.unit_of(place, name, node.byte_range, low.function, UnitKind.PROTOTYPE)
    if ("constructor", index) not in unit.methods:
        unit.methods.append(("constructor", index))
    return Place(SELF, unit.index)


def names_unit(owner: Place) -> bool:
    """Whether functions kept in `owner` make it a unit: not what a module exports, nothing deep or computed."""
    if owner.root is GLOBAL and owner.key in ("exports", "module"):
        return False
    return len(owner.path) <= 1 and "[]" not in owner.path


def label(low: Lowering, owner: Place) -> str:
    """What a unit is called that hangs on `owner`."""
    return low.tables.bindings[int(owner.key)].name if owner.root is BINDING else str(owner.key)
