"""Owns the tablet's stream of news: that the wall or a basket changed, that the line is alive.

It must not know what changed in words; the page fetches the wall, or one lane's mirror, itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from inventory.db.unit_of_work import STAFF
from inventory.domain.staff import Permission
from inventory.services import sessions
from inventory.web.auth import session_of
from inventory.web.events import Broker, StreamEvent
from inventory.web.open_streams import OpenStreams
from inventory.web.staff_view import Check, Route, StaffView
from inventory.wire import LaneStateMessage, StockMessage

STREAMS_OF_A_SESSION: Final = 12
"""Open at once: a tablet and a desk with some tabs, under one sign-in."""
TICK_S: Final = 5.0
"""How often the stream says something at least; the page calls itself not connected after three of these."""

PACE_S: Final = 0.1
"""Baskets are told of at most so often, in one word: lanes scan faster than tablets draw."""
WALL_PACE_S: Final = 0.3
"""After a change the next ones are told together this much later: twenty calls in ten seconds are not twenty
walls for each of thirty tablets, and nobody waits longer for a wall than it takes to draw them all.
"""
CHECKED_S: Final = 1.0
"""How long a sign-in is believed while only baskets change: a name of a lane tells nobody anything."""

RETRY_MS: Final = 2000

_CHANGED: Final = "event: changed\ndata: wall\n\n"
_TICK: Final = "event: tick\ndata: here\n\n"
_SIGNED_OUT: Final = "event: signed-out\ndata: now\n\n"
_WALL_EVENTS: Final = frozenset(
    {"desk", "help", "phrase", "decision", "door", "feedback", "intervention", "task"}
)


class StaffNews:
    """The streams of one store's tablets."""

    def __init__(self, view: StaffView, broker: Broker) -> None:
        self._view = view
        self._broker = broker
        self._open = OpenStreams(most=STREAMS_OF_A_SESSION)

    async def events(self, request: Request) -> Response:
        """The page's news: that the wall changed, never what; the page fetches the wall itself."""
        return StreamingResponse(
            self.news(session_of(request).token),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
        )

    async def news(self, token: str) -> AsyncGenerator[str]:
        """The stream's text, until the session behind the token ends."""
        listening = self._broker.subscribe(self._view.store_id, STAFF)
        with listening as subscription, self._open.one_of(token, subscription.end):
            goods = await run_in_threadpool(self._missed_goods, time.monotonic())
            yield f"retry: {RETRY_MS}\n\n{_CHANGED}"
            checked_s = time.monotonic()
            while not subscription.is_ended:
                event = await subscription.next_event(timeout_s=TICK_S)
                heard = () if event is None else (event, *subscription.take_waiting())
                told = _told(heard, goods)
                if told in (_CHANGED, _TICK) or time.monotonic() - checked_s > CHECKED_S:
                    if not await run_in_threadpool(self._is_signed_in, token):
                        yield _SIGNED_OUT
                        return
                    checked_s = time.monotonic()
                yield told
                if any(each.event_name == "help" for each in heard):
                    goods = await run_in_threadpool(self._missed_goods, time.monotonic())
                await asyncio.sleep(WALL_PACE_S if told is _CHANGED else PACE_S)

    def _is_signed_in(self, token: str) -> bool:
        view = self._view
        with view.database.read() as uow:
            return sessions.session(uow, view.store_id, token=token, now_utc=view.clock()) is not None

    def _missed_goods(self, asked_s: float) -> frozenset[str]:
        return frozenset(self._view.facts_since(asked_s).shelves)


def _told(heard: tuple[StreamEvent, ...], goods: frozenset[str]) -> str:
    """What all this news comes to: another wall, other baskets, or that the line is alive."""
    if any(_is_shown(event, goods) for event in heard):
        return _CHANGED
    lanes = dict.fromkeys(
        each.message.lane_id for each in heard if isinstance(each.message, LaneStateMessage)
    )
    names = " ".join(quote(lane_id, safe="") for lane_id in lanes)
    return f"event: lanes\ndata: {names}\n\n" if lanes else _TICK


def _is_shown(event: StreamEvent, goods: frozenset[str]) -> bool:
    """Whether the wall looks different at once: stock stands there of `goods` alone."""
    if isinstance(event.message, StockMessage):
        return event.message.gtin in goods
    return event.event_name in _WALL_EVENTS


def routes(view: StaffView, broker: Broker) -> tuple[Route, ...]:
    """The stream."""
    return (Route("/staff/events", StaffNews(view, broker).events, Permission.SEE_LANES, Check.WATCHES),)
