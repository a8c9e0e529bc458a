"""Something that a component acquires after a wait, when its teardown may have run already."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.finding import Finding
from memlint.verdicts.release.late import Late, late
from memlint.verdicts.saying import finding_at

WORDS = frozenset(
    {
        "connectedCallback", "componentDidMount", "firstUpdated", "hostConnected", "mounted", "ngOnInit",
        "ngAfterViewInit", "didInsertElement", "useEffect", "useLayoutEffect", "onMounted", "onMount", "createEffect",
    }
)  # fmt: skip


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    for one in late(seen):
        yield _finding(card, seen, one)


def _finding(card: Card, seen: Insight, one: Late) -> Finding:
    file, life = seen.file, one.life
    acquired = file.name_of(life.call.callee)
    end = f"{one.teardown.name}()" if one.teardown.name else "the returned function"
    return finding_at(
        card,
        seen,
        life.call,
        confidence=one.confidence,
        holder=life.origin.phrase,
        often="each time the owner goes while it waits",
        lets_go=f"nothing any more: {end} has run",
        path=(
            (one.hook.extent, f"{file.describe_function(one.hook)}, when the owner comes"),
            (one.wait, "a wait, in which the owner may go"),
            (one.teardown.extent, f"{end}, which finds nothing yet"),
            (life.call.extent, f"{acquired}: nobody will end this {life.resource.noun}"),
        ),
        acquire=acquired,
        noun=life.resource.noun,
        end=end,
    )
