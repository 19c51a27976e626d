"""Taking in a catalogue file: a preview that writes nothing, all or nothing, and stock for what is new."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory import catalogue_commands, commands
from inventory.command_error import CommandError
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.domain.stock import Movement, Reason
from inventory.formats.csv_catalogue import write_catalogue
from inventory.formats.table import SheetError
from inventory.intake.reading import read_into
from inventory.intake.staged import StagedFile
from inventory.services import catalogue, exports, import_batches, imports, stock
from inventory.services.import_batches import BatchError
from inventory.services.imports import ImportRefused, ImportResult
from inventory.services.stores import UnknownStoreError
from inventory.wire import CatalogueChangedMessage
from tests.support import goods_files as files
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
    assert found.needs_confirmation, "one of four prices is more than a fifth of them"
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
    assert (movement.source_id, movement.quantity_milli) == (f"opening:{SOAP.gtin}:3", 7000)


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
        raw = b"".join(exports.catalogue_csv(uow, STORE_ID))
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
        raw = b"".join(exports.catalogue_csv(uow, STORE_ID))
        found = imports.preview(uow, STORE_ID, raw)
    assert (found.new, found.changed, found.unchanged, found.errors) == (0, 0, len(ITEMS), ())


def test_a_short_price_file_keeps_all_it_does_not_speak_of(database: Database) -> None:
    result = apply(database, f"gtin,name,price\n{PEARS.gtin},Brave pears,3.09\n".encode(), confirmed=True)
    with database.read() as uow:
        assert catalogue.find_item(uow, STORE_ID, PEARS.gtin) == replace(PEARS, price_minor=309)
    assert result.preview.warnings == ()


def test_new_goods_without_taxes_and_ages_are_told_of(database: Database) -> None:
    result = apply(database, f"gtin,name,price,tax_class\n{SOAP.gtin},Soap,3.09,standard\n".encode())
    assert result.preview.warnings == ("New items from this file have no age limit.",)


def test_open_food_facts_fills_what_is_empty_and_brings_nothing_new(database: Database) -> None:
    lines = [
        f'{{"code":"{code[1:]}","product_name":"Other","product_name_it":"Da altrove","quantity":"1 L"}}'
        for code in (WATER.gtin, SOAP.gtin)
    ]
    result = apply(database, "\n".join(lines).encode())
    assert (result.preview.new, result.preview.changed) == (0, 1)
    with database.read() as uow:
        found = catalogue.find_item(uow, STORE_ID, WATER.gtin)
    names = {"en": "Smug water", "it": "Da altrove"}
    assert found == replace(WATER, names=names, net_content="1", net_unit="L")
    assert apply(database, "\n".join(lines).encode()).preview.changes_nothing


def test_a_count_holds_for_its_moment_and_what_sold_since_stays_sold(database: Database) -> None:
    report = files.INVRPT.replace(files.SOAP[1:], WATER.gtin[1:])
    only = report.replace("LIN+2", "LIN+9").replace(files.TEA[1:], SIX_WATERS.gtin[1:])
    sold = Movement(WATER.gtin, Reason.SALE, -2000, "sale:1", "lane-1", NOW)
    with database.write() as uow:
        stock.post(uow, STORE_ID, sold)
    with pytest.raises(ImportRefused, match="is a multipack; count its singles"):
        apply(database, only.encode())
    counted = report.replace(f"LIN+2++{files.TEA[1:]}:SRV'\nQTY+17:1.25:KGM'\n", "")
    assert apply(database, counted.encode()).preview.moved == 1
    assert apply(database, counted.encode()).preview.known == 1
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, WATER.gtin)
        assert stock.audit(uow, STORE_ID) == []
    assert level is not None
    assert level.on_hand_milli == 7000 - 2000


def test_what_breaks_in_the_middle_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    staged = StagedFile(tmp_path / "staged.sqlite")
    with database.read() as uow:
        options = imports.options_for(uow, STORE_ID)
        read_into(staged, io.BytesIO(write_catalogue([SOAP, replace(WATER, price_minor=90)])), options)
        imports.compare(uow, STORE_ID, staged)
    staged._db.execute("UPDATE change SET after = '{' WHERE gtin = ?", (SOAP.gtin,))
    with pytest.raises(ValueError, match="Expecting"), database.write() as uow:
        imports.take(uow, STORE_ID, staged, "Ada", NOW, confirmed=True)
    staged.close()
    assert version(database) == 2
    with database.read() as uow:
        assert catalogue.find_item(uow, STORE_ID, WATER.gtin) == WATER


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([files.SHOPIFY_OLDER, files.ODOO, files.PRICAT, files.INVRPT, files.EPCIS]), st.data())
def test_a_file_is_taken_whole_or_leaves_everything_as_it_was(
    database: Database, raw: str, data: st.DataObject
) -> None:
    whole = raw.encode()
    place = data.draw(st.integers(0, len(whole)))
    put_in = data.draw(st.binary(max_size=8))
    before = version(database)
    try:
        result = apply(database, whole[:place] + put_in + whole[place:], confirmed=True)
    except (SheetError, ImportRefused):
        assert version(database) == before
        return
    changed = result.preview.new + result.preview.changed > 0
    assert version(database) == before + changed


def test_one_file_is_read_at_a_time_and_a_lost_reading_is_given_up(database: Database) -> None:
    def start(minutes: int) -> str:
        with database.write() as uow:
            return import_batches.start(
                uow,
                STORE_ID,
                file_name="a.csv",
                digest="",
                options={},
                made_by="ada",
                made_by_name="Ada",
                now_utc=NOW + timedelta(minutes=minutes),
            )

    start(0)
    with pytest.raises(BatchError, match="Another file is being read"):
        start(9)
    newest = start(11)
    with database.read() as uow:
        assert [batch.batch_id for batch in import_batches.waiting(uow, STORE_ID)] == [newest]


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
    catalogue_commands.import_file(config_path, file)
    commands.show_stock(config_path, MIRROR.gtin)
    commands.show_stock(config_path, PEARS.gtin)
    catalogue_commands.export_file(config_path, tmp_path / "out.csv")
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
        catalogue_commands.import_file(config_path, bad)
    assert "error: Line 2, price_minor" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        catalogue_commands.import_file(config_path, tmp_path / "none.csv")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        catalogue_commands.import_file(tmp_path / "none.toml", bad)
    with pytest.raises(CommandError, match="is not a GTIN"):
        commands.show_stock(config_path, "123")
    with pytest.raises(CommandError, match=f"does not know {SOAP.gtin}"):
        commands.show_stock(config_path, SOAP.gtin)
    with pytest.raises(CommandError, match="70000 is not a port"):
        commands.run_store(config_path, port=70_000)
    with pytest.raises(CommandError, match="cannot live on mysql"):
        commands.run_store(config_path, "mysql://somewhere/db", 0)
