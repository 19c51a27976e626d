"""Owns the line below the lane's conversation with its store: whom it believes, its events, its pauses.

It must not know what is said on it.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx

from inventory.wire import KNOWS, KNOWS_HEADER

BACK_OFF_S = 0.5
BACK_OFF_CAP_S = 8.0
MAX_EVENT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where the store is. `ca_file` (PEM) is the shop's own certificate authority, if it has one."""

    url: str
    token: str
    lane_id: str
    ca_file: Path | None = None


def client_for(
    address: StoreAddress, hear: Callable[[httpx.Response], None], *, timeout_s: float
) -> httpx.Client:
    """A client that shows the lane's token and lets `hear` see every answer. Raises OSError, ssl.SSLError."""
    return httpx.Client(
        base_url=address.url,
        headers={"Authorization": f"Bearer {address.token}", KNOWS_HEADER: KNOWS},
        event_hooks={"response": [hear]},
        timeout=timeout_s,
        verify=trust(address),
        trust_env=False,  # a proxy of the machine has no business between a lane and its store
    )


def trust(address: StoreAddress) -> ssl.SSLContext:
    """Whom the lane believes to be its store. Raises OSError and ssl.SSLError for an unusable `ca_file`.

    Behind plain HTTP nobody is believed: reading the machine's authorities would cost each start 20 ms.
    """
    if address.url.startswith("http://") and address.ca_file is None:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context(cafile=address.ca_file)


def events(stream: httpx.Response) -> Iterator[tuple[str, str]]:
    """(event name, data) pairs of a server-sent event stream (WHATWG HTML, section 9.2)."""
    name, size = "message", 0
    data: list[str] = []
    for line in stream.iter_lines():
        size += len(line)
        if size > MAX_EVENT_BYTES:
            raise httpx.StreamError("an event of the store is too long")
        if not line:
            if data:
                yield name, "\n".join(data)
            name, data, size = "message", [], 0
        elif line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))


def pause_s(failures: int, chance: Random) -> float:
    """Full jitter: a hundred lanes that lost the store together do not come back together."""
    return chance.uniform(0.05, min(BACK_OFF_CAP_S, BACK_OFF_S * 2 ** min(failures, 6)))
