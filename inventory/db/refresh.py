"""Owns the swap of a whole catalogue, of millions of items too, in one transaction and in little memory.

It must not decide what is sold. Items are merged with the rows there are in the order of their keys, a few
thousand at a time: a row that is the same is not written again, a word that stays is not indexed again, and
what is passed over is gone. Readers see the old catalogue until the commit.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import IO

from sqlmodel import Session

from inventory.db import hot, item_index
from inventory.db.item_rows import ITEM_COLUMNS, row_of_item
from inventory.domain.catalogue import Item
from inventory.domain.words import words_of_item

Progress = Callable[[int], None]
"""Hears how many items were taken in so far."""

_AT_ONCE = 4000
_SORTED_AT_ONCE = 50_000
_READ_AT_ONCE = 500
_STEPS = range(0, _SORTED_AT_ONCE, _READ_AT_ONCE)
_by_gtin = attrgetter("gtin")

_rest = [name for name in ITEM_COLUMNS if name not in {"store_id", "gtin"}]
_INSERT_ITEM = f"INSERT INTO item ({', '.join(ITEM_COLUMNS)}) VALUES ({', '.join('?' * len(ITEM_COLUMNS))})"  # noqa: S608
_PUT_ITEM = (
    f"{_INSERT_ITEM} ON CONFLICT (store_id, gtin)"
    f" DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _rest)}"
    f" WHERE {' OR '.join(f'item.{name} <> excluded.{name}' for name in _rest)}"
)
_INSERT_NAME = "INSERT INTO item_name (store_id, gtin, language, name) VALUES (?, ?, ?, ?)"
_PUT_NAME = (
    f"{_INSERT_NAME} ON CONFLICT (store_id, gtin, language)"
    " DO UPDATE SET name = excluded.name WHERE item_name.name <> excluded.name"
)
_COUNT_NAMES = "SELECT count(*) FROM item_name WHERE store_id = ? AND gtin > ? AND gtin <= ?"
_LANGUAGES = "SELECT gtin, language FROM item_name WHERE store_id = ? AND gtin > ? AND gtin <= ?"
_DROP_ITEM = "DELETE FROM item WHERE store_id = ? AND gtin = ?"
_DROP_NAMES = "DELETE FROM item_name WHERE store_id = ? AND gtin = ?"
_DROP_NAME = "DELETE FROM item_name WHERE store_id = ? AND gtin = ? AND language = ?"
_AFTER_LAST_GTIN = ":"
"""Sorts after every digit."""


class TwiceInCatalogue(ValueError):  # noqa: N818 - it says what is wrong
    """Two items of one catalogue have the same GTIN, or come in another order than was promised."""


def swap_items(
    session: Session,
    store_id: str,
    items: Iterable[Item],
    *,
    is_sorted: bool = False,
    progress: Progress | None = None,
) -> int:
    """Puts `items` in the place of all the store's items; answers how many there are now.

    They may come in any order; `is_sorted` promises that of their GTINs. Raises TwiceInCatalogue.
    """
    swap = _Merge(session, store_id)
    coming = iter(items) if is_sorted else _in_order(items)
    while some := list(islice(coming, _AT_ONCE)):
        swap.take(some)
        if progress is not None:
            progress(swap.item_count)
    swap.finish()
    return swap.item_count


class _Merge:
    """One swap under way: all keys up to `_last` are as they shall be."""

    def __init__(self, session: Session, store_id: str) -> None:
        self._session = session
        self._store_id = store_id
        self._index = item_index.IndexChange(session, store_id)
        self._last = ""
        self.item_count = 0

    def take(self, items: Sequence[Item]) -> None:
        """The next items by GTIN; those of the store between them go."""
        store_id, last = self._store_id, items[-1].gtin
        old = self._index.entries(self._last, last)
        new: list[Item] = []
        known: list[Item] = []
        before = self._last
        for item in items:
            if item.gtin <= before:
                raise TwiceInCatalogue(item.gtin)
            before = item.gtin
            (known if item.gtin in old else new).append(item)
            self._index.put(item.gtin, old.pop(item.gtin, None), words_of_item(item))
        self._drop(old)
        hot.do_each(self._session, _INSERT_ITEM, [row_of_item(store_id, item) for item in new])
        hot.do_each(self._session, _INSERT_NAME, self._names(new))
        if known:
            self._renew(known, sum(len(item.names) for item in items))
        self._index.flush()
        self._last = last
        self.item_count += len(items)

    def finish(self) -> None:
        """What stands after the last item goes as well, and the index follows."""
        self._drop(self._index.entries(self._last, _AFTER_LAST_GTIN))
        self._index.finish()

    def _renew(self, known: Sequence[Item], name_count: int) -> None:
        session, store_id = self._session, self._store_id
        hot.do_each(session, _PUT_ITEM, [row_of_item(store_id, item) for item in known])
        hot.do_each(session, _PUT_NAME, self._names(known))
        between = (store_id, self._last, known[-1].gtin)
        if hot.row(session, _COUNT_NAMES, between)[0] == name_count:
            return
        named = {item.gtin: item.names for item in known}
        gone = [
            (store_id, gtin, language)
            for gtin, language in hot.rows(session, _LANGUAGES, between)
            if gtin in named and language not in named[gtin]
        ]
        hot.do_each(session, _DROP_NAME, gone)

    def _names(self, items: Iterable[Item]) -> list[tuple[str, str, str, str]]:
        return [
            (self._store_id, item.gtin, language, name)
            for item in items
            for language, name in sorted(item.names.items())
        ]

    def _drop(self, old: dict[str, item_index.Entry]) -> None:
        keys = [(self._store_id, gtin) for gtin in old]
        hot.do_each(self._session, _DROP_NAMES, keys)
        hot.do_each(self._session, _DROP_ITEM, keys)
        for gtin, entry in old.items():
            self._index.drop(gtin, entry)


def _in_order(items: Iterable[Item]) -> Iterator[Item]:
    """The items by GTIN. What does not lie in memory already is sorted by parts in a file without a name."""
    if isinstance(items, Sequence):
        yield from sorted(items, key=_by_gtin)
        return
    coming = iter(items)
    with tempfile.TemporaryFile() as file:
        runs = []
        while some := sorted(islice(coming, _SORTED_AT_ONCE), key=_by_gtin):
            runs.append([_put_down(file, some[at : at + _READ_AT_ONCE]) for at in _STEPS if at < len(some)])
        yield from merge(*(_taken_up(file, places) for places in runs), key=_by_gtin)


def _put_down(file: IO[bytes], items: list[Item]) -> int:
    place = file.tell()
    pickle.dump(items, file, protocol=pickle.HIGHEST_PROTOCOL)
    return place


def _taken_up(file: IO[bytes], places: list[int]) -> Iterator[Item]:
    for place in places:
        file.seek(place)
        yield from pickle.load(file)  # noqa: S301 - nobody else can write to this file
