"""A lane without its store for 72 hours: it sells, the store changes prices, and all comes together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import Database
from inventory.domain.stock import Movement, Reason
from inventory.services import catalogue, stock
from inventory.web.server import RunningStore
from inventory.wire import LaneStateMessage, SaleMessage
from kiosk import failpoints, inputs, store_link
from kiosk.clock import Clock
from kiosk.journal import Journal, Outgoing
from kiosk.shelf import Shelf, load_catalogue, shelf_from
from kiosk.store_line import StoreAddress
from kiosk.store_link import StoreLink
from tests.support import device_events
from tests.support.store_samples import (
    ITEMS,
    LANE_ID,
    MIRROR,
    NOW,
    PEARS,
    RATES,
    STORE_ID,
    TOKENS,
    WATER,
    line_of,
    sale_message,
    store_config,
)

wait_until = partial(device_events.wait_until, timeout_s=30)
HOURS = 72
OPENING_MILLI = 500_000


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A lane that waits for hundredths of a second where a real one waits for seconds."""
    monkeypatch.setattr(store_link, "pause_s", lambda _failures, _chance: 0.02)
    yield
    failpoints._armed.clear()


class FarLane:
    """A lane's journal and its link, without a window; its clock runs ahead by hand."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.clock = Clock()
        self.made: list[SaleMessage] = []
        self.boot()

    def boot(self) -> None:
        """What a start of the program does: journal and catalogue as they lie on disk."""
        self.journal = Journal(self.folder / "journal.sqlite")
        path = self.folder / "catalogue.json"
        kept = load_catalogue(path)
        self.link = StoreLink(
            StoreAddress(self.url, TOKENS[LANE_ID], LANE_ID),
            journal=self.journal,
            clock=self.clock,
            catalogue_path=path,
            shelf=shelf_from(kept) if kept else Shelf(),
            post=lambda _event: None,
            refresh=lambda: None,
            mirror=self._state,
            chance=Random(1),
        )
        self.link.open()

    def power_cut(self) -> None:
        self.link.close()
        self.journal.close()

    def sell(self) -> None:
        """One paid basket at the lane's own prices, in the journal with its outbox row."""
        number = len(self.made) + 1
        goods = [self.link.shelf.by_gtin[item.gtin] for item in (WATER, PEARS)]
        message = sale_message(
            line_of(goods[0], 2000),
            line_of(goods[1], 500 + number),
            sale_id=f"away-{number:04}",
            receipt_no=number,
            paid_at_utc=self.clock.utc(),
        )
        self.made.append(message)
        self.journal.append(
            "CardCompleted",
            "{}",
            at_utc=self.clock.utc(),
            boot_id="boot",
            monotonic_s=self.clock.monotonic(),
            outgoing=(Outgoing(message.sale.sale_id, inputs.encode_sale(message.sale)),),
        )
        self.link.sales_waiting()

    def _state(self) -> LaneStateMessage:
        return LaneStateMessage(
            lane_id=LANE_ID,
            screen="attract",
            language="en",
            currency="EUR",
            total_minor=0,
            outbox_waiting=self.journal.waiting_count(),
            at_utc=self.clock.utc(),
        )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(store_config(tmp_path).database_url.get_secret_value())
    yield database
    database.dispose()


def test_a_lane_away_for_72_hours_loses_nothing_and_doubles_nothing(
    tmp_path: Path, database: Database
) -> None:
    config = store_config(tmp_path)
    running = RunningStore(config, database)
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, ITEMS, RATES, NOW)
        opening = [
            Movement(item.gtin, Reason.COUNT, OPENING_MILLI, f"opening:{item.gtin}", "Ada", NOW)
            for item in (WATER, PEARS)
        ]
        stock.post_all(uow, STORE_ID, opening, as_of_utc=NOW)
    lane = FarLane(tmp_path, running.url)
    wait_until(lambda: len(lane.link.shelf.by_gtin) == len(ITEMS))
    known = lane.link.shelf.version

    running.close()
    for hour in range(HOURS):
        lane.clock.advance(3600)
        lane.sell()
        if hour % 24 == 6:  # at the store itself somebody goes on changing prices
            with database.write() as uow:
                dearer = replace(WATER, price_minor=WATER.price_minor + hour + 1)
                catalogue.change_items(uow, STORE_ID, put=[dearer], dropped=[MIRROR.gtin], now_utc=NOW)
        if hour == 40:
            lane.power_cut()
            lane.boot()
    assert lane.link.shelf.version == known
    assert lane.journal.waiting_count() == HOURS

    failpoints.arm("after-send-sale@5=io-error")  # an answer is lost: that sale is sent a second time
    again = RunningStore(config.model_copy(update={"port": running.port}), database)
    wait_until(lambda: lane.journal.waiting_count() == 0)
    wait_until(lambda: lane.link.shelf.version == known + 3)
    lane.power_cut()
    again.close()
    _everything_adds_up(lane, database)


def _everything_adds_up(lane: FarLane, database: Database) -> None:
    sale = StoreTable.metadata.tables["sale"].c
    with database.read() as uow:
        rows = (
            uow.session.connection().execute(select(sale.sale_id, sale.total_minor, sale.business_day)).all()
        )
        newest = catalogue.current(uow, STORE_ID)
        on_hand = {each.gtin: each.on_hand_milli for each in newest.stock}
        assert stock.audit(uow, STORE_ID) == []  # I3
    made = {message.sale.sale_id: message.sale for message in lane.made}
    assert Counter(row.sale_id for row in rows) == Counter(list(made))  # I4: each once, none lost
    assert {row.sale_id: row.total_minor for row in rows} == {
        sale_id: each.total_minor for sale_id, each in made.items()
    }
    assert len({row.business_day for row in rows}) >= 3
    sold = sum(each.lines[1].quantity_milli for each in made.values())
    assert on_hand[WATER.gtin] == OPENING_MILLI - HOURS * 2000
    assert on_hand[PEARS.gtin] == OPENING_MILLI - sold
    assert {each.lines[0].unit_price_minor for each in made.values()} == {WATER.price_minor}
    kept = load_catalogue(lane.folder / "catalogue.json")
    assert kept is not None
    assert (kept.version, kept.mark != "", kept.items) == (newest.version, True, newest.items)
    assert MIRROR.gtin not in lane.link.shelf.by_gtin
