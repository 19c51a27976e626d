"""Owns what happens to a payment: from the intent to paid, declined or a person's decision.

It must not know how a terminal is reached. The rules P1 to P10 are kept here; the journal entry of each event
below is on disk before its effects run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardEvidence,
    CardInDoubt,
    CardPhase,
    CardProgress,
    ChargeOverheard,
    DeclineReason,
    LastPaymentReported,
    QueryVerdict,
)
from inventory.domain.help_desk import Decision, HelpReason, HelpState, InterventionKind
from inventory.domain.money import to_decimal
from kiosk.checkout import contradicting, parking
from kiosk.checkout.effects import (
    AbortPayment,
    ConfirmPayment,
    Effect,
    PlaySound,
    QueryLastPayment,
    QueueSale,
    RaiseIntervention,
    RefusePayment,
    RequestPaymentAgain,
    SendHelp,
    Sound,
    StartPayment,
    StartTimer,
    StopTimer,
    WithdrawIntervention,
)
from kiosk.checkout.messages import (
    BasketResumed,
    InterventionDecided,
    ItemScanned,
    PaymentCancelRequested,
    PaymentRequested,
    Timer,
)
from kiosk.checkout.scanning import Outcome, item_scanned
from kiosk.checkout.selling import sale_of
from kiosk.checkout.state import (
    MONEY_AT_RISK,
    AgeCheck,
    Attempt,
    HelpCall,
    LaneState,
    Payment,
    PaymentState,
    Phase,
    ReceiptState,
    TerminalMemory,
    View,
)
from kiosk.checkout.tendering import (
    Verdict,
    authorisation_fits,
    judge,
    next_receipt_no,
    reason_to_send_back,
    remembered,
)

BASE_QUERY = "base"
"""Query id of the question asked while nothing is open: which transaction was the terminal's last?"""


def payment_requested(state: LaneState, event: PaymentRequested, at: datetime) -> Outcome:
    """The event itself is the intent; the terminal hears of it only after its entry is on disk (P1)."""
    if not state.basket.lines or state.orders.running or state.age in (AgeCheck.WAITING, AgeCheck.REFUSED):
        return state, ()
    if state.staff is not None:
        return state, ()
    if state.basket.pending:  # nobody pays for what has no price
        return state, ()
    assert event.amount_minor == state.basket.total_minor, "the intent names the basket's total"
    attempt = Attempt(
        event.attempt_id,
        event.amount_minor,
        event.currency,
        event.terminal_id,
        event.base_receipt_no,
        event.stored_receipt_no,
        event.local_time,
        event.stored_mark,
    )
    paying = replace(
        state,
        phase=Phase.PAYING,
        payment=Payment(PaymentState.INTENT, attempt),
        touched_at=at,
        view=View(),
    )
    return paying, (StartPayment(event.attempt_id, event.amount_minor, event.currency),)


def cancel_requested(state: LaneState, _event: PaymentCancelRequested, _at: datetime) -> Outcome:
    """Asking is all we may do: what comes of it, the terminal says."""
    if state.payment.state is not PaymentState.INTENT:
        return state, ()
    state = replace(state, payment=replace(state.payment, going_back=True))
    return state, (AbortPayment(_attempt(state).attempt_id),)


def card_progress(state: LaneState, event: CardProgress, _at: datetime) -> Outcome:
    if not _is_current(state, event.attempt_id):
        return state, ()
    if (state.view.card_phase, event.phase) == (CardPhase.WRONG_PIN, CardPhase.ENTER_PIN):
        return state, ()  # terminals ask again at once: nobody could have read why
    return replace(state, view=replace(state.view, card_phase=event.phase)), ()


def card_authorised(state: LaneState, event: CardAuthorised, _at: datetime) -> Outcome:
    """A charge we did not ask for, or another one than we asked for, is sent back (C33)."""
    if not _is_current(state, event.attempt_id) or state.payment.state is not PaymentState.INTENT:
        return state, (RefusePayment(event.attempt_id),)
    attempt = _attempt(state)
    misfit = authorisation_fits(attempt, event.evidence)
    if misfit:
        sent_back = reason_to_send_back(attempt, event.evidence)
        state = _with_attempt(state, replace(attempt, reason=misfit, sent_back=sent_back))
        return _without_base(state), (RefusePayment(event.attempt_id),)
    attempt = replace(attempt, evidence=event.evidence, sent_back=None)
    state = _with_attempt(state, attempt, PaymentState.AUTHED)
    return state, (ConfirmPayment(event.attempt_id),)


def card_completed(state: LaneState, event: CardCompleted, at: datetime) -> Outcome:
    """Paid only from AUTHED (P7); a completion nobody announced is a doubt, not a payment."""
    if not _is_current(state, event.attempt_id):
        return state, ()
    if state.payment.state is PaymentState.AUTHED:
        return _paid(state, _attempt(state).evidence, at)
    if state.payment.state is PaymentState.INTENT:
        return doubt(state, "completed without an authorisation")
    return state, ()


def card_declined(state: LaneState, event: CardDeclined, at: datetime) -> Outcome:
    if not _is_current(state, event.attempt_id):
        return state, ()
    if event.evidence is not None:
        state = replace(state, terminal=remembered(state.terminal, event.evidence))
    match state.payment.state:
        case PaymentState.INTENT:
            return _declined(state, event.reason, at)
        case PaymentState.AUTHED:
            return doubt(state, f"declined with {event.result_code:02X} after it had authorised")
        case _:
            return state, ()


def card_in_doubt(state: LaneState, event: CardInDoubt, _at: datetime) -> Outcome:
    if not _is_current(state, event.attempt_id):
        return state, ()
    if state.payment.state not in (PaymentState.INTENT, PaymentState.AUTHED):
        return state, ()
    return doubt(state, event.reason)


def last_payment_reported(state: LaneState, event: LastPaymentReported, at: datetime) -> Outcome:
    """Either the base before any payment, or the answer that ends a doubt (P5)."""
    if state.payment.state not in (PaymentState.UNKNOWN, PaymentState.DISPUTED):
        return _told_beside(state, event)
    attempt = _attempt(state)
    if event.query_id == BASE_QUERY:
        return _told_beside(state, event)
    if event.query_id != _query_id(attempt):
        return state, ()  # the answer to an older question: a newer one is on its way
    verdict, why = judge(attempt, event)
    why = attempt.reason if attempt.heard_charged else why  # the terminal's own word says more
    match verdict:
        case Verdict.PAID:
            return _paid(state, event.evidence, at)
        case Verdict.NOT_PAID:
            return _declined(state, DeclineReason.OTHER, at)
        case Verdict.ASK_AGAIN:
            return _with_attempt(state, replace(attempt, reason=why)), (StartTimer(Timer.QUERY),)
        case Verdict.DISPUTED:
            state = _with_attempt(state, replace(attempt, reason=why), PaymentState.DISPUTED)
            state, effects = call_staff_about_payment(state)
            return state, (StopTimer(Timer.QUERY), *effects)


def _told_beside(state: LaneState, event: LastPaymentReported) -> Outcome:
    """A base, or an answer that came after a person had ended the doubt, and may contradict them.

    A payment begun since then is stopped: it may be the second for one basket.
    """
    state, effects = contradicting.noticed(state, event)
    if effects and state.payment.state is PaymentState.INTENT:
        effects += (AbortPayment(_attempt(state).attempt_id),)
        state = replace(state, payment=replace(state.payment, going_back=True))
    if event.query_id == BASE_QUERY or (
        state.payment.state not in MONEY_AT_RISK and event.evidence is not None
    ):
        state = _learn_base(state, event)
    return state, effects


def charge_overheard(state: LaneState, event: ChargeOverheard, at: datetime) -> Outcome:
    """A fact for the person who decides a doubt. No id ties it to the attempt: it decides nothing itself."""
    attempt = state.payment.attempt
    in_doubt = state.payment.state in (PaymentState.UNKNOWN, PaymentState.DISPUTED)
    if attempt is None or not in_doubt or not contradicting.can_be(attempt, event.evidence):
        return contradicting.overheard(state, event, at)
    charged = f"{to_decimal(attempt.amount_minor, attempt.currency)} {attempt.currency}"
    why = f"the terminal says that it charged {charged}"
    return _call_again(_with_attempt(state, replace(attempt, reason=why, heard_charged=True)))


def resume_after_restart(state: LaneState) -> Outcome:
    """An open intent is a doubt: the terminal is asked before anything else (P5, C05 to C14)."""
    if state.payment.state is PaymentState.DISPUTED:
        return _call_again(state)
    attempt = replace(_attempt(state), called_staff=False)
    state = _with_attempt(state, attempt, PaymentState.UNKNOWN)
    return doubt(state, attempt.reason or "the lane restarted during the payment")


def _call_again(state: LaneState) -> Outcome:
    return call_staff_about_payment(_with_attempt(state, replace(_attempt(state), called_staff=False)))


def query_again(state: LaneState) -> Outcome:
    """Asks the terminal (again) while a payment is in doubt; every question has its own id."""
    if state.payment.state is not PaymentState.UNKNOWN:
        return state, ()
    attempt = replace(_attempt(state), queries=_attempt(state).queries + 1)
    return _with_attempt(state, attempt), (QueryLastPayment(_query_id(attempt)),)


def call_staff_about_payment(state: LaneState) -> Outcome:
    """A person is called with the facts, once an attempt (P8)."""
    attempt = _attempt(state)
    if attempt.called_staff:
        return state, ()
    intervention_id = f"pay-{attempt.attempt_id}"
    facts = (f"{attempt.amount_minor} {attempt.currency}", attempt.local_time, attempt.reason)
    effects: tuple[Effect, ...] = (
        RaiseIntervention(intervention_id, InterventionKind.PAYMENT_IN_DOUBT, facts),
        PlaySound(Sound.ATTENTION),
    )
    if state.help is None:
        call = HelpCall(f"help-{attempt.attempt_id}", HelpState.REQUESTED, HelpReason.PAYMENT)
        state = replace(state, help=call)
        effects += (SendHelp(call.help_id, call.state, call.reason),)
    return _with_attempt(state, replace(attempt, called_staff=True)), effects


def payment_decided(state: LaneState, event: InterventionDecided, at: datetime) -> Outcome:
    """The attendant has read the terminal's own slip: approved means the card was charged."""
    if state.payment.state not in (PaymentState.UNKNOWN, PaymentState.DISPUTED):
        return state, ()
    attempt = _attempt(state)
    if event.intervention_id != f"pay-{attempt.attempt_id}":
        return state, ()
    if event.decision is Decision.APPROVED:
        return _paid(state, attempt.evidence, at, decided_by=event.staff_name)
    state = replace(state, terminal=contradicting.memory_of_refusal(attempt))
    return _declined(state, DeclineReason.OTHER, at)


def basket_resumed(state: LaneState, _event: BasketResumed, at: datetime) -> Outcome:
    return replace(state, phase=Phase.SCANNING, payment=Payment(), touched_at=at, view=View()), ()


# --- the three ends ------------------------------------------------------------------------------


def _paid(state: LaneState, evidence: CardEvidence | None, at: datetime, decided_by: str = "") -> Outcome:
    sale = sale_of(state, _attempt(state), evidence, at, decided_by)
    payment = state.payment
    # Past the checksum a number may be wrong: a base that does not follow is asked for, not believed.
    follows = evidence is not None and evidence.receipt_no == next_receipt_no(_attempt(state).base_receipt_no)
    paid = replace(
        state,
        phase=Phase.THANKS,
        payment=replace(payment, state=PaymentState.PAID, added_while_paying=()),
        terminal=remembered(state.terminal, evidence) if evidence and follows else TerminalMemory(),
        sale=sale,
        receipt=ReceiptState.OFFERED,
        left_out=payment.added_while_paying,
        last_receipt_no=sale.receipt_no,
        last_sale=sale,
        view=View(),
    )
    effects = (QueueSale(sale), PlaySound(Sound.PAID), StartTimer(Timer.THANKS), *_stand_down(state))
    return paid, effects if follows else (*effects, QueryLastPayment(BASE_QUERY))


def _declined(state: LaneState, reason: DeclineReason, at: datetime) -> Outcome:
    """Nothing was charged and the basket is intact. What was scanned meanwhile joins it now."""
    attempt, added = _attempt(state), state.payment.added_while_paying
    reason = attempt.sent_back or reason
    arm_again = bool(added) and not state.payment.going_back
    effects = _stand_down(state)
    if attempt.heard_charged:
        state, more = contradicting.called(state, attempt)
        effects += more
    if not state.terminal.terminal_id:
        effects += (QueryLastPayment(BASE_QUERY),)
    elsewhere = state.payment.going_elsewhere and state.payment.state is PaymentState.INTENT
    by_choice = reason is DeclineReason.CANCELLED and state.payment.state is PaymentState.INTENT
    if by_choice or added:
        state = replace(state, phase=Phase.SCANNING, payment=Payment(), view=View())
    for line in added:
        state, more = item_scanned(state, ItemScanned(line), at)
        effects += more
    if elsewhere and not attempt.heard_charged:
        state, more = parking.at_till(replace(state, payment=Payment()), at)
        return state, (*effects, *more)
    if by_choice:
        return state, (*effects, RequestPaymentAgain()) if arm_again else effects
    payment = Payment(PaymentState.DECLINED, attempt, reason)
    return replace(state, phase=Phase.NOT_PAID, payment=payment, view=View()), effects


def doubt(state: LaneState, why: str) -> Outcome:
    """Silence is not an answer (P4): the shopper is told so, and the terminal is asked."""
    attempt = replace(_attempt(state), reason=why)
    state = replace(_with_attempt(state, attempt, PaymentState.UNKNOWN), phase=Phase.CHECKING, view=View())
    state, effects = query_again(state)
    return state, (*effects, StartTimer(Timer.CHECKING))


def _stand_down(state: LaneState) -> tuple[Effect, ...]:
    """Nobody need come any more for a payment that has found its answer."""
    return (StopTimer(Timer.CHECKING), StopTimer(Timer.QUERY), *stand_down_again(state))


def stand_down_again(state: LaneState) -> tuple[Effect, ...]:
    """Said once more after a restart: the withdrawal had waited in memory only."""
    attempt = state.payment.attempt
    if attempt is None or not attempt.called_staff:
        return ()
    return (WithdrawIntervention(f"pay-{attempt.attempt_id}", InterventionKind.PAYMENT_IN_DOUBT),)


def _learn_base(state: LaneState, event: LastPaymentReported) -> LaneState:
    """A terminal that does not tell may have moved on, or begun its numbers anew after an end of day.

    An old number would then stand for a new payment, and one that was charged be judged not paid.
    """
    if event.verdict is QueryVerdict.FOUND and event.evidence is not None:
        return replace(state, terminal=remembered(state.terminal, event.evidence))
    if event.verdict is QueryVerdict.NOTHING_STORED:
        return replace(state, terminal=TerminalMemory(event.terminal_id))
    return replace(state, terminal=TerminalMemory(refused=state.terminal.refused))


def _without_base(state: LaneState) -> LaneState:
    """What the terminal holds is not known: a charge was taken back, or it does not tell.

    A base that is too old could make the charge of one attempt look like that of the next.
    """
    return replace(state, terminal=TerminalMemory())


def _query_id(attempt: Attempt) -> str:
    return f"{attempt.attempt_id}/{attempt.queries}"


def _is_current(state: LaneState, attempt_id: str) -> bool:
    return state.payment.attempt is not None and state.payment.attempt.attempt_id == attempt_id


def _attempt(state: LaneState) -> Attempt:
    assert state.payment.attempt is not None, "money states always carry their attempt"
    return state.payment.attempt


def _with_attempt(state: LaneState, attempt: Attempt, money: PaymentState | None = None) -> LaneState:
    payment = replace(state.payment, attempt=attempt, state=money or state.payment.state)
    return replace(state, payment=payment)
