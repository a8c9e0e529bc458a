"""What puts something into a collection: a row for each method, and all that anybody asks of it.

ECMA-262: 23.1.3 `Array`, 24.1.3 `Map`, 24.2.4 `Set`; Python: `list`, `set`, `dict`, `collections.deque`.
"""

from __future__ import annotations

from memlint.model.frozen import frozen

_JAVASCRIPT = frozenset({"javascript"})
_PYTHON = frozenset({"python"})
_BOTH = _JAVASCRIPT | _PYTHON
_NEITHER: frozenset[str] = frozenset()


@frozen
class Putting:
    """A method that puts something into what it is asked of."""

    name: str
    languages: frozenset[str]
    """Whose own collections have it; none for what only the queues of projects have, of which growth is not known."""
    keyed: bool
    """Whether it puts the same thing in but once; a list takes it each time."""
    keeps: bool
    """Whether the very thing handed in is an element afterwards.

    `extend` and `update` take parts out of it, `setdefault` leaves what is there.
    """


_METHODS = (
    Putting("push", _JAVASCRIPT, keyed=False, keeps=True),
    Putting("unshift", _JAVASCRIPT, keyed=False, keeps=True),
    Putting("set", _JAVASCRIPT, keyed=True, keeps=True),
    Putting("add", _BOTH, keyed=True, keeps=True),
    Putting("append", _PYTHON, keyed=False, keeps=True),
    Putting("appendleft", _PYTHON, keyed=False, keeps=True),
    Putting("insert", _PYTHON, keyed=False, keeps=True),
    Putting("extend", _PYTHON, keyed=False, keeps=False),
    Putting("update", _PYTHON, keyed=True, keeps=False),
    Putting("setdefault", _PYTHON, keyed=True, keeps=False),
    Putting("enqueue", _NEITHER, keyed=False, keeps=True),
)

PUTS = frozenset(method.name for method in _METHODS if method.keeps)
"""Where a value goes: what these are given is an element of what they are asked of."""
FEEDS = frozenset(method.name for method in _METHODS if method.languages)
"""What a collection of either language grows by."""
LENGTHENS = frozenset(method.name for method in _METHODS if method.languages and method.keeps and not method.keyed)
"""What puts one more item into a list, however often it was there."""
IN_JAVASCRIPT = frozenset(method.name for method in _METHODS if "javascript" in method.languages)
IN_PYTHON = frozenset(method.name for method in _METHODS if "python" in method.languages)
KEYED = frozenset(method.name for method in _METHODS if method.keyed)
