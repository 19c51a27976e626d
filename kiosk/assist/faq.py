"""Owns which questions a shopper may look up, and which stand first at each moment of a visit.

It must not know the words of an answer (`assets.answers`) nor a screen.
"""

from __future__ import annotations

from enum import Enum

from kiosk.checkout import contradicting
from kiosk.checkout.state import AgeCheck, LaneState, Phase

MAX_QUESTIONS = 12


class Question(Enum):
    """A situation somebody is in; the value names the file of its answer and the tap that opens it."""

    SCAN = "scan"
    NO_BARCODE = "no-barcode"
    WEIGH = "weigh"
    COUPON = "coupon"
    PAY_OTHER = "pay-other"
    CARD_REFUSED = "card-refused"
    INVOICE = "invoice"
    BAGS = "bags"
    RETURNS = "returns"
    AGE = "age"
    PRIVACY = "privacy"
    EASIER = "easier"


class Moment(Enum):
    """Where a visit stands, as far as questions differ."""

    WELCOME = "welcome"
    GATHERING = "gathering"
    AGE_CHECK = "age check"
    PAYING = "paying"
    NOT_PAID = "not paid"
    THANKS = "thanks"


_Q = Question
FIRST: dict[Moment, tuple[Question, ...]] = {
    Moment.WELCOME: (_Q.SCAN, _Q.EASIER, _Q.PAY_OTHER, _Q.NO_BARCODE),
    Moment.GATHERING: (_Q.SCAN, _Q.NO_BARCODE, _Q.WEIGH, _Q.BAGS, _Q.COUPON),
    Moment.AGE_CHECK: (_Q.AGE, _Q.SCAN, _Q.NO_BARCODE, _Q.WEIGH),
    Moment.PAYING: (_Q.PAY_OTHER, _Q.CARD_REFUSED, _Q.INVOICE, _Q.COUPON),
    Moment.NOT_PAID: (_Q.CARD_REFUSED, _Q.PAY_OTHER, _Q.PRIVACY),
    Moment.THANKS: (_Q.INVOICE, _Q.RETURNS, _Q.BAGS, _Q.PRIVACY),
}
"""What most people ask at each moment; the other questions follow in the order of `Question`."""

assert set(FIRST) == set(Moment), "every moment has its row"
assert len(Question) <= MAX_QUESTIONS, "more than twelve tiles are a list to search, not to see"


def ordered(moment: Moment) -> tuple[Question, ...]:
    """All questions, those of the moment first."""
    first = FIRST[moment]
    return (*first, *(question for question in Question if question not in first))


def moment_of(state: LaneState) -> Moment:
    """What the shopper is about just now."""
    match state.phase:
        case Phase.ATTRACT:
            return Moment.WELCOME
        case Phase.SCANNING:
            waits = state.age in (AgeCheck.WAITING, AgeCheck.REFUSED)
            return Moment.AGE_CHECK if waits else Moment.GATHERING
        case Phase.PAYING | Phase.CHECKING | Phase.PARKED:
            return Moment.PAYING
        case Phase.NOT_PAID:
            return Moment.NOT_PAID
        case Phase.THANKS:
            return Moment.THANKS


def may_ask(state: LaneState) -> bool:
    """Not while money is in doubt: then one sentence alone may stand on the screen, not to pay again."""
    in_doubt = state.phase is Phase.CHECKING or contradicting.is_shown(state)
    return not in_doubt and not state.devices.storage_failed
