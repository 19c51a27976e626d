"""Owns the fixtures of the web tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.opening import prepare
from inventory.web.app import create_app
from inventory.web.events import Broker
from tests.support.web_store import NOON, Clock, SignedIn, StoreInTest, Visitor, config_for, people, stocked


@pytest.fixture(scope="session")
def first_morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with people and lanes, made once: hashing PINs takes its time."""
    config = config_for(tmp_path_factory.mktemp("first-morning"))
    database = Database(config.database_url.get_secret_value())
    prepare(config, database, NOON)
    people(database, NOON)
    database.dispose()
    return Path(config.database_url.get_secret_value().removeprefix("sqlite:///"))


@pytest.fixture
def empty_store(first_morning: Path, tmp_path: Path) -> Iterator[StoreInTest]:
    """A store on its first morning: people and lanes, nothing to sell."""
    config, clock = config_for(tmp_path), Clock()
    shutil.copy(first_morning, tmp_path / "store.db")
    database = Database(config.database_url.get_secret_value())
    broker = Broker()
    yield StoreInTest(config, database, create_app(config, database, broker, clock=clock), broker, clock)
    database.dispose()


@pytest.fixture
def store(empty_store: StoreInTest) -> StoreInTest:
    """The same store with two items."""
    stocked(empty_store.database, empty_store.config, empty_store.clock())
    return empty_store


@pytest.fixture
def visitor(store: StoreInTest) -> Visitor:
    return store.visitor()


@pytest.fixture
def signed_in(store: StoreInTest) -> SignedIn:
    return store.signed_in
