"""Owns the verdict about a payment nobody is sure of: paid, not paid, or a matter for a person.

It must not know screens or devices. Rules P4 and P5: silence proves nothing; an answer counts only when
result, amount, currency, terminal, receipt number and time all fit the attempt.
"""

from __future__ import annotations

from enum import Enum

from hardware.events import CardEvidence, DeclineReason, LastPaymentReported, QueryVerdict
from kiosk.checkout.state import Attempt, TerminalMemory

TIME_WINDOW_MIN = 30
"""How far the terminal's clock may differ from the lane's at the time of the intent, in minutes."""

RECEIPT_NO_WRAP = 9999
"""Terminals count receipts with four digits; after this comes 1."""

_DAY_MIN = 24 * 60
_NOT_TOLD = "-"


class Verdict(Enum):
    PAID = "paid"
    NOT_PAID = "not paid"
    ASK_AGAIN = "ask again"
    DISPUTED = "disputed"


def judge(attempt: Attempt, report: LastPaymentReported) -> tuple[Verdict, str]:
    """The verdict and, for staff, its reason in words."""
    if report.verdict is QueryVerdict.NO_ANSWER:
        return Verdict.ASK_AGAIN, report.reason or "the terminal does not answer"
    if report.verdict is QueryVerdict.NOTHING_STORED and not attempt.stored_receipt_no:
        return Verdict.NOT_PAID, "the terminal holds no transaction"
    if report.verdict is not QueryVerdict.FOUND or report.evidence is None:
        return Verdict.DISPUTED, report.reason or "the terminal's answer names no transaction"
    return _judge_found(attempt, report.evidence)


def _judge_found(attempt: Attempt, found: CardEvidence) -> tuple[Verdict, str]:
    if not attempt.terminal_id:
        return Verdict.DISPUTED, "what this terminal had stored before the attempt is not known"
    if found.terminal_id != attempt.terminal_id:
        return Verdict.DISPUTED, f"terminal {found.terminal_id} answered for {attempt.terminal_id}"
    if attempt.stored_receipt_no and found.receipt_no == attempt.stored_receipt_no:
        if _is_marked(found, attempt.stored_mark):
            return Verdict.NOT_PAID, "the terminal's last payment is the one before this attempt"
        return Verdict.DISPUTED, f"receipt {found.receipt_no} stood for another payment before"
    if _is_marked(found, attempt.stored_mark):
        return Verdict.DISPUTED, f"receipt {found.receipt_no} looks like the payment before this attempt"
    if found.receipt_no != next_receipt_no(attempt.base_receipt_no):
        return (
            Verdict.DISPUTED,
            f"receipt {found.receipt_no} does not follow {attempt.base_receipt_no or 'none'}",
        )
    if found.result_code != 0:
        return Verdict.NOT_PAID, f"the terminal stored result {found.result_code:02X}"
    if (found.amount_minor, found.currency) != (attempt.amount_minor, attempt.currency):
        return Verdict.DISPUTED, f"the terminal stored {found.amount_minor} {found.currency}"
    if not _within_window(attempt.local_time, found):
        return Verdict.DISPUTED, f"the terminal stored it at {found.terminal_date} {found.terminal_time}"
    return Verdict.PAID, "the terminal holds this payment"


def mark_of(evidence: CardEvidence) -> str:
    """What tells a stored payment from another under the same receipt number: trace, amount, date and time.

    A terminal that is reset, or closes its day, may count its receipts from 1 again.
    """
    stamp = evidence.terminal_date + evidence.terminal_time
    return f"{evidence.trace_no or _NOT_TOLD} {evidence.amount_minor} {stamp or _NOT_TOLD}"


def _is_marked(found: CardEvidence, mark: str) -> bool:
    """Whether all that both tell is the same, and the trace or the time is among it."""
    pairs = list(zip(mark.split(), mark_of(found).split(), strict=False))
    told = [before == now for before, now in pairs if _NOT_TOLD not in (before, now)]
    return len(told) > 1 and all(told)  # the amount alone proves nothing


def next_receipt_no(receipt_no: str) -> str:
    """The number after `receipt_no`, four digits, 9999 -> 0001; after none comes 0001."""
    number = int(receipt_no) if receipt_no.isdecimal() else 0
    return f"{number % RECEIPT_NO_WRAP + 1:04d}"


def authorisation_fits(attempt: Attempt, evidence: CardEvidence) -> str:
    """Empty when the authorised amount and terminal are those asked for, else why not (C33)."""
    if evidence.result_code != 0:
        return f"result {evidence.result_code:02X}"
    if evidence.amount_minor != attempt.amount_minor:
        return f"{evidence.amount_minor} authorised, {attempt.amount_minor} asked for"
    if evidence.currency != attempt.currency:
        return f"{evidence.currency} authorised, {attempt.currency} asked for"
    if attempt.terminal_id and evidence.terminal_id != attempt.terminal_id:
        return f"terminal {evidence.terminal_id} answered for {attempt.terminal_id}"
    return ""


def reason_to_send_back(attempt: Attempt, evidence: CardEvidence) -> DeclineReason:
    """What a shopper can make of an authorisation that does not fit: the terminal only calls it reversed."""
    asked_for = (attempt.amount_minor, attempt.currency)
    is_other = (evidence.amount_minor, evidence.currency) != asked_for
    return DeclineReason.OTHER_AMOUNT if is_other else DeclineReason.OTHER


def remembered(memory: TerminalMemory, evidence: CardEvidence) -> TerminalMemory:
    """The terminal's newest transaction, of whatever result, as the base of the next attempt.

    A charge without a number has used one up all the same: what came before it is no base any more.
    """
    if not evidence.receipt_no:
        return TerminalMemory() if evidence.result_code == 0 else memory
    terminal_id = evidence.terminal_id or memory.terminal_id
    if evidence.result_code != 0:
        return TerminalMemory(terminal_id, evidence.receipt_no, memory.stored_receipt_no, memory.stored_mark)
    return TerminalMemory(terminal_id, evidence.receipt_no, evidence.receipt_no, mark_of(evidence))


def _within_window(local_time: str, found: CardEvidence) -> bool:
    """Time of day only, around midnight too: terminals without a calendar send no usable date."""
    if len(found.terminal_time) < 4 or len(local_time) != 10:
        return True
    asked_min = int(local_time[4:6]) * 60 + int(local_time[6:8])
    found_min = int(found.terminal_time[:2]) * 60 + int(found.terminal_time[2:4])
    apart = abs(asked_min - found_min) % _DAY_MIN
    return min(apart, _DAY_MIN - apart) <= TIME_WINDOW_MIN
