"""Owns what is left out of the store's words to a lane that is older than they are.

It must not know routes. Such a lane refuses fields it has never heard of, and would then hear nothing at all.
"""

from __future__ import annotations

from typing import Final, TypeVar

from fastapi import Request

from inventory.web.events import encode_event
from inventory.wire import KNOWS_HEADER, KNOWS_SHELF, CatalogueDelta, CatalogueMessage, StockMessage

C = TypeVar("C", CatalogueMessage, CatalogueDelta)

_STOCK: Final = b"event: stock\n"
_DATA: Final = b"data: "


def knows_shelf(request: Request) -> bool:
    """Whether the lane has said that it understands baskets, counts and doubts."""
    return KNOWS_SHELF in request.headers.get(KNOWS_HEADER, "").split()


def without_baskets(message: C) -> C:
    """The catalogue or its changes with what is left for the next shopper as on-hand."""
    return message.model_copy(update={"stock": tuple(level.plain() for level in message.stock)})


def without_baskets_in_event(encoded: bytes) -> bytes:
    """The same of one event; all others pass as they are."""
    if not encoded.startswith(_STOCK):
        return encoded
    _, _, data = encoded.partition(_DATA)
    return encode_event("stock", StockMessage.model_validate_json(data).plain())
