"""The same tables and services on PostgreSQL, on a throw-away server where one is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inventory.db.migrations import downgrade
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import Database
from inventory.domain.help_desk import HelpState
from inventory.domain.orders import OrderOutcome, OrderState
from inventory.domain.reconciliation import LaneBooks
from inventory.domain.staff import Role, SignInReason
from inventory.domain.stock import Movement, Reason
from inventory.opening import prepare
from inventory.services import (
    catalogue,
    day_close,
    help_desk,
    orders,
    pins,
    reversals,
    sales,
    staff,
    stock,
    tasks,
)
from inventory.services.help_desk import AlreadyTaken
from inventory.services.reversals import Goods
from tests.support.engine_tables import AGREEING
from tests.support.store_samples import (
    ITEMS,
    LANE_ID,
    MIRROR,
    NOW,
    RATES,
    SIX_WATERS,
    STORE_ID,
    WATER,
    body_of,
    help_message,
    line_of,
    sale_message,
    store_config,
)


def binaries() -> Path | None:
    """The newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: path.parts[4])
    return found[-1].parent if found else None


def as_owner(*command: str | Path) -> None:
    """Runs a server program; as the user postgres when we are root, for the server refuses root."""
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*before, *map(str, command)], check=True, capture_output=True, timeout=30, cwd="/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed")
    folder = Path(tempfile.mkdtemp(prefix="lanelight-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c max_connections=120"
    try:
        as_owner(programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
        as_owner(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        as_owner(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def database(server_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database(server_url)
    prepare(store_config(tmp_path), database, NOW)
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, ITEMS, RATES, NOW)
    yield database
    downgrade(database)
    database.dispose()


def test_migrations_and_tables_agree(database: Database) -> None:
    with database.write_connection() as connection:
        context = MigrationContext.configure(connection, opts=AGREEING)
        assert compare_metadata(context, StoreTable.metadata) == []


def test_a_sale_sent_twice_moves_stock_once(database: Database) -> None:
    message = sale_message(line_of(SIX_WATERS), line_of(MIRROR))
    answers = []
    for _ in range(2):
        with database.write() as uow:
            answers.append(sales.record(uow, STORE_ID, message, body_of(message), NOW))
    assert [(status, answer.outcome, answer.flags) for status, answer in answers] == [
        (201, "created", ()),
        (200, "exists", ()),
    ]
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, WATER.gtin)
        assert level is not None
        assert (level.on_hand_milli, level.as_of_utc) == (-6000, NOW)
        assert sales.today(uow, STORE_ID, NOW.date()).count == 1
        assert stock.audit(uow, STORE_ID) == []


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


def test_wrong_pins_from_many_connections_at_once_are_each_counted(database: Database) -> None:
    with database.write() as uow:
        staff.add(uow, STORE_ID, name="Marco", pin="205189", role=Role.ATTENDANT, now_utc=NOW)
    wrong = pins.check(database, STORE_ID, name="Marco", pin="000001")

    def guess() -> None:
        with database.write() as uow:
            staff.sign_in(uow, STORE_ID, wrong, now_utc=NOW)

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


def test_packs_are_counted_from_their_singles(database: Database) -> None:
    with database.write() as uow:
        told = stock.post_all(
            uow, STORE_ID, [Movement(WATER.gtin, Reason.RECEIPT, 13_000, "in", "Ada", NOW)], as_of_utc=NOW
        )
        found = {each.gtin: each.on_hand_milli for each in catalogue.current(uow, STORE_ID).stock}
    assert {each.gtin: each.on_hand_milli for each in told} == {WATER.gtin: 13_000, SIX_WATERS.gtin: 2000}
    assert found == {item.gtin: 0 for item in ITEMS} | {WATER.gtin: 13_000, SIX_WATERS.gtin: 2000}


def test_of_two_helpers_at_once_exactly_one_is_first(database: Database) -> None:
    with database.write() as uow:
        help_desk.receive(uow, STORE_ID, help_message(), NOW)
    outcomes: list[str] = []

    def accept(name: str) -> None:
        try:
            with database.write() as uow:
                help_desk.move(uow, STORE_ID, "help-1", HelpState.ACCEPTED, name, NOW)
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


def test_a_day_is_closed_and_a_payment_taken_back_alike(database: Database) -> None:
    message = sale_message(line_of(MIRROR), sale_id="paid", receipt_no=900)
    tender = replace(message.sale.tenders[0], terminal_id="52000001", terminal_receipt_no="0008")
    message = message.model_copy(update={"sale": replace(message.sale, tenders=(tender,))})
    with database.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), NOW)
        back = orders.take_back(uow, STORE_ID, "paid", who="Ada", now_utc=NOW)
    done = OrderOutcome(
        back.order_id, back.kind, LANE_ID, OrderState.DONE, "EUR", sale_id="paid", amount_minor=1999
    )
    with database.write() as uow:
        orders.receive(uow, STORE_ID, done, NOW)
        reversals.decide_goods(uow, STORE_ID, "paid", Goods.BACK, who="Ada", now_utc=NOW)
        day = orders.close_day(uow, STORE_ID, LANE_ID, who="Ada", now_utc=NOW)
    books = LaneBooks().with_sale(message.sale).with_reversal(1999)
    closed = OrderOutcome(day.order_id, day.kind, LANE_ID, OrderState.DONE, "EUR", books=books)
    with database.write() as uow:
        orders.receive(uow, STORE_ID, closed, NOW)
    with database.read() as uow:
        assert day_close.last_closings(uow, STORE_ID)[LANE_ID].store_minor == 1999
        assert [task.kind for task in tasks.open_tasks(uow, STORE_ID)] == ["terminal-silent"]
        assert orders.of_lane(uow, STORE_ID, LANE_ID) == []
    with pytest.raises(DBAPIError, match="append-only"), database.write() as uow:
        uow.session.connection().execute(text("TRUNCATE sale_event"))


@pytest.mark.parametrize("statement", ["UPDATE movement SET gtin = ''", "DELETE FROM sale", "TRUNCATE audit"])
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
