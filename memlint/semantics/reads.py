"""Reads of a whole file: where they are, what names the file, and what is done with the content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from memlint.model.facts import Call, Closure, Compound, FateKind, Place, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File, inner_values, unwrapped
from memlint.semantics.filenames import FileNames
from memlint.semantics.flow import Flow
from memlint.semantics.names import words_of

_FS_MODULES = frozenset(
    {"fs", "node:fs", "fs/promises", "node:fs/promises", "fs-extra", "graceful-fs", "original-fs", "memfs"}
)
_FS_READS = frozenset({"readFile", "readFileSync"})
_PYTHON_READS = frozenset({"read", "readlines", "read_text", "read_bytes"})
_PYTHON_LOADS = frozenset({"load"})
_OPENERS = frozenset({"io", "codecs", "os", "aiofiles", "anyio"})
"""Modules whose `open` opens a file as it is, not a compressed one."""
_WRITES = frozenset({"writeFile", "writeFileSync", "outputFile", "outputJson", "writeJson", "write_text"})
_CUTS = frozenset({"split", "splitlines", "match", "matchAll"})
_SAME_TEXT = frozenset({"toString", "trim", "decode", "trimEnd", "strip"})
_REWRITTEN = frozenset({"replace"})
_SLICES = frozenset({"slice", "subarray", "substring", "substr"})


@dataclass(frozen=True, slots=True)
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
        return any(
            call.arguments and self.flow.same(call.arguments[0], read.path)
            for name in _WRITES
            for call in self.file.calls_named.get(name, ())
        )

    def is_parsed_whole(self, read: Read) -> bool:
        """Whether the content goes into a parser that wants all of it, and nothing says that it is much."""
        names = {self.file.called(call) for call in self._takers(read)} & self.lists["content parsers"]
        return bool(names - {"parse", "load"}) or (bool(names) and not self.is_named_large(read))

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
        for call in self.file.facts.calls:
            if self.file.called(call) in self.lists["taking in pieces"] and call.index != read.call.index:
                given = [argument for argument in call.arguments if self._comes_from(argument, places, changed=False)]
                if given and self._takes_pieces(call):
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

    def _takers(self, read: Read) -> list[Call]:
        places = self._content(read.call)
        return [
            call for call in self.file.facts.calls for argument in call.arguments if self._comes_from(argument, places)
        ]

    def is_measured(self, read: Read) -> bool:
        """Whether the size is asked, and a large file refused, before it is read."""
        for call in self.file.facts.calls:
            if call.function == read.call.function and call.extent[0] < read.call.extent[0]:
                if self.file.called(call) in ("stat", "statSync", "lstat", "fstat", "getsize", "lstatSync"):
                    return self._is_size_tested(read)
        return False

    def _is_size_tested(self, read: Read) -> bool:
        for region in self.file.facts.regions:
            if region.function == read.call.function and region.test is not None:
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
        for name in sorted(_CUTS | _SLICES):
            for call in self.file.calls_named.get(name, ()):
                receiver = call.receiver
                if receiver is None or name in ("match", "matchAll"):
                    continue
                if self._comes_from(receiver, places):
                    if name in _CUTS:
                        return call, "splits"
                    if self.file.in_loop(call.region, call.function):
                        return call, "hands out pieces of"
        if self._is_sliced_in_loop(places):
            return read.call, "hands out pieces of"
        return None

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
        for then in self.file.calls_named.get("then", ()):
            if then.receiver == Place(Root.RESULT, call.index) and then.arguments:
                handler = self.file.function_at(then.arguments[0])
                if handler is not None:
                    places |= self._parameters(handler, 0)
        return places

    def _parameters(self, function: int, position: int) -> set[Place]:
        found: set[Place] = set()
        for binding in self.file.facts.bindings:
            if binding.kind == "parameter" and binding.function == function and binding.position == position:
                found |= self.flow.journey(Place(Root.BINDING, binding.index)).places
        return found

    def _comes_from(self, value: Value, places: set[Place], *, changed: bool = True) -> bool:
        """Whether a value is the content, or its text; `changed` lets a rewritten text pass as well."""
        passing = _SAME_TEXT | _REWRITTEN if changed else _SAME_TEXT
        receiver = unwrapped(value)
        for _ in range(4):
            if not isinstance(receiver, Place):
                return False
            place = self.flow.canonical(receiver) or receiver
            if place in places:
                return True
            if place.root is not Root.RESULT or place.path:
                return False
            inner = self.file.facts.calls[int(place.key)]
            if self.file.called(inner) not in passing or inner.receiver is None:
                return False
            receiver = inner.receiver
        return False

    def _is_sliced_in_loop(self, places: set[Place]) -> bool:
        """Python: `words[at:at + n]` in a loop."""
        for exit_ in self.file.facts.exits:
            if exit_.kind == "yield" and self.file.in_loop(exit_.region, exit_.function):
                for inner in inner_values(exit_.value):
                    if isinstance(inner, Compound) and inner.operator == "slice" and inner.parts:
                        if self.flow.canonical(inner.parts[0]) in places:
                            return True
        return False
