"""Work that lets nothing else run, in the middle of answering a request."""

from __future__ import annotations

from collections.abc import Iterator

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, Function, Write
from memlint.model.finding import Confidence, Finding
from memlint.model.value import Compound
from memlint.semantics.value.values import unwrapped
from memlint.verdicts.repetition.serving import handler_around
from memlint.verdicts.saying import finding_at

WORDS = frozenset(
    {
        "readFileSync", "writeFileSync", "appendFileSync", "copyFileSync", "cpSync", "rmSync", "execSync",
        "execFileSync", "spawnSync", "gzipSync", "gunzipSync", "deflateSync", "inflateSync", "brotliCompressSync",
        "brotliDecompressSync", "pbkdf2Sync", "scryptSync", "generateKeyPairSync",
    }
)  # fmt: skip


def visit(card: Card, seen: Insight) -> Iterator[Finding]:
    file = seen.file
    for name in sorted(seen.words["blocking calls"]):
        for call in file.calls_named.get(name, ()):
            handler = handler_around(call, seen)
            if handler is not None and not _is_kept(call, seen):
                yield _finding(card, seen, call, handler)


def _is_kept(call: Call, seen: Insight) -> bool:
    """Whether a guard lets the work be done once: `page ??= readFileSync(…)`, `page = page || readFileSync(…)`."""
    return any(
        write.extent[0] <= call.extent[0] < write.extent[1]
        and (write.operator in ("??=", "||=") or _begins_with_itself(write))
        for here in seen.file.enclosing(call.function)
        for write in seen.file.writes_in[here.index]
    )


def _begins_with_itself(write: Write) -> bool:
    """What is there already is taken before the rest."""
    value = unwrapped(write.value)
    return (
        isinstance(value, Compound) and value.operator == "choice" and write.place in map(unwrapped, value.parts[:-1])
    )


def _finding(card: Card, seen: Insight, call: Call, handler: Function) -> Finding:
    file = seen.file
    name = file.name_of(call.callee)
    where = file.describe_function(handler)
    return finding_at(
        card,
        seen,
        call,
        confidence=Confidence.LOW if call.name in seen.words["files at once"] else Confidence.MEDIUM,
        holder="every request that is under way",
        often="on every request",
        lets_go="nobody else's turn comes",
        path=(
            (handler.extent, f"{where}, once for each request"),
            (call.extent, f"{name}(): all other requests wait, with all they hold"),
        ),
        acquire=name,
    )
