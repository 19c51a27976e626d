"""Owns the lane's conversation with the store: the outbox, calls for help, news.

It must not decide anything about a sale. Offline is normal: messages wait, under ids made by the lane, and
are sent again until the store says *created* or *exists*.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx
from pydantic import BaseModel, ValidationError

from inventory.domain.feedback import BAD_FACES
from inventory.domain.feedback_alerts import is_timely
from inventory.domain.neighbours import OpenLane
from inventory.domain.questions import AnswerOutcome
from inventory.wire import (
    CATALOGUE_HEADER,
    CatalogueChangedMessage,
    FeedbackMessage,
    HelpMessage,
    InterventionMessage,
    LaneStateMessage,
    OpenLanesMessage,
    OrderReport,
    PhraseMessage,
    SaleAnswer,
    SaleMessage,
    ShelvesMessage,
    StaffActionMessage,
    StockMessage,
)
from kiosk import inputs
from kiosk.answer_tally import AnswerTally
from kiosk.checkout.messages import (
    Event,
    StoreReached,
)
from kiosk.checkout.talk import PhrasePassed
from kiosk.clock import Clock
from kiosk.failpoints import fp
from kiosk.ids import id_maker
from kiosk.jottings import Jottings
from kiosk.journal import Journal, JournalError, Outgoing
from kiosk.older_stores import StoreKnowledge
from kiosk.phrase_news import worded
from kiosk.pin_check import PinCheck
from kiosk.search_tally import SearchTally
from kiosk.shelf import Shelf
from kiosk.store_copies import StoreCopies
from kiosk.store_line import StoreAddress, client_for, events, pause_s
from kiosk.store_news import news

log = logging.getLogger(__name__)

TIMEOUT_S = 5.0
NEWS_SILENCE_S = 25.0
"""The store sends a sign of life every 10 s; two missed and a little more mean the line is dead."""
MIRROR_EVERY_S = 10.0
MIRROR_GAP_S = 0.2
"""Never more often than this: a fast scanner must not flood the tablet."""
SALES_AT_ONCE = 50


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
        chance: Random,
    ) -> None:
        self._lane_id = address.lane_id
        self._journal = journal
        self._clock = clock
        self.open_lanes: tuple[OpenLane, ...] = ()
        self._post = post
        self._refresh = refresh
        self._mirror = mirror
        self._chance = chance
        self.jottings = Jottings(catalogue_path.with_name("jottings.json"))
        self._store_knows = StoreKnowledge()
        self._client = client_for(address, self._store_knows.hear, timeout_s=TIMEOUT_S)
        self._copies = StoreCopies(self._client, catalogue_path=catalogue_path, shelf=shelf, refresh=refresh)
        self._pin_check = PinCheck(
            self._client, address.url, address.lane_id, post, lambda: self._online is False, chance
        )
        self._unsaid: dict[str, BaseModel] = {}
        self._reports: dict[str, BaseModel] = {}
        self._bad_faces: dict[str, BaseModel] = {}
        self._faces: dict[str, BaseModel] = {}
        self._unsaid_lock = threading.Lock()
        self._answers = AnswerTally(address.lane_id, id_maker(clock.utc))
        searches_path = catalogue_path.with_name("searches.json")
        self._searches = SearchTally(address.lane_id, id_maker(clock.utc), searches_path)
        self._refused: set[str] = set()
        self._something = threading.Event()
        self._stopping = threading.Event()
        self._online: bool | None = None
        self._online_lock = threading.Lock()
        self._is_introduced = False
        self._mirror_due = True
        self._mirrored_s = -MIRROR_EVERY_S
        self._threads = [
            threading.Thread(target=self._speak, name="store-sender", daemon=True),
            threading.Thread(target=self._listen, name="store-news", daemon=True),
        ]

    @property
    def shelf(self) -> Shelf:
        """The newest copies of what the store handed out."""
        return self._copies.shelf

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
        self._say(self._unsaid, f"/api/v1/help/{message.help_id}", message)

    def say_phrase(self, message: PhraseMessage) -> None:
        whole = worded(message, self.jottings)
        if whole is None:
            self._post(PhrasePassed(message.phrase_id, taken=False))
        else:
            self._say(self._unsaid, f"/api/v1/help/{message.help_id}/phrases/{message.phrase_id}", whole)

    def say_intervention(self, message: InterventionMessage) -> None:
        self._say(self._unsaid, f"/api/v1/interventions/{message.intervention_id}", message)

    def say_order(self, message: OrderReport) -> None:
        """Waits behind the sales: a day's books are compared with them. Lost with the program, it is asked
        for again: the store tells of an order until it knows its end.
        """
        self._say(self._reports, f"/api/v1/orders/{message.outcome.order_id}", message)

    def count_answer(self, question: str, language: str, outcome: AnswerOutcome) -> None:
        self._answers.count(question, language, outcome)
        self._something.set()

    def say_staff(self, message: StaffActionMessage) -> None:
        self._say(self._unsaid, f"/api/v1/staff/actions/{message.action_id}", message)

    def count_search(self, term: str, language: str) -> None:
        """Goes with whatever is said next: nobody waits for it."""
        self._searches.count(term, language)

    def say_feedback(self, message: FeedbackMessage) -> None:
        """Waits behind everything that somebody waits for; a bad face that may still alarm staff only behind
        calls for help.
        """
        is_bad = message.face in BAD_FACES and is_timely(message.at_utc, self._clock.utc())
        faces = self._bad_faces if is_bad else self._faces
        self._say(faces, f"/api/v1/feedback/{message.feedback_id}", message)

    def check_pin(self, who: str, pin: str) -> None:
        self._pin_check.ask(who, pin)

    def _say(self, unsaid: dict[str, BaseModel], path: str, message: BaseModel) -> None:
        """The newest word on a matter replaces an older one that was not sent yet."""
        with self._unsaid_lock:
            unsaid[path] = message
        self._something.set()

    # -- the sending thread ----------------------------------------------------------------------

    def _speak(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._something.wait(timeout=self._patience_s(failures))
            if self._stopping.is_set():
                return
            self._something.clear()
            self._searches.keep()
            try:
                self._say_all()
                failures = 0
            except (httpx.HTTPError, OSError, RuntimeError, ValidationError, JournalError) as error:
                failures += 1
                self._mirror_due = True
                self._reached(online=False, why=str(error))
                self._stopping.wait(pause_s(failures, self._chance))
                self._something.set()

    def _patience_s(self, failures: int) -> float:
        if failures:
            return pause_s(failures, self._chance)
        if not self._mirror_due:
            return MIRROR_EVERY_S
        return max(0.0, self._mirrored_s + MIRROR_GAP_S - time.monotonic())

    def _say_all(self) -> None:
        """A call for help waits neither for a picture nor for a queue of sales; pictures are thinned out."""
        self._introduce()
        self._say_matters(self._unsaid, self._bad_faces)
        self._send_sales()
        self._say_matters(self._unsaid, self._bad_faces, self._reports, self._faces)
        self._say_counts(self._answers, "answers")
        self._say_counts(self._searches, "searches")
        self._say_state(MIRROR_GAP_S if self._mirror_due else MIRROR_EVERY_S)

    def _introduce(self) -> None:
        """One picture when the lane has just started: the answer says which newer words the store knows."""
        if not self._is_introduced:
            self._send("POST", f"/api/v1/lanes/{self._lane_id}/state", self._mirror())
            self._is_introduced = True

    def _say_state(self, gap_s: float) -> None:
        if time.monotonic() - self._mirrored_s < gap_s:
            return
        self._mirror_due = False
        path = f"/api/v1/lanes/{self._lane_id}/state"
        answer = self._send("POST", path, self._mirror(), version=self.shelf.version)
        answer.raise_for_status()
        if answer.status_code == 200:  # 204: a store older than this lane
            self._hear_of_lanes(OpenLanesMessage.model_validate_json(answer.content))
        self._mirrored_s = time.monotonic()
        self._reached(online=True)

    def _hear_of_lanes(self, message: OpenLanesMessage) -> None:
        if message.lanes != self.open_lanes:
            self.open_lanes = message.lanes
            self._refresh()

    def _say_matters(self, *queues: dict[str, BaseModel]) -> None:
        """All that waits; before each word it is looked whether an earlier queue has a new one."""
        while True:
            with self._unsaid_lock:
                unsaid = next((each for each in queues if each), None)
                if unsaid is None:
                    return
                path, message = next(iter(unsaid.items()))
            fp("before-send-matter")
            answer = self._send("PUT", path, message)
            fp("after-send-matter")
            if answer.status_code >= 500 or answer.status_code in (401, 403, 408, 429):
                answer.raise_for_status()
            with self._unsaid_lock:
                if unsaid.get(path) is message:
                    del unsaid[path]
            if answer.is_client_error:
                log.error("the store refused %s: %s", path, answer.text[:300])
            if isinstance(message, PhraseMessage):
                self._post(PhrasePassed(message.phrase_id, taken=answer.is_success))
            elif answer.is_success and isinstance(message, HelpMessage):
                self._hear("help", answer.text)
            elif answer.status_code == 200 and isinstance(message, InterventionMessage):
                self._hear("decision", answer.text)  # somebody decided while this lane did not listen

    def _say_counts(self, tally: AnswerTally | SearchTally, what: str) -> None:
        """Last of all that is said, and dropped when the store refuses it: nobody waits for it."""
        while (report := tally.report()) is not None:
            answer = self._send("PUT", f"/api/v1/{what}/{report.report_id}", report)
            if answer.status_code >= 500 or answer.status_code in (401, 403, 408, 429):
                answer.raise_for_status()
            if answer.is_client_error:
                log.error("the store refused counts of %s: %s", what, answer.text[:300])
            tally.settle(report)  # type: ignore[arg-type]  # a tally settles what it reported

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
                answer = self._send("POST", "/api/v1/sales", message, version=outgoing.catalogue_version)
                fp("after-send-sale")
                if answer.status_code in (200, 201):
                    # Only the store's own word counts: a gateway may say 200 to anything.
                    SaleAnswer.model_validate_json(answer.content)
                    fp("before-mark-sent")
                    self._journal.mark_sent(outgoing.message_id, self._clock.utc())
                elif answer.status_code in (400, 409, 413, 422):
                    log.error("the store refused sale %s: %s", outgoing.message_id, answer.text[:300])
                    self._refused.add(outgoing.message_id)
                else:
                    answer.raise_for_status()
                # The rest of a day offline may take a while: help is heard, and the lane seen, meanwhile.
                self._say_matters(self._unsaid, self._bad_faces)
                self._say_state(MIRROR_EVERY_S)

    def _sendable(self) -> list[Outgoing]:
        waiting = self._journal.waiting(limit=SALES_AT_ONCE + len(self._refused))
        return [message for message in waiting if message.message_id not in self._refused]

    def _send(self, method: str, path: str, message: BaseModel, *, version: int = 0) -> httpx.Response:
        content = self._store_knows.fit(message).model_dump_json()
        headers = {"Content-Type": "application/json"}
        if version:
            headers[CATALOGUE_HEADER] = str(version)
        return self._client.request(method, path, content=content, headers=headers)

    # -- the listening thread --------------------------------------------------------------------

    def _listen(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                self._copies.fetch_catalogue()
                self._copies.fetch_plan()
                since = self._copies.news_since()
                with self._client.stream(
                    "GET", "/api/v1/events", params=since, timeout=NEWS_SILENCE_S
                ) as stream:
                    stream.raise_for_status()
                    self._reached(online=True)
                    self._something.set()
                    failures = 0
                    for name, data in events(stream):
                        self._hear(name, data)
            except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError, ValidationError) as error:
                failures += 1
                self._reached(online=False, why=str(error))
            self._stopping.wait(pause_s(failures, self._chance))

    def _hear(self, name: str, data: str) -> None:
        match name:
            case "stock":
                self._copies.stock_moved(StockMessage.model_validate_json(data))
            case "shelves":
                self._copies.told_anew(ShelvesMessage.model_validate_json(data))
            case "catalogue":
                if CatalogueChangedMessage.model_validate_json(data).version != self.shelf.version:
                    self._copies.fetch_catalogue()
            case _:
                event = news(name, data, self._lane_id, self.jottings)
                if event is not None:
                    self._post(event)

    def _reached(self, *, online: bool, why: str = "") -> None:
        """Told once when lost and once when back."""
        with self._online_lock:  # both threads may find out at once
            if online is self._online or self._stopping.is_set():
                return
            self._online = online
        log.warning("the store answers" if online else f"the store does not answer: {why}")
        self._post(StoreReached(online))
