"""How a Python file is run: as a program from top to bottom, or by a server, one function for each request."""

from __future__ import annotations

from memlint.model.facts import MODULE, Function, Region
from memlint.model.value import Compound, Constant, Place, Root, Value
from memlint.semantics.file import File
from memlint.semantics.value.values import unwrapped

_ROUTES = frozenset(
    {
        "route", "get", "post", "put", "patch", "delete", "websocket", "api_route", "before_request", "after_request",
        "teardown_request", "errorhandler", "exception_handler", "middleware", "on_message",
    }
)  # fmt: skip
"""Flask, Quart, FastAPI, aiohttp, Starlette, Sanic: decorators of what runs for each request."""
_VIEWS = frozenset({"api_view", "view_config", "require_GET", "require_POST", "require_http_methods", "login_required"})
"""Django, Django REST framework, Pyramid: the same, as plain names."""
_TASKS = frozenset({"task", "shared_task", "actor", "job", "db_task", "periodic_task"})
"""Celery, dramatiq, RQ, Huey: decorators of what runs for each message of a queue."""
_METHODS = frozenset({"get", "post", "put", "patch", "delete", "dispatch", "handle", "list", "create", "retrieve"})
_SERVING = ("Handler", "View", "ViewSet", "Resource", "Endpoint", "APIView", "Servicer", "Consumer")
"""How classes end whose methods answer requests: `BaseHTTPRequestHandler`, `MethodView`, `HTTPEndpoint`."""


def main_regions(file: File) -> frozenset[int]:
    """The regions of `if __name__ == "__main__":`, and those inside of them."""
    found: set[int] = set()
    for region in file.facts.regions:
        if region.function == MODULE and (region.parent in found or _is_main(region)):
            found.add(region.index)
    return frozenset(found)


def _is_main(region: Region) -> bool:
    test = region.test
    return (
        isinstance(test, Compound)
        and test.operator == "=="
        and any(part == Place(Root.GLOBAL, "__name__") for part in test.parts)
        and any(part == Constant("__main__") for part in test.parts)
    )


def serves(function: Function, file: File) -> str:
    """For what a function runs again and again, in a phrase: a request, a message; empty if nothing says so."""
    for decorator in function.decorators:
        phrase = _decorated(decorator, file)
        if phrase:
            return phrase
    if function.parameters[:1] == ("request",) and function.name[:1] != "_":
        return "on every request"
    if function.unit < 0:
        return ""
    if function.name.startswith("do_") and function.name[3:].isupper():
        return "on every request"
    base = file.name_of(file.facts.units[function.unit].base)
    return "on every request" if function.name in _METHODS and base.endswith(_SERVING) else ""


def _decorated(decorator: Value, file: File) -> str:
    value = unwrapped(decorator)
    call = file.call_of(value)
    callee = call.callee if call is not None else value
    if not isinstance(callee, Place):
        return ""
    name = file.called(call) if call is not None else file.name_of(callee).rsplit(".", 1)[-1]
    if name in _VIEWS or (name in _ROUTES and callee.path and call is not None):
        return "on every request"
    return "for every message of a queue" if name in _TASKS else ""
