"""Owns one card payment over ZVT: from 06 01 to the terminal's last word, or to honest doubt.

It must not know bytes, frames or what the lane does with an outcome. It sends 06 01 once, answers a positive
04 0F only when the lane has decided (rule P6), and reports exactly one outcome.
Sources: VdTH PA00P015 sections 2.2.6 and 2.2.9; PA00P016 section 5.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from typing import Final

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    CardPhase,
    CardProgress,
    DeclineReason,
    ProtocolError,
    Slip,
)
from hardware.line import HangUp, Report
from hardware.ports import PaymentRequest
from hardware.protocols import zvt_apdu
from hardware.protocols.zvt_apdu import (
    ACCEPTED,
    GOODS_REFUSED,
    UNSUPPORTED,
    Apdu,
    StatusInformation,
    authorisation,
    parse_abort,
    parse_intermediate_status,
    parse_status_information,
)
from hardware.protocols.zvt_channel import Letter, Purpose
from hardware.protocols.zvt_codes import (
    RESULT_NOT_REGISTERED,
    RESULT_WRONG_PIN,
    card_phase,
    decline_reason,
)
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

_MINUTE_S: Final = 60.0


class Stage(Enum):
    """How far the payment is."""

    ASKED = auto()  # 06 01 sent or queued, no 80 00 yet
    RUNNING = auto()  # the terminal is master
    HELD = auto()  # a positive result waits for the lane
    CONFIRMED = auto()  # answered 80 00 00
    REFUSED = auto()  # answered 84 66 00


class Payment:
    """The job between `start` and the one event that ends it."""

    def __init__(self, device: str, request: PaymentRequest, settings: ZvtSettings) -> None:
        self.attempt_id = request.attempt_id
        self._device = device
        self._request = request
        self._settings = settings
        self._stage = Stage.ASKED
        self._due_s: float | None = None
        self._status: StatusInformation | None = None
        self._negative_code: int | None = None
        self._phase: CardPhase | None = None
        self._abort_wanted = False
        self._abort_sent = False
        self._letter: Letter | None = None

    @property
    def slip_owner(self) -> SlipOwner:
        """Whose the slips are that the terminal prints now. An untold one may name what no customer needs."""
        return NOBODY if self._stage is Stage.ASKED else SlipOwner(self.attempt_id, Slip.MERCHANT)

    def on(self, turn: Turn, now_s: float) -> Iterable[Step]:
        match turn:
            case Began():
                apdu = authorisation(self._request.amount_minor, self._settings.currency_digits)
                return (self._money(apdu, Purpose.MONEY_COMMAND),)
            case Answered(command, error):
                return self._answered(command, error, now_s)
            case Told(message):
                return self._told(message, now_s)
            case Failed(letter):
                return self._failed(letter)
            case Elapsed():
                return self._elapsed(now_s)
            case Closed(unsent):
                return self._closed(unsent)

    # -- the lane speaks -------------------------------------------------------------------------

    def confirm(self, now_s: float) -> Iterable[Step]:
        """The lane has stored the authorisation. Too late is no error: the doubt is already reported."""
        return self._decide(ACCEPTED, Stage.CONFIRMED, now_s)

    def refuse(self, now_s: float) -> Iterable[Step]:
        """The lane could not store it: the terminal must reverse while the card is still there."""
        return self._decide(GOODS_REFUSED, Stage.REFUSED, now_s)

    def abort(self) -> Iterable[Step]:
        """Asks the terminal to stop, once, and not after it has a positive result."""
        self._abort_wanted = True
        return self._send_abort()

    def _decide(self, apdu: Apdu, stage: Stage, now_s: float) -> Iterable[Step]:
        if self._stage is not Stage.HELD:
            return ()
        self._stage = stage
        self._due_s = now_s + self._settings.final_word_s
        return (self._money(apdu),)

    def _send_abort(self) -> Iterable[Step]:
        if not self._abort_wanted or self._abort_sent or self._stage is not Stage.RUNNING:
            return ()
        self._abort_sent = True
        return (command(Apdu(zvt_apdu.ABORT)),)

    # -- the terminal speaks ---------------------------------------------------------------------

    def _answered(self, command: Apdu, error: int | None, now_s: float) -> Iterable[Step]:
        if command.control != zvt_apdu.AUTHORISATION or self._stage is not Stage.ASKED:
            return ()  # an abort may be refused (84 83): the payment then simply goes on
        if error is not None:
            return self._decline(DeclineReason.TERMINAL_NOT_READY, error)
        self._stage = Stage.RUNNING
        self._due_s = now_s + self._settings.t4_s
        return self._send_abort()

    def _told(self, message: Apdu, now_s: float) -> Iterable[Step]:
        if self._stage is Stage.ASKED:  # left over from the command before ours
            return (answer(stray_answer(message, None)),)
        match message.control:
            case zvt_apdu.INTERMEDIATE_STATUS:
                return self._progressed(message, now_s)
            case zvt_apdu.STATUS_INFORMATION:
                return self._resulted(message, now_s)
            case zvt_apdu.COMPLETION:
                return (answer(ACCEPTED), *self._completed())
            case zvt_apdu.ABORTED:
                return (answer(ACCEPTED), *self._aborted(message))
            case zvt_apdu.PRINT_LINE | zvt_apdu.PRINT_TEXT_BLOCK:
                self._printed(now_s)
                return (answer(ACCEPTED),)
            case _:
                return (answer(stray_answer(message, None)),)

    def _progressed(self, message: Apdu, now_s: float) -> Iterable[Step]:
        phase, patience_s = None, self._settings.t4_s
        try:
            status = parse_intermediate_status(message.data)
        except ProtocolError:
            status = None  # informative only: a garbled one still shows that the terminal works on it
        if status is not None:
            phase = card_phase(status.status)
            # Only longer: a real terminal announced one minute and then let its shopper type for two.
            patience_s = max(patience_s, (status.timeout_min or 0) * _MINUTE_S)
        if self._stage is not Stage.HELD:
            self._due_s = now_s + patience_s
        return (answer(ACCEPTED), *self._show(phase))

    def _printed(self, now_s: float) -> None:
        """A slip shows that the last word is still to come; it says nothing of the outcome."""
        if self._stage is not Stage.HELD and self._due_s is not None:
            self._due_s = max(self._due_s, now_s + self._settings.final_word_s)

    def _show(self, phase: CardPhase | None) -> Iterable[Step]:
        if phase is None or phase is self._phase:
            return ()
        self._phase = phase
        return (Report(CardProgress(self._device, self.attempt_id, phase)),)

    def _resulted(self, message: Apdu, now_s: float) -> Iterable[Step]:
        try:
            status = parse_status_information(message.data, self._settings.charset)
        except ProtocolError:  # what cannot be read cannot be kept; the terminal reverses and tells
            return (answer(UNSUPPORTED),)
        if status.holds_totals:  # an end of day the terminal did by itself
            return (answer(ACCEPTED),)
        if status.positive:
            return self._authorised(status, now_s)
        self._negative_code = status.result_code
        wrong_pin = status.result_code == RESULT_WRONG_PIN
        # After a wrong PIN the terminal may ask again (2.2.6); otherwise only its last word is missing.
        self._due_s = now_s + (self._settings.t4_s if wrong_pin else self._settings.final_word_s)
        if self._stage is Stage.HELD:
            self._stage = Stage.RUNNING
        return (answer(ACCEPTED), *self._show(CardPhase.WRONG_PIN if wrong_pin else None))

    def _authorised(self, status: StatusInformation, now_s: float) -> Iterable[Step]:
        match self._stage:
            case Stage.RUNNING if self._status is None:
                self._status = status
                self._stage = Stage.HELD
                self._due_s = now_s + self._settings.hold_limit_s
                evidence = status.evidence(self._settings.currency)
                return (Report(CardAuthorised(self._device, self.attempt_id, evidence)),)
            case Stage.HELD if status == self._status:
                return ()  # our ACK was lost; the answer is still to come
            case Stage.CONFIRMED if status == self._status:
                return (self._money(ACCEPTED),)
            case Stage.REFUSED:
                return (self._money(GOODS_REFUSED),)
            case _:
                return (self._money(GOODS_REFUSED), *self._doubt("two results for one payment"))

    def _completed(self) -> Iterable[Step]:
        if self._stage is Stage.CONFIRMED:
            return (Report(CardCompleted(self._device, self.attempt_id)), Finished(self._status))
        return self._doubt("the terminal closed the payment without waiting for our answer")

    def _aborted(self, message: Apdu) -> Iterable[Step]:
        if self._stage is Stage.CONFIRMED:
            return self._doubt("the terminal aborted a payment that was confirmed")
        try:
            code = parse_abort(message.data)
        except ProtocolError as error:
            return self._doubt(f"the terminal's abort cannot be read: {error}")
        code = code or self._negative_code or 0
        return self._decline(decline_reason(code), code)

    # -- silence ---------------------------------------------------------------------------------

    def _failed(self, letter: Letter) -> Iterable[Step]:
        if letter is not self._letter:  # an abort, an ordinary answer, or one of an older payment
            return ()
        if letter.is_command:
            return self._doubt("the terminal did not answer the payment command")
        return self._doubt("the terminal did not acknowledge our answer to its result")

    def _elapsed(self, now_s: float) -> Iterable[Step]:
        if self._due_s is None or now_s < self._due_s:
            return ()
        match self._stage:
            case Stage.HELD:
                return (self._money(GOODS_REFUSED), *self._doubt("the lane did not confirm in time"))
            case Stage.RUNNING if not self._abort_sent and self._negative_code in (None, RESULT_WRONG_PIN):
                doubt = self._doubt("the terminal fell silent")
                return (command(Apdu(zvt_apdu.ABORT)), *doubt)
            case _:
                return self._doubt("the terminal never closed the payment")

    def _closed(self, unsent: tuple[Letter, ...]) -> Iterable[Step]:
        if self._letter in unsent and self._stage is Stage.ASKED:
            return self._decline(DeclineReason.TERMINAL_NOT_READY, 0)
        return self._doubt("the line was lost during the payment")

    # -- the one outcome -------------------------------------------------------------------------

    def _decline(self, reason: DeclineReason, code: int) -> Iterable[Step]:
        declined = Report(CardDeclined(self._device, self.attempt_id, reason, code))
        if code == RESULT_NOT_REGISTERED:  # it was restarted: a new line registers again
            return (declined, Finished(), HangUp("the terminal forgot its registration"))
        return (declined, Finished())

    def _doubt(self, reason: str) -> Iterable[Step]:
        confirmed = self._status if self._stage is Stage.CONFIRMED else None
        return (Report(CardInDoubt(self._device, self.attempt_id, reason)), Finished(confirmed))

    def _money(self, apdu: Apdu, purpose: Purpose = Purpose.MONEY_ANSWER) -> Transmit:
        self._letter = Letter(apdu, purpose)
        return Transmit(self._letter)
