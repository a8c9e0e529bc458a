"""What is known of a function that acquires or releases for its callers, and how the table grows by it."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.model.frozen import frozen, replace
from memlint.model.resource import Resource, Shape, Table


@frozen
class Helper:
    """A function that acquires for its caller, or releases what it is given: one more row, or one more release.

    `row` is what it adds as an acquiring function; without one, `shape` is one more release of all rows of a kind.
    """

    kind: str
    shape: Shape
    row: Resource | None = None

    @property
    def identity(self) -> tuple[tuple[str, str] | int | None, str, bool]:
        """What makes two helpers the same one: they are derived until no new one comes, and these are finite."""
        return (self.shape.helper, self.kind, self.row is not None)

    @property
    def words(self) -> tuple[str, ...]:
        """The words by which another file calls it."""
        return tuple(self.shape.helper[1].split(".")[-1:]) if isinstance(self.shape.helper, tuple) else ()

    def called(self, helper: tuple[str, str] | int) -> Helper:
        """The same helper, as others call it."""
        shape = replace(self.shape, helper=helper)
        row = replace(self.row, acquire=(shape,)) if self.row is not None else None
        return Helper(self.kind, shape, row)


def grown(resources: Table, helpers: Sequence[Helper]) -> Table:
    """The table with the rows and shapes that helpers add to it."""
    if not helpers:
        return resources
    rows: list[Resource] = []
    releases: dict[str, list[Shape]] = {}
    for helper in helpers:
        if helper.row is not None:
            rows.append(helper.row)
        else:
            releases.setdefault(helper.kind, []).append(helper.shape)
    return resources.grown(rows, releases)
