"""Owns the short way in: the few requests that lanes send most, answered before the framework looks at them.

It must not know what they ask, and leaves nothing out that the long way has: the same headers, the same
refusals. All other methods and spellings of their addresses take the long way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from inventory.web import problems, security
from inventory.web.lane_requests import JSON
from inventory.wire import KNOWS, KNOWS_HEADER


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a message in JSON."""

    status: int
    body: bytes

    def as_response(self) -> Response:
        """The same for the framework, which adds the headers of every answer by itself."""
        return Response(self.body, status_code=self.status, media_type=JSON, headers={KNOWS_HEADER: KNOWS})


Handler = Callable[[Request], Awaitable[Answer | Response]]
Handlers = Mapping[tuple[str, str], Handler]
"""By method and address; the last part of an address may be a {name} that stands for anything."""

_OF_ANSWERS: Final = (
    (b"content-type", JSON.encode()),
    (KNOWS_HEADER.lower().encode(), KNOWS.encode()),
)


class HotDoor:
    """Stands before an application, and answers what it has a handler for."""

    def __init__(self, app: ASGIApp, *, handlers: Handlers) -> None:
        self._app = app
        self._handlers = {(method, _stem(path)): handler for (method, path), handler in handlers.items()}
        self._headers = {
            scheme: (*_OF_ANSWERS, *security.headers_of_every_answer(scheme)) for scheme in ("http", "https")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = self._handler_of(scope)
        if handler is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            answer = await handler(request)
        except ClientDisconnect:
            return  # whoever asked has gone, and will ask again
        except Exception as error:
            refusal = problems.refusal_of(error)
            if refusal is None:
                raise
            status, body = refusal.status_code, bytes(refusal.body)
            headers = [*refusal.raw_headers, *security.headers_of_every_answer(scope["scheme"])]
        else:
            if isinstance(answer, Response):  # a stream: it sends for itself
                await answer(scope, receive, send)
                return
            status, body = answer.status, answer.body
            headers = [*self._headers[scope["scheme"]], (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _handler_of(self, scope: Scope) -> Handler | None:
        if scope["type"] != "http":
            return None
        path: str = scope["path"]
        exact = self._handlers.get((scope["method"], path))
        if exact is not None:
            return exact
        parent, slash, last = path.rpartition("/")
        return self._handlers.get((scope["method"], parent + slash)) if last else None


def routes_of(handlers: Handlers) -> list[Route]:
    """The long way to the same handlers: other spellings of their addresses, and methods they do not have.

    Put them into the application itself: a router that is included in it allows HEAD to whatever allows GET.
    """
    return [_route(method, path, handler) for (method, path), handler in handlers.items()]


def _route(method: str, path: str, handler: Handler) -> Route:
    async def answer(request: Request) -> Response:
        told = await handler(request)
        return told if isinstance(told, Response) else told.as_response()

    route = Route(path, answer, methods=[method])
    route.methods = {method}  # a HEAD would open a stream as well
    return route


def _stem(path: str) -> str:
    return path[: path.rindex("/") + 1] if path.endswith("}") else path
