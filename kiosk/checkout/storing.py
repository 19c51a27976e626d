"""Owns what the checkout does while the lane's disk takes no entries, and when it takes them again.

It must not decide about money by what was not written: only the terminal knows what happened meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
)
from inventory.domain.help_desk import HelpReason, HelpState
from kiosk.checkout import assisting, contradicting, ordering, paying
from kiosk.checkout.effects import Effect, QueryLastPayment, RefusePayment, SendHelp, StartTimer, StopTimer
from kiosk.checkout.messages import (
    InterventionDecided,
    LaneStarted,
    OrderBegun,
    PaymentCancelRequested,
    StorageFailed,
    StorageRecovered,
    Timer,
    TimerExpired,
)
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import MONEY_AT_RISK, LaneState, Phase

_START = LaneStarted.__name__
_OF_PAYMENTS = frozenset(
    kind.__name__
    for kind in (
        *(CardAuthorised, CardCompleted, CardDeclined, CardInDoubt, LastPaymentReported),
        *(PaymentCancelRequested, InterventionDecided, TimerExpired, LaneStarted),
    )
)
_OF_ORDERS = frozenset(
    kind.__name__ for kind in (OrderBegun, OrderDone, OrderFailed, OrderInDoubt, LaneStarted)
)


def storage_failed(state: LaneState, event: StorageFailed, _at: datetime) -> Outcome:
    """What cannot be written down cannot be sold: an authorisation is sent back (P6).

    What the lane could not keep it does not know; a person is called at once, unwritten, and the lane tries
    its disk again until it can ask the terminal.
    """
    first = not state.devices.storage_failed
    state = replace(state, devices=replace(state.devices, storage_failed=event.reason))
    effects: tuple[Effect, ...] = (StartTimer(Timer.STORAGE),)
    if first and state.payment.state in MONEY_AT_RISK and state.payment.attempt is not None:
        call_id = f"{assisting.UNWRITTEN}{state.payment.attempt.attempt_id}"
        effects += (SendHelp(call_id, HelpState.REQUESTED, HelpReason.PAYMENT),)
    return state, (RefusePayment(event.attempt_id), *effects) if event.attempt_id else effects


def storage_recovered(state: LaneState, event: StorageRecovered, _at: datetime) -> Outcome:
    """This entry is on disk, so the disk takes entries. What was missed is taken up as after a restart.

    Of a payment only the terminal knows; an order whose end was missed is for a person. An event that had
    nothing to do with either leaves a running payment alone.
    """
    missed = frozenset(event.missed)
    state = replace(state, devices=replace(state.devices, storage_failed=""))
    effects: tuple[Effect, ...] = (
        StopTimer(Timer.STORAGE),
    )  # an effect, so that the event is always written
    if _START in missed:
        effects += (*assisting.say_again(state), *contradicting.said(state))
    if missed & _OF_ORDERS:
        state, more = ordering.resume_after_restart(state)
        effects += more
    if state.payment.state in MONEY_AT_RISK:
        if missed & _OF_PAYMENTS:
            state, more = paying.resume_after_restart(state)
            effects += more
    elif state.devices.asks_base:
        effects += (QueryLastPayment(paying.BASE_QUERY),)
    return state, (*effects, StartTimer(Timer.THANKS)) if state.phase is Phase.THANKS else effects
