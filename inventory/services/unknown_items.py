"""Owns what follows from a sale of goods the catalogue does not know: one task for each number.

It must not refuse or change a sale, nor add anything to the catalogue by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col

from inventory.db.tables import SaleLineRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.money import format_money
from inventory.domain.sales import Sale, SaleLine
from inventory.services import tasks
from inventory.services.tasks import UNKNOWN_ITEM, Task

_LANGUAGE = "en"


def ask_to_add(
    uow: UnitOfWork, store_id: str, sale: Sale, items: Mapping[str, Item], now_utc: datetime
) -> None:
    """For each number that staff priced and the catalogue still does not know: how often it was sold so far.

    The lines of `sale` are recorded already. A task that somebody ended is not opened again by the next sale.
    """
    unknown = {line.gtin: line for line in sale.lines if line.is_named_by_staff and line.gtin not in items}
    for gtin, line in sorted(unknown.items()):
        task = Task(
            f"{UNKNOWN_ITEM}:{gtin}",
            UNKNOWN_ITEM,
            sale.lane_id,
            _words(line, sale.currency, _times_sold(uow, store_id, gtin)),
            sale.currency,
            sale_id=sale.sale_id,
        )
        tasks.make_or_renew(uow, store_id, task, now_utc)


def _times_sold(uow: UnitOfWork, store_id: str, gtin: str) -> int:
    """In how many sales it was, unknown (goods of the catalogue have a SKU); a basket with six is one."""
    counted = select_columns(func.count(func.distinct(col(SaleLineRow.sale_id)))).where(
        col(SaleLineRow.store_id) == store_id, col(SaleLineRow.gtin) == gtin, col(SaleLineRow.sku) == ""
    )
    return int(uow.session.connection().execute(counted).scalar_one())


def _words(line: SaleLine, currency: str, times: int) -> str:
    price = format_money(line.unit_price_minor, currency, _LANGUAGE)
    often = "once" if times == 1 else f"{times} times"
    name = line.name.replace("\0", "")
    return (
        f"Unknown item {line.gtin.lstrip('0')} sold {often}, last as {name} for {price} "
        f"by {line.priced_by}: add it to the catalogue."
    )
