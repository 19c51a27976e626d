"""A field the store set remembers who, when, and what headquarters had; a bad value changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.services import catalogue, item_fields, staff
from inventory.services.item_fields import ItemFieldError, Origin, UnknownItemError
from tests.support.store_samples import MIRROR, NOW, PEARS, STORE_ID, WATER, gtin, opened_store


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path) as database:
        yield database


def fix(database: Database, hours: int, **values: object) -> int:
    with database.write() as uow:
        return item_fields.set_fields(
            uow,
            STORE_ID,
            WATER.gtin,
            values,
            origin=Origin.STORE,
            who="Ada",
            now_utc=NOW + timedelta(hours=hours),
        )


def test_a_price_fixed_twice_remembers_the_price_headquarters_had_first(database: Database) -> None:
    fix(database, 1, price_minor=95)
    version = fix(database, 2, price_minor=99)
    with database.read() as uow:
        found = item_fields.of_item(uow, STORE_ID, WATER.gtin)["price_minor"]
        item = catalogue.find_item(uow, STORE_ID, WATER.gtin)
        trail = staff.audit_trail(uow, STORE_ID, limit=1)
    assert item is not None
    assert item.price_minor == 99
    assert (found.value, found.hq_value, found.who, found.version) == ("99", "89", "Ada", version)
    assert found.origin is Origin.STORE
    assert found.at_utc == NOW + timedelta(hours=2)
    assert trail[0].detail == f"{WATER.gtin}: price_minor 95 → 99"


def test_a_value_that_is_there_already_is_no_change(database: Database) -> None:
    with database.read() as uow:
        before = catalogue.version(uow, STORE_ID)
    assert fix(database, 1, price_minor=WATER.price_minor, aisle="2") == before
    with database.read() as uow:
        assert item_fields.of_item(uow, STORE_ID, WATER.gtin) == {}


@pytest.mark.parametrize(
    "values",
    [
        {"price_minor": 0},
        {"price_minor": -5},
        {"price_minor": "89"},
        {"price_minor": 1.5},
        {"price_minor": None},
        {"price_minor": 2**60},
        {"price_minor": float("nan")},
        {"gtin": MIRROR.gtin},
        {"currency": "USD"},
        {"colour": "red"},
        {"tax_class": "none"},
        {"plu": PEARS.plu},
        {"sku": ""},
        {"names": {}},
        {"names": {"en": "NUL\0"}},
        {"aisle": "x" * 500},
        {"season": object()},
    ],
)
def test_a_value_no_item_can_have_changes_nothing(database: Database, values: dict[str, object]) -> None:
    with pytest.raises(ItemFieldError):
        fix(database, 1, **values)
    with database.read() as uow:
        assert catalogue.find_item(uow, STORE_ID, WATER.gtin) == WATER


def test_a_field_of_an_item_that_is_not_there_cannot_be_set(database: Database) -> None:
    with pytest.raises(UnknownItemError), database.write() as uow:
        item_fields.set_fields(
            uow, STORE_ID, gtin(999), {"price_minor": 1}, origin=Origin.STORE, who="Ada", now_utc=NOW
        )
