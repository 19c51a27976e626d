"""Owns a simulated ZVT card terminal on a pty: its conversation, its faults on demand, its journal.

It must not import the lane's codecs, drivers or events: written from VdTH PA00P015 on its own. The journal
is written before the lane is told, so it knows what was really charged whatever the cable did.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import Final

from hardware.simulators.pty_port import PtyPort
from hardware.simulators.zvt_cards import (
    CardAction,
    CardScript,
    Habit,
    UnplugMoment,
    refusal_fields,
    request_amount,
    result_fields,
    totals_fields,
)
from hardware.simulators.zvt_journal import (
    APPROVED,
    DAY_CLOSED,
    DECLINED,
    REVERSED,
    TerminalJournal,
    TransactionRecord,
)
from hardware.simulators.zvt_wire import ZvtWire, message

ACCEPTED: Final = message("80 00")
INSERT_CARD: Final = 0x0A
WATCH_PIN_PAD: Final = 0x01
PLEASE_WAIT: Final = 0x0E
REMOVE_CARD: Final = 0x0B

STOPPED: Final = 0x6C
REFUSED: Final = 0x05
WRONG_PIN: Final = 0x37
NOT_REGISTERED: Final = 0x6B
BUSY: Final = 0x9C

ANSWER_LIMIT_S: Final = 5.0
GOODS_NOT_READY_PAUSE_S: Final = 2.0
GOODS_NOT_READY_TRIES: Final = 3
WAIT_NOTICE_S: Final = 10.0
IDLE_SLICE_S: Final = 0.02


class _NoCard(Enum):
    STOPPED = auto()  # by the lane or by the terminal's own time-out
    UNPLUGGED = auto()


class ZvtTerminalSimulator:
    """One terminal. `start` opens `link`; the journal survives `stop` and a new simulator on the same file.

    `card_wait_s` is how long it waits for a card; `pace_s` slows each step down for eyes (0 in tests).
    """

    def __init__(
        self,
        link: Path,
        journal_path: Path,
        *,
        habit: Habit = Habit.KEEPS,
        terminal_id: str = "52000001",
        password: str = "000000",  # noqa: S107 - the factory setting every manual prints
        card_wait_s: float = 60.0,
        pace_s: float = 0.0,
    ) -> None:
        self.journal = TerminalJournal(journal_path)
        self._port = PtyPort(link)
        self._stopping = threading.Event()
        self._wire = ZvtWire(self._port, lambda: not self._stopping.is_set())
        self._habit = habit
        self._terminal_id = terminal_id
        self._password = bytes.fromhex(password)
        self._card_wait_s = card_wait_s
        self._pace_s = pace_s
        self._script: CardScript | None = None
        self._script_lock = threading.Lock()
        self._later: deque[bytes] = deque()
        self._registered = False
        self._thread = threading.Thread(target=self._run, name=f"zvt-{link.name}", daemon=True)

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
        """The card for the running payment, or for the next one when none is running."""
        with self._script_lock:
            self._script = script

    def unplug(self) -> None:
        self._port.unplug()

    def replug(self) -> None:
        self._port.replug()

    @property
    def plugged(self) -> bool:
        return self._port.plugged

    # -- the terminal's own thread ---------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._wire.connected:
                self._wire.connect()
                self._later.clear()
                time.sleep(IDLE_SLICE_S)
            elif (apdu := self._next_command()) is not None:
                self._serve(apdu)

    def _next_command(self) -> bytes | None:
        return self._later.popleft() if self._later else self._wire.receive(IDLE_SLICE_S)

    def _serve(self, apdu: bytes) -> None:
        data = apdu[3:]
        match apdu[:2].hex():
            case "0600":
                self._register(data)
            case "0601":
                self._pay(data)
            case "0501":
                self._report_state(data, 0x00)
            case "0620":
                self._repeat_last(data)
            case "0650":
                self._end_day(data)
            case "0670":
                self._accept_and_complete()
            case "0602":
                self._registered = False
                self._wire.send(ACCEPTED)
            case "06b0":
                self._wire.send(ACCEPTED)
            case control if control[:2] in ("80", "84"):
                return  # an answer that came too late
            case _:
                self._wire.send(message("84 83"))

    # -- administration --------------------------------------------------------------------------

    def _register(self, data: bytes) -> None:
        if self._knows_password(data):
            self._registered = True
            fields = b"\x19\x00\x29" + bytes.fromhex(self._terminal_id) + b"\x49\x09\x78"
            self._accept_and_complete(fields)

    def _report_state(self, data: bytes, state: int) -> None:
        if self._knows_password(data):
            self._accept_and_complete(bytes((state,)))

    def _repeat_last(self, data: bytes) -> None:
        if not self._knows_password(data):
            return
        charges = self.journal.charges()
        if not charges:
            self._wire.send(message("84 83"))
            return
        self._wire.send(ACCEPTED)
        self._tell(message("04 0F", result_fields(charges[-1], self._terminal_id)))
        self._tell(message("06 0F"))

    def _end_day(self, data: bytes) -> None:
        if not self._knows_password(data):
            return
        self._wire.send(ACCEPTED)
        day, clock = time.strftime("%m%d"), time.strftime("%H%M%S")
        charges = self.journal.open_charges()
        total = sum(record.amount_minor for record in charges)
        trace_no = self.journal.next_trace_no()
        self.journal.add(TransactionRecord(DAY_CLOSED, trace_no, 0, total, "0978", day=day, clock=clock))
        self._tell(message("04 0F", totals_fields(charges, day, clock)))
        self._tell(message("06 0F"))

    def _knows_password(self, data: bytes) -> bool:
        if data[:3] == self._password:
            return True
        self._wire.send(message("84 37"))
        return False

    def _accept_and_complete(self, data: bytes = b"") -> None:
        if self._wire.send(ACCEPTED):
            self._tell(message("06 0F", data))

    # -- payment ---------------------------------------------------------------------------------

    def _pay(self, data: bytes) -> None:
        request = request_amount(data)
        if request is None:
            self._wire.send(message("84 83"))
            return
        self._wire.send(ACCEPTED)
        if not self._registered:
            self._tell(message("06 1E", bytes((NOT_REGISTERED,))))
            return
        script = self._wait_for_card()
        match script:
            case _NoCard.UNPLUGGED:
                return
            case _NoCard.STOPPED:
                self._end_negative(STOPPED)
            case CardScript():
                self._play(script, *request)

    def _wait_for_card(self) -> CardScript | _NoCard:
        if (script := self._take_script()) is not None and script.action is CardAction.SILENT:
            return script
        self._show(INSERT_CARD)
        deadline_s = time.monotonic() + self._card_wait_s
        while not self._stopping.is_set() and self._wire.connected:
            script = script or self._take_script()
            if script is not None:
                return script
            if self._interrupted(0x00) or time.monotonic() >= deadline_s:
                return _NoCard.STOPPED
        return _NoCard.UNPLUGGED

    def _take_script(self) -> CardScript | None:
        with self._script_lock:
            script, self._script = self._script, None
            return script

    def _play(self, script: CardScript, amount_minor: int, currency_number: str) -> None:
        if script.unplug_at is UnplugMoment.AFTER_START:
            self._port.unplug()
            return
        match script.action:
            case CardAction.SILENT:
                self._hang()
            case CardAction.CANCEL:
                self._show(WATCH_PIN_PAD)
                self._end_negative(STOPPED)
            case CardAction.DECLINE:
                self._contact_bank(script)
                self._record(DECLINED, script, amount_minor, currency_number)
                self._end_negative(REFUSED)
            case CardAction.WRONG_PIN:
                self._contact_bank(script)
                self._tell(message("04 0F", refusal_fields(WRONG_PIN, self._terminal_id)))
                self._approve(script, amount_minor, currency_number)
            case CardAction.APPROVE:
                self._approve(script, amount_minor, currency_number)

    def _approve(self, script: CardScript, amount_minor: int, currency_number: str) -> None:
        self._contact_bank(script)
        record = self._record(APPROVED, script, amount_minor, currency_number)
        if script.unplug_at is UnplugMoment.BEFORE_RESULT:
            self._port.unplug()
        answer = self._offer_result(record, script)
        if answer in (b"\x80\x00", b"\x84\x00"):
            if script.unplug_at is UnplugMoment.AFTER_ANSWER:
                self._port.unplug()
                return
            self._show(REMOVE_CARD)
            self._tell(message("06 0F"))
        elif answer or self._habit is Habit.AUTO_REVERSES:
            self.journal.add(replace(record, state=REVERSED))
            self._end_negative(STOPPED)

    def _offer_result(self, record: TransactionRecord, script: CardScript) -> bytes:
        """Sends the positive 04 0F; the control field of the answer, b"" when none came."""
        result = message("04 0F", result_fields(record, self._terminal_id))
        answer = b""
        for _ in range(GOODS_NOT_READY_TRIES):
            if not self._wire.send(result):
                return b""
            if script.unplug_at is UnplugMoment.AFTER_STATUS:
                self._port.unplug()
                return b""
            answer = self._await_answer()
            if answer != bytes((0x84, BUSY)):
                break
            self._stay_busy(GOODS_NOT_READY_PAUSE_S)
        return answer

    def _record(
        self, state: str, script: CardScript, amount_minor: int, currency_number: str
    ) -> TransactionRecord:
        trace_no = self.journal.next_trace_no()
        approved = state == APPROVED
        record = TransactionRecord(
            state=state,
            trace_no=trace_no,
            receipt_no=self.journal.next_receipt_no() if approved else 0,
            amount_minor=amount_minor,
            currency_number=currency_number,
            card_name=script.card_name,
            card_last4=script.card_last4,
            authorisation_id=f"{trace_no * 7919 % 1_000_000:06d}" if approved else "",
            day=time.strftime("%m%d"),
            clock=time.strftime("%H%M%S"),
        )
        self.journal.add(record)
        return record

    def _contact_bank(self, script: CardScript) -> None:
        """PIN and bank. A cable pulled meanwhile stops nothing: the bank is on another line."""
        self._show(WATCH_PIN_PAD)
        self._show(PLEASE_WAIT)
        left_s = script.slow_s
        while left_s > 0 and not self._stopping.is_set():
            self._stay_busy(min(left_s, WAIT_NOTICE_S))
            left_s -= WAIT_NOTICE_S
            if left_s > 0:
                self._show(PLEASE_WAIT)

    def _end_negative(self, code: int) -> None:
        self._tell(message("04 0F", refusal_fields(code, self._terminal_id)))
        self._tell(message("06 1E", bytes((code,))))

    def _hang(self) -> None:
        while not self._stopping.is_set() and self._wire.connected and self._script is None:
            self._wire.ignore()

    # -- words on the wire -----------------------------------------------------------------------

    def _show(self, state: int) -> None:
        self._tell(message("04 FF", bytes((state,))))
        if self._pace_s:
            self._stay_busy(self._pace_s)

    def _tell(self, apdu: bytes) -> bytes:
        """Sends a message; the control field of the answer, b"" when none came."""
        return self._await_answer() if self._wire.send(apdu) else b""

    def _await_answer(self) -> bytes:
        deadline_s = time.monotonic() + ANSWER_LIMIT_S
        while (left_s := deadline_s - time.monotonic()) > 0:
            apdu = self._wire.receive(left_s)
            if apdu is None:
                break
            if apdu[:1] in (b"\x80", b"\x84"):
                return apdu[:2]
            self._later.append(apdu)  # a command that crossed our message on the wire
        return b""

    def _stay_busy(self, duration_s: float) -> None:
        deadline_s = time.monotonic() + duration_s
        while time.monotonic() < deadline_s and not self._stopping.is_set():
            if self._wire.connected:
                self._interrupted(0x83)
            else:
                time.sleep(IDLE_SLICE_S)

    def _interrupted(self, abort_error: int) -> bool:
        """Serves one command during a payment. True when the lane stopped it, which error 0 allows."""
        apdu = self._next_command()
        if apdu is None:
            return False
        match apdu[:2].hex():
            case "06b0" if abort_error == 0:
                self._wire.send(ACCEPTED)
                return True
            case "0501":
                self._report_state(apdu[3:], BUSY)
            case "0600":
                self._register(apdu[3:])
            case control if control[:2] in ("80", "84"):
                return False  # an answer that came too late
            case _:
                self._wire.send(message("84 83"))
        return False
