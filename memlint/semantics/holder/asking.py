"""What a call answers with that was there before: a value from above, the one instance."""

from __future__ import annotations

from memlint.model.facts import Call
from memlint.model.resource import Holder
from memlint.model.value import Place
from memlint.model.words import WordLists
from memlint.semantics.file import File
from memlint.semantics.holder.holders import Origin
from memlint.semantics.names import is_hook_name, words_of


def is_handed_down(call: Call, file: File, words: WordLists) -> bool:
    """Whether a component asks those above it: `useContext(SocketContext)`, `inject("bus")`, `useSocket()`."""
    name = file.called(call)
    if call.receiver is not None or call.constructs:
        return False
    if name in words["asking those above"]:
        return True
    return is_hook_name(name) and not call.arguments and words_of(name)[-1] in words["outliving owners"]


def is_the_one_there_is(call: Call, receiver: Origin | None, file: File, words: WordLists) -> bool:
    """Whether everybody who asks gets the same: `Bus.getInstance()`, `peg.get()`, `getClient()` of an import."""
    name = words_of(file.called(call))
    if not name or call.constructs:
        return False
    if call.arguments:
        return receiver is not None and _is_looked_up(name[0], call, receiver, file, words)
    if name[-1] in words["names of the one instance"]:
        return True
    if name[0] not in words["asking for the one"] or name[-1] in words["made when asked for"]:
        return False
    if receiver is not None:
        return receiver.holder is Holder.PROCESS and receiver.sure
    binding = file.binding(call.callee) if isinstance(call.callee, Place) else None
    return binding is not None and (binding.kind == "import" or binding.index in file.imports)


def _is_looked_up(verb: str, call: Call, receiver: Origin, file: File, words: WordLists) -> bool:
    """`RoomCache.getRoom(id)`: who asks again by the same key gets the same, out of what the program keeps."""
    if verb not in words["asking for the one"] or receiver.holder is not Holder.PROCESS or not receiver.sure:
        return False
    keeper = words_of(file.name_of(call.receiver).rsplit(".", 1)[-1])[-1:]
    return bool(keeper) and keeper[0] in words["keepers of what is shared"]
