"""Owns the connections to a database server, and when one is asked whether it still lives.

It must not know what they are for.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

RESTED_S = 1.0
"""A connection used within so many seconds is trusted: asking costs a journey before every transaction."""

_SINCE = "rests_since_s"


def server_engine(url: URL, *, connections: int, rested_s: float = RESTED_S) -> Engine:
    """An engine that replaces connections which died while they rested, and with one all of them."""
    engine = create_engine(url, pool_size=connections)

    def put_back(_driver: Any, record: Any) -> None:
        record.info[_SINCE] = time.monotonic()

    def take(driver: Any, record: Any, _proxy: Any) -> None:
        since_s = record.info.get(_SINCE)
        if since_s is None or time.monotonic() - since_s < rested_s:
            return
        dialect: Any = engine.dialect
        try:
            dialect.do_ping(driver)
        except dialect.dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", put_back)
    event.listen(engine, "checkout", take)
    return engine
