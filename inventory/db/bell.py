"""Owns the bell between processes on one PostgreSQL: it rings with ids, and whoever hears it reads the rows.

It must not carry news: a notification is short, is lost while nobody is connected, and anybody may listen.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Protocol

import psycopg
from sqlalchemy import URL

_CHANNEL = "lanelight_news"
_MOST_IDS = 200
"""A notification holds up to 8,000 bytes; an id has 32 digits."""


class BellLostError(Exception):
    """The connection that the bell hung on is gone; what rang meanwhile was not heard."""


class Bell(Protocol):
    """Rings and is heard by all others. One thread rings, one listens."""

    def ring(self, ids: Sequence[str]) -> None:
        """Tells the others of these ids. Raises BellLostError."""

    def hear(self, timeout_s: float) -> list[str]:
        """Ids that rang, as soon as some do; none after `timeout_s`. Raises BellLostError once it is lost.

        The next call listens anew.
        """

    def close(self) -> None:
        """Lets go of the connections; from any thread, at most once."""


class PostgresBell:
    """NOTIFY and LISTEN on connections of their own, outside of any transaction."""

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._ringing: psycopg.Connection | None = None
        self._listening: psycopg.Connection | None = None

    def ring(self, ids: Sequence[str]) -> None:
        try:
            if self._ringing is None:
                self._ringing = psycopg.connect(self._address, autocommit=True)
            for start in range(0, len(ids), _MOST_IDS):
                some = ",".join(ids[start : start + _MOST_IDS])
                self._ringing.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, some))
        except psycopg.Error as error:
            _let_go(self._ringing)
            self._ringing = None
            raise BellLostError(str(error)) from error

    def hear(self, timeout_s: float) -> list[str]:
        try:
            if self._listening is None:
                self._listening = psycopg.connect(self._address, autocommit=True)
                self._listening.execute(f"LISTEN {_CHANNEL}")
            heard = self._listening.notifies(timeout=timeout_s, stop_after=1)
            return [news_id for each in heard for news_id in each.payload.split(",")]
        except psycopg.Error as error:
            _let_go(self._listening)
            self._listening = None
            raise BellLostError(str(error)) from error

    def close(self) -> None:
        _let_go(self._ringing)
        _let_go(self._listening)


def _let_go(connection: psycopg.Connection | None) -> None:
    if connection is not None:
        with contextlib.suppress(psycopg.Error):
            connection.close()
