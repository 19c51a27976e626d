"""Migrations: they agree with the tables, run there and back, and leave a ledger nobody can rewrite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError

from inventory.db.migrations import downgrade
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import Database
from inventory.services import sales
from tests.support.engine_tables import AGREEING, is_of_the_engine
from tests.support.store_samples import MIRROR, NOW, STORE_ID, body_of, line_of, opened_store, sale_message


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'store.db'}")
    yield database
    database.dispose()


def table_names(database: Database) -> set[str]:
    with database.write_connection() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return {name for name in names if not is_of_the_engine(name)}


def test_migrations_and_tables_agree(database: Database) -> None:
    database.migrate()
    with database.write_connection() as connection:
        context = MigrationContext.configure(connection, opts=AGREEING)
        assert compare_metadata(context, StoreTable.metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    database.migrate()
    before = table_names(database)
    database.migrate()
    assert table_names(database) == before == set(StoreTable.metadata.tables)


def test_the_way_back_leaves_nothing_and_the_way_up_works_again(database: Database) -> None:
    database.migrate()
    downgrade(database)
    assert table_names(database) == set()
    database.migrate()
    assert table_names(database) == set(StoreTable.metadata.tables)


@pytest.mark.parametrize("table", ["movement", "sale", "sale_line", "audit", "closing", "sale_event"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET store_id = 'x'", "DELETE FROM {}"])
def test_facts_can_neither_be_changed_nor_removed(tmp_path: Path, table: str, verb: str) -> None:
    with opened_store(tmp_path) as database:
        message = sale_message(line_of(MIRROR))
        with database.write() as uow:
            sales.record(uow, STORE_ID, message, body_of(message), NOW)
            for row in (
                "audit VALUES ('corner', 'a', '2026', 'w', 'w', 'd')",
                "closing VALUES ('corner','o','lane-1','2026','EUR','2026','{}',1,1,1,1,1,1,1,0,0)",
                "sale_event VALUES ('corner', 's', 'reversed', '', 'o', 1, 'EUR', 'Ada', '2026')",
            ):
                uow.session.connection().execute(text(f"INSERT INTO {row}"))
        statement = text(verb.format(table))
        with pytest.raises(IntegrityError, match="append-only"), database.write() as uow:
            uow.session.connection().execute(statement)


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with (
        opened_store(tmp_path) as database,
        database.read() as uow,
        pytest.raises(OperationalError, match="readonly"),
    ):
        uow.session.connection().execute(text("DELETE FROM item"))


def test_the_writer_keeps_what_it_answered_for_through_a_power_cut(database: Database) -> None:
    with database.write_connection() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://somewhere/db"])
def test_a_database_that_forgets_or_is_foreign_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="store"):
        Database(url)
