"""What PostgreSQL alone has: several writers at once, readers that cannot write, triggers of its own.

What a store does alike on both engines is tested beside the feature, once on each.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from inventory.db.migrations import downgrade
from inventory.db.server_engine import server_engine
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import Database
from inventory.domain.help_desk import HelpState, Take
from inventory.domain.staff import Role, SignInReason
from inventory.services import (
    help_desk,
    pins,
    sales,
    sessions,
    staff,
    stock,
)
from inventory.services.help_desk import AlreadyTaken
from tests.support.engine_tables import AGREEING
from tests.support.engines import Server
from tests.support.store_samples import (
    MIRROR,
    NOW,
    STORE_ID,
    WATER,
    body_of,
    help_message,
    line_of,
    opened_store,
    sale_message,
)


@pytest.fixture
def database(server: Server, tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=server.new_store) as database:
        yield database


def test_migrations_and_tables_agree(database: Database) -> None:
    with database.write_connection() as connection:
        context = MigrationContext.configure(connection, opts=AGREEING)
        assert compare_metadata(context, StoreTable.metadata) == []


def test_the_way_back_leaves_nothing_and_the_way_up_works_again(database: Database) -> None:
    downgrade(database)
    with database.write_connection() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.migrate()


def test_the_same_sale_from_many_connections_at_once_is_one_sale(database: Database) -> None:
    message = sale_message(line_of(MIRROR), line_of(WATER))
    statuses: list[int] = []

    def send() -> None:
        with database.write() as uow:
            statuses.append(sales.record(uow, STORE_ID, message, body_of(message), NOW)[0])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 7 + [201]
    with database.read() as uow:
        assert len(stock.movements(uow, STORE_ID, MIRROR.gtin)) == 1


def test_a_connection_that_died_while_it_rested_is_replaced(database: Database) -> None:
    engine = server_engine(database.url, connections=2, rested_s=0)
    pid = text("SELECT pg_backend_pid()")
    with engine.connect() as connection:
        first = connection.execute(pid).scalar_one()
    with database.write_connection() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    with engine.connect() as connection:
        assert connection.execute(pid).scalar_one() != first
    engine.dispose()


def test_wrong_pins_from_many_connections_at_once_are_each_counted(database: Database) -> None:
    with database.write() as uow:
        staff.add(uow, STORE_ID, name="Marco", pin="205189", role=Role.ATTENDANT, now_utc=NOW)
    wrong = pins.check(database, STORE_ID, name="Marco", pin="000001")

    def guess() -> None:
        with database.write() as uow:
            sessions.sign_in(uow, STORE_ID, wrong, now_utc=NOW)

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as uow:
        counted = [entry.detail for entry in staff.audit_trail(uow, STORE_ID, limit=20)]
        (marco,) = staff.members(uow, STORE_ID, now_utc=NOW)
    assert marco.lock is SignInReason.WAIT
    assert sorted(counted) == sorted(["attendant", *(f"{count} wrong in a row" for count in range(1, 6))])


def test_of_two_helpers_at_once_exactly_one_is_first(database: Database) -> None:
    with database.write() as uow:
        help_desk.receive(uow, STORE_ID, help_message(), NOW)
    outcomes: list[str] = []

    def accept(name: str) -> None:
        try:
            with database.write() as uow:
                help_desk.do(uow, STORE_ID, "help-1", Take(name, HelpState.ACCEPTED), NOW)
                outcomes.append("first")
        except AlreadyTaken as taken:
            outcomes.append(f"after {taken.by}")

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("Ada", "Marco", "Ruth")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("first") == 1
    assert len({outcome for outcome in outcomes if outcome != "first"}) == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE movement SET gtin = ''", "DELETE FROM sale", "TRUNCATE audit", "TRUNCATE sale_event"],
)
def test_facts_can_neither_be_changed_nor_removed(database: Database, statement: str) -> None:
    message = sale_message(line_of(MIRROR))
    with database.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), NOW)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as uow:
        uow.session.connection().execute(text(statement))


def test_a_reader_cannot_write(database: Database) -> None:
    with database.read() as uow, pytest.raises(DBAPIError, match="read-only"):
        uow.session.connection().execute(text("DELETE FROM item"))


def test_levels_are_searched_alike(database: Database) -> None:
    with database.read() as uow:
        assert [level.item for level in stock.levels(uow, STORE_ID, search="SPECCHIO").levels] == [MIRROR]
