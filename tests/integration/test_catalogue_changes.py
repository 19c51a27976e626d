"""Some items change or go while all others stay, and each change is a version of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.services import catalogue, stock
from inventory.wire import CatalogueChangedMessage
from tests.support.engines import NewStore
from tests.support.store_samples import ITEMS, MIRROR, NOW, STORE_ID, WATER, gtin, heard, opened_store


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def test_one_changed_item_makes_a_version_and_leaves_all_others(database: Database) -> None:
    dearer = replace(WATER, price_minor=WATER.price_minor + 5, names={"en": "Smug water", "it": "Acqua"})
    announcements = heard(database)
    with database.write() as uow:
        before = catalogue.version(uow, STORE_ID)
        version = catalogue.change_items(uow, STORE_ID, put=[dearer], now_utc=NOW)
    assert version == before + 1
    assert [each.message for each in announcements] == [CatalogueChangedMessage(version=version)]
    with database.read() as uow:
        message = catalogue.current(uow, STORE_ID)
    assert message.version == version
    assert {item.gtin: item for item in message.items} == {item.gtin: item for item in ITEMS} | {
        WATER.gtin: dearer
    }


def test_a_dropped_item_is_gone_and_its_movements_stay(database: Database) -> None:
    with database.write() as uow:
        catalogue.change_items(uow, STORE_ID, dropped=[MIRROR.gtin, gtin(999)], now_utc=NOW)
    with database.read() as uow:
        assert catalogue.find_item(uow, STORE_ID, MIRROR.gtin) is None
        assert len(catalogue.current(uow, STORE_ID).items) == len(ITEMS) - 1
        assert stock.audit(uow, STORE_ID) == []
