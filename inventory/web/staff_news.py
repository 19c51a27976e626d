"""Owns the tablet's stream of news: that the wall changed, that the line is alive, that the sign-in ended.

It must not know what changed in words; the page fetches the wall itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from inventory.db.unit_of_work import STAFF
from inventory.domain.staff import Permission
from inventory.services import empty_shelves, sessions
from inventory.web.auth import session_of
from inventory.web.events import Broker, StreamEvent
from inventory.web.open_streams import OpenStreams
from inventory.web.staff_view import Check, Route, StaffView
from inventory.wire import StockMessage

STREAMS_OF_A_SESSION: Final = 12
"""Open at once: a tablet and a desk with some tabs, under one sign-in."""
TICK_S: Final = 5.0
"""How often the stream says something at least; the page calls itself not connected after three of these."""

RETRY_MS: Final = 2000

_CHANGED: Final = "event: changed\ndata: wall\n\n"
_TICK: Final = "event: tick\ndata: here\n\n"
_SIGNED_OUT: Final = "event: signed-out\ndata: now\n\n"
_WALL_EVENTS: Final = frozenset(
    {"help", "phrase", "decision", "door", "feedback", "intervention", "lane", "task"}
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
            goods = await run_in_threadpool(self._missed_goods)
            yield f"retry: {RETRY_MS}\n\n{_CHANGED}"
            while not subscription.is_ended:
                event = await subscription.next_event(timeout_s=TICK_S)
                if not await run_in_threadpool(self._is_signed_in, token):
                    yield _SIGNED_OUT
                    return
                if event is not None and event.event_name == "help":
                    goods = await run_in_threadpool(self._missed_goods)
                yield _CHANGED if event is not None and _is_shown(event, goods) else _TICK

    def _is_signed_in(self, token: str) -> bool:
        view = self._view
        with view.database.read() as uow:
            return sessions.session(uow, view.store_id, token=token, now_utc=view.clock()) is not None

    def _missed_goods(self) -> frozenset[str]:
        with self._view.database.read() as uow:
            return frozenset(empty_shelves.missed(uow, self._view.store_id))


def _is_shown(event: StreamEvent, goods: frozenset[str]) -> bool:
    """Whether the wall looks different: stock stands there of `goods` alone."""
    if isinstance(event.message, StockMessage):
        return event.message.gtin in goods
    return event.event_name in _WALL_EVENTS


def routes(view: StaffView, broker: Broker) -> tuple[Route, ...]:
    """The stream."""
    return (Route("/staff/events", StaffNews(view, broker).events, Permission.SEE_LANES, Check.WATCHES),)
