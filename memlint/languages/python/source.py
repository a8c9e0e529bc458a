"""From bytes to facts: look at the text, parse, lower, and say what could not be read."""

from __future__ import annotations

from memlint.languages.python import NAME
from memlint.languages.python.text import directives, survey
from memlint.model.facts import Facts, Fate, FateKind, Function, FunctionKind, Region, RegionKind
from memlint.model.finding import Problem, ProblemKind
from memlint.model.source import line_starts, wide_lines


def lower(path: str, data: bytes, words: frozenset[str]) -> tuple[Facts, tuple[Problem, ...]]:
    """The facts of a file, and what kept them from being complete. Never raises for what the file contains.

    Unless one of `words` is a name in the code, the facts are those of an empty module, with the directives.
    """
    text = survey(data, words)
    lines = line_starts(data)
    at = (0, len(data))
    bare = Facts(
        path,
        NAME,
        (Function(0, "", FunctionKind.MODULE, at, -1, -1, 0, 0, Fate(FateKind.OTHER)),),
        (Region(0, RegionKind.BODY, -1, 0, at),),
        *((),) * 8,
        directives=tuple(directives(data, text.comments, lines)),
        lines=lines,
        wide=wide_lines(data, lines),
    )
    if not text.names_a_word:
        return bare, ()
    if text.too_deep:
        return bare, (Problem(path, ProblemKind.TOO_DEEP, "nested too deeply to be parsed"),)
    from memlint.languages.python.lowering import lowered  # noqa: PLC0415 - LibCST takes 110 ms to import

    outcome = lowered(bare, data)
    return (bare, (outcome,)) if isinstance(outcome, Problem) else (outcome, ())
