"""Owns what is told of the shelves after sales: the new number of every item that moved.

It must not know why it moved. What stands for itself is told from the writer's answer; packs and bundles, and
what they are made of, are worked out by the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inventory.db.sale_batch import Moved
from inventory.db.unit_of_work import UnitOfWork
from inventory.services import stock
from inventory.services.known_items import Known
from inventory.wire import StockMessage


def tell(uow: UnitOfWork, store_id: str, moved: Sequence[Moved], there: Known) -> frozenset[str]:
    """Announces what is there of items that moved and of all that is made of them; answers their GTINs."""
    messages: dict[str, StockMessage] = {}
    woven: list[tuple[str, int, datetime]] = []
    for each in moved:
        as_of_utc = datetime.fromisoformat(each.as_of_utc)
        if each.gtin in there.entwined:
            woven.append((each.gtin, each.on_hand_milli, as_of_utc))
        elif each.gtin in there.items:
            messages[each.gtin] = _message(each, as_of_utc)
        else:  # sold without being in the catalogue
            messages[each.gtin] = StockMessage(
                gtin=each.gtin, on_hand_milli=each.on_hand_milli, as_of_utc=as_of_utc
            )
    if woven:
        messages |= {message.gtin: message for message in stock.messages_of_moved(uow, store_id, woven)}
    for gtin in sorted(messages):
        uow.announce(store_id, "stock", message=messages[gtin])
    return frozenset(messages)


def _message(moved: Moved, as_of_utc: datetime) -> StockMessage:
    return StockMessage(
        gtin=moved.gtin,
        on_hand_milli=moved.on_hand_milli,
        as_of_utc=as_of_utc,
        reserved_milli=moved.reserved_milli,
        counted_at_utc=datetime.fromisoformat(moved.counted_at_utc) if moved.counted_at_utc else None,
        doubts=moved.doubts,
    )
