"""Owns what a connection may do before anybody reads its request, and how it is hung up on.

It must not know what is asked. HTTP itself is the server program's, read in C where that is installed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

LINE: Final = "lanelight.line"
"""Extension of a request's scope: the `Line` of its connection. Absent where another server program runs."""

MAX_HEAD_BYTES: Final = 64 * 1024
HEAD_WITHIN_S: Final = 30.0
"""How long a request's head may take, from the connection's beginning or from its own first byte."""


class Line:
    """One connection, for an answer that does not end: written to without a coroutine, and hung up on."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: H11Protocol) -> None:
        self._protocol = protocol

    def push(self, framed: bytes) -> bool:
        """Writes bytes that `framed` has made; False, with nothing written, where they would have to wait.

        Only in the midst of an answer without a length, and while nobody else is sending it.
        """
        if self._protocol.flow.write_paused or self._protocol.transport.is_closing():
            return False
        self._protocol.transport.write(framed)
        return True

    def hang_up(self) -> None:
        """Ends the connection at once, whatever is still unsent."""
        self._protocol.transport.abort()


def framed(chunk: bytes) -> bytes:
    """A piece of an answer without a length, as it stands on the line (RFC 9112 §7.1)."""
    return b"%x\r\n%b\r\n" % (len(chunk), chunk)


if TYPE_CHECKING:
    _Protocol = H11Protocol
else:
    _Protocol = asyncio.Protocol


class _Guarded(_Protocol):
    """Ends a connection on which a request's head is endless or does not come.

    Each request is given its line.
    """

    head_within_s = HEAD_WITHIN_S
    _head_due: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._expect_head()
        app = self.app
        extensions = {LINE: Line(self)}

        def answer(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            self._head_is_there()
            scope["extensions"] = extensions
            answered: Awaitable[None] = app(scope, receive, send)
            return answered

        self.app = answer

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_head = self._is_in_head()
        super().data_received(data)
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering or not self._is_in_head() or self.transport.is_closing():
            return
        # What ended the body of a refused request is no head, however much of it came at once.
        self._head_bytes += len(data) if was_in_head else 0
        if self._head_bytes > MAX_HEAD_BYTES:
            self.send_400_response("The head of the request is too long.")
        elif self._head_due is None:
            self._expect_head()

    def _is_in_head(self) -> bool:
        """Whether the next byte belongs to a head; not in what is left of the body of a refused request."""
        raise NotImplementedError

    def _expect_head(self) -> None:
        self._head_due = self.loop.call_later(self.head_within_s, self.transport.close)

    def _head_is_there(self) -> None:
        self._head_bytes = 0
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None


class GuardedH11(_Guarded, H11Protocol):
    """HTTP read in Python."""

    def _is_in_head(self) -> bool:
        return self.conn.their_state is h11.IDLE


def _quickest() -> type[asyncio.Protocol]:
    if find_spec("httptools") is None:
        return GuardedH11
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol  # noqa: PLC0415 - not on every machine

    class GuardedHttpTools(_Guarded, HttpToolsProtocol):  # type: ignore[misc]
        """HTTP read in C, by a reader that sets no limit to heads itself."""

        _is_between = True

        def on_headers_complete(self) -> None:
            self._is_between = False
            super().on_headers_complete()

        def on_message_complete(self) -> None:
            self._is_between = True
            super().on_message_complete()

        def _is_in_head(self) -> bool:
            return self._is_between

    return GuardedHttpTools


HTTP_PROTOCOL: Final = _quickest()
"""The quickest reader of HTTP that this machine has."""
