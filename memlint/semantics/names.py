"""What names promise: verbs that begin, verbs that end, callbacks that run at once, once, or again and again."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_END_VERBS = frozenset(
    {
        "destroy", "destroyed", "dispose", "disposed", "close", "stop", "shutdown", "teardown", "cleanup",
        "unmount", "unmounted", "disconnect", "disconnected", "detach", "detached", "off", "end", "terminate",
        "release", "uninstall", "deactivate", "deactivated", "remove", "kill", "unbind", "unsubscribe", "unwatch",
        "unregister", "unlisten", "unload", "disable", "exit", "quit", "abort", "cancel", "finish", "leave",
        "dismiss", "reset", "clear", "unobserve", "uninit", "deinit", "finalize", "free", "unhook", "unlink",
        "untrack", "drain", "conclude", "hide", "pause", "suspend", "invalidate", "flush", "purge", "logout", "del",
        "exited", "aexit", "aclose", "forget",
    }
)  # fmt: skip
_STRONG_ENDS = frozenset(
    {
        "destroy", "dispose", "teardown", "cleanup", "unmount", "shutdown", "stop", "disconnect", "detach",
        "terminate", "uninstall", "deactivate", "unbind", "unsubscribe", "finalize", "deinit", "uninit", "unload",
        "exit", "aexit",
    }
)  # fmt: skip
_GENERAL = frozenset(
    {
        "all", "listeners", "listener", "events", "event", "handlers", "handler", "observers", "observer", "timers",
        "timer", "self", "up", "down", "now", "sync", "async", "internal", "subscriptions", "subscription",
        "polling", "hooks", "callback", "callbacks", "connection", "connections", "socket", "session", "view",
        "component", "me", "it", "resources", "everything",
    }
)  # fmt: skip
_BEFORE = frozenset(
    {"on", "do", "before", "will", "handle", "component", "ng", "un", "after", "internal", "async", "private"}
)
_ASKS = frozenset({"is", "has", "should", "can", "throw", "was", "if", "get", "set", "inert", "needs", "check", "with"})
_END_PHRASES = re.compile(
    r"(will_?unmount|on_?destroy|before_?destroy|before_?unmount|disconnected_?callback|detached_?callback|"
    r"tear_?down|clean_?up|shut_?down|on_?remove|dispose|destroy|will_?destroy|unmounted|symbol\.(async)?dispose|__del__|__exit__)",
    re.IGNORECASE,
)
_BEGIN_VERBS = frozenset(
    {
        "constructor", "init", "initialize", "initialise", "start", "open", "connect", "connected", "attach",
        "attached", "mount", "mounted", "setup", "listen", "subscribe", "install", "activate", "activated",
        "enable", "bind", "register", "begin", "watch", "observe", "boot", "bootstrap", "create", "created",
        "render", "load", "show", "resume", "play", "run", "launch", "track", "wire", "hook", "enter",
    }
)  # fmt: skip
_ONCE_NAMES = frozenset(
    {"main", "bootstrap", "boot", "install", "activate", "setup", "init", "initialize", "configure"}
)

AT_ONCE = frozenset(
    {
        "forEach", "map", "filter", "reduce", "some", "every", "find", "findIndex", "flatMap", "sort", "from",
        "replace", "each", "reduceRight", "findLast", "times", "tap", "batch", "untracked", "runInAction", "walk",
        "all", "call", "apply", "assign", "freeze", "defineProperty", "memo", "forwardRef", "curry", "partial",
        "bind", "toSorted",
    }
)  # fmt: skip
LATER_ONCE = frozenset(
    {
        "then", "catch", "finally", "setTimeout", "setImmediate", "nextTick", "queueMicrotask",
        "requestAnimationFrame", "requestIdleCallback", "once", "one", "Promise", "whenReady", "ready", "done",
        "fail", "always", "defer", "delay", "$", "jQuery", "onload", "prependOnceListener", "command", "action",
        "task",
    }
)  # fmt: skip
AGAIN = frozenset(
    {
        "addEventListener", "on", "addListener", "prependListener", "subscribe", "setInterval", "use", "get",
        "post", "put", "delete", "patch", "createServer", "listen", "observe", "watch", "watchFile", "bind",
        "delegate", "live", "handle", "onMessage", "schedule", "scheduleJob", "process", "route", "hook",
        "middleware", "attachEvent", "onSnapshot", "ResizeObserver", "IntersectionObserver", "MutationObserver",
        "PerformanceObserver", "debounce", "throttle", "register", "useCallback", "interval",
    }
)  # fmt: skip
EFFECTS = frozenset(
    {
        "useEffect", "useLayoutEffect", "useInsertionEffect", "useFocusEffect", "useIsomorphicLayoutEffect",
        "onMounted", "onMount", "createEffect", "watchEffect", "effect", "onActivated",
    }
)  # fmt: skip
ONCE_EVENTS = frozenset(
    {
        "DOMContentLoaded", "load", "ready", "listening", "deviceready", "exit", "beforeExit", "SIGINT", "SIGTERM",
        "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "unload", "beforeunload", "pagehide",
    }
)  # fmt: skip


def words_of(name: str) -> list[str]:
    """`_onCleanUp` as `["on", "clean", "up"]`."""
    return [word.lower() for word in _WORDS.findall(name)]


def ends(name: str) -> bool:
    """Whether a function of this name is where an owner ends: `destroy`, `componentWillUnmount`, `stopPolling`."""
    words = words_of(name)
    while words and words[0] in _BEFORE:
        words = words[1:]
    if not words or words[0] in _ASKS:
        return False
    if words[0] in _STRONG_ENDS or words[-1] in _STRONG_ENDS:
        return True
    if words[0] in _END_VERBS and all(word in _GENERAL for word in words[1:]):
        return True
    return bool(_END_PHRASES.search(name))


def begins(name: str) -> bool:
    """Whether a method of this name is run at the beginning of its owner: `mount`, `connectedCallback`."""
    words = words_of(name)
    if not words:
        return False
    if words[0] in ("on", "did", "component", "ng", "do", "after", "before") and len(words) > 1:
        return any(word in _BEGIN_VERBS for word in words[1:])
    return words[0] in _BEGIN_VERBS


def runs_once(name: str) -> bool:
    """Whether a plain function of this name is usually called once per process."""
    words = words_of(name)
    return bool(words) and words[0] in _ONCE_NAMES
