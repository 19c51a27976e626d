"""Owns the paper of a visit: receipt, copy, preference card, and the slips a terminal composes for it.

It must not decide anything about money: a slip is kept or dropped, and changes nothing else. A customer's
goes below the receipt of its payment; what is printed for an order goes to the store with its report.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hardware.events import PrintFailed, PrintFinished, Slip, TerminalPrinted
from kiosk.checkout.effects import PrintCard, PrintReceipt, StartTimer
from kiosk.checkout.messages import ReceiptWanted, Sheet, Timer
from kiosk.checkout.preference_card import card_text
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import LaneState, ReceiptState
from kiosk.checkout.visit_events import PaperCardWanted

SLIP_LINES = 60
"""How many lines are kept of what a terminal prints for one payment or order; no card slip is that long."""

SLIP_COLUMNS = 48
"""How many characters are kept of a line: the widest receipt paper's."""

CARD_JOB = "preference-card"
"""The name of its print job: it is the same whoever's card it is."""

CUT_LINE = "(more lines were cut off here)"
_CUT = "..."

# --- the receipt ---------------------------------------------------------------------------------


def receipt_wanted(state: LaneState, _event: ReceiptWanted, _at: datetime) -> Outcome:
    """Paper that may be the second of its sale says so (C19, C20)."""
    if state.sale is None or state.receipt is ReceiptState.PRINTING:
        return state, ()
    copy = state.receipt in (ReceiptState.PRINTED, ReceiptState.FAILED)
    slip = state.payment.attempt.slip if state.payment.attempt else ()
    effects = (PrintReceipt(state.sale, copy, slip), StartTimer(Timer.THANKS))
    return replace(state, receipt=ReceiptState.PRINTING), effects


def print_finished(state: LaneState, event: PrintFinished, _at: datetime) -> Outcome:
    return _receipt_is(state, event.job_id, ReceiptState.PRINTED)


def print_failed(state: LaneState, event: PrintFailed, _at: datetime) -> Outcome:
    return _receipt_is(state, event.job_id, ReceiptState.FAILED)


def paper_card_wanted(state: LaneState, _event: PaperCardWanted, _at: datetime) -> Outcome:
    """While the card is on the screen, one paper at a time; nothing of it is remembered."""
    if state.view.sheet is not Sheet.CARD or state.view.card is ReceiptState.PRINTING:
        return state, ()
    code = card_text(state.language, state.preferences)
    view = replace(state.view, card=ReceiptState.PRINTING)
    return replace(state, view=view), (PrintCard(code, state.language),)


def _card_is(state: LaneState, card: ReceiptState) -> Outcome:
    """What became of a card's paper is told to whoever still looks at the card."""
    if state.view.card is not ReceiptState.PRINTING:
        return state, ()
    return replace(state, view=replace(state.view, card=card)), ()


def _receipt_is(state: LaneState, job_id: str, receipt: ReceiptState) -> Outcome:
    if job_id == CARD_JOB:
        return _card_is(state, receipt)
    if state.sale is None or job_id != state.sale.sale_id:
        return state, ()
    return replace(state, receipt=receipt), (StartTimer(Timer.THANKS),)


# --- slips of the terminal -----------------------------------------------------------------------


def slip_printed(state: LaneState, event: TerminalPrinted, _at: datetime) -> Outcome:
    """Keeps what belongs to the visit's newest payment or to the running order; anything else is dropped."""
    attempt, running = state.payment.attempt, state.orders.running
    lines = bounded(event).lines
    if event.slip is Slip.CUSTOMER and attempt is not None and event.job_id == attempt.attempt_id:
        attempt = replace(attempt, slip=_joined(attempt.slip, lines))
        return replace(state, payment=replace(state.payment, attempt=attempt)), ()
    if event.slip is not Slip.CUSTOMER and running is not None and event.job_id == running.order_id:
        orders = replace(state.orders, slip=_joined(state.orders.slip, lines))
        return replace(state, orders=orders), ()
    return state, ()


def bounded(event: TerminalPrinted) -> TerminalPrinted:
    """The slip cut to SLIP_LINES of SLIP_COLUMNS, and saying so: a journal entry has no other bound."""
    return replace(event, lines=_joined((), tuple(_clipped(line) for line in event.lines)))


def _joined(kept: tuple[str, ...], lines: tuple[str, ...]) -> tuple[str, ...]:
    """The same slip told twice in a row is one slip."""
    if kept[-len(lines) :] == lines:
        return kept
    if len(kept) + len(lines) <= SLIP_LINES:
        return kept + lines
    return (*(kept + lines)[: SLIP_LINES - 1], CUT_LINE)


def _clipped(line: str) -> str:
    return line if len(line) <= SLIP_COLUMNS else line[: SLIP_COLUMNS - len(_CUT)] + _CUT
