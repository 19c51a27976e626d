"""Owns news between the processes on one database: written with the change, told to the others after it.

It must not know what the news means. A row of news belongs to the transaction it tells of; the bell only says
which rows are new. Who has not heard the bell finds the rows by their ids. A process reads the news of its
own store alone; it writes that of any store it changed something for.
"""

from __future__ import annotations

import json
import logging
import queue
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import bindparam, delete, insert
from sqlalchemy import select as select_columns
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from inventory.db.bell import Bell, BellLostError, PostgresBell
from inventory.db.news_table import NewsRow
from inventory.db.repositories import ordered_id
from inventory.db.unit_of_work import Announcement, Database, UnitOfWork
from inventory.wire import Message

_log = logging.getLogger(__name__)

LISTEN_S = 2.0
"""The bell is listened to for so long; then rows are looked for that never rang."""

LOOK_S = 0.25
"""In a file nothing rings: its rows are looked for so often. Only other stores' processes share it."""

LOOK_BACK = timedelta(seconds=15)
"""A transaction may become visible after a later one: how much longer than that one it may have taken."""

KEPT = timedelta(hours=1)

_NEW = insert(NewsRow)
_OURS = col(NewsRow.store_id) == bindparam("store")
_FOREIGN = select_columns(col(NewsRow.news_id), col(NewsRow.body)).where(
    _OURS, col(NewsRow.origin) != bindparam("origin")
)
_BY_ID = _FOREIGN.where(col(NewsRow.news_id).in_(bindparam("ids", expanding=True)))
_SINCE = _FOREIGN.where(col(NewsRow.news_id) >= bindparam("since"))
_NEWEST = (
    select_columns(col(NewsRow.news_id))
    .where(_OURS, col(NewsRow.origin) != bindparam("origin"))
    .order_by(col(NewsRow.news_id).desc())
    .limit(1)
)
_IN_ORDER = col(NewsRow.news_id)
_OLD = delete(NewsRow).where(_OURS, col(NewsRow.news_id) < bindparam("until"))


class NewsExchange:
    """One process's side of it: two threads, for as long as it is entered."""

    def __init__(
        self,
        database: Database,
        store_id: str,
        bell: Bell | None,
        clock: Callable[[], datetime],
        *,
        listen_s: float = LISTEN_S,
        is_alone: bool = False,
    ) -> None:
        """`is_alone`: no other process serves this store, and its own news need not be written.

        Without a bell the rows are looked for every `listen_s`.
        """
        self._database = database
        self._store_id = store_id
        self._bell = bell
        self._listen_s = listen_s
        self._is_alone = is_alone
        self._clock = clock
        self._origin = secrets.token_hex(8)
        self._written = threading.local()
        self._to_ring: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._told: dict[str, None] = {}
        self._has_heard = False
        self._since = ordered_id(clock())[:12]
        self._looked_s = time.monotonic()
        self._swept_at = clock()
        self._is_closed = threading.Event()
        self._threads = (
            threading.Thread(target=self._ring, name="news-bell", daemon=True),
            threading.Thread(target=self._listen, name="news-in", daemon=True),
        )

    def __enter__(self) -> None:
        """From now on every commit's news is shared, and the others' news is told here."""
        self._database.before_commit(self._write)
        self._database.listen(self._hand_over)
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_error: object) -> None:
        """Stops both threads. What was committed and did not ring is found by the others all the same."""
        self._is_closed.set()
        self._to_ring.put(None)
        for thread in self._threads:
            thread.join(self._listen_s + 1)
        if self._bell is not None:
            self._bell.close()

    # -- ours, to the others ---------------------------------------------------------------------

    def _write(self, uow: UnitOfWork) -> None:
        by_store: defaultdict[str, list[Announcement]] = defaultdict(list)
        for each in uow.announcements:
            if each.store_id != self._store_id or not self._is_alone:
                by_store[each.store_id].append(each)
        self._written.news_ids = news_ids = []
        for store_id, news in by_store.items():
            news_id = ordered_id(self._clock())
            row = {"store_id": store_id, "news_id": news_id, "origin": self._origin, "body": _encoded(news)}
            uow.session.connection().execute(_NEW, row)
            news_ids.append(news_id)

    def _hand_over(self, _announcements: Sequence[Announcement]) -> None:
        # A listener is called on the thread that committed, and on the one that brings the others' news.
        news_ids, self._written.news_ids = getattr(self._written, "news_ids", []), []
        for news_id in news_ids:
            self._to_ring.put(news_id)

    def _ring(self) -> None:
        is_last = False
        while not is_last and (news_id := self._to_ring.get()) is not None:
            ids = [news_id]
            while not self._to_ring.empty() and not is_last:
                more = self._to_ring.get()
                if more is None:
                    is_last = True
                else:
                    ids.append(more)
            try:
                if self._bell is not None:
                    self._bell.ring(ids)
            except BellLostError as error:
                _log.warning("News did not ring and will be found later: %s", error)

    # -- theirs, to us ---------------------------------------------------------------------------

    def _listen(self) -> None:
        while not self._is_closed.is_set():
            try:
                if ids := self._heard():
                    self._tell(self._rows_of(ids))
                if time.monotonic() - self._looked_s > self._listen_s / 2 and self._is_news():
                    self._tell(self._rows_missed())
                    self._sweep()
            except BellLostError as error:
                _log.warning("The other processes cannot be heard: %s", error)
                self._is_closed.wait(0.5)
            except SQLAlchemyError:
                _log.exception("News of other processes could not be read.")
                self._is_closed.wait(0.5)

    def _heard(self) -> list[str]:
        if self._bell is not None:
            return self._bell.hear(self._listen_s)
        self._is_closed.wait(self._listen_s)
        return []

    def _is_news(self) -> bool:
        """Whether to read at all. A file is written by one at a time: its newest row appears last."""
        if self._bell is not None or not self._is_alone:
            return True
        asked = {"store": self._store_id, "origin": self._origin}
        newest = self._database.glance(_NEWEST, asked)
        return newest is not None and newest.news_id not in self._told and newest.news_id >= self._since

    def _rows_of(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        return self._read(_BY_ID, ids=[news_id for news_id in ids if news_id not in self._told])

    def _rows_missed(self) -> list[tuple[str, str]]:
        found = self._read(_SINCE, since=self._since)
        self._looked_s = time.monotonic()
        self._since = ordered_id(self._clock() - LOOK_BACK)[:12]
        self._told = {news_id: None for news_id in self._told if news_id >= self._since}
        return found

    def _read(self, statement: object, **bind: object) -> list[tuple[str, str]]:
        everything = {"store": self._store_id, "origin": self._origin, **bind}
        with self._database.read() as uow:
            rows = uow.session.connection().execute(statement.order_by(_IN_ORDER), everything)  # type: ignore[attr-defined]
            return [(news_id, body) for news_id, body in rows if news_id not in self._told]

    def _tell(self, rows: Iterable[tuple[str, str]]) -> None:
        for news_id, body in rows:
            self._told[news_id], self._has_heard = None, True
            self._database.tell(tuple(_decoded(self._store_id, body)))

    def _sweep(self) -> None:
        now_utc = self._clock()
        if now_utc - self._swept_at < KEPT / 10 or (self._is_alone and not self._has_heard):
            return
        self._swept_at = now_utc
        with self._database.write() as uow:
            until = ordered_id(now_utc - KEPT)[:12]
            uow.session.connection().execute(_OLD, {"store": self._store_id, "until": until})


def _encoded(announcements: Iterable[Announcement]) -> str:
    return json.dumps(
        [
            [each.event_name, each.audience, type(each.message).__name__, each.message.model_dump_json()]
            for each in announcements
        ]
    )


def _decoded(store_id: str, body: str) -> Iterable[Announcement]:
    kinds = {kind.__name__: kind for kind in Message.__subclasses__()}
    for event_name, audience, kind, message in json.loads(body):
        if kind not in kinds:
            continue  # news that only a newer process knows
        try:
            read = kinds[kind].model_validate_json(message)
        except ValidationError:
            _log.warning("A piece of news, %s, is of another version and was left out.", event_name)
            continue
        yield Announcement(store_id, event_name, read, audience)


def exchange_for(
    database: Database, store_id: str, clock: Callable[[], datetime]
) -> AbstractContextManager[None]:
    """The exchange of a store; on a file it has one process, which hears of other stores alone."""
    if database.is_embedded:
        return NewsExchange(database, store_id, None, clock, listen_s=LOOK_S, is_alone=True)
    return NewsExchange(database, store_id, PostgresBell(database.url), clock)
