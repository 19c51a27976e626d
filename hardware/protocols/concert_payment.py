"""Owns one card payment over Concert V2: from the order on the line to the terminal's answer, or to doubt.

It must not know who may speak when nothing is under way (`concert_call`). The order is sent once, and again
only where the terminal said NAK to it (rule P3); a positive answer is acknowledged only when the lane has
decided (rule P6); exactly one outcome is reported. Source: Concert V2 (protocol E+).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardEvidence,
    CardInDoubt,
    CardPhase,
    CardProgress,
    DeclineReason,
    ProtocolError,
)
from hardware.line import HangUp, Report, Send
from hardware.ports import PaymentRequest
from hardware.protocols.concert_link import AnswerFrame, BadFrame, LinkEvent, Sign, encode_frame
from hardware.protocols.concert_message import Answer, ResultCode, compose_order, parse_answer
from hardware.protocols.concert_settings import ConcertSettings

TRANSMISSIONS: Final = 3
"""How often the order is sent at most, each time after the first on the terminal's NAK."""

BAD_ANSWERS: Final = 3

NO_WAY_BACK: Final = "this terminal cannot take a charge back"


@dataclass(frozen=True, slots=True)
class Finished:
    """The payment is over; its outcome has been reported."""


Step = Send | Report | HangUp | Finished


class Stage(Enum):
    """How far the payment is."""

    ORDERED = auto()  # the order is on the line; its ACK is awaited
    RUNNING = auto()  # acknowledged and released: the terminal works on it
    LISTENING = auto()  # the terminal may speak; its answer is awaited
    HELD = auto()  # a positive answer waits for the lane
    CONFIRMED = auto()  # the lane has stored it; the terminal's release is awaited


class Payment:
    """The conversation from the order to the one event that ends it."""

    def __init__(self, device: str, request: PaymentRequest, settings: ConcertSettings) -> None:
        self.attempt_id = request.attempt_id
        self._device = device
        self._settings = settings
        self._expected = (settings.pos_number, request.amount_minor, settings.currency_digits)
        self._order = encode_frame(compose_order(*self._expected))
        self._transmissions_left = TRANSMISSIONS
        self._stage = Stage.ORDERED
        self._due_s = 0.0
        self._bad_answers = 0
        self._answer: Answer | None = None
        self._ack_is_awaited = False
        self._is_acknowledged = False
        self._way_back_is_wanted = False

    def begin(self, now_s: float) -> Iterable[Step]:
        """Sends the order for the first time: the terminal has just let us speak."""
        return self._transmit(now_s)

    def _transmit(self, now_s: float) -> Iterable[Step]:
        self._transmissions_left -= 1
        self._due_s = now_s + self._settings.ack_s
        return (Send(self._order),)

    @property
    def answer(self) -> Answer | None:
        """The positive answer, once there is one."""
        return self._answer

    # -- the lane speaks -------------------------------------------------------------------------

    def confirm(self, now_s: float) -> Iterable[Step]:
        """The lane has stored the authorisation. Too late is no error: the doubt is already reported."""
        if self._stage is not Stage.HELD:
            return ()
        self._stage = Stage.CONFIRMED
        self._due_s = now_s + self._settings.release_s
        return self._acknowledge()

    def refuse(self) -> Iterable[Step]:
        """The lane could not store it, and the protocol has no word for "take it back"."""
        return (*self._acknowledge(), *self._doubt(NO_WAY_BACK)) if self._stage is Stage.HELD else ()

    def abort(self) -> None:
        """Sends nothing, for there is nothing to send: the shopper ends it at the reader, or goes on."""
        self._way_back_is_wanted = True

    # -- the terminal speaks ---------------------------------------------------------------------

    def on(self, event: LinkEvent, now_s: float) -> Iterable[Step]:
        match self._stage:
            case Stage.ORDERED:
                return self._on_order(event, now_s)
            case Stage.RUNNING if event is Sign.ENQUIRY:
                self._stage = Stage.LISTENING
                self._due_s = now_s + self._settings.resume_s
                return (Send(Sign.ACK.wire),)
            case Stage.RUNNING:
                return ()
            case Stage.LISTENING:
                return self._on_answer(event, now_s)
            case Stage.HELD | Stage.CONFIRMED:
                return self._on_repeat(event)

    def _on_order(self, event: LinkEvent, now_s: float) -> Iterable[Step]:
        match event:
            case Sign.ACK:
                self._stage = Stage.RUNNING
                self._due_s = now_s + self._settings.answer_s
                shown = CardProgress(self._device, self.attempt_id, CardPhase.PRESENT_CARD)
                return (Send(Sign.RELEASE.wire), Report(shown))
            case Sign.NAK if self._transmissions_left:
                return self._transmit(now_s)
            case Sign.NAK:  # one of them may have been a damaged ACK: "refused" is not certain
                reason = "the terminal could not read the order (bytesize or parity of the line?)"
                return self._hang_up(reason)
            case _:
                return ()

    def _on_answer(self, event: LinkEvent, now_s: float) -> Iterable[Step]:
        match event:
            case Sign.ENQUIRY:  # our ACK was lost
                return (Send(Sign.ACK.wire),)
            case AnswerFrame(text):
                try:
                    answer = parse_answer(text)
                except ProtocolError:  # damaged so that the LRC could not tell
                    return self._on_bad_answer()
                return self._answered(answer, now_s)
            case BadFrame():
                return self._on_bad_answer()
            case Sign.RELEASE:  # it gave up; it may ask again within the same time
                self._stage = Stage.RUNNING
                return ()
            case _:
                return ()

    def _on_bad_answer(self) -> Iterable[Step]:
        self._bad_answers += 1
        if self._bad_answers < BAD_ANSWERS:
            return (Send(Sign.NAK.wire),)
        return self._hang_up("the terminal's answer cannot be read")

    def _answered(self, answer: Answer, now_s: float) -> Iterable[Step]:
        self._ack_is_awaited = True
        misfit = self._misfit(answer)
        if misfit:
            return (*self._acknowledge(), *self._doubt(misfit))
        match answer.result_code:
            case ResultCode.CHARGED:
                self._answer = answer
                self._stage = Stage.HELD
                self._due_s = now_s + self._settings.hold_limit_s
                return (Report(CardAuthorised(self._device, self.attempt_id, self._evidence(answer))),)
            case ResultCode.REFUSED:
                return (*self._acknowledge(), *self._decline(DeclineReason.REFUSED_BY_BANK, answer))
            case ResultCode.NOT_COMPLETED:
                asked = self._way_back_is_wanted
                reason = DeclineReason.CANCELLED if asked else DeclineReason.OTHER
                return (*self._acknowledge(), *self._decline(reason, answer))
            case code:
                return (*self._acknowledge(), *self._doubt(f"the terminal answered with result {code}"))

    def _misfit(self, answer: Answer) -> str:
        """Why the answer is not one to our order, or empty (C33). A right LRC alone proves nothing."""
        pos_number, amount_minor, digits = self._expected
        if answer.pos_number != pos_number:
            return f"the answer is for till {answer.pos_number:02d}, not {pos_number:02d}"
        if answer.amount_minor != amount_minor:
            return f"the answer is about {answer.amount_minor}, {amount_minor} was asked for"
        if answer.currency_digits != digits:
            return f"the answer is in currency {answer.currency_digits}, not {digits}"
        return ""

    def _on_repeat(self, event: LinkEvent) -> Iterable[Step]:
        """The same answer once more means that our ACK is late or was lost."""
        match event:
            case Sign.ENQUIRY:
                self._ack_is_awaited = False
                return (Send(Sign.ACK.wire),)
            case AnswerFrame(text):
                return self._on_answer_again(text)
            case BadFrame():
                return (Send(Sign.NAK.wire),)
            case Sign.RELEASE if self._stage is Stage.CONFIRMED and self._is_acknowledged:
                return self._completed()
            case Sign.RELEASE:
                self._ack_is_awaited = False
                return ()
            case _:
                return ()

    def _on_answer_again(self, text: str) -> Iterable[Step]:
        self._ack_is_awaited = True
        try:
            same = parse_answer(text) == self._answer
        except ProtocolError:
            return (Send(Sign.NAK.wire),)
        if not same:
            return (*self._acknowledge(), *self._doubt("two answers to one order"))
        return self._acknowledge() if self._stage is Stage.CONFIRMED else ()

    def _acknowledge(self) -> Iterable[Step]:
        if not self._ack_is_awaited:
            return ()
        self._ack_is_awaited = False
        self._is_acknowledged = True
        return (Send(Sign.ACK.wire),)

    # -- silence ---------------------------------------------------------------------------------

    def elapsed(self, now_s: float) -> Iterable[Step]:
        if now_s < self._due_s:
            return ()
        match self._stage:
            case Stage.ORDERED:  # no release either: it would start what nobody follows any more
                return self._hang_up("the terminal did not acknowledge the order")
            case Stage.RUNNING | Stage.LISTENING:
                return self._hang_up("the terminal did not answer the order")
            case Stage.HELD:
                return (*self._acknowledge(), *self._doubt("the lane did not confirm in time"))
            case Stage.CONFIRMED:
                return self._released()

    def closed(self) -> Iterable[Step]:
        """The line is gone. Once the final answer was acknowledged nothing is missing but a courtesy."""
        if self._stage is Stage.CONFIRMED and self._is_acknowledged:
            return self._completed()
        return self._doubt("the line was lost during the payment")

    def _released(self) -> Iterable[Step]:
        if self._is_acknowledged:
            return self._completed()
        return self._doubt("the terminal ended before its answer could be acknowledged")

    # -- the one outcome -------------------------------------------------------------------------

    def _completed(self) -> Iterable[Step]:
        return (Report(CardCompleted(self._device, self.attempt_id)), Finished())

    def _decline(self, reason: DeclineReason, answer: Answer) -> Iterable[Step]:
        declined = CardDeclined(self._device, self.attempt_id, reason, answer.result_code)
        return (Report(declined), Finished())

    def _doubt(self, reason: str) -> Iterable[Step]:
        return (Report(CardInDoubt(self._device, self.attempt_id, reason)), Finished())

    def _hang_up(self, reason: str) -> Iterable[Step]:
        """A terminal that fell silent has to show that it is there before it is used again."""
        return (*self._doubt(reason), HangUp(reason))

    def _evidence(self, answer: Answer) -> CardEvidence:
        """Neither terminal id nor numbers: the short answer has none of them."""
        return CardEvidence("", "", "", answer.amount_minor, self._settings.currency, answer.result_code)
