"""Owns a page of headquarters with one item on it, as a store takes it in.

It must not know what becomes of it.
"""

from __future__ import annotations

from datetime import datetime

from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.hq_wire import FieldMark, HqEvent, HqPage
from inventory.services import hq_intake, item_fields
from tests.support.web_store import STORE


def push(database: Database, position: str, after: str, goods: Item, now_utc: datetime) -> None:
    """Headquarters' Harriet sends this item to the store that stands at `position`."""
    event = HqEvent(
        event_id=f"{after}:{goods.gtin}",
        gtin=goods.gtin,
        item=item_fields.plain_item(goods),
        at_utc=now_utc,
        fields={"price_minor": FieldMark(who="Harriet", at_utc=now_utc)},
    )
    page = HqPage(position=position, next=after, behind=0, events=(event.model_dump(mode="json"),))
    with database.write() as uow:
        assert hq_intake.apply_page(uow, STORE, page, now_utc)
