"""Products of heavy jobs that a loop keeps to the end, although each could go on as soon as it is there."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.facts import MODULE, Binding, Call, Extent, RegionKind, Use
from memlint.model.finding import Confidence
from memlint.model.frozen import frozen
from memlint.model.value import Place, Root, Sequence, Value
from memlint.semantics.names import words_of
from memlint.semantics.value.values import unwrapped
from memlint.semantics.work.large import size_of
from memlint.verdicts.work.fanning import looped

_COUNTS = ("length",)
_WALK = ("forEach",)


@frozen
class Hoard:
    """The call that keeps one product more, what makes them, for which list, and where they are used at last."""

    keeps: Call
    job: Call
    items: Value
    last: Extent
    confidence: Confidence


def hoards(seen: Insight) -> Iterator[Hoard]:
    """Local lists of products that are counted, or walked one after another, and nothing else."""
    for push in seen.file.calls_named["push"]:
        binding = _local_list(push, seen)
        made = seen.file.call_of(push.arguments[0]) if binding is not None and len(push.arguments) == 1 else None
        if binding is None or made is None or not made.awaited or not _is_product(made, push.arguments[0], seen):
            continue
        items = looped(push, seen)
        last = _last_use(binding, push, seen)
        if items is not None and last is not None and not seen.lists.is_short(items):
            sure = seen.lists.is_long(items)
            yield Hoard(push, made, items, last, Confidence.MEDIUM if sure else Confidence.LOW)


def _local_list(push: Call, seen: Insight) -> Binding | None:
    """The list of a push, if a function makes it for itself, empty."""
    place = push.receiver
    binding = seen.file.binding(place) if place is not None and not place.path else None
    if binding is None or binding.function != push.function or binding.function == MODULE:
        return None
    return binding if binding.value == Sequence(()) and binding.kind in ("const", "let", "var") else None


def _is_product(made: Call, value: Value, seen: Insight) -> bool:
    """Whether what a call answers with is the whole of something: a rendered book, the content of a file."""
    if size_of(value, seen.file):
        return True
    words = words_of(seen.file.called(made))
    return bool(words) and words[0] in seen.words["making a product"] and not seen.words.any_of("small content", words)


def _last_use(binding: Binding, push: Call, seen: Insight) -> Extent | None:
    """Where the products are used last, if all that is done with them could be done with each by itself."""
    others = [use for use in seen.file.uses_of[binding.index] if not _is_of(use, push)]
    if not others or not all(use.path == _COUNTS or _is_walked(use, push, seen) for use in others):
        return None
    return max(use.extent for use in others)


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
