"""An order's whole way over real HTTP: a person in the store, the lane, its terminal, and back as tasks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import pytest

from hardware.events import (
    BarcodeRead,
    CardAuthorised,
    CardCompleted,
    DayTotals,
    DeviceReady,
    LastPaymentReported,
    OrderDone,
    QueryVerdict,
    Slip,
    TerminalPrinted,
)
from inventory.db.unit_of_work import Database
from inventory.domain.orders import Order, OrderKind, OrderState
from inventory.services import catalogue, day_close, orders, reversals, tasks
from inventory.web.server import RunningStore
from inventory.wire import LaneStateMessage
from kiosk import store_link
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import LaneState, Phase
from kiosk.clock import Clock
from kiosk.intake import Intake
from kiosk.journal import Journal, read_file
from kiosk.lane import Lane, Ports, Snapshot, Tapped, replay
from kiosk.shelf import Shelf
from kiosk.store_line import StoreAddress
from kiosk.store_link import StoreLink
from tests.support import device_events
from tests.support.lane_fakes import FakePrinter, FakeTerminal, counter, evidence, lane_config
from tests.support.store_samples import ITEMS, LANE_ID, MIRROR, RATES, STORE_ID, TOKENS, store_config

wait_until = partial(device_events.wait_until, timeout_s=20)
MIRROR_READ = BarcodeRead("scanner", MIRROR.gtin.lstrip("0"))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane that waits for hundredths of a second where a real one waits for seconds."""
    monkeypatch.setattr(store_link, "pause_s", lambda _failures, _chance: 0.02)
    monkeypatch.setattr(store_link, "MIRROR_GAP_S", 0.0)


class Shop:
    """A real store behind HTTP, and one lane at work with a terminal that only remembers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        config = store_config(folder)
        self.database = Database(config.database_url.get_secret_value())
        self.store = RunningStore(config, self.database)
        with self.database.write() as uow:
            catalogue.replace_items(uow, STORE_ID, list(ITEMS), RATES, datetime.now(UTC))
        self.new_id = counter("visit")
        self.open_lane()

    def open_lane(self) -> None:
        """Starts the lane's program on whatever its journal holds."""
        self.terminal = FakeTerminal()
        config = lane_config(self.folder, id=LANE_ID, store_id=STORE_ID)
        clock = Clock()
        self.journal = Journal(self.folder / "journal.sqlite")
        fresh = LaneState(STORE_ID, LANE_ID, "EUR", "en", "en")
        self.link = StoreLink(
            StoreAddress(self.store.url, TOKENS[LANE_ID], LANE_ID),
            journal=self.journal,
            clock=clock,
            catalogue_path=self.folder / "catalogue.json",
            shelf=Shelf(),
            post=self._post,
            refresh=lambda: None,
            mirror=self._mirror,
            chance=Random(1),
        )
        self.lane = Lane(
            replay(fresh, self.journal),
            journal=self.journal,
            intake=Intake(config, clock, self.new_id, "boot", lambda: self.link.shelf),
            ports=Ports(self.terminal, FakePrinter(), None),
            voice=self.link,
            clock=clock,
            render=lambda _receipt, _head: b"",
            publish=self._published,
        )
        self.ended = threading.Event()
        self.thread = self.lane.start(self.ended.set)
        self.link.open()
        wait_until(lambda: MIRROR.gtin in self.link.shelf.by_gtin)
        self.lane.post(DeviceReady(TERMINAL))
        self.lane.post(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, evidence("0007")))

    def close_lane(self) -> None:
        """The program ends; a link that is closed first has nothing more to say."""
        self.link.close()
        self.lane.stop()
        self.thread.join(5)
        self.journal.close()
        assert self.lane.failure is None, self.lane.failure

    def close(self) -> None:
        self.close_lane()
        self.store.close()
        self.database.dispose()

    def sell(self) -> str:
        """One mirror, paid by card; the sale's id."""
        self.lane.post(MIRROR_READ)
        self.lane.post(Tapped("pay"))
        wait_until(lambda: self.lane.state.payment.attempt is not None)
        attempt = self.lane.state.payment.attempt
        assert attempt is not None
        paid = evidence("0008", attempt.amount_minor)
        self.lane.post(CardAuthorised(TERMINAL, attempt.attempt_id, paid))
        self.lane.post(CardCompleted(TERMINAL, attempt.attempt_id))
        wait_until(lambda: self.lane.state.sale is not None)
        assert self.lane.state.sale is not None
        return self.lane.state.sale.sale_id

    def leave(self) -> None:
        """The shopper goes, and the welcome screen comes."""
        self.lane.post(m.TimerExpired(m.Timer.THANKS))
        wait_until(lambda: self.lane.state.phase is Phase.ATTRACT)

    def order(self, place: Callable[..., Order], about: str) -> Order:
        with self.database.write() as uow:
            return place(uow, STORE_ID, about, who="Ada", now_utc=datetime.now(UTC))

    def state_of(self, kind: OrderKind) -> OrderState:
        with self.database.read() as uow:
            return orders.newest_of_lanes(uow, STORE_ID, kind)[LANE_ID].state

    def words(self) -> list[str]:
        with self.database.read() as uow:
            return [task.words for task in tasks.open_tasks(uow, STORE_ID)]

    def _post(self, event: m.Event) -> None:
        self.lane.post(event)

    def _published(self, _snapshot: Snapshot) -> None:
        self.link.mirror_changed()

    def _mirror(self) -> LaneStateMessage:
        now_utc = datetime.now(UTC)
        return LaneStateMessage(
            lane_id=LANE_ID, screen="attract", language="en", currency="EUR", total_minor=0, at_utc=now_utc
        )


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.close()


def test_a_day_is_closed_when_the_shopper_has_gone_and_every_difference_is_named(shop: Shop) -> None:
    shop.sell()
    order = shop.order(orders.close_day, LANE_ID)
    wait_until(lambda: shop.state_of(OrderKind.CLOSE_DAY) is OrderState.SENT)
    assert shop.terminal.named("carry out") == [], "somebody still stands there"
    shop.leave()
    wait_until(lambda: shop.terminal.named("carry out") == [order.order_id])
    kinds = [entry.kind for entry in read_file(shop.journal.path)]
    assert kinds.index("OrderReceived") < kinds.index("OrderBegun")

    shop.lane.post(TerminalPrinted(TERMINAL, order.order_id, Slip.ADMIN, ("END OF DAY", "EUR 23.19")))
    shop.lane.post(OrderDone(TERMINAL, order.order_id, DayTotals(1999 + 320, "EUR", 2)))
    wait_until(lambda: shop.state_of(OrderKind.CLOSE_DAY) is OrderState.DONE)
    with shop.database.read() as uow:
        closing = day_close.last_closings(uow, STORE_ID)[LANE_ID]
        ordered = orders.newest_of_lanes(uow, STORE_ID, OrderKind.CLOSE_DAY)[LANE_ID]
    assert ordered.slip == "END OF DAY\nEUR 23.19"
    assert (closing.lane_minor, closing.terminal_minor, closing.store_minor) == (1999, 2319, 1999)
    (told,) = shop.words()
    assert told.startswith("The terminal took €3.20 more than lane-1 sold.")
    assert shop.lane.state.books.sale_count == 0


def test_a_payment_taken_back_is_recorded_and_the_goods_are_asked_for(shop: Shop) -> None:
    sale_id = shop.sell()
    shop.leave()
    wait_until(lambda: shop.journal.waiting_count() == 0)
    order = shop.order(orders.take_back, sale_id)
    wait_until(lambda: shop.terminal.named("carry out") == [order.order_id])
    back = evidence("0009", 1999)
    shop.lane.post(OrderDone(TERMINAL, order.order_id, evidence=back))
    wait_until(lambda: shop.state_of(OrderKind.TAKE_BACK) is OrderState.DONE)
    with shop.database.read() as uow:
        found = reversals.find(uow, STORE_ID, sale_id)
    assert found is not None
    assert found.taken_back_by == "Ada"
    assert ["Are its goods back on the shelf?" in words for words in shop.words()] == [True]
    assert shop.lane.state.books.expected_minor == 0


def test_a_lane_that_dies_in_the_middle_reports_it_unclear_and_sends_nothing_again(shop: Shop) -> None:
    order = shop.order(orders.close_day, LANE_ID)
    wait_until(lambda: shop.terminal.named("carry out") == [order.order_id])
    shop.close_lane()
    shop.open_lane()
    wait_until(lambda: shop.state_of(OrderKind.CLOSE_DAY) is OrderState.UNCLEAR)
    assert ["Look at the terminal’s own slip." in words for words in shop.words()] == [True]
    assert shop.terminal.named("carry out") == []


def test_an_end_the_store_never_heard_is_told_when_it_asks_again(shop: Shop) -> None:
    order = shop.order(orders.close_day, LANE_ID)
    wait_until(lambda: shop.terminal.named("carry out") == [order.order_id])
    shop.link.close()
    shop.lane.post(OrderDone(TERMINAL, order.order_id, DayTotals(0, "EUR", 0)))
    wait_until(lambda: len(shop.lane.state.orders.outcomes) == 1)
    shop.close_lane()
    shop.open_lane()
    wait_until(lambda: shop.state_of(OrderKind.CLOSE_DAY) is OrderState.DONE)
    assert shop.terminal.named("carry out") == []
    assert shop.words() == []


def test_an_order_given_while_the_lane_is_off_reaches_it_when_it_comes_back(shop: Shop) -> None:
    shop.close_lane()
    order = shop.order(orders.close_day, LANE_ID)
    assert shop.state_of(OrderKind.CLOSE_DAY) is OrderState.OPEN
    shop.open_lane()
    wait_until(lambda: shop.terminal.named("carry out") == [order.order_id])
    wait_until(lambda: shop.state_of(OrderKind.CLOSE_DAY) is OrderState.SENT)
    shop.lane.post(OrderDone(TERMINAL, order.order_id, DayTotals(0, "EUR", 0)))
    wait_until(lambda: shop.state_of(OrderKind.CLOSE_DAY) is OrderState.DONE)
