"""Owns the fan-out of news: from the thread that committed to every open event stream.

It must not know what the news means. An event is encoded once for all its streams; a stream that does not
keep up is dropped and has to connect again, where it is first told what is true by then.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from inventory.db.unit_of_work import EVERYONE, SHUT_OUT, STAFF, Announcement
from inventory.wire import Message

QUEUE_LENGTH = 256
KEEP_ALIVE_S = 10.0
PATIENT = frozenset({"stock"})
"""News of which only the newest counts, and for which nobody stands waiting."""
PATIENCE_S = 0.05
"""How long patient news waits for more of its kind, if some was told so shortly before: in a rush each
commit would else be a write to every stream.
"""

KEEP_ALIVE = KEEPALIVE_COMMENT
"""A comment that browsers and lanes ignore, and that tells both that the other is there."""


def encode_event(event_name: str, message: Message) -> bytes:
    """One event in the stream's own form (HTML Living Standard §9.2.6)."""
    return format_sse_event(event=event_name, data_str=message.model_dump_json())


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One piece of news with its bytes. `audience` says who may hear it."""

    store_id: str
    event_name: str
    audience: str
    message: Message
    encoded: bytes


@dataclass(eq=False, slots=True)
class Subscription:
    """One open stream's queue. It lives on the loop it was made on."""

    store_id: str
    audiences: frozenset[str]
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[StreamEvent | None] = field(
        default_factory=lambda: asyncio.Queue(maxsize=QUEUE_LENGTH)
    )
    is_ended: bool = False
    write_now: Callable[[tuple[StreamEvent, ...]], None] | None = None
    """Where a stream stands ready to write, it is handed its news here instead of by the queue."""
    when_ended: Callable[[], None] | None = None

    async def next_event(self, *, timeout_s: float = KEEP_ALIVE_S) -> StreamEvent | None:
        """The next event, or None: none came within `timeout_s`, or the stream is to end (`is_ended`)."""
        if self.is_ended:
            return None
        try:
            return await asyncio.wait_for(self.queue.get(), timeout_s)
        except TimeoutError:
            return None

    async def encoded_events(self, *, keep_alive_s: float = KEEP_ALIVE_S) -> AsyncIterator[bytes]:
        """The stream as bytes: events as they come, and a comment whenever nothing came for a while."""
        while not self.is_ended:
            event = await self.next_event(timeout_s=keep_alive_s)
            if event is not None:
                yield event.encoded
            elif not self.is_ended:
                yield KEEP_ALIVE

    def offer(self, events: tuple[StreamEvent, ...], *, for_all_of: str = "") -> None:
        """Writes or queues what this stream may hear; on its own loop only. A full queue ends the stream.

        `for_all_of` is the store where everybody hears all of it, "" where each event has to be looked at.
        """
        heard = events if for_all_of == self.store_id else self._heard(events)
        if heard and self.write_now is not None:
            self.write_now(heard)
            return
        for event in heard:
            if self.queue.full():
                self.end()
                return
            self.queue.put_nowait(event)

    def end(self) -> None:
        """Ends the stream, dropping what waits: it is old news for somebody who was too slow."""
        self.is_ended = True
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)
        if self.when_ended is not None:
            self.when_ended()

    def take_waiting(self) -> tuple[StreamEvent, ...]:
        """What is queued, at once; the queue is empty afterwards."""
        waiting = []
        while not self.queue.empty():
            event = self.queue.get_nowait()
            if event is not None:
                waiting.append(event)
        return tuple(waiting)

    def _heard(self, events: tuple[StreamEvent, ...]) -> tuple[StreamEvent, ...]:
        return tuple(
            event for event in events if event.store_id == self.store_id and self._may_hear(event.audience)
        )

    def _may_hear(self, audience: str) -> bool:
        return audience == EVERYONE or STAFF in self.audiences or audience in self.audiences


@dataclass(slots=True)
class _Pace:
    """When a loop's streams were told last, and what they are told next."""

    told_s: float = float("-inf")
    waiting: list[StreamEvent] = field(default_factory=list)
    is_due: bool = False


class Broker:
    """Takes announcements on any thread and hands them to every open stream."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscriptions: defaultdict[asyncio.AbstractEventLoop, set[Subscription]] = defaultdict(set)
        self._paces: defaultdict[asyncio.AbstractEventLoop, _Pace] = defaultdict(_Pace)
        self._is_closed = False

    def hear(self, announcements: tuple[Announcement, ...]) -> None:
        """Listener for `Database.listen`: encodes each announcement once and passes it on. Never blocks."""
        with self._lock:
            loops = [loop for loop, open_here in self._subscriptions.items() if open_here]
        if not loops:
            return
        events = tuple(
            StreamEvent(
                each.store_id,
                each.event_name,
                each.audience,
                each.message,
                encode_event(each.event_name, each.message),
            )
            for each in announcements
        )
        for loop in loops:
            self._call(loop, events)

    @contextmanager
    def subscribe(self, store_id: str, *audiences: str) -> Iterator[Subscription]:
        """A subscription on the running loop to what everyone hears, and to `audiences`.

        `STAFF` hears everything in the store.
        """
        loop = asyncio.get_running_loop()
        subscription = Subscription(store_id, frozenset(audiences), loop)
        with self._lock:
            self._subscriptions[loop].add(subscription)
            if self._is_closed:
                subscription.end()
        try:
            yield subscription
        finally:
            with self._lock:
                self._subscriptions[loop].discard(subscription)
                if not self._subscriptions[loop]:
                    del self._subscriptions[loop]
                    self._paces.pop(loop, None)

    @property
    def stream_count(self) -> int:
        """How many streams are open."""
        with self._lock:
            return sum(len(open_here) for open_here in self._subscriptions.values())

    def close(self) -> None:
        """Ends every stream and those still to come, so that a server can stop."""
        with self._lock:
            self._is_closed = True
            loops = list(self._subscriptions)
        for loop in loops:
            self._call(loop, None)

    def _call(self, loop: asyncio.AbstractEventLoop, events: tuple[StreamEvent, ...] | None) -> None:
        if loop.is_closed():
            with self._lock:
                self._subscriptions.pop(loop, None)
            return
        loop.call_soon_threadsafe(self._pass_on, loop, events)

    def _pass_on(self, loop: asyncio.AbstractEventLoop, events: tuple[StreamEvent, ...] | None) -> None:
        """Delivers at once, with all that waits, or lets patient news wait for more of it."""
        if events is None:
            self._deliver(loop, None)
            return
        pace = self._paces[loop]
        pace.waiting.extend(events)
        left_s = pace.told_s + PATIENCE_S - loop.time()
        if left_s <= 0 or not all(event.event_name in PATIENT for event in events):
            self._tell_waiting(loop)
        elif not pace.is_due:
            pace.is_due = True
            loop.call_later(left_s, self._tell_due, loop)

    def _tell_due(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop in self._paces:  # somebody listens still
            self._paces[loop].is_due = False
            self._tell_waiting(loop)

    def _tell_waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        pace = self._paces[loop]
        events, pace.waiting = tuple(pace.waiting), []
        if events:
            pace.told_s = loop.time()
            self._deliver(loop, events)

    def _deliver(self, loop: asyncio.AbstractEventLoop, events: tuple[StreamEvent, ...] | None) -> None:
        with self._lock:
            open_here = tuple(self._subscriptions.get(loop, ()))
        for_all_of = _for_all_of(events or ())
        for subscription in open_here:
            if events is None or (not for_all_of and _is_shut_out(subscription, events)):
                subscription.end()
            elif not subscription.is_ended:
                subscription.offer(events, for_all_of=for_all_of)


def _for_all_of(events: tuple[StreamEvent, ...]) -> str:
    """The one store of all these events if everybody there hears each of them, else ""."""
    stores = {event.store_id for event in events}
    return stores.pop() if len(stores) == 1 and all(each.audience == EVERYONE for each in events) else ""


def _is_shut_out(subscription: Subscription, events: tuple[StreamEvent, ...]) -> bool:
    """Whether the stream's own lane was locked out; staff, who hear of every lane, are not."""
    return any(
        event.event_name == SHUT_OUT
        and event.store_id == subscription.store_id
        and event.audience in subscription.audiences
        for event in events
    )
