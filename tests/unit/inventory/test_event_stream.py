"""News goes to the socket in the moment it comes; who is slow waits alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from starlette.types import Message

from inventory.db.unit_of_work import EVERYONE, Announcement
from inventory.web.event_stream import EventStream
from inventory.web.events import KEEP_ALIVE, PATIENCE_S, QUEUE_LENGTH, Broker, Subscription, encode_event
from inventory.wire import CatalogueChangedMessage, StockMessage

STORE_ID = "corner"


def news(*versions: int) -> tuple[Announcement, ...]:
    return tuple(
        Announcement(STORE_ID, "catalogue", CatalogueChangedMessage(version=version), EVERYONE)
        for version in versions
    )


def event(version: int) -> bytes:
    return encode_event("catalogue", CatalogueChangedMessage(version=version))


class Socket:
    """A listener's socket: takes all, or nothing until `drain` is called."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.is_over = False
        self.room = asyncio.Event()
        self.room.set()
        self.left = asyncio.Event()

    async def send(self, message: Message) -> None:
        await self.flow()
        if message["type"] == "http.response.body":
            self.chunks.append(message["body"])
            self.is_over = not message["more_body"]

    async def flow(self) -> None:
        if not self.room.is_set():
            await self.room.wait()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}


async def nothing() -> list[bytes]:
    return []


async def first_words() -> list[bytes]:
    return [event(1)]


def streamed(
    play: Callable[[Broker, Socket], Coroutine[Any, Any, None]], **options: Any
) -> tuple[Socket, Broker]:
    async def whole() -> tuple[Socket, Broker]:
        broker, socket = Broker(), Socket()
        listen: Callable[[], AbstractContextManager[Subscription]] = lambda: broker.subscribe(STORE_ID)  # noqa: E731
        answer = EventStream(listen, first_words, nothing, **options)
        stream = asyncio.create_task(answer({"type": "http", "scheme": "http"}, socket.receive, socket.send))
        await settled()
        await play(broker, socket)
        socket.left.set()
        await asyncio.wait_for(stream, 30)
        return socket, broker

    return asyncio.run(whole())


async def settled() -> None:
    for _ in range(8):
        await asyncio.sleep(0)


def test_news_is_written_by_whoever_brings_it_and_all_of_one_commit_in_one_go() -> None:
    turns: list[int] = []

    async def play(broker: Broker, socket: Socket) -> None:
        broker.hear(news(2, 3))
        before = len(socket.chunks)
        await asyncio.sleep(0)  # one turn of the loop, the one that hands the news out
        turns.append(len(socket.chunks) - before)

    socket, broker = streamed(play)
    assert turns == [1]
    assert socket.chunks == [event(1), event(2) + event(3), b""]
    assert socket.is_over
    assert broker.stream_count == 0


def test_a_full_socket_keeps_the_order_and_loses_nothing() -> None:
    async def play(broker: Broker, socket: Socket) -> None:
        socket.room.clear()
        for version in range(2, 7):
            broker.hear(news(version))
            await settled()
        assert socket.chunks == [event(1)]
        socket.room.set()
        await settled()
        broker.hear(news(7))
        await settled()

    socket, _ = streamed(play)
    assert b"".join(socket.chunks) == b"".join(map(event, range(1, 8)))


def test_a_listener_that_stays_behind_is_dropped() -> None:
    async def play(broker: Broker, socket: Socket) -> None:
        socket.room.clear()
        for version in range(QUEUE_LENGTH + 2):
            broker.hear(news(version))
            await asyncio.sleep(0)
        socket.room.set()
        await settled()
        assert socket.is_over

    socket, broker = streamed(play)
    assert len(socket.chunks) == 3
    assert broker.stream_count == 0


def test_a_listener_that_left_is_forgotten() -> None:
    async def play(broker: Broker, socket: Socket) -> None:
        socket.left.set()
        await settled()
        assert broker.stream_count == 0
        broker.hear(news(2))

    assert streamed(play)[0].chunks == [event(1), b""]


def test_a_socket_that_breaks_ends_its_stream() -> None:
    async def play(broker: Broker, socket: Socket) -> None:
        async def broken() -> None:
            raise OSError

        socket.flow, flow = broken, socket.flow  # type: ignore[method-assign]
        broker.hear(news(2))
        await asyncio.sleep(0)
        socket.flow = flow  # type: ignore[method-assign]
        await settled()
        assert broker.stream_count == 0

    assert event(2) not in streamed(play)[0].chunks


def test_a_quiet_stream_is_kept_alive_and_an_older_listener_gets_its_own_words() -> None:
    async def play(broker: Broker, socket: Socket) -> None:
        broker.hear(news(2))
        while KEEP_ALIVE not in socket.chunks:
            await asyncio.sleep(0.005)
        broker.hear(news(3))
        await settled()

    socket, _ = streamed(play, keep_alive_s=0.01, translate=lambda each: each.replace(b"2", b"9"))
    assert [each for each in socket.chunks if each != KEEP_ALIVE] == [event(1), event(9), event(3), b""]


def test_stock_told_in_a_rush_goes_in_one_piece_and_what_is_urgent_takes_it_along() -> None:
    def stock_of(number: int) -> tuple[Announcement, ...]:
        level = StockMessage(
            gtin=f"{number:014}", on_hand_milli=number, as_of_utc=datetime(2026, 5, 4, tzinfo=UTC)
        )
        return (Announcement(STORE_ID, "stock", level, EVERYONE),)

    told = [encode_event("stock", stock_of(number)[0].message) for number in range(5)]

    async def play(broker: Broker, socket: Socket) -> None:
        for number in range(3):
            broker.hear(stock_of(number))
            await settled()
        assert socket.chunks[1:] == [told[0]]  # the first at once, the others wait for more
        await asyncio.sleep(2 * PATIENCE_S)
        assert socket.chunks[2:] == [told[1] + told[2]]
        broker.hear(stock_of(3))
        broker.hear(stock_of(4))
        broker.hear(news(7))
        await settled()

    socket, _broker = streamed(play)
    assert b"".join(socket.chunks[3:]) == told[3] + told[4] + event(7)
