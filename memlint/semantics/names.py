"""What names promise: verbs that begin, verbs that end, and what undoes what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from memlint.model.resource import Owner

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CLOSES = frozenset({"close", "shutdown", "abort", "quit"})
_GENERAL = frozenset(
    {
        "all", "listeners", "listener", "events", "event", "handlers", "handler", "observers", "observer", "timers",
        "timer", "self", "up", "down", "now", "sync", "async", "internal", "subscriptions", "subscription",
        "polling", "hooks", "callback", "callbacks", "connection", "connections", "socket", "session", "view",
        "component", "me", "it", "resources", "everything",
    }
)  # fmt: skip
_BEFORE = frozenset(
    {
        "on",
        "do",
        "before",
        "will",
        "handle",
        "component",
        "ng",
        "post",
        "un",
        "after",
        "did",
        "internal",
        "async",
        "private",
    }
)
_COUNTERPARTS: Mapping[str, tuple[str, ...]] = {
    "add": ("remove", "delete"),
    "attach": ("detach",),
    "bind": ("unbind",),
    "register": ("unregister", "deregister"),
    "set": ("clear", "unset", "remove"),
    "join": ("leave",),
    "track": ("untrack",),
    "watch": ("unwatch",),
    "observe": ("unobserve",),
    "enter": ("leave", "exit"),
}
_ENDS_OF: Mapping[str, tuple[str, ...]] = {
    **_COUNTERPARTS,
    "init": ("destroy", "dispose", "teardown"),
    "initialize": ("destroy", "dispose", "teardown"),
    "enable": ("disable",),
    "install": ("uninstall",),
    "mount": ("unmount",),
    "start": ("stop",),
    "connect": ("disconnect",),
    "subscribe": ("unsubscribe",),
    "hook": ("unhook",),
}
_TURNS: Mapping[str, tuple[str, ...]] = {
    **_ENDS_OF,
    "open": ("close",),
    "show": ("hide",),
    "expand": ("collapse",),
    "activate": ("deactivate",),
    "play": ("pause", "stop"),
    "begin": ("end",),
}
_ASKS = frozenset(
    {"is", "has", "should", "can", "throw", "was", "if", "get", "set", "inert", "needs", "check", "with", "require"}
)
_END_PHRASES = re.compile(r"(tear_?down|clean_?up|shut_?down|dispose|destroy|unmounted)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """`_onCleanUp` as `("on", "clean", "up")`."""
    return tuple(word.lower() for word in _WORDS.findall(name))


def is_hook_name(name: str) -> bool:
    """Whether a function may only be used while a component is drawn: `useSocket`, not `userCard` or `use`."""
    return name.startswith("use") and words_of(name)[:1] == ("use",) and len(words_of(name)) > 1


def _opposites(name: str, verbs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    words = words_of(name)
    if not words or not name.lower().startswith(words[0]):
        return ()
    return tuple(verb + name[len(words[0]) :] for verb in verbs.get(words[0], ()))


@lru_cache(maxsize=4)
def vocabulary_of(owners: tuple[Owner, ...]) -> Vocabulary:
    """The vocabulary of these rows, made once for all files."""
    return Vocabulary(owners)


class Vocabulary:
    """What the rows of `rules/owners.toml` say of a method's name: verbs of one word, and whole names."""

    def __init__(self, owners: Sequence[Owner]) -> None:
        ending = {name for owner in owners for name in owner.ends}
        beginning = {name for owner in owners for name in owner.begins}
        self._unmistakable = {verb for owner in owners for verb in owner.unmistakable}
        self._final = {verb for owner in owners for verb in owner.final}
        self._end_names = {name.lower() for name in ending}
        self._begin_names = {name.lower() for name in beginning}
        self._hooks = {
            name.lower()
            for owner in owners
            for name in owner.begins
            if not owner.lasts and (len(words_of(name)) > 1 or not (owner.unmistakable or name.startswith("_")))
        }
        self.told = frozenset(name for owner in owners for name in owner.told)
        """Functions that are handed what is to run at an owner's end."""
        self._updates = {name for owner in owners for name in owner.updates}
        self._end_verbs = {name.lower() for name in ending if len(words_of(name)) == 1}
        self._begin_verbs = {name.lower() for name in beginning if len(words_of(name)) == 1}

    def ends(self, name: str) -> bool:
        """Whether a function of this name is where an owner ends: `destroy`, `ngOnDestroy`, `stopPolling`."""
        if name.lower().strip("[]") in self._end_names:
            return True
        words = _meaning(name)
        if not words or words[0] in _ASKS:
            return False
        if words[0] in self._unmistakable or words[-1] in self._unmistakable:
            return True
        if words[0] in self._end_verbs and all(word in _GENERAL for word in words[1:]):
            return True
        return bool(_END_PHRASES.search(name))

    def ends_plainly(self, name: str) -> bool:
        """Whether the name can mean nothing but an end: `destroy`, `disconnectedCallback`, not `hide` or `cancel`."""
        words = _meaning(name)
        return self.ends_the_owner(name) or bool(
            words
            and words[0] not in _ASKS
            and (words[0] in self._unmistakable or words[-1] in self._unmistakable or _END_PHRASES.search(name))
        )

    def ends_by_name(self, name: str) -> bool:
        """Whether a method of this name can only be a teardown: it starts with a verb that means nothing else."""
        words, whole = _meaning(name), name.lower().strip("[]")
        if whole in self._end_names and whole not in self._end_verbs:
            return True
        return (
            not self.is_handler(name)
            and bool(words)
            and (words[0] in self._unmistakable or bool(_END_PHRASES.match(name.lstrip("_#"))))
        )

    def is_handler(self, name: str) -> bool:
        """Whether a name tells of somebody else's end: `onClientDisconnect`, `handleSocketClose`."""
        words = words_of(name)
        return len(words) > 2 and words[0] in ("on", "handle") and name.lower() not in self._end_names

    def counterparts(self, name: str) -> tuple[str, ...]:
        """The names of methods that would undo this one: `removeTrack` for `addTrack`."""
        return _opposites(name, _COUNTERPARTS)

    def ends_of(self, name: str) -> tuple[str, ...]:
        """The names of functions that would end what this one begins: `destroyInput` for `initInput`, too."""
        return _opposites(name, _ENDS_OF)

    def turns_of(self, name: str) -> tuple[str, ...]:
        """The names of functions that take turns with this one: `closeDialog` with `openDialog`, and all ends."""
        return _opposites(name, _TURNS)

    def begins_by_name(self, name: str) -> bool:
        """Whether the verb itself begins something: `attach`, not `onAttach` or `wireUp`."""
        words = words_of(name)
        return bool(words) and words[0] in self._begin_verbs

    def ends_the_owner(self, name: str) -> bool:
        """Whether the name speaks of the whole owner: `destroy`, `disposeInternal`, not `stopDrag` or `unbindModel`."""
        words = _meaning(name)
        whole = name.lower().strip("[]")
        if (whole in self._end_names and whole not in self._end_verbs) or "".join(words) in _CLOSES:
            return True
        return (
            bool(words)
            and words[0] in self._unmistakable
            and all(word in _GENERAL | self._unmistakable for word in words)
        )

    def ends_for_good(self, name: str) -> bool:
        """Whether the owner is of no use to anybody afterwards: `destroy`, `ngOnDestroy`, not `stop` or `close`."""
        words, whole = _meaning(name), name.lower().strip("[]")
        if whole in self._end_names and whole not in self._end_verbs:
            return True
        return bool(words) and (words[0] in self._final or "".join(words[:2]) in self._final)

    def begins(self, name: str) -> bool:
        """Whether a method of this name is run at the beginning of its owner: `mount`, `connectedCallback`."""
        if name.lower() in self._begin_names:
            return True
        words = _meaning(name)
        return bool(words) and words[0] in self._begin_verbs

    def updates(self, name: str) -> bool:
        """Whether a framework runs a method of this name again and again: `componentDidUpdate`."""
        return name in self._updates

    def is_hook(self, name: str) -> bool:
        """Whether a framework calls a method of this name, and ends its owner later: `connectedCallback`."""
        return name.lower() in self._hooks


def _meaning(name: str) -> tuple[str, ...]:
    """The words of a name without those that only say when: `onBeforeClose` means `close`."""
    words = words_of(name)
    while words and words[0] in _BEFORE:
        words = words[1:]
    return words
