"""Owns a charge that no sale stands for: as a rule a person said "not charged", and the terminal holds it.

It must not correct anything: no sale comes of it and no money goes back. The lane calls a person, once more
after a restart, until somebody has said that they deal with it (P9).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hardware.events import CardEvidence, ChargeOverheard, LastPaymentReported
from inventory.domain.help_desk import InterventionKind
from kiosk.checkout.effects import Effect, PlaySound, RaiseIntervention, Sound
from kiosk.checkout.messages import InterventionDecided
from kiosk.checkout.state import Attempt, LaneState, PaymentState, TerminalMemory
from kiosk.checkout.tendering import Verdict, judge


def memory_of_refusal(attempt: Attempt) -> TerminalMemory:
    """What the lane knows of the terminal once a person has said that `attempt` was not charged.

    Nothing but the attempt, unless the terminal has already told of its charge.
    """
    return TerminalMemory(refused=None if attempt.heard_charged else attempt)


def noticed(state: LaneState, told: LastPaymentReported) -> tuple[LaneState, tuple[Effect, ...]]:
    """Compares what the terminal holds with the payment refused last: it must fit in every field (P5)."""
    refused = state.terminal.refused
    if refused is None or judge(refused, told)[0] is not Verdict.PAID:
        return state, ()
    return called(state, refused)


def can_be(attempt: Attempt, evidence: CardEvidence) -> bool:
    """Whether a charge told without an id can be this attempt's: the money fits, and none was before."""
    told = (evidence.amount_minor, evidence.currency)
    return told == (attempt.amount_minor, attempt.currency) and not attempt.heard_charged


def overheard(state: LaneState, event: ChargeOverheard, at: datetime) -> tuple[LaneState, tuple[Effect, ...]]:
    """A charge told while no payment is in doubt that it fits: a person is called, whoever it belongs to.

    Only a payment that was sold on a person's word takes it as what that person had seen.
    """
    attempt, refused = state.payment.attempt, state.terminal.refused
    if attempt is not None and can_be(attempt, event.evidence):
        heard = replace(attempt, heard_charged=True)
        if state.payment.state is PaymentState.PAID and attempt.evidence is None:
            return replace(state, payment=replace(state.payment, attempt=heard)), ()
        if state.payment.state is PaymentState.DECLINED:
            state = replace(state, payment=replace(state.payment, attempt=heard))
            is_same = refused is not None and refused.attempt_id == attempt.attempt_id
            return called(_moved_on(state, None if is_same else refused), attempt)
    if refused is not None and can_be(refused, event.evidence):
        return called(_moved_on(state, None), refused)
    return called(_moved_on(state, refused), _nobodys(state, event.evidence, at))


def called(state: LaneState, attempt: Attempt) -> tuple[LaneState, tuple[Effect, ...]]:
    """Somebody is called over the charge of `attempt`, and again after a restart."""
    state = replace(state, contradicted=attempt)
    return state, (*said(state), PlaySound(Sound.ATTENTION))


def is_shown(state: LaneState) -> bool:
    """Whether the payment on the screen is the one that was charged after all: it is not paid again."""
    attempt, contradicted = state.payment.attempt, state.contradicted
    return attempt is not None and contradicted is not None and attempt.attempt_id == contradicted.attempt_id


def _moved_on(state: LaneState, refused: Attempt | None) -> LaneState:
    """After a charge without a number what the terminal held before is no base any more."""
    return replace(state, terminal=TerminalMemory(refused=refused))


def _nobodys(state: LaneState, evidence: CardEvidence, at: datetime) -> Attempt:
    """Stands for a charge that fits no payment the lane remembers."""
    attempt_id = f"{state.lane_id}-{at:%Y%m%d%H%M%S%f}"
    return Attempt(attempt_id, evidence.amount_minor, evidence.currency, evidence.terminal_id, "", "", "")


def said(state: LaneState) -> tuple[Effect, ...]:
    """The call for a person; the same id each time it is said."""
    attempt = state.contradicted
    if attempt is None:
        return ()
    facts = (f"{attempt.amount_minor} {attempt.currency}", attempt.local_time)
    return (RaiseIntervention(_id(attempt), InterventionKind.CHARGE_CONTRADICTED, facts),)


def is_about(state: LaneState, event: InterventionDecided) -> bool:
    return state.contradicted is not None and event.intervention_id == _id(state.contradicted)


def taken_up(state: LaneState) -> LaneState:
    """Somebody deals with it; what they did stands in the store's trail."""
    return replace(state, contradicted=None)


def _id(attempt: Attempt) -> str:
    return f"charged-{attempt.attempt_id}"
