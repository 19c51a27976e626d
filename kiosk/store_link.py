"""Owns the lane's conversation with the store: catalogue copies, the outbox, calls for help, news.

It must not decide anything about a sale. Offline is normal: messages wait, under ids made by the lane, and
are sent again until the store says *created* or *exists*.
"""

from __future__ import annotations

import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import BaseModel, ValidationError

from inventory.domain.help_desk import HelpState
from inventory.wire import (
    CatalogueChangedMessage,
    CatalogueMessage,
    DecisionMessage,
    HelpMessage,
    HelpUpdateMessage,
    InterventionMessage,
    LaneStateMessage,
    SaleAnswer,
    SaleMessage,
    StockMessage,
)
from kiosk import inputs
from kiosk.checkout.messages import Event, HelpUpdated, InterventionDecided, StoreReached
from kiosk.clock import Clock
from kiosk.failpoints import fp
from kiosk.journal import Journal, JournalError, Outgoing
from kiosk.shelf import Shelf, save_catalogue, shelf_from

log = logging.getLogger(__name__)

TIMEOUT_S = 5.0
NEWS_SILENCE_S = 25.0
"""The store sends a sign of life every 10 s; two missed and a little more mean the line is dead."""
BACK_OFF_S = 0.5
BACK_OFF_CAP_S = 8.0
MIRROR_EVERY_S = 10.0
MIRROR_GAP_S = 0.2
"""Never more often than this: a fast scanner must not flood the tablet."""
MAX_EVENT_BYTES = 64 * 1024
SALES_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where the store is. `ca_file` (PEM) is the shop's own certificate authority, if it has one."""

    url: str
    token: str
    lane_id: str
    ca_file: Path | None = None


class StoreLink:
    """Two threads: one says what waits, one listens to news. `open` starts both, `close` ends them."""

    def __init__(
        self,
        address: StoreAddress,
        *,
        journal: Journal,
        clock: Clock,
        catalogue_path: Path,
        shelf: Shelf,
        post: Callable[[Event], None],
        refresh: Callable[[], None],
        mirror: Callable[[], LaneStateMessage],
    ) -> None:
        self._lane_id = address.lane_id
        self._journal = journal
        self._clock = clock
        self._catalogue_path = catalogue_path
        self.shelf = shelf
        self._post = post
        self._refresh = refresh
        self._mirror = mirror
        self._client = httpx.Client(
            base_url=address.url,
            headers={"Authorization": f"Bearer {address.token}"},
            timeout=TIMEOUT_S,
            verify=ssl.create_default_context(cafile=address.ca_file),
            trust_env=False,  # a proxy of the machine has no business between a lane and its store
        )
        self._unsaid: dict[str, tuple[str, BaseModel]] = {}
        self._unsaid_lock = threading.Lock()
        self._refused: set[str] = set()
        self._something = threading.Event()
        self._stopping = threading.Event()
        self._online: bool | None = None
        self._mirror_due = True
        self._mirrored_s = -MIRROR_EVERY_S
        self._threads = [
            threading.Thread(target=self._speak, name="store-sender", daemon=True),
            threading.Thread(target=self._listen, name="store-news", daemon=True),
        ]

    def open(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._something.set()
        self._client.close()
        if self._threads[0].is_alive():  # it reads the journal, which is closed next
            self._threads[0].join(timeout=TIMEOUT_S)

    # -- what the lane says (any thread) ---------------------------------------------------------

    def sales_waiting(self) -> None:
        self._something.set()

    def mirror_changed(self) -> None:
        self._mirror_due = True
        self._something.set()

    def say_help(self, message: HelpMessage) -> None:
        self._say(f"/api/v1/help/{message.help_id}", message)

    def say_intervention(self, message: InterventionMessage) -> None:
        self._say(f"/api/v1/interventions/{message.intervention_id}", message)

    def _say(self, path: str, message: BaseModel) -> None:
        """The newest word on a matter replaces an older one that was not sent yet."""
        with self._unsaid_lock:
            self._unsaid[path] = (path, message)
        self._something.set()

    # -- the sending thread ----------------------------------------------------------------------

    def _speak(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._something.wait(timeout=self._patience_s(failures))
            if self._stopping.is_set():
                return
            self._something.clear()
            try:
                self._say_all()
                failures = 0
            except (httpx.HTTPError, OSError, RuntimeError, ValidationError, JournalError) as error:
                failures += 1
                self._mirror_due = True
                self._reached(online=False, why=str(error))
                self._stopping.wait(_pause_s(failures))
                self._something.set()

    def _patience_s(self, failures: int) -> float:
        if failures:
            return _pause_s(failures)
        return MIRROR_GAP_S if self._mirror_due else MIRROR_EVERY_S

    def _say_all(self) -> None:
        """A call for help never waits for a mirror picture; pictures are thinned out, never queued."""
        self._say_matters()
        self._send_sales()
        since_s = time.monotonic() - self._mirrored_s
        if since_s < (MIRROR_GAP_S if self._mirror_due else MIRROR_EVERY_S):
            return
        self._mirror_due = False
        self._send("POST", f"/api/v1/lanes/{self._lane_id}/state", self._mirror()).raise_for_status()
        self._mirrored_s = time.monotonic()
        self._reached(online=True)

    def _say_matters(self) -> None:
        while True:
            with self._unsaid_lock:
                if not self._unsaid:
                    return
                key, (path, message) = next(iter(self._unsaid.items()))
            answer = self._send("PUT", path, message)
            if answer.status_code >= 500 or answer.status_code in (401, 403, 408, 429):
                answer.raise_for_status()
            with self._unsaid_lock:
                if self._unsaid.get(key, (None, None))[1] is message:
                    del self._unsaid[key]
            if answer.is_success and isinstance(message, HelpMessage):
                self._help_news(HelpUpdateMessage.model_validate_json(answer.content))
            elif answer.status_code == 200 and isinstance(message, InterventionMessage):
                self._hear("decision", answer.text)  # somebody decided while this lane did not listen

    def _send_sales(self) -> None:
        """Oldest first; one the store cannot take is kept aside and never blocks those behind it."""
        while waiting := self._sendable():
            for outgoing in waiting:
                message = SaleMessage(
                    sale=inputs.decode_sale(outgoing.body),
                    journal_seq=outgoing.seq,
                    journal_head=self._journal.hash_of(outgoing.seq),
                )
                fp("before-send-sale")
                answer = self._send("POST", "/api/v1/sales", message)
                fp("after-send-sale")
                if answer.status_code in (200, 201):
                    # Only the store's own word counts: a gateway may say 200 to anything.
                    SaleAnswer.model_validate_json(answer.content)
                    self._journal.mark_sent(outgoing.message_id, self._clock.utc())
                elif answer.status_code in (400, 409, 413, 422):
                    log.error("the store refused sale %s: %s", outgoing.message_id, answer.text[:300])
                    self._refused.add(outgoing.message_id)
                else:
                    answer.raise_for_status()

    def _sendable(self) -> list[Outgoing]:
        waiting = self._journal.waiting(limit=SALES_AT_ONCE + len(self._refused))
        return [message for message in waiting if message.message_id not in self._refused]

    def _send(self, method: str, path: str, message: BaseModel) -> httpx.Response:
        content, headers = message.model_dump_json(), {"Content-Type": "application/json"}
        return self._client.request(method, path, content=content, headers=headers)

    # -- the listening thread --------------------------------------------------------------------

    def _listen(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                self._fetch_catalogue()
                with self._client.stream("GET", "/api/v1/events", timeout=NEWS_SILENCE_S) as stream:
                    stream.raise_for_status()
                    self._reached(online=True)
                    self._something.set()
                    failures = 0
                    for name, data in _events(stream):
                        self._hear(name, data)
            except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError, ValidationError) as error:
                failures += 1
                self._reached(online=False, why=str(error))
            self._stopping.wait(_pause_s(failures))

    def _fetch_catalogue(self) -> None:
        answer = self._client.get("/api/v1/catalogue", params={"since": self.shelf.version})
        if answer.status_code in (204, 304):
            return
        answer.raise_for_status()
        message = CatalogueMessage.model_validate_json(answer.content)
        self.shelf = shelf_from(message)
        self._refresh()
        try:
            save_catalogue(self._catalogue_path, message)
        except OSError as error:
            log.warning("the catalogue copy could not be kept: %s", error)

    def _hear(self, name: str, data: str) -> None:
        match name:
            case "help":
                self._help_news(HelpUpdateMessage.model_validate_json(data))
            case "decision":
                decision = DecisionMessage.model_validate_json(data)
                if decision.lane_id == self._lane_id:
                    self._post(
                        InterventionDecided(decision.intervention_id, decision.decision, decision.staff_name)
                    )
            case "stock":
                self.shelf = self.shelf.with_stock(StockMessage.model_validate_json(data))
                self._refresh()
            case "catalogue":
                if CatalogueChangedMessage.model_validate_json(data).version != self.shelf.version:
                    self._fetch_catalogue()
            case _:
                log.debug("news this version does not know: %s", name)

    def _help_news(self, update: HelpUpdateMessage) -> None:
        if update.lane_id == self._lane_id and update.state is not HelpState.REQUESTED:
            self._post(HelpUpdated(update.help_id, update.state, update.staff_name))

    def _reached(self, *, online: bool, why: str = "") -> None:
        """Told once when lost and once when back."""
        if online is self._online or self._stopping.is_set():
            return
        log.warning("the store answers" if online else f"the store does not answer: {why}")
        self._online = online
        self._post(StoreReached(online))


def _events(stream: httpx.Response) -> Iterator[tuple[str, str]]:
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


def _pause_s(failures: int) -> float:
    """Full jitter: a hundred lanes that lost the store together do not come back together."""
    return random.uniform(0.05, min(BACK_OFF_CAP_S, BACK_OFF_S * 2 ** min(failures, 6)))  # noqa: S311
