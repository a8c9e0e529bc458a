"""What runs for each request: the function around a line that is given a request and an answer."""

from __future__ import annotations

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Call, Function
from memlint.semantics.names import words_of


def handler_around(call: Call, seen: Insight) -> Function | None:
    """The innermost function around a call that has both among its first parameters, by their names."""
    for here in seen.file.enclosing(call.function):
        if here.index == MODULE:
            return None
        words = [words_of(name) for name in here.parameters[:3]]
        asked = any(len(each) == 1 and each[0] in seen.words["request names"] for each in words)
        answered = any(len(each) == 1 and each[0] in seen.words["answer names"] for each in words)
        if asked and answered:
            return here
    return None
