"""Owns the sale that comes of a paid basket: lines, tax, tender and receipt number as one fact.

It must not decide that something was paid.
"""

from __future__ import annotations

from datetime import datetime

from hardware.events import CardEvidence
from inventory.domain.sales import Sale, Tender, tax_of_lines
from kiosk.checkout.state import Attempt, LaneState


def sale_of(
    state: LaneState, attempt: Attempt, evidence: CardEvidence | None, at: datetime, decided_by: str
) -> Sale:
    """The basket of `state` as sold at the instant `at` (UTC) by `attempt`.

    `evidence` is what the terminal told, None when only a person, `decided_by`, has said that it was charged.
    """
    lines = tuple(line.as_sale_line(state.language) for line in state.basket.lines)
    tender = Tender(
        kind="card" if not decided_by else f"card, confirmed by {decided_by}",
        amount_minor=attempt.amount_minor,
        attempt_id=attempt.attempt_id,
        terminal_id=evidence.terminal_id if evidence else attempt.terminal_id,
        terminal_receipt_no=evidence.receipt_no if evidence else "",
        trace_no=evidence.trace_no if evidence else "",
        authorisation_id=evidence.authorisation_id if evidence else "",
        card_name=evidence.card_name if evidence else "",
        card_last4=evidence.card_last4 if evidence else "",
    )
    return Sale(
        sale_id=state.basket.sale_id,
        store_id=state.store_id,
        lane_id=state.lane_id,
        receipt_no=state.last_receipt_no + 1,
        paid_at_utc=at,
        currency=attempt.currency,
        language=state.language,
        lines=lines,
        taxes=tax_of_lines(lines),
        tenders=(tender,),
        total_minor=attempt.amount_minor,
        age_approved_by=state.age_staff_name,
    )
