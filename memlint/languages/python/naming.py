"""Finds all names of a module and the scopes they are bound in, in one walk before anything is lowered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import libcst as cst

from memlint.languages.python.scopes import Scope, ScopeKind, Scopes, Symbol
from memlint.languages.python.syntax import annotated, decorator_name, imported_names, is_static, parameters, parts
from memlint.model.value import Place, Root

Walk = tuple[cst.CSTNode, Scope, bool]
"""A node to visit, the scope it stands in, and whether it can run again there."""


def scopes_of(module: cst.Module) -> Scopes:
    """The scopes of a module, every name bound in them known."""
    scopes = Scopes(module)
    stack: list[Walk] = [(node, scopes.module, False) for node in reversed(module.body)]
    while stack:
        node, scope, again = stack.pop()
        visit = _VISITS.get(type(node))
        inner = visit(scopes, node, scope, again) if visit else ((part, scope, again) for part in parts(node))
        stack += reversed(list(inner))
    for name, scope in scopes.borrowed:
        symbol = scopes.find(name, scope)
        if symbol is not None:
            symbol.times += 2
    return scopes


def _own_parameter(node: cst.FunctionDef | cst.Lambda, scope: Scope) -> cst.Param | None:
    """The parameter that is the instance, or the class, in a function written in a class body."""
    first = next(iter((*node.params.posonly_params, *node.params.params)), None)
    if scope.kind is not ScopeKind.CLASS or first is None:
        return None
    if isinstance(node, cst.Lambda):
        return first if first.name.value == "self" else None
    return None if any(decorator_name(decorator) == "staticmethod" for decorator in node.decorators) else first


def _parameters(scopes: Scopes, node: cst.FunctionDef | cst.Lambda, outer: Scope, inner: Scope) -> None:
    own = _own_parameter(node, outer)
    position = 0
    for parameter in parameters(node.params):
        name = parameter.name.value
        if parameter is own:
            place = Place(Root.SELF, outer.unit)
            inner.names[name] = Symbol(name, "parameter", inner.function, parameter.name, place, -1)
            continue
        symbol = scopes.bind(parameter.name, inner, "parameter")
        if symbol is not None:
            symbol.position = position
            symbol.annotation = annotated(parameter)
        position += 1


def _defaults(node: cst.FunctionDef | cst.Lambda, scope: Scope) -> Iterator[Walk]:
    for parameter in parameters(node.params):
        if parameter.default is not None:
            yield parameter.default, scope, False


def _function(scopes: Scopes, node: cst.FunctionDef, scope: Scope, again: bool) -> Iterator[Walk]:
    symbol = scopes.bind(node.name, scope, "function", again=again)
    if symbol is not None and scope.kind is ScopeKind.CLASS:
        symbol.shared = is_static(node)
    inner = scopes.open(node, ScopeKind.FUNCTION, scope)
    _parameters(scopes, node, scope, inner)
    for decorator in node.decorators:
        yield decorator.decorator, scope, again
    yield from _defaults(node, scope)
    yield node.body, inner, False


def _lambda(scopes: Scopes, node: cst.Lambda, scope: Scope, _again: bool) -> Iterator[Walk]:
    inner = scopes.open(node, ScopeKind.FUNCTION, scope)
    _parameters(scopes, node, scope, inner)
    yield from _defaults(node, scope)
    yield node.body, inner, False


def _class(scopes: Scopes, node: cst.ClassDef, scope: Scope, again: bool) -> Iterator[Walk]:
    symbol = scopes.bind(node.name, scope, "class", again=again)
    inner = scopes.open(node, ScopeKind.CLASS, scope)
    if symbol is not None:
        symbol.unit = inner.unit
    for decorator in node.decorators:
        yield decorator.decorator, scope, again
    for argument in (*node.bases, *node.keywords):
        yield argument.value, scope, again
    yield node.body, inner, again


_Comprehension = cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp


def _comprehension(scopes: Scopes, node: _Comprehension, scope: Scope, again: bool) -> Iterator[Walk]:
    inner = scopes.open(node, ScopeKind.COMPREHENSION, scope)
    yield node.for_in.iter, scope, again
    loop: cst.CompFor | None = node.for_in
    while loop is not None:
        if loop is not node.for_in:
            yield loop.iter, inner, True
        yield from _targets(scopes, loop.target, inner, again=True)
        for condition in loop.ifs:
            yield condition.test, inner, True
        loop = loop.inner_for_in
    for element in (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,):
        yield element, inner, True


def _targets(scopes: Scopes, node: cst.CSTNode, scope: Scope, *, again: bool) -> Iterator[Walk]:
    """Binds the names in a target; what stands in its members and subscripts is still to be visited."""
    if isinstance(node, cst.Name):
        scopes.bind(node, scope, again=again)
    elif isinstance(node, cst.Tuple | cst.List):
        for element in node.elements:
            yield from _targets(scopes, element.value, scope, again=again)
    else:
        yield node, scope, again


def _assign(scopes: Scopes, node: cst.Assign, scope: Scope, again: bool) -> Iterator[Walk]:
    for target in node.targets:
        yield from _targets(scopes, target.target, scope, again=again)
    yield node.value, scope, again


def _annotated(scopes: Scopes, node: cst.AnnAssign, scope: Scope, again: bool) -> Iterator[Walk]:
    if isinstance(node.target, cst.Name) and node.value is None:
        symbol = scopes.bind(node.target, scope)
        if symbol is not None:
            symbol.times -= 1
        return
    yield from _targets(scopes, node.target, scope, again=again)
    if node.value is not None:
        yield node.value, scope, again


def _augmented(scopes: Scopes, node: cst.AugAssign, scope: Scope, again: bool) -> Iterator[Walk]:
    yield from _targets(scopes, node.target, scope, again=again)
    yield node.value, scope, again


def _delete(scopes: Scopes, node: cst.Del, scope: Scope, _again: bool) -> Iterator[Walk]:
    yield from _targets(scopes, node.target, scope, again=True)


def _for(scopes: Scopes, node: cst.For, scope: Scope, again: bool) -> Iterator[Walk]:
    yield node.iter, scope, again
    yield from _targets(scopes, node.target, scope, again=True)
    yield node.body, scope, True
    if node.orelse is not None:
        yield node.orelse, scope, again


def _while(_scopes: Scopes, node: cst.While, scope: Scope, again: bool) -> Iterator[Walk]:
    yield node.test, scope, True
    yield node.body, scope, True
    if node.orelse is not None:
        yield node.orelse, scope, again


def _with_item(scopes: Scopes, node: cst.WithItem, scope: Scope, again: bool) -> Iterator[Walk]:
    yield node.item, scope, again
    if node.asname is not None:
        yield from _targets(scopes, node.asname.name, scope, again=again)


def _walrus(scopes: Scopes, node: cst.NamedExpr, scope: Scope, again: bool) -> Iterator[Walk]:
    yield from _targets(scopes, node.target, scope.body, again=again)
    yield node.value, scope, again


def _handler(scopes: Scopes, node: cst.ExceptHandler, scope: Scope, again: bool) -> Iterator[Walk]:
    if node.type is not None:
        yield node.type, scope, again
    if node.name is not None and isinstance(node.name.name, cst.Name):
        scopes.bind(node.name.name, scope, "catch", again=again)
    yield node.body, scope, again


def _import(scopes: Scopes, node: cst.Import | cst.ImportFrom, scope: Scope, again: bool) -> Iterable[Walk]:
    for name in imported_names(node):
        scopes.bind(name, scope, "import", again=again)
    return ()


def _captured(scopes: Scopes, node: cst.MatchAs | cst.MatchStar, scope: Scope, again: bool) -> Iterator[Walk]:
    if isinstance(node, cst.MatchAs) and node.pattern is not None:
        yield node.pattern, scope, again
    if node.name is not None:
        scopes.bind(node.name, scope, again=again)


def _mapping(scopes: Scopes, node: cst.MatchMapping, scope: Scope, again: bool) -> Iterator[Walk]:
    for element in node.elements:
        yield element, scope, again
    if node.rest is not None:
        scopes.bind(node.rest, scope, again=again)


def _reach(_scopes: Scopes, node: cst.Global | cst.Nonlocal, scope: Scope, _again: bool) -> Iterable[Walk]:
    reach = "global" if isinstance(node, cst.Global) else "nonlocal"
    scope.reaches.update((item.name.value, reach) for item in node.names)
    return ()


def _yield(_scopes: Scopes, node: cst.Yield, scope: Scope, again: bool) -> Iterator[Walk]:
    scope.body.yields = True
    for part in parts(node):
        yield part, scope, again


def _alias(scopes: Scopes, node: cst.TypeAlias, scope: Scope, again: bool) -> Iterable[Walk]:
    scopes.bind(node.name, scope, again=again)
    return ()


def _leaf(_scopes: Scopes, _node: cst.CSTNode, _scope: Scope, _again: bool) -> Iterable[Walk]:
    return ()


_VISITS: Final[Mapping[type[cst.CSTNode], Callable[..., Iterable[Walk]]]] = {
    cst.AnnAssign: _annotated,
    cst.Assign: _assign,
    cst.AugAssign: _augmented,
    cst.ClassDef: _class,
    cst.Del: _delete,
    cst.DictComp: _comprehension,
    cst.ExceptHandler: _handler,
    cst.ExceptStarHandler: _handler,
    cst.Float: _leaf,
    cst.For: _for,
    cst.FormattedStringText: _leaf,
    cst.FunctionDef: _function,
    cst.GeneratorExp: _comprehension,
    cst.Global: _reach,
    cst.Import: _import,
    cst.ImportFrom: _import,
    cst.Integer: _leaf,
    cst.Lambda: _lambda,
    cst.ListComp: _comprehension,
    cst.MatchAs: _captured,
    cst.MatchMapping: _mapping,
    cst.MatchStar: _captured,
    cst.Name: _leaf,
    cst.NamedExpr: _walrus,
    cst.Nonlocal: _reach,
    cst.SetComp: _comprehension,
    cst.SimpleString: _leaf,
    cst.TypeAlias: _alias,
    cst.While: _while,
    cst.WithItem: _with_item,
    cst.Yield: _yield,
}
