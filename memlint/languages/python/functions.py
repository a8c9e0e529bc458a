"""Functions and classes."""

from __future__ import annotations

import libcst as cst

from memlint.languages.python.draft import OTHER, RECEIVER, RETURNED, Draft, Here, kept
from memlint.languages.python.scopes import Scope, ScopeKind
from memlint.languages.python.syntax import decorator_name, is_static, parameters
from memlint.model.facts import ExitKind, Fate, FateKind, Function, FunctionKind, Unit, UnitKind
from memlint.model.value import Closure, Compound, Constant, Root, Value

CONSTRUCTOR = "constructor"
"""What a constructor is called among the methods of a unit, in every language."""
_GETTERS = frozenset({"property", "cached_property", "getter", "abstractproperty"})


def definition(draft: Draft, node: cst.FunctionDef, here: Here) -> None:
    """`def`: decorators and defaults are evaluated where it stands."""
    decorators = tuple([draft.value(decorator.decorator, RECEIVER, here) for decorator in node.decorators])
    scope = draft.scopes.of[node]
    _defaults(draft, node, scope, here)
    place, symbol = draft.target(node.name, here)
    if symbol is not None and symbol.value is None and symbol.kind == "function":
        symbol.value = Closure(scope.function)
    body = draft.body(node, scope)
    draft.statement(node.body, body)
    is_method = here.scope.kind is ScopeKind.CLASS
    kind = _kind(node) if is_method else FunctionKind.FUNCTION
    _function(
        draft, node, kept(place), here, body, kind=kind, name=node.name.value, decorators=decorators,
        is_async=node.asynchronous is not None, is_static=is_method and is_static(node),
    )  # fmt: skip
    if kind is FunctionKind.CONSTRUCTOR:
        draft.methods[here.scope.unit].append((CONSTRUCTOR, scope.function))


def anonymous(draft: Draft, node: cst.Lambda, fate: Fate, here: Here) -> Value:
    """`lambda`: an arrow function, named by the place that keeps it."""
    scope = draft.scopes.of[node]
    _defaults(draft, node, scope, here)
    body = draft.body(node, scope)
    draft.exit(ExitKind.RETURN, draft.value(node.body, RETURNED, body), node.body, body)
    _function(draft, node, fate, here, body, kind=FunctionKind.ARROW, name=_kept_name(draft, fate))
    return Closure(scope.function)


def _kept_name(draft: Draft, fate: Fate) -> str:
    place = fate.place
    if place is None:
        return ""
    if place.path:
        return place.path[-1]
    return draft.scopes.bindings[place.key].name if place.root is Root.BINDING and isinstance(place.key, int) else ""


def _kind(node: cst.FunctionDef) -> FunctionKind:
    if node.name.value == "__init__":
        return FunctionKind.CONSTRUCTOR
    names = {decorator_name(decorator) for decorator in node.decorators}
    if not names.isdisjoint(_GETTERS):
        return FunctionKind.GETTER
    return FunctionKind.SETTER if "setter" in names else FunctionKind.METHOD


def _defaults(draft: Draft, node: cst.FunctionDef | cst.Lambda, scope: Scope, here: Here) -> None:
    for parameter in parameters(node.params):
        if parameter.default is not None:
            symbol = scope.names[parameter.name.value]
            value = draft.value(parameter.default, kept(symbol.place), here)
            symbol.value = Compound("tuple", (value,)) if isinstance(parameter.default, cst.Tuple) else value


def _function(
    draft: Draft,
    node: cst.FunctionDef | cst.Lambda,
    fate: Fate,
    here: Here,
    body: Here,
    *,
    kind: FunctionKind,
    name: str,
    decorators: tuple[Value, ...] = (),
    is_async: bool = False,
    is_static: bool = False,
) -> None:
    """Notes a function; in a class body it is a method of the unit. `self` is no parameter, just as `this` is none."""
    place = fate.place
    unit = place.key if place is not None and place.root is Root.SELF and here.scope.kind is ScopeKind.CLASS else -1
    if isinstance(unit, int) and unit >= 0 and place is not None and place.path:
        draft.methods[unit].append((place.path[-1], body.function))
    names = [parameter.name.value for parameter in parameters(node.params)]
    draft.functions[body.function] = Function(
        body.function,
        name,
        kind,
        draft.extent(node),
        here.function,
        unit if isinstance(unit, int) else -1,
        here.region,
        body.region,
        fate,
        tuple([name for name in names if body.scope.names[name].index >= 0]),
        is_async,
        body.scope.yields,
        is_static,
        decorators,
    )


def class_definition(draft: Draft, node: cst.ClassDef, here: Here) -> None:
    """`class`: its body runs once, right here, and what it assigns belongs to all instances."""
    for decorator in node.decorators:
        draft.value(decorator.decorator, RECEIVER, here)
    bases = [draft.value(argument.value, OTHER, here) for argument in node.bases]
    for keyword in node.keywords:
        draft.value(keyword.value, OTHER, here)
    scope = draft.scopes.of[node]
    place, symbol = draft.target(node.name, here)
    if symbol is not None and symbol.value is None and symbol.kind == "class":
        symbol.value = Compound("class", (Constant(float(scope.unit)),))
    methods = draft.methods[scope.unit] = []
    draft.statement(node.body, Here(here.function, here.region, scope))
    draft.units[scope.unit] = Unit(
        scope.unit,
        UnitKind.CLASS,
        node.name.value,
        draft.extent(node),
        here.function,
        tuple(methods),
        bases[0] if bases else None,
        symbol.index if symbol is not None else -1,
        Fate(FateKind.KEPT, place),
    )
