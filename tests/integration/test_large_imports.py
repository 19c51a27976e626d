"""An import of very many items, and its undo: all of it in the books, and one word to the lanes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.import_batch import BatchState
from inventory.formats.csv_catalogue import write_catalogue
from inventory.intake.reading import read_into
from inventory.intake.staged import StagedFile
from inventory.services import catalogue, import_batches, import_undo, imports, stock
from inventory.wire import CatalogueChangedMessage
from tests.support.engines import NewStore
from tests.support.store_samples import MIRROR, NOW, STORE_ID, WATER, gtin, heard, opened_store

NEW = [replace(MIRROR, gtin=gtin(number), sku=f"NEW-{number}") for number in range(40, 44)]


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, items=(WATER,), new_store=new_store) as database:
        yield database


def take(database: Database, folder: Path, raw: bytes) -> str:
    """Takes a file of more changes than are told of one by one; answers its batch."""
    staged = StagedFile(folder / "staged.sqlite")
    with database.write() as uow:
        read_into(staged, io.BytesIO(raw), imports.options_for(uow, STORE_ID))
        imports.compare(uow, STORE_ID, staged)
        batch_id = import_batches.start(
            uow,
            STORE_ID,
            file_name="goods.csv",
            digest="0",
            options={},
            made_by="ada",
            made_by_name="Ada",
            now_utc=NOW,
        )
        result = imports.take(
            uow, STORE_ID, staged, "Ada", NOW, confirmed=True, batch_id=batch_id, many=len(NEW) - 1
        )
        import_batches.become(uow, STORE_ID, batch_id, BatchState.TAKEN, NOW, version=result.version)
    staged.close()
    return batch_id


def sold(database: Database) -> dict[str, int]:
    with database.read() as uow:
        assert stock.audit(uow, STORE_ID) == []
        return {level.gtin: level.on_hand_milli for level in catalogue.current(uow, STORE_ID).stock}


def test_it_is_taken_and_undone_whole_and_lanes_hear_of_a_version_each(
    database: Database, tmp_path: Path
) -> None:
    announcements = heard(database)
    dearer = replace(WATER, price_minor=99)
    levels = {item.gtin: 7000 for item in NEW}
    batch_id = take(database, tmp_path, write_catalogue([dearer, *NEW], on_hand_milli=levels))
    assert sold(database) == {WATER.gtin: 0, **levels}
    with database.write() as uow:
        import_undo.undo(uow, STORE_ID, batch_id, "Ada", NOW, many=len(NEW) - 1)
    assert sold(database) == {WATER.gtin: 0}
    with database.read() as uow:
        assert catalogue.find_item(uow, STORE_ID, WATER.gtin) == WATER
    assert [type(each.message) for each in announcements] == [CatalogueChangedMessage] * 2
