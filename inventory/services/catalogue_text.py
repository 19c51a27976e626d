"""Owns the whole catalogue as the JSON a lane reads, piece by piece: `catalogue.current` in little memory.

It must not know HTTP. The transaction must stay open until the last piece is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from pydantic import TypeAdapter

from inventory.db.repositories import each_item
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.services import catalogue, stock
from inventory.wire import StockMessage

_AT_ONCE = 1_000
_ITEMS: TypeAdapter[list[Item]] = TypeAdapter(list[Item])
_LEVELS: TypeAdapter[list[StockMessage]] = TypeAdapter(list[StockMessage])
_LISTS = '"items":[],"stock":[]'
"""As they stand in a message without any; no text in it can look so, for its quotes are escaped."""

LevelAs = Callable[[StockMessage], StockMessage]


def written(
    uow: UnitOfWork, store_id: str, *, is_marked: bool = False, level_as: LevelAs | None = None
) -> Iterator[bytes]:
    """The message in UTF-8, about a thousand items in each piece. Raises UnknownStoreError.

    `is_marked` as for `catalogue.current`; `level_as` says what is told of each level.
    """
    bare = catalogue.outline(uow, store_id, is_marked=is_marked).model_dump_json()
    before, lists, after = bare.partition(_LISTS)
    assert lists, "a message names its items and stock one after the other"
    yield f'{before}"items":['.encode()
    yield from _listed(_ITEMS, each_item(uow.session, store_id))
    yield b'],"stock":['
    levels = stock.each_of_catalogue(uow, store_id)
    yield from _listed(_LEVELS, levels if level_as is None else map(level_as, levels))
    yield f"]{after}".encode()


def _listed(kind: TypeAdapter[Any], values: Iterable[object]) -> Iterator[bytes]:
    """The values as JSON with commas between them, without the brackets of a list."""
    coming, between = iter(values), b""
    while some := list(islice(coming, _AT_ONCE)):
        yield between + kind.dump_json(some)[1:-1]
        between = b","
