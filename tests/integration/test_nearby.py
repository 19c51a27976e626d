"""Which stores nearby have an item: the same answer as looking at all of them, wherever one stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.db import hot
from inventory.db.unit_of_work import Database
from inventory.domain.distance import Spot
from inventory.domain.stock import Movement, Reason
from inventory.services import nearby, stock
from tests.support.engines import NewStore
from tests.support.store_samples import MIRROR, NOW, PEARS, STORE_ID, WATER, opened_store

HERE = Spot(45_464_200, 9_190_000)
ITEMS = {WATER.gtin: 1, PEARS.gtin: 9, MIRROR.gtin: 60}
"""Every such store has the item."""


def _spots() -> dict[str, Spot]:
    """Towns, one house with many stores, both sides of the date line, both poles, and all the world."""
    random = Random(1)
    spots = [HERE] * 70
    for south, north, west, east, count in (
        (45_000_000, 45_900_000, 8_800_000, 9_600_000, 250),
        (36_000_000, 47_000_000, 7_000_000, 18_000_000, 120),
        (-18_500_000, -16_000_000, 178_000_000, 180_000_000, 60),
        (-18_500_000, -16_000_000, -180_000_000, -178_000_000, 60),
        (89_900_000, 90_000_000, -180_000_000, 180_000_000, 20),
        (-90_000_000, -89_900_000, -180_000_000, 180_000_000, 20),
        (-90_000_000, 90_000_000, -180_000_000, 180_000_000, 100),
    ):
        spots += [Spot(random.randint(south, north), random.randint(west, east)) for _ in range(count)]
    random.shuffle(spots)
    return {f"store-{number:03}": spot for number, spot in enumerate(spots)}


STORES = _spots()


def milli_of(store_id: str) -> int:
    """Some have sold their last, and one owes some."""
    number = int(store_id.partition("-")[2])
    return -1000 if number == 14 else 0 if number % 7 == 0 else number * 1000


def having(gtin: str) -> dict[str, Spot]:
    wanted = list(STORES.items())[:: ITEMS[gtin]]
    return {store_id: spot for store_id, spot in wanted if milli_of(store_id) > 0}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with opened_store(tmp_path_factory.mktemp("chain")) as database:
        fill(database)
        yield database


def fill(database: Database) -> None:
    """Water everywhere, pears in every ninth store, the mirror in every sixtieth."""
    put = "INSERT INTO on_hand VALUES (?, ?, ?, '2026-05-04T10:30:00.000000Z')"
    stores = list(STORES)
    with database.write() as uow:
        for store_id, spot in STORES.items():
            nearby.settle(uow, store_id, spot)
        for gtin, step in ITEMS.items():
            rows = [(store_id, gtin, milli_of(store_id)) for store_id in stores[::step]]
            hot.do_each(uow.session, put, rows)


def found(database: Database, here: Spot, gtin: str, limit: int) -> list[tuple[int, str]]:
    with database.read() as uow:
        answer = nearby.nearest_to(uow, here, gtin, limit=limit)
    assert all(each.on_hand_milli == milli_of(each.store_id) for each in answer)
    return [(each.distance_m, each.store_id) for each in answer]


def all_by_distance(here: Spot, gtin: str) -> list[tuple[int, str]]:
    return sorted((here.metres_to(spot), store_id) for store_id, spot in having(gtin).items())


somewhere = st.builds(Spot, st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))
at_a_store = st.sampled_from(sorted(STORES.values(), key=lambda spot: (spot.latitude_e6, spot.longitude_e6)))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(at_a_store, somewhere), st.sampled_from(sorted(ITEMS)), st.sampled_from([1, 3, 10, 50]))
def test_the_nearest_that_have_it_are_found(chain: Database, here: Spot, gtin: str, limit: int) -> None:
    assert found(chain, here, gtin, limit) == all_by_distance(here, gtin)[:limit]


@pytest.mark.parametrize("gtin", ITEMS)
def test_who_wants_all_of_them_gets_all(chain: Database, gtin: str) -> None:
    assert found(chain, HERE, gtin, 1000) == all_by_distance(HERE, gtin)


def test_a_store_is_not_sent_to_itself_and_one_without_a_place_to_nobody(chain: Database) -> None:
    with chain.read() as uow:
        assert nearby.nearest(uow, STORE_ID, WATER.gtin) == ()
        answer = nearby.nearest(uow, "store-003", WATER.gtin, limit=5)
    assert len(answer) == 5
    assert "store-003" not in {each.store_id for each in answer}


def move(database: Database, store_id: str, milli: int, source_id: str) -> None:
    with database.write() as uow:
        movement = Movement(MIRROR.gtin, Reason.CORRECTION, milli, source_id, "Ada", NOW)
        stock.post_all(uow, store_id, [movement], as_of_utc=NOW)


def test_the_last_piece_takes_a_store_out_and_the_first_brings_it_back(database: Database) -> None:
    def stores() -> list[str]:
        return [store_id for _, store_id in found_of(database)]

    with database.write() as uow:
        nearby.settle(uow, "rome", Spot(41_902_800, 12_496_400))
    move(database, "rome", 2000, "came")
    move(database, "homeless", 2000, "came too")
    assert stores() == ["rome"]
    move(database, "rome", -1000, "sold")
    assert stores() == ["rome"]
    move(database, "rome", -1000, "sold the last")
    assert stores() == []
    move(database, "rome", -1000, "sold what was never booked in")
    move(database, "rome", 1000, "back at nothing")
    assert stores() == []
    move(database, "rome", 1000, "a return")
    assert stores() == ["rome"]
    with database.write() as uow:
        nearby.settle(uow, "homeless", Spot(41_000_000, 12_000_000))
    assert stores() == ["rome", "homeless"]
    with database.write() as uow:
        nearby.settle(uow, "rome", Spot(35_000_000, 12_000_000))
    assert stores() == ["homeless", "rome"]
    with database.write() as uow:
        hot.do(uow.session, "DELETE FROM store_place WHERE store_id = ?", ("rome",))
    assert stores() == ["homeless"]


def found_of(database: Database) -> list[tuple[int, str]]:
    with database.read() as uow:
        answer = nearby.nearest_to(uow, Spot(41_902_800, 12_496_400), MIRROR.gtin)
    return [(each.distance_m, each.store_id) for each in answer]


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database
