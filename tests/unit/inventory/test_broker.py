"""The fan-out of news: who hears what, and what happens to who does not keep up."""

from __future__ import annotations

import asyncio
import threading

from inventory.db.unit_of_work import EVERYONE, STAFF, Announcement, lane_audience
from inventory.web.events import KEEP_ALIVE, QUEUE_LENGTH, Broker, Subscription
from inventory.wire import CatalogueChangedMessage

STORE_ID = "corner"


def news(version: int, audience: str = EVERYONE, store_id: str = STORE_ID) -> tuple[Announcement, ...]:
    return (Announcement(store_id, "catalogue", CatalogueChangedMessage(version=version), audience),)


async def versions(subscription: Subscription) -> list[int]:
    found = []
    while event := await subscription.next_event(timeout_s=0.01):
        assert isinstance(event.message, CatalogueChangedMessage)
        found.append(event.message.version)
    return found


def test_news_reaches_its_audience_and_staff_hear_everything() -> None:
    async def play() -> list[list[int]]:
        broker = Broker()
        with (
            broker.subscribe(STORE_ID, lane_audience("lane-1")) as first,
            broker.subscribe(STORE_ID, lane_audience("lane-2")) as second,
            broker.subscribe(STORE_ID, STAFF) as staff,
        ):
            broker.hear(news(1))
            broker.hear(news(2, lane_audience("lane-1")))
            broker.hear(news(3, STAFF))
            broker.hear(news(4, store_id="elsewhere"))
            return [await versions(each) for each in (first, second, staff)]

    assert asyncio.run(play()) == [[1, 2], [1], [1, 2, 3]]


def test_news_from_another_thread_arrives_in_order() -> None:
    def tell(broker: Broker) -> None:
        for number in range(50):
            broker.hear(news(number))

    async def play() -> list[int]:
        broker = Broker()
        with broker.subscribe(STORE_ID) as subscription:
            thread = threading.Thread(target=tell, args=(broker,))
            thread.start()
            await asyncio.to_thread(thread.join)
            return await versions(subscription)

    assert asyncio.run(play()) == list(range(50))


def test_one_piece_of_news_is_encoded_once_for_all() -> None:
    async def play() -> bool:
        broker = Broker()
        with broker.subscribe(STORE_ID) as first, broker.subscribe(STORE_ID) as second:
            broker.hear(news(1))
            return await first.next_event(timeout_s=1) is await second.next_event(timeout_s=1)

    assert asyncio.run(play())


def test_a_stream_that_does_not_keep_up_is_ended_and_harms_nobody() -> None:
    async def play() -> tuple[bool, list[bytes], int]:
        broker = Broker()
        with broker.subscribe(STORE_ID) as slow, broker.subscribe(STORE_ID) as quick:
            for number in range(QUEUE_LENGTH + 1):
                broker.hear(news(number))
                await quick.next_event(timeout_s=1)
            return slow.is_ended, [each async for each in slow.encoded_events()], quick.queue.qsize()

    assert asyncio.run(play()) == (True, [], 0)


def test_a_quiet_stream_is_kept_alive_and_a_closed_broker_ends_it() -> None:
    async def play() -> tuple[bytes, list[bytes], bool]:
        broker = Broker()
        with broker.subscribe(STORE_ID) as subscription:
            stream = subscription.encoded_events(keep_alive_s=0.01)
            first = await anext(stream)
            broker.close()
            rest = [each async for each in stream if each != KEEP_ALIVE]
        with broker.subscribe(STORE_ID) as late:
            return first, rest, late.is_ended

    assert asyncio.run(play()) == (KEEP_ALIVE, [], True)


def test_a_stream_that_left_is_forgotten_and_a_closed_loop_is_no_trouble() -> None:
    broker = Broker()

    async def leave_open() -> int:
        subscription = broker.subscribe(STORE_ID)
        subscription.__enter__()
        return broker.stream_count

    assert asyncio.run(leave_open()) == 1
    broker.hear(news(1))
    assert broker.stream_count == 0
