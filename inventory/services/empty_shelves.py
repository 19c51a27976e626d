"""Owns the loop of an empty shelf: a shopper's tap, the doubt it raises, and the look or count that ends it.

It must not know screens. A report is a call for help (`inventory.services.help_desk`) that names a good: who
took it on, when, and who ended it stand there; what was counted stands in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.db.repositories import items_by_gtin, write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.help_desk import OPEN_STATES, Cause, Deed, HelpReason, Resolve
from inventory.services import availability, help_desk, stock
from inventory.services.help_desk import HelpRequest
from inventory.wire import HelpMessage, HelpUpdateMessage, StockMessage

MOST_COUNTED = 99_999
"""Pieces, or grams where goods are sold by weight: nobody counts more at one shelf."""


@dataclass(frozen=True, slots=True)
class MissedGood:
    """What somebody missed on its shelf, and what the records say of it."""

    item: Item
    level: StockMessage
    is_countable: bool


def heard(uow: UnitOfWork, store_id: str, message: HelpMessage, now_utc: datetime) -> HelpUpdateMessage:
    """Takes a call for help (see `help_desk.receive`); one about an empty shelf raises a doubt, once."""
    before = help_desk.find(uow, store_id, message.help_id)
    answer = help_desk.receive(uow, store_id, message, now_utc)
    is_open = answer.state in OPEN_STATES
    if before is None:
        if is_open and _is_about_shelf(message.reason, message.gtin):
            availability.shelf_found_empty(uow, store_id, message.gtin)
    elif before.state in OPEN_STATES and not is_open and _is_about_shelf(before.reason, before.gtin):
        availability.report_taken_back(uow, store_id, before.gtin)
    return answer


def do(
    uow: UnitOfWork,
    store_id: str,
    help_id: str,
    deed: Deed,
    now_utc: datetime,
    *,
    note: str = "",
    turn: int | None = None,
) -> HelpUpdateMessage:
    """Does something to a call (see `help_desk.do`); the end of a report about a shelf ends its doubts."""
    before = help_desk.find(uow, store_id, help_id)
    answer = help_desk.do(uow, store_id, help_id, deed, now_utc, note=note, turn=turn)
    ends = isinstance(deed, Resolve) and before is not None and before.state in OPEN_STATES
    if ends and before is not None and _is_about_shelf(before.reason, before.gtin):
        availability.shelf_looked_at(uow, store_id, before.gtin)
    return answer


def counted(uow: UnitOfWork, store_id: str, help_id: str, number: int, *, who: str, now_utc: datetime) -> int:
    """Ends a report with a count: pieces, or grams of what is sold by weight; answers the records' fault.

    Every other open report about the same good ends with it. Raises UnknownRequestError, ImpossibleStepError
    where it is over, and UncountableError.
    """
    request = help_desk.find(uow, store_id, help_id)
    if request is None or not _is_about_shelf(request.reason, request.gtin):
        raise help_desk.UnknownRequestError(f"There is no report {help_id} about a shelf.")
    if request.state not in OPEN_STATES:
        raise help_desk.ImpossibleStepError(f"The report {help_id} is over.")
    if not 0 <= number <= MOST_COUNTED:
        raise availability.UncountableError(request.gtin)
    milli = availability.in_milli(uow, store_id, request.gtin, number)
    difference_milli = availability.count(
        uow, store_id, request.gtin, milli, source_id=f"shelf-count:{help_id}", who=who, now_utc=now_utc
    )
    for each in _reports_about(uow, store_id, request.gtin):
        help_desk.do(uow, store_id, each.help_id, Resolve(who, Cause.GOODS), now_utc)
    detail = f"{request.gtin}: {milli} counted, records off by {difference_milli} (thousandths)"
    write_audit(uow.session, store_id, who=who, what="shelf.counted", detail=detail, at_utc=now_utc)
    return difference_milli


def missed(uow: UnitOfWork, store_id: str) -> dict[str, MissedGood]:
    """The goods that open reports are about, by GTIN."""
    reports = (
        each for each in help_desk.open_requests(uow, store_id) if _is_about_shelf(each.reason, each.gtin)
    )
    items = items_by_gtin(uow.session, store_id, [each.gtin for each in reports])
    return {
        level.gtin: MissedGood(
            items[level.gtin], level, availability.is_countable(uow, store_id, items[level.gtin])
        )
        for level in stock.of_items(uow, store_id, tuple(items))
    }


def _reports_about(uow: UnitOfWork, store_id: str, gtin: str) -> tuple[HelpRequest, ...]:
    open_now = help_desk.open_requests(uow, store_id)
    return tuple(each for each in open_now if _is_about_shelf(each.reason, each.gtin) and each.gtin == gtin)


def _is_about_shelf(reason: HelpReason, gtin: str) -> bool:
    return reason is HelpReason.SHELF_EMPTY and bool(gtin)
