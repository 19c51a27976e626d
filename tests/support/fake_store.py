"""Owns a store of few lines behind real HTTP: it takes what a lane says and tells what a test wants.

It must not know the lane's code. What it answers can be spoiled at will.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel

from inventory.domain.help_desk import HelpState
from inventory.wire import (
    CATALOGUE_HEADER,
    KNOWS_HEADER,
    CatalogueDelta,
    CatalogueMessage,
    DecisionMessage,
    HelpUpdateMessage,
    OpenLanesMessage,
    PlanMessage,
    SaleAnswer,
)

Answer = tuple[int, bytes]
LOOK_S = 0.01


@dataclass
class FakeStore:
    """`spoil` may answer a request (method, path, body) in the store's place; None lets the store answer."""

    catalogue: CatalogueMessage
    sales: list[str] = field(default_factory=list)
    sale_posts: list[str] = field(default_factory=list)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)
    sold_from: dict[str, str] = field(default_factory=dict)
    """What stood beside each sale as its catalogue's version."""
    state_versions: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    catalogue_asked: list[str] = field(default_factory=list)
    deltas: dict[int, CatalogueDelta] = field(default_factory=dict)
    """By the version they start from."""
    plan: PlanMessage | None = None
    decisions: dict[str, DecisionMessage] = field(default_factory=dict)
    spoil: Callable[[str, str, bytes], Answer | None] = lambda _method, _path, _body: None
    on_listen: Callable[[str], None] = lambda _path: None
    knows: str = ""
    """The newer words it says it understands, with every answer that brings a message."""
    port: int = 0
    _streams: list[queue.Queue[bytes]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def listeners(self) -> int:
        return len(self._streams)

    def up(self) -> None:
        """Opens on the same port as before."""
        self._stopping = threading.Event()
        store = self

        class Handler(_Handler):
            owner = store

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(LOOK_S,), daemon=True, name="fake-store").start()

    def down(self) -> None:
        """Nobody answers any more, and open streams end."""
        self._stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def tell(self, name: str, message: BaseModel | str) -> None:
        """News for every lane that listens."""
        text = message if isinstance(message, str) else message.model_dump_json()
        for stream in list(self._streams):
            stream.put(f"event: {name}\ndata: {text}\n\n".encode())

    # -- what it answers -------------------------------------------------------------------------

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        spoiled = self.spoil(method, path, body)
        if spoiled is not None:
            return spoiled
        path, _, query = path.partition("?")
        *_, kind, last = ["", *path.split("/")]
        if last == "catalogue":
            return self._catalogue(query)
        if last == "plan":
            return _json(200, self.plan) if self.plan else (204, b"")
        content = json.loads(body)
        if last == "sales":
            return self._sale(content["sale"]["sale_id"])
        if last == "state":
            self.states.append(content)
            return _json(200, OpenLanesMessage(lanes=())) if self.knows else (204, b"")
        self.said.append((path, content))
        if kind == "help":
            cancelled = content["state"] == "cancelled"
            state = HelpState.CANCELLED if cancelled else HelpState.DELIVERED
            return _json(200, HelpUpdateMessage(help_id=last, lane_id=content["lane_id"], state=state))
        decision = self.decisions.get(last)
        return _json(200, decision) if decision else (202, b"")

    def _catalogue(self, query: str) -> Answer:
        self.catalogue_asked.append(query)
        asked = dict(parse_qsl(query, keep_blank_values=True))
        if asked.get("since") == str(self.catalogue.version) and asked["mark"] == self.catalogue.mark:
            return 304, b""
        delta = self.deltas.get(int(asked.get("since", -1)))
        return _json(226, delta) if delta else _json(200, self.catalogue)

    def _sale(self, sale_id: str) -> Answer:
        self.sale_posts.append(sale_id)
        if sale_id in self.sales:
            return _json(200, SaleAnswer(outcome="exists", sale_id=sale_id))
        self.sales.append(sale_id)
        return _json(201, SaleAnswer(outcome="created", sale_id=sale_id))

    def stream(self, write: Callable[[bytes], None]) -> None:
        """News as it comes, until the store goes down."""
        news: queue.Queue[bytes] = queue.Queue()
        stopping = self._stopping
        self._streams.append(news)
        try:
            while not stopping.is_set():
                try:
                    write(news.get(timeout=LOOK_S))
                except queue.Empty:
                    continue
        finally:
            self._streams.remove(news)


def _json(status: int, message: BaseModel) -> Answer:
    return status, message.model_dump_json().encode()


class _Handler(BaseHTTPRequestHandler):
    owner: FakeStore

    def do_GET(self) -> None:
        self._noted()
        if not self.path.partition("?")[0].endswith("/events"):
            return self._send(*self.owner.answer("GET", self.path, b""))
        self.owner.on_listen(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            self.wfile.write(b": welcome\n\n")
            self.owner.stream(self._write)
        except OSError:  # the lane hung up
            self.close_connection = True

    def do_POST(self) -> None:
        self._take("POST")

    def do_PUT(self) -> None:
        self._take("PUT")

    def _take(self, method: str) -> None:
        self._noted()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        version = self.headers.get(CATALOGUE_HEADER, "")
        if self.path.endswith("/sales"):
            self.owner.sold_from[json.loads(body)["sale"]["sale_id"]] = version
        if self.path.endswith("/state"):
            self.owner.state_versions.append(version)
        self._send(*self.owner.answer(method, self.path, body))

    def _noted(self) -> None:
        self.owner.tokens.add(self.headers["Authorization"])

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if self.owner.knows and content:
            self.send_header("Content-Type", "application/json")
            self.send_header(KNOWS_HEADER, self.owner.knows)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Says nothing."""
