"""Owns what is left out of the store's words to a lane that is older than they are.

It must not know routes. Such a lane refuses fields it has never heard of, and would then hear nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, TypeVar

from fastapi import Request

from inventory.web.events import encode_event
from inventory.wire import (
    KNOWS_FLOOR,
    KNOWS_HEADER,
    KNOWS_HELP,
    KNOWS_SHELF,
    CatalogueDelta,
    CatalogueMessage,
    DoorMessage,
    HelpUpdateMessage,
    StockMessage,
)

C = TypeVar("C", CatalogueMessage, CatalogueDelta)

_STOCK: Final = b"event: stock\n"
_HELP: Final = b"event: help\n"
_DOOR: Final = b"event: door\n"
_PLACE: Final = b"event: place\n"
_DATA: Final = b"data: "
_UNTOLD: Final = b": \n\n"
"""A comment: an event of no bytes would end a chunked stream."""


def knows_shelf(request: Request) -> bool:
    """Whether the lane has said that it understands baskets, counts and doubts."""
    return KNOWS_SHELF in _words(request)


def translation_for(request: Request) -> Callable[[bytes], bytes] | None:
    """What has to be done to each event on its way to this lane; None where it understands all."""
    return _translation(_words(request).intersection(_STEPS))


def knows_help(request: Request) -> bool:
    """Whether the lane has said that it understands turns, levels and places in line."""
    return KNOWS_HELP in _words(request)


def _words(request: Request) -> frozenset[str]:
    return frozenset(request.headers.get(KNOWS_HEADER, "").split())


def without_baskets(message: C) -> C:
    """The catalogue or its changes with what is left for the next shopper as on-hand."""
    return message.model_copy(update={"stock": tuple(level.plain() for level in message.stock)})


def without_baskets_in_event(encoded: bytes) -> bytes:
    """The same of one event; all others pass as they are."""
    if not encoded.startswith(_STOCK):
        return encoded
    _, _, data = encoded.partition(_DATA)
    return encode_event("stock", StockMessage.model_validate_json(data).plain())


def without_turns_in_event(encoded: bytes) -> bytes:
    """A call's news without its turn and level; a place in line is not told at all."""
    if encoded.startswith(_PLACE):
        return _UNTOLD
    if not encoded.startswith(_HELP):
        return encoded
    _, _, data = encoded.partition(_DATA)
    return encode_event("help", HelpUpdateMessage.model_validate_json(data).plain())


def without_pauses_in_event(encoded: bytes) -> bytes:
    """A pause of the lane as the closed door it is."""
    if not encoded.startswith(_DOOR):
        return encoded
    _, _, data = encoded.partition(_DATA)
    return encode_event("door", DoorMessage.model_validate_json(data).plain())


_STEPS: Final[dict[str, Callable[[bytes], bytes]]] = {
    KNOWS_SHELF: without_baskets_in_event,
    KNOWS_HELP: without_turns_in_event,
    KNOWS_FLOOR: without_pauses_in_event,
}
"""What is done to an event for a lane that does not say the word."""


@cache
def _translation(words: frozenset[str]) -> Callable[[bytes], bytes] | None:
    """The same object each time, so that work is done once for all lanes of one version."""
    steps = tuple(step for word, step in _STEPS.items() if word not in words)

    def translated(encoded: bytes) -> bytes:
        for step in steps:
            encoded = step(encoded)
        return encoded

    return translated if steps else None
