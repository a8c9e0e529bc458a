"""What names a file: the source itself, the program, or somebody who may hand in one of any size."""

from __future__ import annotations

import re

from memlint.model.facts import Call
from memlint.model.value import Compound, Constant, Place, Root, Value
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.names import words_of
from memlint.semantics.value.flow import Flow
from memlint.semantics.value.values import inner_values, unwrapped

_LIMIT = 5
_ANCHORS = frozenset({"__dirname", "__filename", "import.meta", "__file__"})
_JOINS = frozenset(
    {"join", "resolve", "URL", "Path", "joinpath", "fileURLToPath", "cwd", "String", "normalize", "with_name"}
)
_FILE_NAME = re.compile(r"[\w.-]+\.\w+$")


class FileNames:
    """Answers for one file."""

    def __init__(self, file: File, flow: Flow, lists: WordLists) -> None:
        self.file = file
        self.flow = flow
        self.lists = lists

    def is_small(self, path: Value) -> bool:
        """Whether the file is one the source itself names, or the name says that it is a small one."""
        return self._is_fixed(path, 0) or self.lists.any_of("small content", self.words(path))

    def _is_fixed(self, value: Value | None, depth: int) -> bool:
        """Whether the source itself spells the file's name, or at least its last part."""
        value = unwrapped(value)
        if depth > _LIMIT or value is None:
            return False
        if self.file.constant(value) is not None:
            return True
        if isinstance(value, Compound):
            return self._is_fixed_compound(value, depth)
        if not isinstance(value, Place):
            return False
        if value.root is Root.GLOBAL:
            return value.key in _ANCHORS
        call = self.file.facts.calls[int(value.key)] if value.root is Root.RESULT else self.file.call_of(value)
        if call is not None:
            return self._is_fixed_call(call, depth)
        binding = self.file.binding(value)
        if binding is None or binding.kind == "parameter":
            return False
        written_once = len(self.file.writes_at[Place(Root.BINDING, binding.index)]) == 1
        return written_once and self._is_fixed(binding.value, depth + 1)

    def _is_fixed_compound(self, value: Compound, depth: int) -> bool:
        if value.operator == "choice":
            return any(self._is_fixed(part, depth + 1) for part in value.parts)
        if value.operator not in ("template", "+", "/", "member") or not value.parts:
            return False
        first, last = self.file.constant(value.parts[0]), self.file.constant(value.parts[-1])
        if first is not None and str(first.value).startswith(("/proc/", "/sys/")):
            return True
        if value.operator != "member" and last is not None and _FILE_NAME.search(str(last.value)):
            return True
        return all(self._is_fixed(part, depth + 1) for part in value.parts)

    def _is_fixed_call(self, call: Call, depth: int) -> bool:
        """`join(root, "package.json")`, `new URL("./x", import.meta.url)`, `join(__dirname, name)`."""
        if self.file.called(call) not in _JOINS or not call.arguments:
            return False
        first, last = call.arguments[0], self.file.constant(call.arguments[-1])
        if last is not None and _FILE_NAME.search(str(last.value)):
            return True
        if isinstance(first, Place) and first.key in _ANCHORS:
            return True
        return all(self._is_fixed(argument, depth + 1) for argument in call.arguments)

    def is_large(self, path: Value) -> bool:
        """Whether a word of the name says that its users decide how large it is."""
        return self.lists.any_of("large content", self.words(path))

    def is_given(self, value: Value | None, depth: int = 0) -> bool:
        """Whether the command line names the file: `process.argv[2]`, `sys.argv[1]`."""
        for inner in inner_values(value):
            if not isinstance(inner, Place) or depth > _LIMIT:
                continue
            if inner.path[:1] == ("argv",):
                return True
            binding = self.file.binding(inner)
            if binding is not None and binding.kind not in ("parameter", "import"):
                if self.is_given(binding.value, depth + 1):
                    return True
        return False

    def words(self, path: Value) -> set[str]:
        """All words in the names that a path is made of."""
        found: set[str] = set()
        for inner in inner_values(path):
            if isinstance(inner, Place):
                name = self.file.name_of(inner)
                found |= set(words_of(name))
                call = self.file.call_of(inner)
                for argument in call.arguments if call is not None and self.file.called(call) in _JOINS else ():
                    found |= self.words(argument)
            elif isinstance(inner, Constant) and isinstance(inner.value, str):
                found |= {*words_of(inner.value), inner.value.rpartition(".")[2].lower()}  # `.sha256` is one word
        return found

    def is_of_own_making(self, path: Value) -> bool:
        """`const tempLog = `${name}.log`;`: a file for a while, of a name that the program puts together itself."""
        binding = self.file.binding(path) if isinstance(path, Place) and not path.path else None
        if binding is None or binding.kind in ("parameter", "import") or binding.member or binding.value is None:
            return False
        return self.lists.any_of("for a while", words_of(binding.name))

    def is_of_the_program(self, path: Value, depth: int = 0) -> bool:
        """Whether the program itself chose the file: an imported or module-level name, not something it was given."""
        path = unwrapped(path) or path
        if depth > 4:
            return False
        if isinstance(path, Compound):
            return bool(path.parts) and all(self.is_of_the_program(part, depth + 1) for part in path.parts)
        if not isinstance(path, Place):
            return True
        place = self.flow.canonical(path) or path
        if place.root is Root.GLOBAL:
            given = place.key == "process" and place.path[:1] in (("argv",), ("env",))
            return not given and (place.key in _ANCHORS or place.key == "process" or str(place.key).isupper())
        if place.root is Root.RESULT:
            call = self.file.facts.calls[int(place.key)]
            if self.file.called(call) in _JOINS and call.arguments:
                return all(self.is_of_the_program(argument, depth + 1) for argument in call.arguments)
            return self.file.called(call) in ("require", "homedir", "tmpdir", "cwd")
        binding = self.file.binding(place)
        if binding is None or binding.kind == "parameter":
            return False
        if binding.kind == "import" or binding.function == 0:
            return True
        writes = self.file.writes_at[Place(Root.BINDING, binding.index)]
        return bool(writes) and all(
            write.value is not None and self.is_of_the_program(write.value, depth + 1) for write in writes
        )
