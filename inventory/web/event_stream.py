"""Owns one open event stream as an answer: its bytes go to the socket in the moment the news comes.

It must not know what the news means. The server's own way to send is begun by whoever brings the news,
without waiting for the stream's turn; where it has to wait for the socket, the stream's task goes on with it
and news queues up meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from inventory.web.events import KEEP_ALIVE, KEEP_ALIVE_S, StreamEvent, Subscription
from inventory.web.http_protocol import LINE, Line, framed
from inventory.web.security import headers_of_every_answer

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
]

Translate = Callable[[bytes], bytes]
Look = Callable[[], Awaitable[list[bytes]]]


class EventStream(Response):
    """First what `look_back` says, then news as it comes; every `keep_alive_s` a comment and `look_again`.

    `open_subscription` begins to listen before it looks back: what happens in between is told twice rather
    than never. `translate` changes each event for a listener that is older than the store.
    """

    def __init__(
        self,
        open_subscription: Callable[[], AbstractContextManager[Subscription]],
        look_back: Look,
        look_again: Look,
        *,
        translate: Translate | None = None,
        keep_alive_s: float = KEEP_ALIVE_S,
    ) -> None:
        super().__init__(media_type="text/event-stream")
        self._open_subscription = open_subscription
        self._look_back = look_back
        self._look_again = look_again
        self._translate = translate
        self._keep_alive_s = keep_alive_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streams until the listener leaves, falls behind, or the store closes."""
        headers = [*_HEADERS, *headers_of_every_answer(scope["scheme"])]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        with self._open_subscription() as subscription:
            writer = _Writer(subscription, send, self._translate, _line_of(scope))
            leaving = asyncio.create_task(_leave(receive, subscription))
            try:
                await writer.write(self._joined(await self._look_back()))
                await self._follow(subscription, writer)
            finally:
                leaving.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _follow(self, subscription: Subscription, writer: _Writer) -> None:
        while not subscription.is_ended:
            waiting = subscription.take_waiting()
            if waiting:
                await writer.write(_join(_encoded(waiting), self._translate))
                continue
            if await writer.wait(self._keep_alive_s):
                continue
            again = await self._look_again()
            if not subscription.is_ended:
                await writer.write(KEEP_ALIVE + self._joined(again))

    def _joined(self, encoded: Iterable[bytes]) -> bytes:
        return b"".join(encoded if self._translate is None else map(self._translate, encoded))


class _Writer:
    """Writes news at once while the stream has nothing else to do, and says when it cannot.

    A stream that ends while its socket is full is hung up on: its reader takes nothing, not even the end.
    """

    def __init__(
        self,
        subscription: Subscription,
        send: Send,
        translate: Translate | None,
        line: Line | None,
    ) -> None:
        self._subscription = subscription
        self._send = send
        self._translate = translate
        self._line = line
        self._woken = asyncio.Event()
        self._rest: _Rest | None = None
        self._is_sending = False
        subscription.when_ended = self._end

    async def write(self, chunk: bytes) -> None:
        """Sends bytes, waiting for the socket where it has to."""
        await self._finish(self._send(_body(chunk)))

    async def _finish(self, sending: Awaitable[None]) -> None:
        self._is_sending = True
        try:
            await sending
        finally:
            self._is_sending = False

    def _end(self) -> None:
        self._woken.set()
        if (self._is_sending or self._rest is not None) and self._line is not None:
            self._line.hang_up()

    async def wait(self, timeout_s: float) -> bool:
        """Lets news be written for so long; True when the stream ended or the socket was full before."""
        self._woken.clear()
        if self._subscription.is_ended:
            return True
        self._subscription.write_now = self._write
        try:
            async with asyncio.timeout(timeout_s):
                await self._woken.wait()
        except TimeoutError:
            return False
        finally:
            self._subscription.write_now = None
        if self._rest is not None:
            rest, self._rest = self._rest, None
            await self._finish(rest)
        return True

    def _write(self, events: tuple[StreamEvent, ...]) -> None:
        encoded = _encoded(events)
        if self._line is not None and self._line.push(_framed_join(encoded, self._translate)):
            return
        sending: Any = self._send(_body(_join(encoded, self._translate)))
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except OSError:  # the listener has left
            self._subscription.end()
            return
        self._subscription.write_now = None
        self._rest = _Rest(sending, waits_for)
        self._woken.set()


class _Rest:
    """The rest of a coroutine that was begun elsewhere and waits for `waits_for`."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun = begun
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        try:
            while True:
                try:
                    answer = yield waits_for
                except BaseException as error:  # noqa: BLE001 - handed on to where it belongs
                    waits_for = self._begun.throw(error)
                else:
                    waits_for = self._begun.send(answer)
        except StopIteration:
            return


async def _leave(receive: Receive, subscription: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscription.end()


def _line_of(scope: Scope) -> Line | None:
    """The line where pieces may be written as `framed` makes them: an older client knows none."""
    line: Line | None = scope.get("extensions", {}).get(LINE)
    return line if scope.get("http_version") == "1.1" else None


def _encoded(events: tuple[StreamEvent, ...]) -> tuple[bytes, ...]:
    return tuple(event.encoded for event in events)


def _body(chunk: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": chunk, "more_body": True}


@lru_cache(32)
def _join(encoded: tuple[bytes, ...], translate: Translate | None) -> bytes:
    """The same news goes to hundreds of streams: put together, and translated, once."""
    return b"".join(encoded if translate is None else map(translate, encoded))


@lru_cache(32)
def _framed_join(encoded: tuple[bytes, ...], translate: Translate | None) -> bytes:
    return framed(_join(encoded, translate))
