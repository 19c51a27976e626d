"""Several processes on one database: what one commits, the others' streams hear, once and whatever breaks."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from inventory.db.bell import BellLostError, PostgresBell
from inventory.db.news_exchange import NewsExchange
from inventory.db.unit_of_work import Announcement, Database
from inventory.services import catalogue, sales
from inventory.web.server import RunningStore
from inventory.wire import CatalogueChangedMessage, StockMessage
from tests.support.engines import NewStore, Server
from tests.support.store_samples import (
    ITEMS,
    LANE_ID,
    MIRROR,
    NOW,
    RATES,
    STORE_ID,
    TOKENS,
    body_of,
    line_of,
    opened_store,
    sale_message,
    store_config,
)

WAIT_S = 60


class DeafBell:
    """A bell that nobody hears, and that breaks whenever it is told to."""

    def __init__(self) -> None:
        self.is_broken = False
        self._closed = threading.Event()

    def ring(self, ids: Sequence[str]) -> None:
        del ids
        if self.is_broken:
            raise BellLostError("it fell")

    def hear(self, timeout_s: float) -> list[str]:
        self._closed.wait(timeout_s)
        if self.is_broken:
            raise BellLostError("it fell")
        return []

    def close(self) -> None:
        self._closed.set()


def utc_now() -> datetime:
    return datetime.now(UTC)


class Process:
    """A process's database, and everything that its streams are told."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.told: queue.Queue[Announcement] = queue.Queue()
        self.database.listen(self._hear)

    def _hear(self, news: tuple[Announcement, ...]) -> None:
        for each in news:
            self.told.put(each)

    def sell(self, number: int, *, pieces: int = 1) -> None:
        message = sale_message(line_of(MIRROR, pieces * 1000), sale_id=f"s{number}-x", receipt_no=number)
        with self.database.write() as uow:
            sales.record(uow, STORE_ID, message, body_of(message), NOW)

    def heard_milli(self, count: int) -> list[int]:
        told = [self.told.get(timeout=WAIT_S).message for _ in range(count)]
        return [each.on_hand_milli for each in told if isinstance(each, StockMessage)]


@pytest.fixture
def url(tmp_path: Path, new_store: NewStore) -> Iterator[str]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database.url.render_as_string(hide_password=False)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def process(stack: ExitStack, url: str, bell: DeafBell | PostgresBell, *, listen_s: float) -> Process:
    one = Process(url)
    stack.callback(one.database.dispose)
    stack.enter_context(NewsExchange(one.database, STORE_ID, bell, utc_now, listen_s=listen_s))
    return one


def test_news_that_never_rang_is_found_by_its_id_in_order_and_once(url: str, stack: ExitStack) -> None:
    bells = [DeafBell(), DeafBell()]
    first, second = (process(stack, url, bell, listen_s=0.02) for bell in bells)
    for number in range(1, 6):
        bells[0].is_broken = bells[1].is_broken = number == 3
        first.sell(number)
    bells[0].is_broken = bells[1].is_broken = False
    assert second.heard_milli(5) == [-1000, -2000, -3000, -4000, -5000]
    second.sell(6)
    assert first.heard_milli(6) == [-1000, -2000, -3000, -4000, -5000, -6000]
    assert second.heard_milli(1) == [-6000]
    assert first.told.empty()
    assert second.told.empty()


def test_every_kind_of_news_arrives_as_what_it_was(url: str, stack: ExitStack) -> None:
    first, second = (process(stack, url, DeafBell(), listen_s=0.02) for _ in range(2))
    with first.database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, ITEMS, RATES, NOW)
        uow.announce(STORE_ID, "catalogue", message=CatalogueChangedMessage(version=77), audience="lane:x")
    told = [second.told.get(timeout=WAIT_S) for _ in range(first.told.qsize())]
    assert told == [first.told.get() for _ in told]


def test_what_is_rolled_back_is_no_news(url: str, stack: ExitStack) -> None:
    first, second = (process(stack, url, DeafBell(), listen_s=0.02) for _ in range(2))
    first.sell(1)
    assert second.heard_milli(1) == [-1000]
    with pytest.raises(sales.SaleConflict):
        first.sell(1, pieces=2)
    first.sell(2)
    assert second.heard_milli(1) == [-2000]


# --- on a server -----------------------------------------------------------------------------------


@pytest.fixture
def server_url(tmp_path: Path, server: Server) -> Iterator[str]:
    with opened_store(tmp_path, new_store=server.new_store) as database:
        yield database.url.render_as_string(hide_password=False)


def test_a_bell_is_heard_long_before_anybody_looks(server_url: str, stack: ExitStack) -> None:
    first, second = (
        process(stack, server_url, PostgresBell(Database(server_url).url), listen_s=5) for _ in range(2)
    )
    first.sell(1)
    assert second.heard_milli(1) == [-1000]


def test_a_listener_whose_connection_is_cut_misses_nothing(server_url: str, stack: ExitStack) -> None:
    bell = PostgresBell(Database(server_url).url)
    first, second = (process(stack, server_url, each, listen_s=0.1) for each in (DeafBell(), bell))
    first.sell(1)
    assert second.heard_milli(1) == [-1000]
    address = server_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
        assert connection.execute(cut).fetchall() == [(True,)]
    for number in (2, 3):
        first.sell(number)
    assert second.heard_milli(2) == [-2000, -3000]


def test_a_sale_posted_to_one_server_process_is_pushed_by_the_other(
    server_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    config = store_config(tmp_path).model_copy(update={"database_url": SecretStr(server_url)})
    stores = []
    for _ in range(2):
        database = Database(server_url)
        stack.callback(database.dispose)
        stores.append(RunningStore(config, database))
        stack.callback(stores[-1].close)
    headers = {"Authorization": f"Bearer {TOKENS[LANE_ID]}"}
    message = sale_message(line_of(MIRROR))
    with (
        httpx.Client(headers=headers, trust_env=False, timeout=WAIT_S) as client,
        client.stream("GET", f"{stores[1].url}/api/v1/events") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "event: catalogue"
        answer = client.post(f"{stores[0].url}/api/v1/sales", content=body_of(message))
        assert answer.status_code == 201
        told = next(line for line in lines if MIRROR.gtin in line)
    assert '"on_hand_milli":-1000' in told


class SlowBell(DeafBell):
    """A bell whose first ring lasts until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.rings, self.go = threading.Event(), threading.Event()

    def ring(self, ids: Sequence[str]) -> None:
        del ids
        self.rings.set()
        self.go.wait(WAIT_S)


def test_an_exchange_that_closes_while_much_waits_to_ring_leaves_no_thread(url: str) -> None:
    bell, one = SlowBell(), Process(url)
    exchange = NewsExchange(one.database, STORE_ID, bell, utc_now, listen_s=0.01)
    exchange.__enter__()
    one.sell(1)
    assert bell.rings.wait(WAIT_S)
    one.sell(2)
    exchange.__exit__()  # its end now waits behind the second piece of news
    bell.go.set()
    exchange._threads[0].join(WAIT_S / 10)
    assert not exchange._threads[0].is_alive()
    one.database.dispose()
