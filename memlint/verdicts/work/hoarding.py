"""Products of heavy jobs that a loop keeps to the end, although each could go on as soon as it is there.

They wait in a list, or in one long text that is sent or written when it is whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Binding, Call, Extent, RegionKind, Use, Write
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Constant, Place, Root, Sequence, Value
from memlint.semantics.names import words_of
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.semantics.work.large import size_of
from memlint.verdicts.work.fanning import looped

_COUNTS = ("length",)
_WALK = ("forEach",)


@frozen
class Hoard:
    """The call that keeps one product more, what makes them, for which list, and where they are used at last."""

    keeps: Call | Write
    name: str
    job: Call
    items: Value
    last: Extent
    confidence: Confidence


def hoards(seen: Insight) -> Iterator[Hoard]:
    """Local lists of products that are walked when they are all there, and texts that are joined from them."""
    for push in seen.file.calls_named["push"]:
        binding = _local_list(push, seen)
        made = _product(push.arguments[0], seen) if binding is not None and len(push.arguments) == 1 else None
        if binding is not None and made is not None and made.awaited:
            yield from _judged(push, binding, made, seen)
    for write in seen.file.facts.writes:
        binding = _local_text(write, seen) if write.operator == "+=" else None
        parts = inner_values(write.value) if binding is not None else ()
        made = next(filter(None, (_product(part, seen) for part in parts)), None)
        if binding is not None and made is not None:
            yield from _judged(write, binding, made, seen)


def _judged(keeps: Call | Write, binding: Binding, made: Call, seen: Insight) -> Iterator[Hoard]:
    items = looped(made, seen)
    if items is None or seen.lists.is_short(items):
        return
    last = _last_walk(binding, keeps, seen) if isinstance(keeps, Call) else _handing_over(binding, seen)
    if last is not None:
        sure = seen.lists.is_long(items)
        yield Hoard(keeps, binding.name, made, items, last, Confidence.MEDIUM if sure else Confidence.LOW)


def _local_list(push: Call, seen: Insight) -> Binding | None:
    """The list of a push, if a function makes it for itself, empty."""
    place = push.receiver
    binding = seen.file.binding(place) if place is not None and not place.path else None
    if binding is None or binding.function != push.function or binding.function == MODULE:
        return None
    return binding if binding.value == Sequence(()) and binding.kind in ("const", "let", "var") else None


def _local_text(write: Write, seen: Insight) -> Binding | None:
    """The text that a write makes longer, if a function puts it together for itself."""
    binding = seen.file.binding(write.place) if not write.place.path else None
    if binding is None or binding.function != write.function or binding.function == MODULE:
        return None
    begins = unwrapped(binding.value)
    return binding if isinstance(begins, Constant) and isinstance(begins.value, str) else None


def _product(value: Value | None, seen: Insight) -> Call | None:
    """The call that a value is the answer of, if it is the whole of something: a rendered book, a file's content."""
    made = seen.file.call_of(value)
    if made is None:
        return None
    words = words_of(seen.file.called(made))
    is_named = bool(words) and words[0] in seen.words["making a product"]
    return made if size_of(value, seen.file) or (is_named and not seen.words.any_of("small content", words)) else None


def _last_walk(binding: Binding, push: Call, seen: Insight) -> Extent | None:
    """Where the products are used last, if all that is done with them could be done with each by itself."""
    others = [use for use in seen.file.uses_of[binding.index] if not _is_of(use, push)]
    if not others or not all(use.path == _COUNTS or _is_walked(use, push, seen) for use in others):
        return None
    return max(use.extent for use in others)


def _handing_over(binding: Binding, seen: Insight) -> Extent | None:
    """Where a text is handed to somebody who would take its pieces as gladly, if nothing else is done with it."""
    at = Place(Root.BINDING, binding.index)
    grown = {write.extent[0] for write in seen.file.writes_at[at]}
    takers = [
        mention.sink
        for mention in seen.flow.mentions(at)
        if isinstance(mention.sink, Call) and seen.file.called(mention.sink) in seen.words["taking in pieces"]
    ]
    others = [use for use in seen.file.uses_of[binding.index] if use.extent[0] not in grown]
    given = [use for use in others if any(call.extent[0] <= use.extent[0] < call.extent[1] for call in takers)]
    if not given or not all(use in given or use.path == _COUNTS for use in others):
        return None
    return max(use.extent for use in given)


def _is_of(use: Use, call: Call) -> bool:
    return call.extent[0] <= use.extent[0] < call.extent[1] and use.path == ("push",)


def _is_walked(use: Use, push: Call, seen: Insight) -> bool:
    """`for (const page of pages) …`, `pages.forEach(…)`, behind the loop that fills the list."""
    if use.extent[0] < push.extent[1] or use.function != push.function:
        return False
    if use.path == _WALK:
        return True
    listed = Place(Root.BINDING, use.binding)
    return not use.path and any(
        region.kind is RegionKind.LOOP
        and unwrapped(region.test) == listed
        and region.extent[0] <= use.extent[0] < region.extent[1]
        for region in seen.file.regions_in[use.function]
    )
