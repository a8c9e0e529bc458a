"""Reads of a whole file: where they are, what names the file, and what is done with the content."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from memlint.model.facts import Call, ExitKind, FateKind
from memlint.model.frozen import frozen
from memlint.model.value import Closure, Compound, Place, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.filenames import FileNames
from memlint.semantics.names import words_of
from memlint.semantics.tables import Index, indexed
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.sameness import Sames
from memlint.semantics.value.values import inner_values, unwrapped

_FS_MODULES = frozenset(
    {"fs", "node:fs", "fs/promises", "node:fs/promises", "fs-extra", "graceful-fs", "original-fs", "memfs"}
)
_FS_READS = frozenset({"readFile", "readFileSync"})
_PYTHON_READS = frozenset({"read", "readlines", "read_text", "read_bytes"})
_PYTHON_LOADS = frozenset({"load"})
_OPENERS = frozenset({"io", "codecs", "os", "aiofiles", "anyio"})
"""Modules whose `open` opens a file as it is, not a compressed one."""
_WRITES = frozenset({"writeFile", "writeFileSync", "outputFile", "outputJson", "writeJson", "write_text"})
_CUTS = frozenset({"split", "splitlines"})
_SAME_TEXT = frozenset({"toString", "trim", "decode", "trimEnd", "strip"})
_REWRITTEN = frozenset({"replace"})
_SLICES = frozenset({"slice", "subarray", "substring", "substr"})


@frozen
class Read:
    """One read of a whole file: the call, and what names the file."""

    call: Call
    path: Value


class Reads:
    """The whole-file reads of one file."""

    def __init__(self, file: File, flow: Flow, lists: WordLists) -> None:
        self.file = file
        self.flow = flow
        self.lists = lists
        self.names = FileNames(file, flow, lists)

    def found(self) -> Iterator[Read]:
        """All of them, in source order."""
        reads = self._python() if self.file.facts.language == "python" else self._javascript()
        yield from sorted(reads, key=lambda read: read.call.extent)

    def _javascript(self) -> Iterator[Read]:
        for name in _FS_READS:
            for call in self.file.calls_named.get(name, ()):
                if call.arguments and self._is_fs(call):
                    yield Read(call, call.arguments[0])

    def _is_fs(self, call: Call) -> bool:
        receiver = call.receiver
        if receiver is None:
            entry = self._import(call.callee)
            return entry is not None and entry in _FS_MODULES
        base = self.file.resolve(receiver)
        if base.root is Root.GLOBAL:
            return base.key in _FS_MODULES
        if base.root is Root.RESULT:
            made = self.file.facts.calls[int(base.key)]
            module = self.file.constant(made.arguments[0]) if made.arguments else None
            return self.file.called(made) == "require" and module is not None and module.value in _FS_MODULES
        entry = self._import(Place(base.root, base.key))
        return entry is not None and entry in _FS_MODULES

    def _import(self, value: Value) -> str | None:
        if isinstance(value, Place) and value.root is Root.BINDING:
            entry = self.file.imports.get(int(value.key))
            return entry.module if entry is not None else None
        return None

    def _python(self) -> Iterator[Read]:
        for name in _PYTHON_READS:
            for call in self.file.calls_named.get(name, ()):
                if not call.arguments and call.receiver is not None:
                    path = self._opened(call.receiver) if name in ("read", "readlines") else call.receiver
                    if path is not None:
                        yield Read(call, path)
        for name in _PYTHON_LOADS:
            for call in self.file.calls_named.get(name, ()):
                if call.arguments and self.file.name_of(call.receiver) in ("json", "pickle", "yaml", "toml", "tomllib"):
                    path = self._opened(call.arguments[0])
                    if path is not None:
                        yield Read(call, path)

    def _opened(self, value: Value) -> Value | None:
        """What names the file that `value` was opened from."""
        call = self.file.call_of(value)
        if call is None or self.file.called(call) != "open":
            return None
        receiver = call.receiver
        if receiver is None or self._import(receiver) in _OPENERS:
            return call.arguments[0] if call.arguments else None
        is_path = self._import(receiver) is None and receiver != Place(Root.SELF, receiver.key)
        return receiver if is_path else None

    def is_own_state(self, read: Read) -> bool:
        """Whether this file also writes what it reads here: its own settings or state, as large as it made them."""
        return next(self._written.of(read.path), None) is not None

    @cached_property
    def _written(self) -> Sames[Call]:
        """Writes of a file, by what names the file."""
        calls = (call for name in _WRITES for call in self.file.calls_named[name])
        return Sames(((call.arguments[0], call) for call in calls if call.arguments), self.flow)

    def is_parsed_whole(self, read: Read) -> bool:
        """Whether the content goes into a parser that wants all of it, and nothing says that it is much."""
        names = {name for place in self._content(read.call) for name in self._parsed[place]}
        return bool(names - {"parse", "load"}) or (bool(names) and not self.is_named_large(read))

    def is_of_small(self, read: Read) -> bool:
        """`Templates.compile(path)`, `loadIcon(src)`: what reads the file is named after the small ones it reads."""
        named = set(words_of(self.file.owner_name(read.call.function)))
        return self.lists.any_of("small content", named - self.lists["checksums"])  # they are made of what may be large

    def is_named_large(self, read: Read) -> bool:
        """Whether the file, or what its content is called here, has the name of something that grows with its users."""
        if self.names.is_large(read.path):
            return True
        names = {place for place in self._content(read.call) if place.root in (Root.BINDING, Root.SELF)}
        if read.call.receiver is not None:
            names.add(read.call.receiver)
        words = {word for place in names for word in words_of(self.file.name_of(place))}
        return self.lists.any_of("large content", words) or self._is_answer_large(read)

    def _is_answer_large(self, read: Read) -> bool:
        """A function is named after what it answers with: `load_manuscript`."""
        for exit_ in self.flow.journey(Place(Root.RESULT, read.call.index)).returned:
            words = words_of(self.file.facts.functions[exit_.function].name)
            if self.lists.any_of("large content", words) and not self.lists.any_of("small content", words):
                return True
        return False

    def is_passed_on(self, read: Read) -> bool:
        """Whether the content goes, as it is, to somebody who would take a stream: an answer, a hash, another file."""
        places = self._content(read.call)
        if any(call.index != read.call.index for place in places for call in self._taken_in_pieces[place]):
            return True
        fields = self.lists["payload fields"]
        return any(
            mention.inside is not None and mention.inside[-1] in fields
            for place in places
            for mention in self.flow.mentions(place)
        )

    def is_of_many(self, read: Read) -> bool:
        """Whether a loop takes all lines of one file after another: whose lines could be walked over instead."""
        return self.file.called(read.call) == "readlines" and self.file.in_loop(read.call.region, read.call.function)

    def _takes_pieces(self, call: Call) -> bool:
        """A method's name is not enough: `hash.update` takes pieces, `state.update` does not."""
        if call.receiver is None or self._is_fs(call) or len(words_of(self.file.called(call))) > 1:
            return True
        return self.lists.any_of("receiving ends", words_of(self.file.name_of(call.receiver)))

    @cached_property
    def _taken_in_pieces(self) -> Index[Place, Call]:
        """Calls that would take a stream as well, by what they are given."""
        found: dict[Place, list[Call]] = {}
        for call in (call for name in self.lists["taking in pieces"] for call in self.file.calls_named[name]):
            if self._takes_pieces(call):
                for place in (place for value in call.arguments for place in self._sources(value, changed=False)):
                    found.setdefault(place, []).append(call)
        return Index(found)

    @cached_property
    def _parsed(self) -> Index[Place, str]:
        """The names of the parsers that something is given to."""
        found: dict[Place, list[str]] = {}
        for name in self.lists["content parsers"]:
            for argument in (argument for call in self.file.calls_named[name] for argument in call.arguments):
                for place in self._sources(argument):
                    found.setdefault(place, []).append(name)
        return Index(found)

    def is_measured(self, read: Read) -> bool:
        """Whether the size is asked, and a large file refused, before it is read."""
        for call in self.file.calls_in[read.call.function]:
            if call.extent[0] < read.call.extent[0]:
                if self.file.called(call) in ("stat", "statSync", "lstat", "fstat", "getsize", "lstatSync"):
                    return self._is_size_tested(read)
        return False

    def _is_size_tested(self, read: Read) -> bool:
        for region in self.file.regions_in[read.call.function]:
            if region.test is not None:
                for inner in inner_values(region.test):
                    if isinstance(inner, Place) and (inner.path[-1:] == ("size",) or self._is_size(inner)):
                        return True
        return False

    def _is_size(self, place: Place) -> bool:
        binding = self.file.binding(place)
        return binding is not None and (binding.member[-1:] == ("size",) or binding.name in ("size", "bytes", "length"))

    # The content

    def pieces(self, read: Read) -> tuple[Call, str] | None:
        """The call that cuts the content into pieces, and a verb for it."""
        places = self._content(read.call)
        cuts = [cut for place in places for cut in self._cuts[place]]
        if cuts:
            _, call, verb = min(cuts, key=lambda cut: cut[0])
            return call, verb
        if not places.isdisjoint(self._sliced):
            return read.call, "hands out pieces of"
        return None

    @cached_property
    def _cuts(self) -> Index[Place, tuple[int, Call, str]]:
        """What this file cuts into pieces: the calls that do, numbered, with a verb."""
        calls = [call for name in sorted(_CUTS | _SLICES) for call in self.file.calls_named[name]]
        found: dict[Place, list[tuple[int, Call, str]]] = {}
        for number, call in enumerate(calls):
            splits = self.file.called(call) in _CUTS
            if splits or self.file.in_loop(call.region, call.function):
                for place in self._sources(call.receiver):
                    found.setdefault(place, []).append((number, call, "splits" if splits else "hands out pieces of"))
        return Index(found)

    def is_handed_out(self, read: Read) -> bool:
        """Whether pieces of the content go out one by one, to a consumer that could have waited for each of them."""
        cut = self.pieces(read)
        if cut is None:
            return False
        piece = cut[0]
        taker = self.file.facts.calls[piece.fate.call] if piece.fate.kind is FateKind.ARGUMENT else None
        waited = taker is not None and taker.awaited
        return waited or self.file.facts.functions[piece.function].is_generator

    def _content(self, call: Call) -> set[Place]:
        places = set(self.flow.journey(Place(Root.RESULT, call.index)).places)
        for argument in call.arguments:
            if isinstance(argument, Closure):
                places |= self._parameters(argument.function, 1)
        for then in self._followed_by[Place(Root.RESULT, call.index)]:
            if then.arguments:
                handler = self.file.function_at(then.arguments[0])
                if handler is not None:
                    places |= self._parameters(handler, 0)
        return places

    @cached_property
    def _followed_by(self) -> Index[Place | None, Call]:
        """`then` by what it is called on."""
        return indexed(self.file.calls_named["then"], lambda call: call.receiver)

    def _parameters(self, function: int, position: int) -> set[Place]:
        found: set[Place] = set()
        for binding in self.file.parameters_of[function]:
            if binding.position == position:
                found |= self.flow.journey(Place(Root.BINDING, binding.index)).places
        return found

    def _sources(self, value: Value | None, *, changed: bool = True) -> Iterator[Place]:
        """The place of a value, and of what its text was made; `changed` lets a rewritten text pass as well."""
        passing = _SAME_TEXT | _REWRITTEN if changed else _SAME_TEXT
        receiver = unwrapped(value)
        for _ in range(4):
            if not isinstance(receiver, Place):
                return
            place = self.flow.canonical(receiver) or receiver
            yield place
            if place.root is not Root.RESULT or place.path:
                return
            inner = self.file.facts.calls[int(place.key)]
            if self.file.called(inner) not in passing:
                return
            receiver = inner.receiver

    @cached_property
    def _sliced(self) -> frozenset[Place | None]:
        """Python: `words[at:at + n]` in a loop."""
        return frozenset(
            self.flow.canonical(inner.parts[0])
            for exit_ in self.file.facts.exits
            if exit_.kind is ExitKind.YIELD and self.file.in_loop(exit_.region, exit_.function)
            for inner in inner_values(exit_.value)
            if isinstance(inner, Compound) and inner.operator == "slice" and inner.parts
        )
