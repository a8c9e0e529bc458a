"""What takes in or keeps as much as it is sent, unless it is told a limit."""

from __future__ import annotations

from memlint.model.frozen import frozen


@frozen
class Limit:
    """One row of `rules/limits.toml`: what is made, the options that limit it, and what it keeps without them.

    `makes` are names that one of the `modules` exports, `default` for the module itself. `position` is the argument
    that holds the options; without `options` that argument is the limit itself. `elsewhere` are options with which
    what comes in is not kept in memory, or is limited by another; unless what fills them is the answer of one of the
    calls in `memory`. `unused_by` are methods of which one alone makes no use of what is limited. Where something is
    kept for each call of `fed_by`, it must be kept by what lives on; `emptied_by` are methods that let go of it, and
    with an argument at `own_end` an entry has an end of its own. `is_advice` is for what most programs do well without.
    """

    keeps: str
    modules: tuple[str, ...]
    makes: tuple[str, ...]
    options: tuple[str, ...] = ()
    position: int = 0
    elsewhere: tuple[str, ...] = ()
    memory: tuple[str, ...] = ()
    unused_by: tuple[str, ...] = ()
    fed_by: tuple[str, ...] = ()
    emptied_by: tuple[str, ...] = ()
    own_end: int = -1
    is_advice: bool = False
    source: str = ""
