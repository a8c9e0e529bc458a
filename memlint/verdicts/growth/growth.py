"""What only grows: the verdict on a long-lived collection, shared by the cards that speak about them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from memlint.ledger import Insight
from memlint.model.card import Card
from memlint.model.facts import Call, ExitKind, FateKind, Function, Write
from memlint.model.finding import Answers, Confidence, Finding
from memlint.model.resource import Holder
from memlint.model.value import Compound, Place, Root, Value
from memlint.semantics.growth.collections import Collection, Feed, Hold
from memlint.semantics.growth.keys import Number
from memlint.semantics.growth.putting import FEEDS
from memlint.semantics.names import words_of
from memlint.semantics.repetition.rate import Rate
from memlint.semantics.value.objects import is_object
from memlint.semantics.value.values import inner_values, unwrapped
from memlint.verdicts.growth.answering import waits
from memlint.verdicts.growth.listening import takes_listeners
from memlint.verdicts.growth.loading import is_for_loading
from memlint.verdicts.growth.pruning import counts_down, partial
from memlint.verdicts.growth.windows import histories
from memlint.verdicts.repetition.registering import is_kept_once, is_of_few, is_registration
from memlint.verdicts.saying import finding, step

WORDS = FEEDS | {"concat", "assign"}
MARKS = (b"] =", b"]=", b"] ||=", b"] ??=", b", ...", b"[...", b"{ ...", b"{...")
"""What feeds a collection without a word of its own: `table[key] = value`, `[...list, item]`."""


def growing(seen: Insight) -> Iterator[tuple[Collection, Feed, bool]]:
    """Collections that only grow, the line that feeds them first, and whether a weak one should hold the keys."""
    told = {pruning.collection.place for pruning in partial(seen)}
    told |= {history.collection.place for history in histories(seen) if history.collection is not None}
    for collection in seen.collections:
        feed = seen.bounds.first_feed(collection)
        if feed is None or collection.place in told or seen.bounds.bound(collection, feed):
            continue
        if collection.drains and any(counts_down(one, seen) for one in collection.feeds):
            continue
        keyed = collection.kind in ("Map", "Set") and not collection.walked
        weak = keyed and is_object(feed.key, seen.file)
        if _outlives(collection, feed, seen) or (weak and _is_remembered(collection, feed, seen)):
            yield collection, feed, weak


def _outlives(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """Whether a collection lives longer than what is put in: for the process, or through many events.

    Lists that events fill are left out: most gather the pieces of one answer, or the lines of one report.
    """
    if collection.hold >= Hold.SERVICE:
        return True
    again = feed.frequency.rate is Rate.EVENT and feed.frequency.sure
    keyed = feed.key is not None and collection.kind != "array"
    if collection.hold is Hold.BRIEF or collection.drains or _is_of_one_run(collection, feed, seen):
        return False
    if collection.hold is Hold.INSTANCE and waits(feed, seen):
        return True
    if _goes_with_its_source(collection, feed, seen):
        return False
    if collection.hold is Hold.CLOSURE and waits(feed, seen):
        return True
    return again and keyed and seen.keys.number(feed.key) is Number.MANY


def _is_of_one_run(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`const rows = {}; await Promise.all(ids.map(async (id) => { rows[id] = …; }))`: made anew by what feeds it.

    Nothing between the function that makes it and the line that feeds it is called again and again.
    """
    if collection.hold is not Hold.CLOSURE:
        return False
    for function in seen.file.enclosing(feed.source.function):
        if function.index == collection.home:
            return True
        if function.fate.kind is not FateKind.RECEIVER and not _runs_with_its_parent(function, seen):
            return False
    return False


def _runs_with_its_parent(function: Function, seen: Insight) -> bool:
    """Whether the function around calls it, or hands it to something that does so before it answers, or once."""
    if function.fate.kind is FateKind.ARGUMENT:
        takers = [seen.file.facts.calls[function.fate.call]] if function.fate.call >= 0 else []
    else:
        takers = list(seen.frequencies.handed.to(function))
        callers = seen.file.callers.get(function.index, ())
        here = (call.function == function.parent for call in (*takers, *callers))
        if function.fate.kind is not FateKind.KEPT or not (takers or callers) or not all(here):
            return False
        if not takers:
            return True
    passing = seen.words["calling back at once"] | seen.words["calling back once"]
    return bool(takers) and all(seen.file.called(call) in passing for call in takers)


def _goes_with_its_source(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`server.on("connection", (ws) => { const rooms = new Set(); ws.on("message", …); })`: the rooms of one `ws`.

    What a call has made, or a callback was handed, speaks for as long as it lives itself, and holds what listens.
    """
    if collection.hold is not Hold.CLOSURE:
        return False
    for function in seen.file.enclosing(feed.source.function):
        if function.index == collection.home:
            return False
        call = seen.file.facts.calls[function.fate.call] if function.fate.call >= 0 else None
        source = call.receiver if call is not None and function.fate.kind is FateKind.ARGUMENT else None
        if source is None or seen.origins.of(source).holder is not Holder.CALL:
            continue
        binding = seen.file.binding(source)
        if binding is None or binding.kind == "parameter" or not _serves(source, seen):
            return True
    return False


def _serves(source: Place, seen: Insight) -> bool:
    """`const server = createServer()`, `new Client()`: it listens for as long as the program runs."""
    made = seen.file.maker_of(source) or seen.file.call_of(source)
    return made is not None and seen.words.any_of("serving units", words_of(seen.file.called(made))[-1:])


def _is_remembered(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`const cache = new Map(); return (chunks) => …`: what a function remembers of each object it was ever given."""
    function = seen.file.facts.functions[feed.source.function]
    if collection.hold is not Hold.CLOSURE or collection.drains or function.parent != collection.home:
        return False
    place = function.fate.place
    return function.fate.kind is FateKind.RETURNED or any(
        exit_.kind is ExitKind.RETURN and unwrapped(exit_.value) == place
        for exit_ in seen.file.exits_of.get(collection.home, ())
    )


def confidence_of(
    collection: Collection, feed: Feed, seen: Insight, *, pruned: bool = False, objects: bool = False
) -> Confidence:
    """Low where a function of this name is called while modules load, or nobody is known to call it.

    A collection that is pruned shows that entries come and go in the life of its holder, however long that may be.
    """
    if takes_listeners(collection, feed, seen) and feed.frequency.sure:
        return Confidence.MEDIUM
    number = Number.MANY if objects else _number(collection, feed, seen)
    if (
        not (feed.frequency.sure or pruned or _answers(feed, seen) or waits(feed, seen))
        or number is Number.FEW
        or (not pruned and is_for_loading(collection, feed, number, seen))
    ):
        return Confidence.LOW
    if is_registration(feed, seen) or is_of_few(collection, feed, number, seen):
        return Confidence.LOW
    if number is Number.UNKNOWN and not pruned and _is_mark(collection, feed, seen):
        return Confidence.LOW
    if collection.hold is not Hold.PROCESS and not pruned:
        return Confidence.MEDIUM if number is Number.MANY else Confidence.LOW
    return Confidence.MEDIUM if pruned or number is Number.UNKNOWN else Confidence.HIGH


def _is_mark(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`told.add(code)`, `enabled[feature] = true`: only the key is kept, and nothing says that there are many."""
    if collection.kind in ("Set", "set"):
        return not _is_instance(feed.key, seen)
    if collection.kind == "array":
        return is_kept_once(collection, feed, seen) and not _is_instance(feed.value, seen)
    return feed.value is not None and seen.file.constant(feed.value) is not None


def _is_instance(value: Value | None, seen: Insight) -> bool:
    """`instances.add(this)`: whoever is in the set keeps all that it refers to."""
    place = seen.file.resolve(inner) if isinstance(inner := unwrapped(value), Place) else None
    return place is not None and place.root is Root.SELF and not place.path


def _number_of_values(feed: Feed, seen: Insight) -> Number:
    """`if (told.includes(text)) return; told.push(text);`: a set, written as a list."""
    given = feed.source.arguments if isinstance(feed.source, Call) else ()
    text = _put_together(given[0], seen) if len(given) == 1 else None
    if text is not None:
        return Number.MANY if _is_of_traffic(text, seen) else Number.UNKNOWN
    return seen.keys.number(feed.value)


def _put_together(value: Value, seen: Insight) -> Compound | None:
    """`label + message`, or the name that it has."""
    place = unwrapped(value)
    binding = seen.file.binding(place) if isinstance(place, Place) and not place.path else None
    text = unwrapped(binding.value) if binding is not None else place
    return text if isinstance(text, Compound) and text.operator in ("+", "template") else None


def _is_of_traffic(text: Compound, seen: Insight) -> bool:
    """`"late: " + request.url`: as many texts as the world sends; what a program says itself is told by few words."""
    for part in inner_values(text):
        if isinstance(part, Place):
            start, *rest = seen.file.name_of(part).split(".")
            last = words_of(rest[-1] if rest else start)[-1:]
            if seen.words.any_of("request names", words_of(start)[-1:]):
                return True
            if seen.keys.number(part) is Number.MANY and not seen.words.any_of("what a program says", last):
                return True
    return False


def _answers(feed: Feed, seen: Insight) -> bool:
    """`load(key, (error, found) => { table[key] = found; })`: by Node's custom, called once for each call around it."""
    function = seen.file.facts.functions[feed.source.function]
    if function.fate.kind is not FateKind.ARGUMENT or len(function.parameters) < 2:
        return False
    if function.parameters[0] not in ("err", "error"):
        return False
    outer = seen.frequencies.of(function.parent, function.region)
    return outer.sure and outer.rate >= Rate.CALL


def _number(collection: Collection, feed: Feed, seen: Insight) -> Number:
    """How many entries there can be; where the key says nothing, the collection's own name may."""
    if collection.kind == "array" and _is_looked_for_first(collection, feed, seen):
        return Number.UNKNOWN
    if collection.kind == "array" and feed.key is None:
        once = is_kept_once(collection, feed, seen)
        return max(_number_of_values(feed, seen), Number.FEW) if once else Number.MANY
    if collection.kind == "array":
        return min(seen.keys.number(feed.key), Number.FEW)
    number = Number.MANY if seen.keys.is_counted(feed.key) else seen.keys.number(feed.key)
    own = words_of(collection.name.rsplit(".", 1)[-1])
    if seen.words.any_of("configuration", own) or seen.words.any_of("forms of a name", own):
        return Number.FEW
    if number is Number.UNKNOWN and any(map(seen.keys.is_kind, _subject(own, feed, seen))):
        return Number.FEW
    if number is Number.UNKNOWN and seen.words.any_of("tables of tables", own[-1:]):
        return Number.FEW
    return number


def _is_looked_for_first(collection: Collection, feed: Feed, seen: Insight) -> bool:
    """`const known = pages.find(…); if (known) return known;`: there is one for each that is asked for."""
    asked = [
        call.extent[1]
        for call in seen.flow.calls_on.get(collection.place, ())
        if call.name in ("find", "findLast") and call.function == feed.source.function
    ]
    returns = seen.file.returns_in[feed.source.function]
    at = bisect_left(returns, min(asked)) if asked else len(returns)
    return at < len(returns) and returns[at] <= feed.source.extent[0]


def _subject(own: Sequence[str], feed: Feed, seen: Insight) -> Sequence[str]:
    """What a table's name says of its keys: all of it where the key is called `name`, else `selector` of a cache."""
    if seen.keys.is_vague(feed.key):
        return own
    return own[-2:-1] if seen.words.any_of("tables", own[-1:]) else ()


def growth_finding(
    card: Card,
    seen: Insight,
    collection: Collection,
    feed: Feed,
    why: str = "nothing takes an entry out",
    drains: Sequence[Call | Write | Function] = (),
    phrase: str = "nobody calls this",
    **words: str,
) -> Finding:
    """The finding for one collection, at the line that feeds it, or where it is made if a weak one should be made.

    `drains` are what looks like an end, and `phrase` says why it is none.
    """
    file = seen.file
    extent, function = feed.source.extent, feed.source.function
    if "weak" in words:
        extent, function = collection.born, collection.home
    kept = _kept(feed.value, seen) if feed.value is not None else "entries"
    return finding(
        card,
        file,
        extent,
        function,
        confidence=confidence_of(collection, feed, seen, pruned=bool(drains), objects="weak" in words),
        answers=Answers(collection.holder, feed.frequency.phrase, why, "nobody"),
        path=(
            step(file, collection.born, collection.holder.replace("`", "")),
            step(file, feed.source.extent, "an entry for each " + ("key" if feed.key is not None else "call")),
            step(file, feed.source.extent, kept),
        ),
        near_misses=[step(file, drain.extent, phrase) for drain in drains[:3]],
        collection=collection.name,
        why=why,
        **words,
    )


def _kept(value: Value, seen: Insight) -> str:
    name = seen.file.name_of(value)
    return "the value" if name.startswith(("an expression", "'")) else name
