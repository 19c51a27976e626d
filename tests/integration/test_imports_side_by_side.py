"""Imports side by side, and what goes wrong in the middle of one: each is done once or not at all."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.domain.import_batch import BatchState
from inventory.formats.csv_catalogue import write_catalogue
from inventory.formats.table import SheetError
from inventory.import_desk import Choices, ImportDesk
from inventory.intake.runner import read_apart
from inventory.services import catalogue, import_batches, import_undo
from inventory.services.import_batches import Batch, BatchError
from inventory.services.import_preview import ImportRefused
from tests.support.engines import NewStore
from tests.support.goods_files import EURO
from tests.support.store_samples import MIRROR, NOW, PEARS, STORE_ID, WATER, opened_store, store_config

MANY = 60_000


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


@pytest.fixture
def desk(tmp_path: Path, database: Database) -> ImportDesk:
    return ImportDesk(store_config(tmp_path), database, clock=lambda: NOW)


def at_price(item: Item, price_minor: int) -> bytes:
    return write_catalogue([replace(item, price_minor=price_minor)])


def begun(desk: ImportDesk, folder: Path, raw: bytes, who: str = "Ada") -> str:
    path = folder / f"file-of-{who}.csv"
    path.write_bytes(raw)
    with path.open("rb") as source:
        return desk.bring(source, file_name=path.name, made_by=who, made_by_name=who, choices=Choices())


def found(database: Database, batch_id: str) -> Batch:
    with database.read() as uow:
        batch = import_batches.find(uow, STORE_ID, batch_id)
    assert batch is not None
    return batch


def brought(desk: ImportDesk, database: Database, folder: Path, raw: bytes, who: str = "Ada") -> Batch:
    batch_id = begun(desk, folder, raw, who)
    desk.wait(batch_id)
    return found(database, batch_id)


def price(database: Database, item: Item) -> int:
    with database.read() as uow:
        now = catalogue.find_item(uow, STORE_ID, item.gtin)
    assert now is not None
    return now.price_minor


def version(database: Database) -> int:
    with database.read() as uow:
        return catalogue.version(uow, STORE_ID)


def at_once(deed: Callable[[int], object], times: int = 2) -> list[object]:
    """What each of several threads got that began together: an answer, or the error that refused it."""
    gate = threading.Barrier(times)

    def one(number: int) -> object:
        gate.wait()
        try:
            return deed(number)
        except (BatchError, ImportRefused) as refused:
            return refused

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def test_of_two_files_that_come_at_once_one_is_read(
    desk: ImportDesk, database: Database, tmp_path: Path
) -> None:
    told = at_once(lambda number: begun(desk, tmp_path, at_price(WATER, 95 + number), f"who-{number}"))
    refused = [each for each in told if isinstance(each, BatchError)]
    assert [str(each) for each in refused] == ["Another file is being read; wait until that is done."]
    (batch_id,) = [each for each in told if isinstance(each, str)]
    desk.wait(batch_id)
    assert found(database, batch_id).state is BatchState.READY
    assert [each.name for each in (store_config(tmp_path).data_dir / "imports").iterdir()] == [batch_id]


def test_an_import_that_is_taken_twice_at_once_is_taken_once(
    desk: ImportDesk, database: Database, tmp_path: Path
) -> None:
    batch = brought(desk, database, tmp_path, at_price(WATER, 95))
    before = version(database)
    other = ImportDesk(store_config(tmp_path), database, clock=lambda: NOW)
    told = at_once(lambda number: (desk, other)[number].take(batch, actor="Ada", confirmed=True))
    assert sorted(isinstance(each, BatchError) for each in told) == [False, True]
    assert version(database) == before + 1

    def undo(_number: int) -> int:
        with database.write() as uow:
            return import_undo.undo(uow, STORE_ID, batch.batch_id, "Ada", NOW)

    undone = at_once(undo)
    assert sorted(isinstance(each, BatchError) for each in undone) == [False, True]
    assert price(database, WATER) == WATER.price_minor
    assert version(database) == before + 2


def test_a_waiting_import_is_held_against_the_store_as_it_is_when_it_is_taken(
    desk: ImportDesk, database: Database, tmp_path: Path
) -> None:
    first = brought(desk, database, tmp_path, at_price(WATER, 95), "Ada")
    two_prices = write_catalogue([replace(WATER, price_minor=97), replace(PEARS, price_minor=300)])
    second = brought(desk, database, tmp_path, two_prices, "Bo")
    with database.write() as uow:
        moved = replace(PEARS, price_minor=300)
        catalogue.change_items(uow, STORE_ID, put=[moved], now_utc=NOW)
    desk.take(first, actor="Ada", confirmed=True)
    with pytest.raises(ImportRefused, match="must be confirmed") as refused:
        desk.take(second, actor="Bo", confirmed_moves=2)
    (moves,) = refused.value.preview.price_changes
    assert (moves.old_minor, moves.new_minor, refused.value.preview.price_change_count) == (95, 97, 1)
    desk.take(second, actor="Bo", confirmed_moves=1)
    with pytest.raises(BatchError, match="Not undone"), database.write() as uow:
        import_undo.undo(uow, STORE_ID, first.batch_id, "Ada", NOW)
    with database.write() as uow:
        import_undo.undo(uow, STORE_ID, second.batch_id, "Bo", NOW)
        import_undo.undo(uow, STORE_ID, first.batch_id, "Ada", NOW)
    assert price(database, WATER) == WATER.price_minor


def test_a_reading_process_that_is_killed_changes_nothing_and_the_next_file_is_read(
    tmp_path: Path,
) -> None:
    with opened_store(tmp_path) as database:
        desk = ImportDesk(store_config(tmp_path), database, clock=lambda: NOW)
        line = f"{WATER.gtin},Water,95,standard\n"
        batch_id = begun(desk, tmp_path, ("gtin,name,price_minor,tax_class\n" + line * MANY).encode())
        while not (killed := kill_readers()) and found(database, batch_id).state is BatchState.READING:
            pass
        desk.wait(batch_id)
        assert killed
        batch = found(database, batch_id)
        assert (batch.state, batch.reason.endswith("nothing was changed.")) == (BatchState.REFUSED, True)
        assert price(database, WATER) == WATER.price_minor
        assert brought(desk, database, tmp_path, at_price(MIRROR, 1)).state is BatchState.READY


def kill_readers() -> bool:
    """Kills this process's children that read files; whether there was one."""
    children = [
        int(pid)
        for path in Path("/proc/self/task").glob("*/children")
        for pid in path.read_text("ascii").split()
    ]
    readers = [
        pid for pid in children if b"inventory.intake.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    for pid in readers:
        os.kill(pid, signal.SIGKILL)
    return bool(readers)


def test_a_file_that_two_desks_go_on_with_is_read_once(tmp_path: Path) -> None:
    """As after a restart, where two processes of a store find a file whose reading broke off."""
    with opened_store(tmp_path) as database:
        desks = [ImportDesk(store_config(tmp_path), database, clock=lambda: NOW) for _ in range(2)]
        line = f"{WATER.gtin},Water,95,standard\n"
        batch_id = begun(desks[0], tmp_path, ("gtin,name,price_minor,tax_class\n" + line * 20_000).encode())
        desks[1].resume(found(database, batch_id))
        for desk in desks:
            desk.wait(batch_id)
        assert found(database, batch_id).state is BatchState.READY
        assert sorted(desk.how_far(batch_id).rows > 0 for desk in desks) == [False, True]


def test_a_workbook_with_a_cell_at_its_very_end_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """Two cells, and between them more room than the process may have."""
    path = tmp_path / "upload"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Goods")
    sheet.write(0, 0, "gtin")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(SheetError, match="more memory than an import may take"):
        read_apart(path, tmp_path / "s", EURO)


def test_one_endless_segment_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"UNB+UNOC:3+1+2+260501:0900+78'UNH+1+PRICAT:D:01B:UN'LIN" + b"+" * (8 * 1024 * 1024))
    with pytest.raises(SheetError, match="a segment of more than 65536 characters"):
        read_apart(path, tmp_path / "s", EURO)
