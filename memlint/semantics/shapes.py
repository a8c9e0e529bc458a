"""Shapes against calls: what fills a table row's holes."""

from __future__ import annotations

from collections.abc import Sequence

from memlint.model.exchange import Import
from memlint.model.facts import Call
from memlint.model.resource import Shape, is_keyword
from memlint.model.value import Compound, Constant, Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.fitting import FITTING
from memlint.semantics.names import words_of
from memlint.semantics.value.values import chosen_receiver, keyword_of

ANY = ("*",)
"""As modules: a name counts wherever it comes from."""
_GLOBAL_OBJECTS = frozenset({"window", "globalThis", "global", "self", "timers"})
_WINDOWS = frozenset({"window", "defaultView", "contentWindow"})
"""Members that hold a window: `this.browser.window.setTimeout(…)`."""
_CHAIN = 30
"""More calls than anybody chains."""
_OF_EVENTS = frozenset({"removeListener", "off", "$off", "removeAllListeners", "unbind", "die", "undelegate"})
"""Releases that take off more, or by the listener alone, if told of no event: with one, they are another shape."""
_OPTIONAL = frozenset({"$options", "$delay"})


def match(
    shape: Shape, call: Call, file: File, modules: Sequence[str], *, lenient: bool = False
) -> dict[str, Value] | None:
    """What fills the holes of a shape if the call has it; `lenient` lets a release leave arguments out."""
    holes: dict[str, Value] = dict(shape.given)
    if shape.helper is not None:  # the caller knows that it runs the helper
        if shape.awaited and not call.awaited:
            return None
        if shape.receiver and call.receiver is not None:
            holes[shape.receiver] = call.receiver
    elif shape.calls_hole:
        holes[shape.name] = call.callee
    elif not _match_callee(shape, call, file, holes, modules):
        return None
    if not _match_arguments(shape, call, file, holes, lenient=lenient):
        return None
    if not lenient and not all(fits(holes, call, file) for hole, fits in FITTING.items() if hole in holes):
        return None
    if shape.result:
        result = called_back(call, file) if shape.calls_back else Place(Root.RESULT, call.index)
        if result is None:
            return None
        holes[shape.result] = result
    return holes


def called_back(call: Call, file: File) -> Place | None:
    """What a callback of this file gets behind an error, `(error, handle) => …`, and nothing more."""
    function, position = file.taking(call.arguments[-1] if call.arguments else None)
    if function is None or position or len(file.facts.functions[function].parameters) != 2:
        return None
    given = (one for one in file.parameters_of.get(function, ()) if one.position == 1 and not one.member)
    return next((Place(Root.BINDING, binding.index) for binding in given), None)


def _match_callee(shape: Shape, call: Call, file: File, holes: dict[str, Value], modules: Sequence[str]) -> bool:
    if not is_named(shape, file.called(call)) or (shape.constructs and not call.constructs):
        return False
    return _match_receiver(shape, call, file, holes, modules)


def is_named(shape: Shape, name: str) -> bool:
    """Whether a name is the shape's: the same, or one more of those that it begins (`on*`)."""
    if not shape.name.endswith("*"):
        return name == shape.name
    start = shape.name[:-1]
    return name.startswith(start) and name[len(start) :][:1].isupper()


def _match_receiver(shape: Shape, call: Call, file: File, holes: dict[str, Value], modules: Sequence[str]) -> bool:
    receiver = _head(call.receiver, shape, file)
    callee = call.callee
    if not shape.receiver.startswith("$") and (meant := file.global_of(callee)) is not None and not shape.chained:
        callee, receiver = meant, Place(meant.root, meant.key, meant.path[:-1]) if meant.path else None
    if not shape.receiver:
        if receiver is None:
            if not isinstance(callee, Place):
                return False
            known = _is_ambient(callee, file, modules) or _is_global(callee, shape.globals)
            return known or _is_imported_helper(shape, callee, file)
        last = receiver.path[-1] if receiver.path else receiver.key
        if (receiver.root is Root.GLOBAL and not receiver.path and last in _GLOBAL_OBJECTS) or last in _WINDOWS:
            return not modules or modules == ANY or shape.name in shape.globals
        from_there = _is_module(receiver, file, modules or ("timers",))
        return modules == ANY or from_there or _is_global(receiver, shape.globals)
    if shape.receiver.startswith("$"):
        chosen = chosen_receiver(callee) if receiver is None else None
        if isinstance(chosen, Compound) and (modules == ANY or not (modules or shape.named)):
            holes[shape.receiver] = chosen
            return True
        if receiver is None or not _is_known_receiver(shape, receiver, file, modules):
            return False
        holes[shape.receiver] = receiver
        return True
    return receiver is not None and _is_fixed_receiver(shape, receiver, file, modules)


def _head(receiver: Place | None, shape: Shape, file: File) -> Place | None:
    """What the first of several chained calls was called on."""
    for _ in range(_CHAIN if shape.chained else 0):
        call = file.call_of(receiver) if receiver is not None and not receiver.path else None
        if call is None or file.called(call) not in shape.chained or call.receiver is None:
            break
        receiver = call.receiver
    return receiver


def _is_known_receiver(shape: Shape, receiver: Place, file: File, modules: Sequence[str]) -> bool:
    """Whether the row may ask it of this receiver: anything, or what the modules made, or what its name tells."""
    if modules == ANY or not (modules or shape.named):
        return True
    if shape.named and _is_told_by_name(shape.named, receiver, file):
        return True
    return _is_module(receiver, file, modules) or _is_made_by(receiver, file, modules)


def _is_told_by_name(named: Sequence[str], receiver: Place, file: File) -> bool:
    """Whether a last name holds one of the words, begins with `$` (`$*`) or ends with it (`$`).

    A pipe is named after its source. `$` alone is what makes elements, `$(…)`, or a bag of helpers, `$.on(element, …)`.
    """
    for _ in range(8):
        call = file.call_of(receiver) if not receiver.path else None
        if call is None or file.called(call) != "pipe" or call.receiver is None:
            break
        receiver = call.receiver
    written = receiver.path[-1] if receiver.path else file.name_of(receiver)
    imported = receiver.root is Root.BINDING and int(receiver.key) in file.imports  # `const dom = require("./dom")`
    last = file.called(call) if call is not None and not imported else written
    bare = call is None or imported
    begins = any(one.endswith("*") and last.startswith(one[:-1]) and not (bare and last == one[:-1]) for one in named)
    known = {*words_of(last), *(words_of(_module_of(receiver, file)) if imported else ())}
    return begins or last in named or (last.endswith("$") and "$" in named) or not known.isdisjoint(named)


def _module_of(receiver: Place, file: File) -> str:
    """The name of a file of the project that was imported as a whole: `const dis = require("../dispatcher")`."""
    entry = file.imports[int(receiver.key)]
    whole = entry.name in ("*", "default") and entry.module.startswith(".") and not receiver.path
    return entry.module.rsplit("/", 1)[-1].partition(".")[0] if whole else ""


def _is_fixed_receiver(shape: Shape, receiver: Place, file: File, modules: Sequence[str]) -> bool:
    """`navigator.geolocation` as it is written; or `editor` as a part of one of the modules."""
    name = file.name_of(receiver)
    first, _, rest = name.partition(".")
    name = rest if rest and first in _GLOBAL_OBJECTS else name
    if not modules or modules == ANY:
        return name == shape.receiver
    if receiver.root is Root.GLOBAL:
        return receiver.key in shape.globals and name.endswith(shape.receiver)
    entry = file.imports.get(int(receiver.key)) if receiver.root is Root.BINDING else None
    if entry is None or not is_of(entry.module, modules):
        return False
    inside = () if entry.name in ("*", "default") else (entry.name,)
    return ".".join((*inside, *receiver.path)) == shape.receiver


def _is_global(place: Place, names: Sequence[str]) -> bool:
    """What a script tag has put there, and nothing in the file declares."""
    return place.root is Root.GLOBAL and not place.path and place.key in names


def is_of(module: str, wanted: Sequence[str]) -> bool:
    """Whether a module is one of these; `@tiptap/*` stands for all parts of it, and `fs` for `node:fs` too."""
    bare = module.removeprefix("node:")
    return any(one in (bare, module) or (one.endswith("/*") and bare.startswith(one[:-1])) for one in wanted)


def _is_ambient(callee: Place, file: File, modules: Sequence[str]) -> bool:
    """A plain name that is not the file's own: a global, or an import (of one of the modules, if any are named)."""
    if callee.root is Root.GLOBAL:
        return not modules or modules == ANY
    if modules == ANY:
        return callee.root is Root.BINDING
    if callee.root is not Root.BINDING:
        return False
    entry = file.imports.get(int(callee.key))
    if entry is None:
        return False
    return is_of(entry.module, modules or ("timers",))


def _is_imported_helper(shape: Shape, callee: Place, file: File) -> bool:
    """`import { on } from "./dom"`: a function of another file that is handed the target first."""
    return shape.arguments[:1] == ("$target",) and callee.root is Root.BINDING and int(callee.key) in file.imports


def is_function(call: Call, dotted: str, file: File) -> bool:
    """Whether a call is of `json.load` (through any import of it), of a built-in (`list`), or a method (`.write`)."""
    module, _, name = dotted.rpartition(".")
    callee = call.callee
    if file.called(call) != name or not isinstance(callee, Place):
        return False
    if dotted.startswith("."):
        return call.receiver is not None
    if not module:
        return callee.root is Root.GLOBAL and not callee.path
    if callee.root is not Root.BINDING:
        return False
    entry = file.imports.get(int(callee.key))
    return entry is not None and module in _modules(entry, callee.path[:-1])


def _is_module(receiver: Place, file: File, modules: Sequence[str]) -> bool:
    if receiver.root is not Root.BINDING:
        return False
    entry = file.imports.get(int(receiver.key))
    if entry is None:
        return False
    if not receiver.path and is_of(entry.module, modules):
        return True
    return file.is_open_by_default and any(module in modules for module in _modules(entry, receiver.path))


def _modules(entry: Import, path: Sequence[str]) -> tuple[str, str]:
    """The modules that a path may mean: of `import urllib.request`, `from concurrent import futures`, `node:fs`."""
    module = entry.module.removeprefix("node:")
    return ".".join((module, *path)), ".".join((module, entry.name, *path))


def _is_made_by(receiver: Place, file: File, modules: Sequence[str]) -> bool:
    """A value that a function or class of one of the modules made: `Path(name).open()`."""
    made = file.call_of(receiver) or file.maker_of(receiver)
    callee = made.callee if made is not None else None
    return isinstance(callee, Place) and _is_module(Place(callee.root, callee.key), file, modules)


def _match_arguments(shape: Shape, call: Call, file: File, holes: dict[str, Value], *, lenient: bool) -> bool:
    arguments = call.arguments
    for position, wanted in enumerate(shape.arguments):
        if is_keyword(wanted):
            if _is_given(wanted, call, file):
                continue
            return False
        if wanted == "...":
            return True
        if position >= len(arguments):
            return wanted in _OPTIONAL
        if wanted.startswith("$"):
            holes[wanted] = arguments[position]
        else:
            constant = file.constant(arguments[position])
            if constant is None or constant != Constant(wanted.strip("'\"")):
                return False
    extra = len(arguments) > len(shape.arguments) and shape.helper is None
    if extra and len(shape.arguments) <= 1 and not lenient:
        return False
    return not (lenient and extra and len(shape.arguments) < 2 and shape.name in _OF_EVENTS)


def _is_given(keyword: str, call: Call, file: File) -> bool:
    """Whether a call in Python gives a keyword this value; `None` may be left out."""
    name, _, wanted = keyword.partition("=")
    given = keyword_of(call, name)
    return given in (None, Constant(None)) if wanted == "None" else file.constant(given) == Constant(wanted == "True")
