"""Owns one order of staff over ZVT: reversal, refund, end of day, diagnosis or initialisation.

It must not know bytes or frames, and it never sends anything twice that moves money or closes a day: silence
and lost lines end in doubt (rules P3, P4, P9). A result is answered at once, since nothing waits on the lane.
Sources: VdTH PA00P015 sections 2.9, 2.15 to 2.17, 3.2 and 3.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from typing import Final

from hardware.events import OrderDone, OrderFailed, OrderInDoubt, ProtocolError, Slip
from hardware.line import HangUp, Report
from hardware.ports import OrderKind, TerminalOrder
from hardware.protocols import zvt_apdu, zvt_codes
from hardware.protocols.zvt_apdu import (
    ACCEPTED,
    GOODS_REFUSED,
    UNSUPPORTED,
    Apdu,
    StatusInformation,
    parse_abort,
    parse_intermediate_status,
    parse_status_information,
)
from hardware.protocols.zvt_channel import Letter, Purpose
from hardware.protocols.zvt_job import (
    Answered,
    Began,
    Closed,
    Elapsed,
    Failed,
    Finished,
    Step,
    Told,
    Transmit,
    Turn,
    ZvtSettings,
    answer,
    command,
    stray_answer,
)
from hardware.protocols.zvt_slips import NOBODY, SlipOwner
from hardware.protocols.zvt_standing import day_totals, parse_completion_code

_MINUTE_S: Final = 60.0
_MOVES_MONEY: Final = frozenset({OrderKind.REVERSAL, OrderKind.REFUND})
_SENT_ONCE: Final = _MOVES_MONEY | {OrderKind.END_OF_DAY}
"""A second end of day would find nothing to count, and its zeros would pass for the day's totals."""

_GOES_AWAY: Final = {
    zvt_codes.RESULT_UPDATE_STARTS: "the terminal updates itself and is silent for some minutes",
    zvt_codes.RESULT_RESTARTS: "the terminal restarts",
}


class Stage(Enum):
    """How far the order is."""

    ASKED = auto()  # sent or queued, no 80 00 yet
    RUNNING = auto()  # the terminal is master
    RESULTED = auto()  # it told a result; its last word is missing


class Order:
    """The job between `carry_out` and the one event that ends it. `apdu` is the command of `order`."""

    def __init__(self, device: str, order: TerminalOrder, apdu: Apdu, settings: ZvtSettings) -> None:
        self.kind = order.kind
        self._device = device
        self._order_id = order.order_id
        self._settings = settings
        self._letter = Letter(apdu, Purpose.MONEY_COMMAND if order.kind in _SENT_ONCE else Purpose.COMMAND)
        self._stage = Stage.ASKED
        self._due_s: float | None = None
        self._result: StatusInformation | None = None
        self._negative_code: int | None = None

    @property
    def slip_owner(self) -> SlipOwner:
        """Whose the slips are that the terminal prints now."""
        if self._stage is Stage.ASKED:
            return NOBODY
        return SlipOwner(self._order_id, Slip.MERCHANT if self.kind in _MOVES_MONEY else Slip.ADMIN)

    def on(self, turn: Turn, now_s: float) -> Iterable[Step]:
        match turn:
            case Began():
                return (Transmit(self._letter),)
            case Answered():
                return self._answered(turn.code, now_s)
            case Told(message):
                return self._told(message, now_s)
            case Failed(letter):
                return self._doubt("the terminal did not answer") if letter is self._letter else ()
            case Elapsed():
                return self._elapsed(now_s)
            case Closed(unsent):
                if self._letter in unsent and self._stage is Stage.ASKED:
                    return self._fail(0, "the line was lost before the order left")
                return self._doubt("the line was lost during the order")

    # -- the terminal speaks -------------------------------------------------------------------------

    def _answered(self, code: int | None, now_s: float) -> Iterable[Step]:
        if code is not None:
            return self._refused(code)
        self._stage = Stage.RUNNING
        self._due_s = now_s + self._settings.t4_s
        return ()

    def _told(self, message: Apdu, now_s: float) -> Iterable[Step]:
        if self._stage is Stage.ASKED:  # left over from the command before ours
            return (answer(stray_answer(message, None)),)
        match message.control:
            case zvt_apdu.INTERMEDIATE_STATUS:
                self._due_s = now_s + self._patience_s(message)
                return (answer(ACCEPTED),)
            case zvt_apdu.STATUS_INFORMATION:
                return self._resulted(message, now_s)
            case zvt_apdu.COMPLETION:
                return (answer(ACCEPTED), *self._completed(parse_completion_code(message.data)))
            case zvt_apdu.ABORTED:
                return (answer(ACCEPTED), *self._aborted(message))
            case zvt_apdu.PRINT_LINE | zvt_apdu.PRINT_TEXT_BLOCK:
                self._due_s = max(self._due_s or 0.0, now_s + self._settings.final_word_s)
                return (answer(ACCEPTED),)
            case _:
                return (answer(stray_answer(message, None)),)

    def _patience_s(self, message: Apdu) -> float:
        try:
            timeout_min = parse_intermediate_status(message.data).timeout_min or 0
        except ProtocolError:
            timeout_min = 0  # a garbled state still shows that the terminal works on it
        return max(self._settings.t4_s, timeout_min * _MINUTE_S)

    def _resulted(self, message: Apdu, now_s: float) -> Iterable[Step]:
        try:
            status = parse_status_information(message.data, self._settings.charset)
        except ProtocolError:
            return (answer(UNSUPPORTED),)
        if not status.positive:
            self._negative_code = status.result_code
            wrong_pin = status.result_code == zvt_codes.RESULT_WRONG_PIN  # it may be asked for again
            self._due_s = now_s + (self._settings.t4_s if wrong_pin else self._settings.final_word_s)
            return (answer(ACCEPTED),)
        if not self._is_ours(status):  # an end of day it did by itself, or a payment nobody waits for
            return (answer(stray_answer(message, None)),)
        if self._result not in (None, status):
            return (answer(GOODS_REFUSED), *self._doubt("two results for one order"))
        self._result, self._negative_code = status, None
        self._stage = Stage.RESULTED
        self._due_s = now_s + self._settings.final_word_s
        return (answer(ACCEPTED),)

    def _is_ours(self, status: StatusInformation) -> bool:
        if self.kind in _MOVES_MONEY:
            return not status.holds_totals
        return status.holds_totals or not (status.receipt_no or status.card_last4)

    def _completed(self, code: int) -> Iterable[Step]:
        if code != 0 and code not in _GOES_AWAY:
            return self._doubt(f"the terminal closed the order with {code:02X}")
        if self._negative_code is not None:
            return self._doubt(
                f"the terminal told {self._negative_code:02X} and closed the order all the same"
            )
        if self.kind in _MOVES_MONEY and self._result is None:
            return self._doubt("the terminal closed the order without a result")
        # One that goes away must not be sent a payment it would not answer: a new line registers first.
        gone = (HangUp(_GOES_AWAY[code]),) if code in _GOES_AWAY else ()
        return (self._done(), Finished(self._result), *gone)

    def _aborted(self, message: Apdu) -> Iterable[Step]:
        if self._result is not None:
            return self._doubt("the terminal aborted an order after a positive result")
        try:
            code = parse_abort(message.data)
        except ProtocolError as error:
            return self._doubt(f"the terminal's abort cannot be read: {error}")
        return self._refused(code or self._negative_code or 0)

    # -- silence ---------------------------------------------------------------------------------

    def _elapsed(self, now_s: float) -> Iterable[Step]:
        if self._due_s is None or now_s < self._due_s:
            return ()
        if self._stage is Stage.RESULTED or self._negative_code not in (None, zvt_codes.RESULT_WRONG_PIN):
            return self._doubt("the terminal never closed the order")
        doubt = self._doubt("the terminal fell silent")
        # It may still wait for a card. What asks for none is left to end: stopping it would gain nothing.
        return (command(Apdu(zvt_apdu.ABORT)), *doubt) if self.kind in _MOVES_MONEY else doubt

    # -- the one outcome -------------------------------------------------------------------------

    def _done(self) -> Report:
        totals = evidence = None
        if self._result is not None and self.kind is OrderKind.END_OF_DAY:
            totals = day_totals(self._result, self._settings.currency)
        if self._result is not None and self.kind in _MOVES_MONEY:
            evidence = self._result.evidence(self._settings.currency)
        return Report(OrderDone(self._device, self._order_id, totals, evidence))

    def _refused(self, code: int) -> Iterable[Step]:
        if code == zvt_codes.RESULT_ALREADY_REVERSED and self.kind is OrderKind.REVERSAL:
            return (self._done(), Finished())
        return self._fail(code, zvt_codes.failure_text(code))

    def _fail(self, code: int, reason: str) -> Iterable[Step]:
        failed = Report(OrderFailed(self._device, self._order_id, code, reason))
        if code == zvt_codes.RESULT_NOT_REGISTERED:  # it was restarted: a new line registers again
            return (failed, Finished(), HangUp("the terminal forgot its registration"))
        return (failed, Finished())

    def _doubt(self, reason: str) -> Iterable[Step]:
        return (Report(OrderInDoubt(self._device, self._order_id, reason)), Finished(self._result))
