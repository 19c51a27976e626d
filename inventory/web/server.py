"""Owns the running of the store's web side on an address: start, ready, stop.

It must not know routes.
"""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from types import FrameType

import uvicorn
from fastapi import FastAPI

from inventory.config import StoreConfig
from inventory.db.news_exchange import exchange_for
from inventory.db.unit_of_work import Database
from inventory.hq_link import HqLink
from inventory.opening import prepare, routing_rules
from inventory.web.app import create_app
from inventory.web.events import Broker
from inventory.web.feedback_clock import FeedbackClock
from inventory.web.help_clock import HelpClock
from inventory.web.http_protocol import HTTP_PROTOCOL
from inventory.web.price_clock import PriceClock
from inventory.web.reception import Clock, utc_now
from inventory.web.search_clock import SearchClock
from inventory.web.stock_clock import StockClock
from inventory.web.texts import texts_for
from inventory.web.webhook_words import WebhookWords
from inventory.webhook_link import WebhookLink

STOP_TIMEOUT_S = 3
KEEP_ALIVE_S = 30
"""Longer than a lane is silent: whoever hangs up first may cross the other's next request."""
READ_WITHIN_S = 30.0
"""A listener that takes nothing of what it is sent for so long is cut off by the system."""


class ServerError(Exception):
    """The store cannot listen; its text is one sentence for a person."""


class StoreServer(uvicorn.Server):
    """A server that ends its event streams when it is told to stop, so that it does stop.

    Its clocks tick, and news is shared with other processes, for as long as it serves.
    """

    def __init__(
        self, app: FastAPI, broker: Broker, beside: Sequence[AbstractContextManager[object]]
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                http=HTTP_PROTOCOL,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=STOP_TIMEOUT_S,
            )
        )
        self._broker = broker
        self._beside = beside

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serves until it is told to stop."""
        with ExitStack() as running:
            for each in self._beside:
                running.enter_context(each)
            super().run(sockets=sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Answers the operator's signal."""
        self._broker.close()
        super().handle_exit(sig, frame)

    def stop(self) -> None:
        """Asks the server to stop; from any thread."""
        self._broker.close()
        self.should_exit = True


class RunningStore:
    """A store that serves on a thread of its own until it is closed: for demos and tests."""

    def __init__(self, config: StoreConfig, database: Database, *, clock: Clock = utc_now) -> None:
        """Starts listening; port 0 takes a free one. Raises ServerError."""
        prepare(config, database, clock())
        broker = Broker()
        beside = _beside(config, database, clock)
        self._server = StoreServer(create_app(config, database, broker, clock=clock), broker, beside)
        self._socket = listen(config.host, config.port)
        self.port: int = self._socket.getsockname()[1]
        self.url = address(config.host, self.port)
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops serving and waits until it has."""
        self._server.stop()
        self._thread.join(STOP_TIMEOUT_S + 2)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def _beside(
    config: StoreConfig, database: Database, clock: Clock = utc_now
) -> list[AbstractContextManager[object]]:
    # News first: what a clock does when it starts is news too.
    return [exchange_for(database, config.store_id, clock), *clocks_for(config, database, clock)]


def clocks_for(
    config: StoreConfig, database: Database, clock: Clock = utc_now
) -> tuple[AbstractContextManager[object], ...]:
    """What a store does by itself while it serves: calls, planned prices, the books of stock, headquarters.

    Raises ServerError.
    """
    store_id = config.store_id
    clocks: tuple[AbstractContextManager[object], ...] = (
        FeedbackClock(database, store_id),
        HelpClock(database, store_id, config.help.ladder, routing_rules(config), clock=clock),
        PriceClock(database, store_id),
        StockClock(database, store_id),
        SearchClock(database, store_id),
        *webhooks_of(config, database),
    )
    if config.headquarters is None:
        return clocks
    try:
        return *clocks, HqLink(config, database, clock=utc_now)
    except (OSError, ssl.SSLError) as error:
        raise ServerError(f"headquarters.ca_file cannot be used: {error}.") from error


def webhooks_of(config: StoreConfig, database: Database) -> tuple[WebhookLink, ...]:
    """One link for each webhook of the settings: none waits for another."""
    words = WebhookWords(config.name, texts_for(config.language))
    return tuple(
        WebhookLink(each, database, config.store_id, words, clock=utc_now) for each in config.help.webhooks
    )


def serve(config: StoreConfig, opened: Callable[[str], None]) -> None:
    """Runs the store until it is told to stop (SIGINT, SIGTERM). Raises ServerError.

    `opened` hears the store's address as soon as it holds it, with the port that was really taken.
    """
    database = Database(config.database_url.get_secret_value())
    try:
        # A taken port is found out before the tables are touched.
        with listen(config.host, config.port) as listening:
            prepare(config, database, utc_now())
            broker = Broker()
            beside = _beside(config, database)
            server = StoreServer(create_app(config, database, broker), broker, beside)
            opened(address(config.host, listening.getsockname()[1]))
            server.run(sockets=[listening])
    finally:
        database.dispose()


def address(host: str, port: int) -> str:
    """The store's address for a browser or a lane; an IPv6 host stands in brackets (RFC 3986 §3.2.2)."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ServerError with one sentence when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio switches Nagle's delay off: 40 ms less for every answer of a lane.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # what it accepts inherits this
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(READ_WITHIN_S * 1000))
    try:
        listening.bind((host, port))
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise ServerError(_why_not(error, host, port)) from error
    return listening


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} on {host} is in use by another program; choose another with --port."
        case errno.EACCES:
            return f"Port {port} on {host} needs more rights than this program has; choose one above 1023."
        case _:
            return f"The store cannot listen on {host}:{port}: {error.strerror}."
