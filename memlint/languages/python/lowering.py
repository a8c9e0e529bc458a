"""A parsed file, lowered: which room lowers which kind of node, and the facts that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import libcst as cst

from memlint.languages.python.draft import Draft, Here, ValueRoom
from memlint.languages.python.expressions import EXPRESSIONS
from memlint.languages.python.functions import anonymous
from memlint.languages.python.modules import exports_of
from memlint.languages.python.naming import scopes_of
from memlint.languages.python.parsing import Tree, deep_recursion, parse
from memlint.languages.python.statements import STATEMENTS
from memlint.model.facts import MODULE, Facts
from memlint.model.finding import Problem, ProblemKind
from memlint.model.frozen import replace

_VALUES: Final[Mapping[type[cst.CSTNode], ValueRoom]] = {**EXPRESSIONS, cst.Lambda: anonymous}


def lowered(bare: Facts, data: bytes) -> Facts | Problem:
    """The facts of a file, built upon those of an empty module; or why there are none."""
    try:
        with deep_recursion():
            tree = parse(bare.path, data)
            return tree if isinstance(tree, Problem) else _facts(bare, tree)
    except RecursionError:
        return Problem(bare.path, ProblemKind.TOO_DEEP, "nested too deeply to be analysed")


def _facts(bare: Facts, tree: Tree) -> Facts:
    draft = Draft(tree, scopes_of(tree.module), _VALUES, STATEMENTS)
    draft.regions.append(bare.regions[0])
    here = Here(MODULE, 0, draft.scopes.module)
    for statement in tree.module.body:
        draft.statement(statement, here)
    return replace(
        bare,
        functions=(*bare.functions, *[draft.functions[index] for index in sorted(draft.functions)]),
        regions=tuple(draft.regions),
        bindings=draft.bindings(),
        units=tuple([draft.units[index] for index in sorted(draft.units)]),
        calls=tuple([call for call in draft.calls if call is not None]),
        writes=tuple(draft.writes),
        exits=tuple(draft.exits),
        uses=tuple(draft.uses),
        imports=tuple(draft.imports),
        exports=exports_of(draft),
    )
