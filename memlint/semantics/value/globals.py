"""The globals of the platform behind names of a file's own: `const URL = window.URL || window.webkitURL`."""

from __future__ import annotations

import re
from functools import cached_property

from memlint.model.value import Compound, Constant, Place, Root, Value
from memlint.semantics.value.places import Places
from memlint.semantics.value.values import unwrapped

_OBJECTS = frozenset({"window", "globalThis", "global", "self"})
"""The global object, whose members are the globals."""
_NO_GLOBALS = frozenset({"this", "super", "arguments", "undefined", "module", "exports", "require"})
_WORKER = re.compile(r"^worker-loader\b|(^|[\w.-]+)\.worker(\.[cm]?[jt]s)?$|\?worker(&inline)?$")
"""A file that a bundler makes a constructor of workers of: by a loader, by its name, or by a query (worker-loader,
"Usage"; Vite, "Import with Query Suffixes")."""
_KEPT = frozenset({"declare", "=", "field", "static field"})


class Globals(Places):
    """Places, and the globals that some of them stand for."""

    def global_of(self, value: Value | None) -> Place | None:
        """The global that a value is, by whatever name; None if it is none, or may be something else."""
        value = unwrapped(value)
        if isinstance(value, Place) and self.lent_globals:
            for size in range(len(value.path), -1, -1):
                known = self.lent_globals.get(Place(value.root, value.key, value.path[:size]))
                if known is not None:
                    return _bare(Place(known.root, known.key, known.path + value.path[size:]))
        if isinstance(value, Compound) and value.operator == "member":  # `(window.URL || window.webkitURL).create…`
            inner, name = self.global_of(value.parts[0]), value.parts[-1]
            return (
                _bare(Place(inner.root, inner.key, (*inner.path, str(name.value))))
                if (inner is not None and isinstance(name, Constant))
                else None
            )
        return self._written(value)

    @cached_property
    def lent_globals(self) -> dict[Place, Place]:
        """Places that are written once, with a global: a name for it, a member that keeps it.

        `import Counter from "./count.worker"`: what a bundler gives for such a file begins a worker when constructed.
        """
        found: dict[Place, Place] = {
            Place(Root.BINDING, binding): Place(Root.GLOBAL, "Worker")
            for binding, entry in self.imports.items()
            if entry.name == "default" and _WORKER.search(entry.module)
        }
        for write in self.facts.writes if self.facts.language == "javascript" else ():
            if write.operator not in _KEPT or "[]" in write.place.path:
                continue
            value = self._written(write.value)
            if value is not None and value != write.place and len(self.writes_at.get(write.place, ())) == 1:
                found[write.place] = value
        return found

    def _written(self, value: Value | None) -> Place | None:
        """The global that is written there: by its own name, bound, or as one of several names for the same."""
        value = unwrapped(value)
        if isinstance(value, Compound):
            parts = [self._written(part) for part in value.parts] if value.operator == "choice" else []
            return parts[0] if parts and None not in parts else None
        if not isinstance(value, Place):
            return None
        if value.root is Root.RESULT:
            call = self.facts.calls[int(value.key)]
            return self._written(call.receiver) if call.name == "bind" and not value.path else None
        place = self.resolve(value)
        return _bare(place) if place.root is Root.GLOBAL and place.key not in _NO_GLOBALS else None


def _bare(place: Place) -> Place:
    """`window.URL` is `URL`."""
    while place.root is Root.GLOBAL and place.key in _OBJECTS and place.path and place.path[0] != "[]":
        place = Place(Root.GLOBAL, place.path[0], place.path[1:])
    return place
