"""Excel workbooks: what their cells say, and packed files that would harm whoever opens them."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.formats.archive import MAX_MEMBERS
from inventory.formats.table import SheetError
from tests.support.goods_files import ROPE, SOAP, TEA, read, workbook

HEADER = ["gtin", "name", "price"]


def packed(members: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return raw.getvalue()


def test_numbers_and_texts_are_read_alike() -> None:
    raw = workbook(HEADER, [int(SOAP), "Soap", 1.5], [ROPE, "", ""], [TEA, "Tea", "2.50"])
    found = read(raw)
    assert found.prices == [(SOAP, "Soap", 150), (TEA, "Tea", 250)]
    assert found.errors == ["Line 3, price: there is no price.", "Line 3, name: it is empty."]
    assert found.reading.encoding == "Excel"


def test_a_number_with_three_decimals_is_no_thousand() -> None:
    found = read(workbook(HEADER, [SOAP, "Soap", 1.234], [TEA, "Tea", "1,50"]))
    assert found.errors == ["Line 2, price: “1.2340” has too many decimals."]
    assert found.prices == [(TEA, "Tea", 150)]


def test_a_sum_that_a_workbook_keeps_inexactly_is_exact_again() -> None:
    assert read(workbook(HEADER, [SOAP, "Soap", 0.1 + 0.2])).prices == [(SOAP, "Soap", 30)]


def test_a_formula_counts_as_its_last_value() -> None:
    raw = io.BytesIO(workbook(HEADER, [SOAP, "Soap", "=1+1"]))  # the writer keeps 0 as its value
    assert read(raw.getvalue()).errors == ["Line 2, price: “0” is no price: too little or too much."]


def test_merged_cells_are_told() -> None:
    found = read(workbook(HEADER, [SOAP, "Soap", 1.5], merged="A4:C4"))
    assert found.notes == ("Merged cells count for their first row and column alone.",)
    assert found.prices == [(SOAP, "Soap", 150)]


def test_rows_keep_their_numbers_below_empty_ones() -> None:
    found = read(workbook(HEADER, [], [ROPE, "Rope", 0]))
    assert found.errors[0].startswith("Line 3, price")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"xl/workbook.xml": b"x", "xl/vbaProject.bin": b"x"}, "holds macros"),
        ({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "declares entities"),
        ({f"xl/{number}": b"" for number in range(MAX_MEMBERS + 1)}, "more than 1,000 parts"),
        ({"xl/workbook.xml": bytes(3_000_000)}, "more than 100 times its size"),
        ({"xl/workbook.xml": b"<" * 100}, "cannot be read"),
        ({"xl/workbook.xml": b"<a>" * 100_000}, "cannot be read"),
        ({"../../etc/passwd": b"x"}, "cannot be read"),
    ],
)
def test_a_packed_file_that_is_no_harmless_workbook_is_refused(members: dict[str, bytes], said: str) -> None:
    with pytest.raises(SheetError, match=said):
        read(packed(members))


def test_the_size_an_archive_states_is_not_believed() -> None:
    raw = bytearray(packed({"xl/workbook.xml": bytes(2_000_000)}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place = raw.index(mark) + (22 if mark.endswith(b"\x04") else 24)
        raw[place : place + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(SheetError, match="damaged"):
        read(bytes(raw))


def test_an_old_workbook_is_refused_with_a_way_out() -> None:
    with pytest.raises(SheetError, match=r"save it as \.xlsx"):
        read(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))


GOOD = workbook(HEADER, [SOAP, "Soap", 1.5])


@given(st.integers(0, len(GOOD)), st.binary(max_size=8))
def test_a_damaged_workbook_is_read_or_refused(place: int, put_in: bytes) -> None:
    try:
        read(GOOD[:place] + put_in + GOOD[place + len(put_in) :])
    except SheetError:
        return
