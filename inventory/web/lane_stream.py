"""Owns the stream of news to one lane: first what is true now or changed since, then news as it comes.

It must not know how news is made; services announce, the broker fans out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from inventory.db.unit_of_work import lane_audience
from inventory.services import availability, catalogue, doors, help_desk, interventions, orders, stock
from inventory.web.events import KEEP_ALIVE, Broker, encode_event
from inventory.web.older_lanes import knows_shelf, without_baskets_in_event
from inventory.web.reception import Reception
from inventory.wire import CatalogueChangedMessage, Message

LOOK_BACK = timedelta(hours=1)
"""How far back a lane that does not say what it missed is told decisions, help and stock."""


class LaneStream:
    """The handler of the event stream."""

    def __init__(self, reception: Reception, broker: Broker) -> None:
        self._reception = reception
        self._broker = broker

    async def get_events(
        self, request: Request, since: Annotated[datetime | None, Query()] = None
    ) -> Response:
        """The event stream: first what is true now or changed since, then news as it comes."""
        lane_id = await run_in_threadpool(self._reception.lane, request)
        since_utc = since or self._reception.clock() - LOOK_BACK
        return StreamingResponse(
            self._stream(lane_id, since_utc, is_older=not knows_shelf(request)),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _stream(self, lane_id: str, since_utc: datetime, *, is_older: bool) -> AsyncIterator[bytes]:
        # Subscribed before looking back: what happens in between is told twice rather than never.
        with self._broker.subscribe(self._reception.store_id, lane_audience(lane_id)) as subscription:
            told_version, missed = await run_in_threadpool(self._missed, lane_id, since_utc)
            for encoded in missed:
                yield without_baskets_in_event(encoded) if is_older else encoded
            async for encoded in subscription.encoded_events():
                yield without_baskets_in_event(encoded) if is_older else encoded
                if encoded == KEEP_ALIVE:
                    # An import from the command line commits in another process, which cannot tell us.
                    version = await run_in_threadpool(self._version)
                    if version != told_version:
                        told_version = version
                        yield encode_event("catalogue", CatalogueChangedMessage(version=version))

    def _version(self) -> int:
        with self._reception.database.read() as uow:
            return catalogue.version(uow, self._reception.store_id)

    def _missed(self, lane_id: str, since_utc: datetime) -> tuple[int, list[bytes]]:
        store_id = self._reception.store_id
        with self._reception.database.read() as uow:
            version = catalogue.version(uow, store_id)
            told: list[tuple[str, Message]] = [("catalogue", CatalogueChangedMessage(version=version))]
            told += [("shelves", availability.shelves_now(uow, store_id, from_now=True))]
            requests = help_desk.requests_of_lane(uow, store_id, lane_id, since_utc=since_utc)
            decisions = interventions.decisions_of_lane(uow, store_id, lane_id, since_utc=since_utc)
            door = doors.of_lane(uow, store_id, lane_id)
            unfinished = orders.of_lane(uow, store_id, lane_id)
            moved = stock.moved_since(uow, store_id, since_utc)
        told += [("help", message) for message in requests]
        told += [("decision", message) for message in decisions]
        told += [("door", door)] if door is not None else []
        told += [("order", message) for message in unfinished]
        told += [("stock", message) for message in moved]
        return version, [encode_event(event_name, message) for event_name, message in told]
