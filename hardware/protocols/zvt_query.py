"""Owns the question after the last transaction: wait until the terminal is idle, register, ask, report once.

It must not judge whether the transaction found is the one in doubt: it hands over evidence (rule P5). It
never reports "nothing stored", because no ZVT answer says that and nothing else. A record counts when the
terminal repeats it twice alike: one digit changed past the checksum would make the last sale look like this.
Sources: VdTH PA00P015 sections 2.20 and 2.56.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from hardware.events import LastPaymentReported, ProtocolError, QueryVerdict
from hardware.line import Report
from hardware.protocols import zvt_apdu
from hardware.protocols.zvt_apdu import (
    ACCEPTED,
    Apdu,
    StatusInformation,
    parse_enquiry_completion,
    parse_status_information,
    repeat_receipt,
    status_enquiry,
)
from hardware.protocols.zvt_codes import RESULT_BUSY
from hardware.protocols.zvt_job import (
    Answered,
    Began,
    Closed,
    Elapsed,
    Failed,
    Finished,
    Learned,
    Step,
    Told,
    Turn,
    ZvtSettings,
    answer,
    command,
    stray_answer,
)
from hardware.protocols.zvt_registration import registration_command
from hardware.protocols.zvt_standing import Standing, parse_standing


class Phase(Enum):
    """Which command is under way."""

    PAUSING = auto()
    POLLING = auto()
    STOPPING = auto()
    REGISTERING = auto()
    REPEATING = auto()


class LastPaymentQuery:
    """One question. It survives lost lines and is begun anew on each until `expired`."""

    def __init__(
        self, device: str, query_id: str, settings: ZvtSettings, now_s: float, *, standing: Standing
    ) -> None:
        self._device = device
        self._terminal_id = standing.terminal_id
        self._query_id = query_id
        self._settings = settings
        self._limit_s = now_s + settings.query_limit_s
        self._confirmed: StatusInformation | None = None
        self._last_trouble = "the terminal did not answer"
        self._stop_sent = False
        self.is_answered = False
        self._start_over()

    def expired(self, now_s: float) -> bool:
        return now_s >= self._limit_s

    def expire(self) -> Report:
        """Its answer when the time is up."""
        return self._report(QueryVerdict.NO_ANSWER, self._last_trouble)

    def resume(self, confirmed: StatusInformation | None, standing: Standing) -> None:
        """Takes over a registered line; `confirmed` as in `stray_answer`."""
        self._confirmed = confirmed
        self._terminal_id = standing.terminal_id
        self._start_over()

    def _start_over(self) -> None:
        self._phase = Phase.PAUSING
        self._accepted = False
        self._due_s = 0.0
        self._found: StatusInformation | None = None
        self._witness: StatusInformation | None = None
        self._unusable = ""

    def on(self, turn: Turn, now_s: float) -> Iterable[Step]:
        match turn:
            case Began():
                return self._poll()
            case Answered(_, error):
                return self._answered(error, now_s)
            case Told(message):
                return self._told(message, now_s)
            case Failed(letter) if letter.is_command:
                return self._pause("the terminal did not answer", now_s)
            case Elapsed():
                return self._elapsed(now_s)
            case Closed():
                self._last_trouble = "the line was lost"
                self._start_over()
                return ()
            case _:
                return ()

    def _poll(self) -> Iterable[Step]:
        return self._send(Phase.POLLING, status_enquiry(self._settings.password))

    def _answered(self, error: int | None, now_s: float) -> Iterable[Step]:
        if self._phase is Phase.STOPPING:
            return self._pause("the terminal was still busy", now_s)
        if error is None:
            self._accepted = True
            self._due_s = now_s + self._settings.command_limit_s
            return ()
        if self._phase is Phase.REPEATING and error != RESULT_BUSY:
            return self._finish(QueryVerdict.UNUSABLE, f"the terminal answered 84 {error:02X}")
        return self._pause(f"the terminal answered 84 {error:02X}", now_s)

    def _told(self, message: Apdu, now_s: float) -> Iterable[Step]:
        match message.control:
            case zvt_apdu.STATUS_INFORMATION if self._accepted and self._phase is Phase.REPEATING:
                self._note(message)
                return (answer(ACCEPTED),)
            case zvt_apdu.COMPLETION if self._accepted:
                return (answer(ACCEPTED), *self._completed(message, now_s))
            case zvt_apdu.ABORTED if self._accepted:
                return (answer(ACCEPTED), *self._aborted(now_s))
            case _:
                return (answer(stray_answer(message, self._confirmed)),)

    def _note(self, message: Apdu) -> None:
        """Keeps the repeated result. A repeat is a record, not a sale: it needs no decision of the lane."""
        try:
            status = parse_status_information(message.data, self._settings.charset)
        except ProtocolError as error:
            self._unusable = str(error)
            return
        if status.holds_totals:
            self._unusable = "the last record is an end of day"
        elif self._found is not None and self._found != status:
            self._unusable = "more than one transaction was repeated"
        self._found = status

    def _completed(self, message: Apdu, now_s: float) -> Iterable[Step]:
        match self._phase:
            case Phase.POLLING:
                return self._polled(message, now_s)
            case Phase.REGISTERING:
                standing = parse_standing(message.data)
                self._terminal_id = standing.terminal_id or self._terminal_id
                repeat = self._send(Phase.REPEATING, repeat_receipt(self._settings.password))
                return (Learned(standing), *repeat)
            case Phase.REPEATING:
                return self._repeated(now_s)
            case Phase.PAUSING | Phase.STOPPING:
                return ()

    def _polled(self, message: Apdu, now_s: float) -> Iterable[Step]:
        try:
            status = parse_enquiry_completion(message.data)
        except ProtocolError as error:  # most likely the late end of an older command
            return self._pause(str(error), now_s)
        if status == 0:
            return self._send(Phase.REGISTERING, registration_command(self._settings))
        if status == RESULT_BUSY and not self._stop_sent:
            # It may still wait for a card for a payment nobody follows any more.
            self._stop_sent = True
            return self._send(Phase.STOPPING, Apdu(zvt_apdu.ABORT))
        return self._pause(f"the terminal's status is {status:02X}", now_s)

    def _repeated(self, now_s: float) -> Iterable[Step]:
        if self._unusable:
            return self._finish(QueryVerdict.UNUSABLE, self._unusable)
        if self._found is None:
            return self._finish(QueryVerdict.UNUSABLE, "the terminal repeated no transaction")
        if self._witness is None:
            self._witness = self._found
            return self._send(Phase.REPEATING, repeat_receipt(self._settings.password))
        if _deciding(self._witness) != _deciding(self._found):
            return self._pause("the terminal repeated two different transactions", now_s)
        return self._finish(QueryVerdict.FOUND)

    def _aborted(self, now_s: float) -> Iterable[Step]:
        if self._phase is Phase.REPEATING:
            return self._finish(QueryVerdict.UNUSABLE, "the terminal aborted the repeat")
        return self._pause("the terminal aborted a command", now_s)

    def _elapsed(self, now_s: float) -> Iterable[Step]:
        if self._phase is Phase.PAUSING and now_s >= self._due_s:
            return self._poll()
        if self._accepted and now_s >= self._due_s:
            return self._pause("the terminal did not complete a command", now_s)
        return ()

    def _send(self, phase: Phase, apdu: Apdu) -> Iterable[Step]:
        self._phase = phase
        self._accepted = False
        self._found, self._unusable = None, ""
        return (command(apdu),)

    def _pause(self, trouble: str, now_s: float) -> Iterable[Step]:
        self._last_trouble = trouble
        self._start_over()
        self._due_s = now_s + self._settings.poll_every_s
        return ()

    def _finish(self, verdict: QueryVerdict, reason: str = "") -> Iterable[Step]:
        return (self._report(verdict, reason), Finished(self._confirmed))

    def _report(self, verdict: QueryVerdict, reason: str) -> Report:
        self.is_answered = True
        evidence = None
        if verdict is QueryVerdict.FOUND and self._found is not None:
            evidence = self._found.evidence(self._settings.currency)
        terminal_id = self._terminal_id
        return Report(
            LastPaymentReported(self._device, self._query_id, verdict, evidence, reason, terminal_id)
        )


def _deciding(status: StatusInformation) -> tuple[object, ...]:
    """What the verdict on a payment rests on."""
    money = (status.result_code, status.amount_minor, status.currency)
    return (*money, status.terminal_id, status.receipt_no, status.terminal_date, status.terminal_time)
