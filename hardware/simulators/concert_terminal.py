"""Owns a simulated Concert V2 card terminal (protocol E+) on a pty: its dialogue, its faults, its journal.

It must not import the lane's codecs, drivers or events: written from the protocol's layout on its own. The
journal is written before the lane is told, so it knows what was really charged whatever the cable did.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from hardware.simulators.concert_wire import ConcertWire
from hardware.simulators.pty_port import PtyPort
from hardware.simulators.zvt_cards import CardAction, CardScript, UnplugMoment
from hardware.simulators.zvt_journal import APPROVED, DECLINED, TerminalJournal, TransactionRecord

ACCEPTED: Final = "0"
REFUSED: Final = "7"
NOT_COMPLETED: Final = "9"

FRAME_LIMIT_S: Final = 3.0
ACKNOWLEDGE_S: Final = 5.0
RELEASE_S: Final = 1.0
TRANSMISSIONS: Final = 3
DELIVERIES: Final = 3
CALLS: Final = 3
CALL_S: Final = 1.0
IDLE_SLICE_S: Final = 0.02

REPORT_LENGTH: Final = 55
MASK: Final = "*" * 12


class Unpaid(Enum):
    """What becomes of an order nobody presents a card for. Terminals of all three kinds are told of."""

    TIMES_OUT = "times out"
    """Not completed after `card_wait_s`."""
    STAYS_BUSY = "stays busy"
    """It waits for ever and lets nobody speak."""
    KEEPS_OLD_AMOUNT = "keeps the old amount"
    """It waits for ever, takes further orders politely, and goes on with the amount of the first."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the lane asked for. Texts as they came; `amount_minor` in minor units."""

    pos: str
    amount_minor: int
    wants_report: bool
    mode: str
    currency: str
    answers_at_once: bool


def read_order(text: str) -> Order | None:
    """The fields of a request of 34 characters; None when a number is none or something is not on offer."""
    numbers = text[:10] + text[13:16]
    on_offer = text[10] in "01" and text[26:30] in ("A010", "A011") and text[30:34] in ("B010", "B011")
    if not numbers.isdigit() or not on_offer:
        return None
    return Order(text[:2], int(text[2:10]), text[10] == "1", text[11], text[13:16], text[26:30] == "A011")


class ConcertTerminalSimulator:
    """One terminal. `start` opens `link`; the journal survives `stop` and a new simulator on the same file.

    `card_wait_s` is how long it waits for a card; `pace_s` slows each step down for eyes (0 in tests). The
    order it holds survives a pulled cable, as the terminal has its own mains lead.
    """

    def __init__(
        self,
        link: Path,
        journal_path: Path,
        *,
        unpaid: Unpaid = Unpaid.TIMES_OUT,
        card_wait_s: float = 60.0,
        pace_s: float = 0.0,
    ) -> None:
        self.journal = TerminalJournal(journal_path)
        self.orders_taken = 0
        """How many orders it acknowledged, whatever became of them."""
        self._port = PtyPort(link)
        self._stopping = threading.Event()
        self._wire = ConcertWire(self._port, lambda: not self._stopping.is_set())
        self._unpaid = unpaid
        self._card_wait_s = card_wait_s
        self._pace_s = pace_s
        self._script: CardScript | None = None
        self._script_lock = threading.Lock()
        self._pending: Order | None = None
        self._pending_since_s = 0.0
        self._hung = False
        self._thread = threading.Thread(target=self._run, name=f"concert-{link.name}", daemon=True)

    # -- called from other threads ---------------------------------------------------------------

    def start(self) -> None:
        self._port.open()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._port.close()

    def present(self, script: CardScript) -> None:
        """The card for the pending order, or for the next one when none is pending."""
        with self._script_lock:
            self._script = script

    def unplug(self) -> None:
        self._port.unplug()

    def replug(self) -> None:
        self._port.replug()

    @property
    def plugged(self) -> bool:
        return self._port.plugged

    @property
    def is_waiting(self) -> bool:
        """Whether an order is on the display and no card has ended it."""
        return self._pending is not None

    # -- the terminal's own thread ---------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._wire.connected:
                self._wire.connect()
            self._listen()
            if self._pending is not None:
                self._attend(self._pending)

    def _listen(self) -> None:
        """One look at the wire."""
        if self._hung:
            self._wire.ignore()
        elif not self._wire.connected:
            time.sleep(IDLE_SLICE_S)
        elif (heard := self._wire.hear(IDLE_SLICE_S)) is not None and heard.kind == "enq":
            self._enquired()

    def _enquired(self) -> None:
        if self._pending is not None and self._unpaid is not Unpaid.KEEPS_OLD_AMOUNT:
            self._wire.say("nak")
            return
        self._wire.say("ack")
        order = self._take_order()
        if order is None or self._pending is not None:
            return
        self._pending, self._pending_since_s = order, time.monotonic()

    def _take_order(self) -> Order | None:
        """The order, acknowledged; None when the lane only greets, or says nothing that can be read."""
        for _ in range(TRANSMISSIONS):
            heard = self._wire.hear(FRAME_LIMIT_S)
            if heard is None or heard.kind == "eot":
                return None
            order = read_order(heard.text) if heard.kind == "frame" else None
            if order is not None:
                self.orders_taken += 1  # before anybody is told
                self._wire.say("ack")
                self._wire.await_sign(RELEASE_S, "eot")  # a lost one stops nothing: the order is here
                return order
            if heard.kind in ("frame", "broken"):
                self._wire.say("nak")
        return None

    # -- payment ---------------------------------------------------------------------------------

    def _attend(self, order: Order) -> None:
        """One look at the reader while `order` is on the display."""
        if order.answers_at_once:
            self._end(order, ACCEPTED)
            return
        with self._script_lock:
            script, self._script = self._script, None
        if script is not None:
            self._hung = script.action is CardAction.SILENT
            self._play(script, order)
        elif self._gives_up():
            self._end(order, NOT_COMPLETED)

    def _gives_up(self) -> bool:
        waited_s = time.monotonic() - self._pending_since_s
        return self._unpaid is Unpaid.TIMES_OUT and not self._hung and waited_s > self._card_wait_s

    def _play(self, script: CardScript, order: Order) -> None:
        if script.unplug_at is UnplugMoment.AFTER_START:
            self._port.unplug()
            return
        match script.action:
            case CardAction.SILENT:
                return
            case CardAction.CANCEL:
                self._end(order, NOT_COMPLETED)
            case CardAction.DECLINE:
                self._stay_busy(script.slow_s + self._pace_s)
                self._record(DECLINED, script, order)
                self._end(order, REFUSED)
            case CardAction.APPROVE | CardAction.WRONG_PIN:
                self._stay_busy(script.slow_s + self._pace_s)
                self._approve(script, order)

    def _approve(self, script: CardScript, order: Order) -> None:
        record = self._record(APPROVED, script, order)
        if script.unplug_at is UnplugMoment.BEFORE_RESULT:
            self._port.unplug()
        self._end(order, ACCEPTED, record.trace_no, script)

    def _record(self, state: str, script: CardScript, order: Order) -> TransactionRecord:
        trace_no = self.journal.next_trace_no()
        record = TransactionRecord(
            state=state,
            trace_no=trace_no,
            receipt_no=self.journal.next_receipt_no() if state == APPROVED else 0,
            amount_minor=order.amount_minor,
            currency_number=order.currency.zfill(4),
            card_name=script.card_name,
            card_last4=script.card_last4,
            day=time.strftime("%m%d"),
            clock=time.strftime("%H%M%S"),
        )
        self.journal.add(record)
        return record

    def _stay_busy(self, duration_s: float) -> None:
        """PIN and bank. A cable pulled meanwhile stops nothing: the bank is on another line."""
        deadline_s = time.monotonic() + duration_s
        while time.monotonic() < deadline_s and not self._stopping.is_set():
            self._listen()

    # -- the answer ------------------------------------------------------------------------------

    def _end(self, order: Order, result: str, trace_no: int = 0, script: CardScript | None = None) -> None:
        """The order is off the display; then the lane is told, unless the cable is out."""
        self._pending = None
        report = ""
        if order.wants_report:  # the real one has the whole card number here: this one never knew it
            report = (MASK + script.card_last4 if script else "").ljust(REPORT_LENGTH)
        head = f"{order.pos}{result}{order.amount_minor:08d}{order.mode}"
        text = f"{head}{report}{order.currency}{trace_no:010d}"
        moment = script.unplug_at if script else None
        for _ in range(DELIVERIES):
            if not self._wire.connected or self._deliver(text, moment):
                return

    def _deliver(self, text: str, moment: UnplugMoment | None) -> bool:
        """Whether the matter is closed: the answer is acknowledged, or nobody is there to tell it to."""
        if not self._called():
            return True
        for _ in range(TRANSMISSIONS):
            self._wire.send(text)
            if moment is UnplugMoment.AFTER_STATUS:
                self._port.unplug()
                return True
            answer = self._wire.await_sign(ACKNOWLEDGE_S, "ack", "nak")
            if answer == "ack" and moment is UnplugMoment.AFTER_ANSWER:
                self._port.unplug()
                return True
            if answer != "nak":
                self._wire.say("eot")
                return answer == "ack"
        self._wire.say("eot")
        return False

    def _called(self) -> bool:
        """Whether the lane lets the terminal speak. When both call at once the terminal goes first."""
        for _ in range(CALLS):
            self._wire.say("enq")
            if self._wire.await_sign(CALL_S, "ack", "enq") == "ack":
                return True
        return False
