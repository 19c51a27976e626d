"""Owns clients that ask again as soon as they are answered, each on a connection of its own.

It must not know what is asked. Their work is small beside a server's: bytes that were made before, and an
answer of which only the status is looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inventory.wire import KNOWS_HEADER, KNOWS_SHELF

START_LIMIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a run came to: every wait in seconds, and how long all of it took."""

    waits_s: tuple[float, ...]
    took_s: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits_s) / self.took_s


def request(method: str, path: str, *, token: str = "", body: bytes = b"") -> bytes:
    """A whole request of a lane of today, as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
    lines += [f"authorization: Bearer {token}"] if token else []
    lines += [f"{KNOWS_HEADER}: {KNOWS_SHELF}", "content-type: application/json", "", ""]
    return "\r\n".join(lines).encode() + body


def run(port: int, clients: Sequence[Sequence[bytes]], *, status: bytes) -> Load:
    """Each client sends its requests one after the other; every answer must have the status."""
    return asyncio.run(_run(port, clients, status))


async def _run(port: int, clients: Sequence[Sequence[bytes]], status: bytes) -> Load:
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in clients]
    start_s = time.perf_counter()
    waits = await asyncio.gather(
        *(_client(*stream, requests, status) for stream, requests in zip(streams, clients, strict=True))
    )
    took_s = time.perf_counter() - start_s
    for _, writer in streams:
        writer.close()
        await writer.wait_closed()
    return Load(tuple(wait_s for each in waits for wait_s in each), took_s)


async def _client(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, requests: Sequence[bytes], status: bytes
) -> list[float]:
    waits_s = []
    for each in requests:
        start_s = time.perf_counter()
        writer.write(each)
        answered = await answer(reader)
        assert answered == status, answered
        waits_s.append(time.perf_counter() - start_s)
    return waits_s


async def answer(reader: asyncio.StreamReader) -> bytes:
    """Reads one whole answer; its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    return head.split(b" ", 2)[1]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(*module_and_words: str) -> Iterator[int]:
    """A server in a process of its own: `python -m module … port`. Answers its port once it listens."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *module_and_words, str(port)], stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    until_s = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until_s:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port} after {START_LIMIT_S:.0f} s")
