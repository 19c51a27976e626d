"""Owns the benchmark of the last of 200 screens: from a commit to the new number on every socket.

It must not draw. The screens are sockets here; who tells them is a process of its own. The floor is
the same number of bytes written to 200 plain sockets, the peer a queue and a task's turn for each stream.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from inventory.services import lanes
from tests.benchmarks.figures import Effort, Figure, middle, spread
from tests.benchmarks.samples import NOW, STORE_ID, Shop, demo_shop, plain_goods
from tests.support.http_load import request

SCREENS = 200
TOKENS = tuple(f"token-of-screen-{number:03}-0123456789" for number in range(SCREENS))
"""Each screen has its own, for one token holds a few streams alone."""
SILENT_S = 10.0
SETTLE_S = 0.05


def measure(folder: Path, effort: Effort) -> Iterator[Figure]:
    shop = demo_shop(folder)
    _enrol(shop)
    count = effort.of(60, 8)
    raw_s = _waits("raw", shop, count)
    floor = middle(raw_s, "ms")
    yield spread("raw_to_200_sockets", raw_s, "ms")
    yield spread(
        "queues_to_200_screens", _waits("queues", shop, count), "ms", floor=floor, floor_name="raw TCP"
    )
    store_s = _waits("store", shop, count)
    yield spread("stock_to_200_screens", store_s, "ms", floor=floor, floor_name="raw TCP")


def _enrol(shop: Shop) -> None:
    database = shop.open_database()
    with database.write() as uow:
        for number, token in enumerate(TOKENS):
            lanes.enrol(uow, STORE_ID, f"screen-{number:03}", token, NOW)
    database.dispose()


def _waits(kind: str, shop: Shop, count: int) -> list[float]:
    """Seconds from the moment the news could begin until it was on the last of the sockets."""
    gtin = plain_goods(shop.message.items)[0].gtin
    command = [sys.executable, "-m", "tests.benchmarks.screens_process", kind, str(shop.config_path.parent)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
        contextlib.ExitStack() as stack,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        screens = [
            stack.enter_context(_screen(int(port), token))
            for port in [process.stdout.readline()]
            for token in TOKENS
        ]
        with selectors.DefaultSelector() as selector:
            for screen in screens:
                selector.register(screen, selectors.EVENT_READ)
            waits_s = []
            for _ in range(count + 3):
                _settle(selector)
                process.stdin.write(f"{gtin}\n")
                process.stdin.flush()
                last_s = _last(selector)
                waits_s.append(last_s - float(process.stdout.readline()))
        process.stdin.close()
        process.terminate()
    return waits_s[3:]


@contextlib.contextmanager
def _screen(port: int, token: str) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=SILENT_S) as screen:
        screen.sendall(request("GET", "/api/v1/events", token=token))
        screen.recv(65536)
        screen.setblocking(False)
        yield screen


def _settle(selector: selectors.BaseSelector) -> None:
    """Reads what is left of earlier news, and of the first words of a stream."""
    while ready := selector.select(SETTLE_S):
        for key, _ in ready:
            key.fileobj.recv(65536)  # type: ignore[union-attr]


def _last(selector: selectors.BaseSelector) -> float:
    waiting = {key.fd for key in selector.get_map().values()}
    while waiting:
        ready = selector.select(SILENT_S)
        assert ready, f"{len(waiting)} screens heard nothing"
        for key, _ in ready:
            key.fileobj.recv(65536)  # type: ignore[union-attr]
            waiting.discard(key.fd)
        last_s = time.perf_counter()
    return last_s
