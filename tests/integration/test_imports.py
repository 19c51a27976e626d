"""Taking in a catalogue file: a preview that writes nothing, all or nothing, and stock for what is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory import commands
from inventory.command_error import CommandError
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.domain.stock import Movement, Reason
from inventory.formats.csv_catalogue import write_catalogue
from inventory.formats.table import SheetError
from inventory.services import catalogue, imports, stock
from inventory.services.imports import ImportRefused, ImportResult
from inventory.services.stores import UnknownStoreError
from inventory.wire import CatalogueChangedMessage
from tests.support.store_samples import (
    ITEMS,
    MIRROR,
    NOW,
    PEARS,
    RATES,
    SIX_WATERS,
    STORE_ID,
    WATER,
    gtin,
    heard,
    opened_store,
)

SOAP = Item(gtin(20), "SOAP", {"en": "Soap"}, 150, "EUR", "standard")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path) as database:
        yield database


def apply(database: Database, raw: bytes, *, confirmed: bool = False) -> ImportResult:
    with database.write() as uow:
        return imports.apply(uow, STORE_ID, raw, "Ada", NOW, confirmed=confirmed)


def version(database: Database) -> int:
    with database.read() as uow:
        return catalogue.version(uow, STORE_ID)


def test_a_preview_counts_what_would_change_and_writes_nothing(database: Database) -> None:
    raw = write_catalogue([replace(MIRROR, price_minor=2099), WATER, SOAP])
    with database.read() as uow:
        found = imports.preview(uow, STORE_ID, raw)
    assert (found.new, found.changed, found.unchanged, found.kept) == (1, 1, 1, 2)
    (change,) = found.price_changes
    assert (change.gtin, change.old_minor, change.new_minor) == (MIRROR.gtin, 1999, 2099)
    assert not found.needs_confirmation
    assert version(database) == 2


def test_an_import_is_one_new_version_and_keeps_what_the_file_leaves_out(database: Database) -> None:
    announcements = heard(database)
    result = apply(database, write_catalogue([SOAP], on_hand_milli={SOAP.gtin: 7000}))
    assert result.version == version(database) == 3
    assert announcements[0].message == CatalogueChangedMessage(version=3)
    with database.read() as uow:
        message = catalogue.current(uow, STORE_ID)
        assert [item.sku for item in message.items] == [item.sku for item in (*ITEMS, SOAP)]
        assert message.tax_rates_bp == RATES
        assert catalogue.find_item(uow, STORE_ID, SOAP.gtin) == SOAP
        (movement,) = stock.movements(uow, STORE_ID, SOAP.gtin)
    assert (movement.source_id, movement.quantity_milli) == (f"opening:{SOAP.gtin}", 7000)


def test_opening_stock_is_for_new_items_only_and_once(database: Database) -> None:
    raw = write_catalogue(
        [replace(MIRROR, bay="7"), SOAP], on_hand_milli={MIRROR.gtin: 9000, SOAP.gtin: 1000}
    )
    apply(database, raw)
    assert apply(database, raw).version == 3
    with database.read() as uow:
        assert stock.movements(uow, STORE_ID, MIRROR.gtin) == ()
        (opened,) = (level for level in catalogue.current(uow, STORE_ID).stock if level.on_hand_milli)
    assert (opened.gtin, opened.on_hand_milli) == (SOAP.gtin, 1000)


def test_opening_stock_of_a_multipack_counts_its_singles(tmp_path: Path) -> None:
    with opened_store(tmp_path, items=(WATER,)) as database:
        apply(database, write_catalogue([SIX_WATERS], on_hand_milli={SIX_WATERS.gtin: 2000}))
        with database.read() as uow:
            level = stock.on_hand(uow, STORE_ID, WATER.gtin)
    assert level is not None
    assert level.on_hand_milli == 12_000


def test_a_pack_of_packs_is_refused_whichever_comes_last(tmp_path: Path) -> None:
    crate = replace(SOAP, multipack_of=SIX_WATERS.gtin, multipack_units=4)
    of_pack = f"Line 2, multipack_of: {SIX_WATERS.gtin} is a multipack itself; name its single."
    opened = "Line 2, multipack_of: another multipack is made of this item, which then cannot be one."
    with opened_store(tmp_path, items=(WATER, SIX_WATERS)) as database, database.read() as uow:
        found = imports.preview(uow, STORE_ID, write_catalogue([crate]))
        assert [str(error) for error in found.errors] == [of_pack]
        cup = replace(WATER, multipack_of=MIRROR.gtin, multipack_units=2)
        found = imports.preview(uow, STORE_ID, write_catalogue([cup]))
        assert [str(error) for error in found.errors] == [opened]


def test_what_is_exported_opens_a_new_store_with_the_same_stock(tmp_path: Path) -> None:
    with opened_store(tmp_path / "old", items=(WATER, SIX_WATERS)) as old, old.write() as uow:
        stock.post(uow, STORE_ID, Movement(WATER.gtin, Reason.RECEIPT, 13_000, "in", "Ada", NOW))
        raw = imports.export(uow, STORE_ID)
    with opened_store(tmp_path / "new", items=()) as new:
        apply(new, raw)
        with new.read() as uow:
            found = {level.gtin: level.on_hand_milli for level in catalogue.current(uow, STORE_ID).stock}
    assert found == {WATER.gtin: 13_000, SIX_WATERS.gtin: 2000}


def test_one_bad_row_keeps_the_whole_file_out(database: Database) -> None:
    raw = write_catalogue([SOAP, replace(WATER, tax_class="luxury"), replace(PEARS, price_minor=0)])
    with pytest.raises(ImportRefused) as refused:
        apply(database, raw)
    assert [str(error) for error in refused.value.preview.errors] == [
        "Line 3, tax_class: the store has no rate for “luxury”.",
        "Line 4, price_minor: “0” is not a whole number from 1 to 99999999.",
    ]
    assert version(database) == 2


def test_short_numbers_that_belong_to_an_item_outside_the_file_are_refused(database: Database) -> None:
    raw = write_catalogue([replace(SOAP, sku="OMINOUS-MIRROR", plu="4409", label_prefix="2123456")])
    with database.read() as uow:
        found = imports.preview(uow, STORE_ID, raw)
    assert [str(error) for error in found.errors] == [
        f"Line 2, label_prefix: 2123456 belongs to {PEARS.gtin} already.",
        f"Line 2, plu: 4409 belongs to {PEARS.gtin} already.",
        f"Line 2, sku: OMINOUS-MIRROR belongs to {MIRROR.gtin} already.",
    ]


def test_many_big_moves_need_a_second_yes(database: Database) -> None:
    raw = write_catalogue([replace(item, price_minor=item.price_minor * 10) for item in ITEMS[:2]])
    with pytest.raises(ImportRefused, match="must be confirmed") as refused:
        apply(database, raw)
    assert refused.value.preview.needs_confirmation
    assert apply(database, raw, confirmed=True).version == 3


def test_new_items_are_no_big_move(database: Database) -> None:
    assert apply(database, write_catalogue([SOAP])).version == 3


def test_a_file_that_cannot_be_read_changes_nothing(database: Database) -> None:
    with pytest.raises(SheetError):
        apply(database, b"not,a,catalogue\n")
    assert version(database) == 2


def test_a_store_nobody_opened_is_named(database: Database) -> None:
    with database.read() as uow, pytest.raises(UnknownStoreError, match="elsewhere"):
        imports.preview(uow, "elsewhere", write_catalogue([SOAP]))


def test_what_is_exported_is_imported_unchanged(database: Database) -> None:
    with database.read() as uow:
        raw = imports.export(uow, STORE_ID)
        found = imports.preview(uow, STORE_ID, raw)
    assert (found.new, found.changed, found.unchanged, found.errors) == (0, 0, len(ITEMS), ())


SETTINGS = """
store_id = "corner"
name = "Corner shop"
[tax_rates_bp]
reduced = 1000
standard = 2200
super = 400
"""


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    path = tmp_path / "store.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def test_the_command_line_imports_shows_and_exports(
    config_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_bytes(write_catalogue([*ITEMS, SOAP], on_hand_milli={PEARS.gtin: 485, MIRROR.gtin: 3000}))
    commands.import_catalogue(config_path, file)
    commands.show_stock(config_path, MIRROR.gtin)
    commands.show_stock(config_path, PEARS.gtin)
    commands.export_catalogue(config_path, tmp_path / "out.csv")
    said = capsys.readouterr().out
    assert "5 new, 0 changed, 0 unchanged" in said
    assert "The catalogue is at version 2." in said
    assert "on hand: 3\n" in said
    assert "on hand: 0.485 kg\n" in said
    assert (tmp_path / "out.csv").read_bytes().count(b"\r\n") == 6


def test_the_command_line_says_in_one_sentence_what_is_wrong(
    config_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(write_catalogue([replace(SOAP, price_minor=0)]))
    with pytest.raises(CommandError, match=r"not taken: 1 mistake; the first: Line 2, price_minor"):
        commands.import_catalogue(config_path, bad)
    assert "error: Line 2, price_minor" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        commands.import_catalogue(config_path, tmp_path / "none.csv")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        commands.import_catalogue(tmp_path / "none.toml", bad)
    with pytest.raises(CommandError, match="is not a GTIN"):
        commands.show_stock(config_path, "123")
    with pytest.raises(CommandError, match=f"does not know {SOAP.gtin}"):
        commands.show_stock(config_path, SOAP.gtin)
    with pytest.raises(CommandError, match="70000 is not a port"):
        commands.run_store(config_path, port=70_000)
    with pytest.raises(CommandError, match="cannot live on mysql"):
        commands.run_store(config_path, "mysql://somewhere/db", 0)
