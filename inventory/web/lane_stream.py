"""Owns the stream of news to one lane: first what is true now or changed since, then news as it comes.

It must not know how news is made; services announce, the broker fans out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from inventory.db.unit_of_work import lane_audience
from inventory.services import (
    availability,
    catalogue,
    doors,
    help_desk,
    help_places,
    interventions,
    orders,
    stock,
    talk,
)
from inventory.web.event_stream import EventStream
from inventory.web.events import Broker, Subscription, encode_event
from inventory.web.older_lanes import translation_for
from inventory.web.open_streams import OpenStreams
from inventory.web.problems import Problem
from inventory.web.reception import Reception
from inventory.wire import CatalogueChangedMessage, Message

STREAMS_OF_A_LANE = 4
"""Open at once under one token. A lane has one; what is left of broken lines may stand beside it."""

LOOK_BACK = timedelta(hours=1)
"""How far back a lane that does not say what it missed is told decisions, help and stock."""


_INSTANT = TypeAdapter(datetime)


@dataclass(slots=True)
class _Told:
    """The newest version of the catalogue that a stream has spoken of."""

    version: int = 0


class LaneStream:
    """The handler of the event stream."""

    def __init__(self, reception: Reception, broker: Broker) -> None:
        self._reception = reception
        self._broker = broker
        self._open = OpenStreams(most=STREAMS_OF_A_LANE)

    async def get_events(self, request: Request) -> Response:
        """The event stream: first what is true now or changed since, then news as it comes."""
        lane_id = await self._reception.look(lambda: self._reception.lane(request))
        since_utc = _since(request) or self._reception.clock() - LOOK_BACK
        told = _Told()

        async def look_back() -> list[bytes]:
            told.version, missed = await run_in_threadpool(self._missed, lane_id, since_utc)
            return missed

        async def look_again() -> list[bytes]:
            # An import from the command line commits in another process, which cannot tell us.
            version = await run_in_threadpool(self._version)
            if version == told.version:
                return []
            told.version = version
            return [encode_event("catalogue", CatalogueChangedMessage(version=version))]

        return EventStream(
            lambda: self._subscription(lane_id),
            look_back,
            look_again,
            translate=translation_for(request),
        )

    @contextmanager
    def _subscription(self, lane_id: str) -> Iterator[Subscription]:
        listening = self._broker.subscribe(self._reception.store_id, lane_audience(lane_id))
        with listening as subscription, self._open.one_of(lane_id, subscription.end):
            yield subscription

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
            places = help_places.places_of_lane(
                uow, store_id, lane_id, help_desk.open_requests(uow, store_id), self._reception.clock()
            )
            answers = talk.told_to_lane(
                uow, store_id, lane_id, since_utc=since_utc, open_ids={each.help_id for each in requests}
            )
            decisions = interventions.decisions_of_lane(uow, store_id, lane_id, since_utc=since_utc)
            door = doors.of_lane(uow, store_id, lane_id)
            unfinished = orders.of_lane(uow, store_id, lane_id)
            moved = stock.moved_since(uow, store_id, since_utc)
        told += [("help", message) for message in requests]
        told += [("place", message) for message in places]
        told += [("phrase", message) for message in answers]
        told += [("decision", message) for message in decisions]
        told += [("door", door)] if door is not None else []
        told += [("order", message) for message in unfinished]
        told += [("stock", message) for message in moved]
        return version, [encode_event(event_name, message) for event_name, message in told]


def _since(request: Request) -> datetime | None:
    since = request.query_params.get("since")
    try:
        return None if since is None else _INSTANT.validate_python(since)
    except ValidationError as error:
        reason = error.errors(include_url=False, include_input=False, include_context=False)[0]["msg"]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"query.since: {reason}") from None
