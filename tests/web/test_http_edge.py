"""What a connection may do to the store's server, over real sockets, with each way of reading HTTP."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from inventory.db.unit_of_work import EVERYONE, Announcement
from inventory.domain.help_desk import HelpState
from inventory.web.event_stream import EventStream
from inventory.web.events import QUEUE_LENGTH, Broker, encode_event
from inventory.web.http_protocol import HTTP_PROTOCOL, MAX_HEAD_BYTES, GuardedH11
from inventory.web.lane_stream import STREAMS_OF_A_LANE
from inventory.web.server import listen
from inventory.wire import HelpUpdateMessage
from tests.support.web_store import StoreInTest, lane_token

STORE_ID = "corner"
GET = b"GET / HTTP/1.1\r\nhost: store\r\n\r\n"

PROTOCOLS = [GuardedH11, HTTP_PROTOCOL] if HTTP_PROTOCOL is not GuardedH11 else [GuardedH11]
WAYS = [(protocol, loop) for protocol in PROTOCOLS for loop in ("auto", "asyncio")]


@contextlib.contextmanager
def serving(app: ASGIApp, protocol: type[Any], *, loop: Any = "auto", room: int = 0) -> Iterator[int]:
    """The application on a port of this machine; `room` is how many bytes the system keeps for a reader."""
    with listen("127.0.0.1", 0) as listening:
        if room:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, room)
        config = uvicorn.Config(app, http=protocol, loop=loop, log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            thread.join(5)


async def says_hello(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


class News:
    """An application that streams to whoever asks."""

    def __init__(self) -> None:
        self.broker = Broker()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def nothing() -> list[bytes]:
            return []

        await EventStream(lambda: self.broker.subscribe(STORE_ID), nothing, nothing)(scope, receive, send)

    def tell(self, number: int) -> bytes:
        """News of one kilobyte."""
        message = HelpUpdateMessage(
            help_id=f"{number}", lane_id="lane-1", state=HelpState.ACCEPTED, staff_name="x" * 1000
        )
        self.broker.hear((Announcement(STORE_ID, "help", message, EVERYONE),))
        return encode_event("help", message)

    def wait_for(self, streams: int) -> None:
        until_s = time.monotonic() + 5
        while self.broker.stream_count != streams:
            assert time.monotonic() < until_s, self.broker.stream_count
            time.sleep(0.005)


@contextlib.contextmanager
def connected(port: int, *, asks: bytes = b"", room: int = 0) -> Iterator[socket.socket]:
    with socket.socket() as peer:
        if room:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        peer.settimeout(5)
        peer.connect(("127.0.0.1", port))
        peer.sendall(asks)
        yield peer


def read_until(reader: socket.socket, wanted: bytes) -> bytes:
    heard = b""
    while wanted not in heard:
        more = reader.recv(65536)
        assert more, heard[-200:]
        heard += more
    return heard


def read_to_end(reader: socket.socket) -> bytes:
    heard = b""
    with contextlib.suppress(ConnectionResetError):
        while more := reader.recv(65536):
            heard += more
    return heard


@pytest.mark.parametrize(("protocol", "loop"), WAYS)
def test_news_reaches_all_while_one_reads_nothing_and_is_hung_up_on(protocol: type[Any], loop: str) -> None:
    news = News()
    with (
        serving(news, protocol, loop=loop, room=4096) as port,
        connected(port, asks=GET, room=4096) as slow,
        connected(port, asks=GET) as quick,
    ):
        news.wait_for(2)
        for number in range(QUEUE_LENGTH + 150):
            told = news.tell(number)
            assert told in read_until(quick, told)
            if news.broker.stream_count == 1:
                break
        news.wait_for(1)
        heard = read_to_end(slow)  # what its system had taken, and then the end of the connection
        assert 0 < len(heard) < 120_000


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_endless_head_is_cut_off(protocol: type[Any]) -> None:
    with serving(says_hello, protocol) as port, connected(port, asks=b"GET / HTTP/1.1\r\nx: ") as peer:
        with contextlib.suppress(ConnectionError):
            for _ in range(2 * MAX_HEAD_BYTES // 8192):
                peer.sendall(b"a" * 8192)
        told = read_to_end(peer)
        assert told == b"" or told.startswith(b"HTTP/1.1 400 ")  # a reset may overtake the answer


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_still_comes_of_an_answered_body_is_no_head(protocol: type[Any]) -> None:
    size = 3 * MAX_HEAD_BYTES
    post = b"POST / HTTP/1.1\r\nhost: store\r\ncontent-length: %d\r\n\r\n" % size
    with serving(says_hello, protocol) as port, socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(10)
        for _ in range(20):
            line.sendall(post)
            assert answer_on(line).startswith(b"HTTP/1.1 200 ")
            line.sendall(b" " * size)
        line.sendall(GET)
        assert answer_on(line).startswith(b"HTTP/1.1 200 ")


def answer_on(line: socket.socket) -> bytes:
    """One answer of `says_hello`, or whatever stands in its place."""
    answer = b""
    while not answer.endswith(b"hello"):
        piece = line.recv(4096)
        if not piece:
            break
        answer += piece
    return answer


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_head_that_does_not_come_is_not_waited_for(protocol: type[Any]) -> None:
    class Impatient(protocol):  # type: ignore[misc]
        head_within_s = 0.2

    with serving(says_hello, Impatient) as port:
        with connected(port) as silent:
            assert read_to_end(silent) == b""
        with connected(port, asks=GET) as slow:
            assert read_until(slow, b"hello").startswith(b"HTTP/1.1 200 ")
            slow.sendall(b"GET / HT")
            assert read_to_end(slow) == b""


def test_one_token_holds_no_more_streams_than_a_lane_may_need(store: StoreInTest) -> None:
    ask = (
        f"GET /api/v1/events HTTP/1.1\r\nhost: store\r\nauthorization: Bearer {lane_token('lane-1')}\r\n\r\n"
    )
    other = ask.replace(lane_token("lane-1"), lane_token("lane-2"))
    with serving(store.app, HTTP_PROTOCOL) as port, contextlib.ExitStack() as stack:
        kept = stack.enter_context(connected(port, asks=other.encode()))
        read_until(kept, b"event: catalogue")
        streams = []
        for _ in range(STREAMS_OF_A_LANE + 2):
            streams.append(stack.enter_context(connected(port, asks=ask.encode())))
            read_until(streams[-1], b"event: catalogue")
        for oldest in streams[:2]:
            assert read_until(oldest, b"0\r\n\r\n").endswith(b"0\r\n\r\n")
        assert store.broker.stream_count == STREAMS_OF_A_LANE + 1
