"""Goods files of other programs: found out by their columns, and never taken at a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.catalogue import SoldBy
from inventory.formats.numbers import DecimalSign, NumberError, read_amount, sign_of
from inventory.formats.table import SheetError
from tests.support import goods_files as files
from tests.support.goods_files import EURO, ROPE, SOAP, TEA, read, workbook


@pytest.mark.parametrize(
    ("raw", "format_name"),
    [
        (files.SHOPIFY_OLDER, "shopify"),
        (files.SHOPIFY_CURRENT, "shopify"),
        (files.SQUARE, "square"),
        (files.LOYVERSE, "loyverse"),
        (files.ODOO, "odoo"),
        (files.ODOO_LABELS, "odoo"),
        (files.OPEN_FOOD_FACTS, "open-food-facts"),
        (files.OPEN_FOOD_FACTS_JSON, "open-food-facts"),
        (files.PRICAT, "pricat"),
        (files.INVRPT, "invrpt"),
        (files.EPCIS, "epcis"),
        (f"gtin,name,price\n{SOAP},Soap,1.50\n", "lanelight"),
        (f"gtin;name;price_minor\n{SOAP};Soap;150\n", "lanelight"),
    ],
)
def test_each_format_is_found_out_by_itself(raw: str, format_name: str) -> None:
    assert read(raw).reading.format_name == format_name


def test_shopify_before_2024_names_variants_and_skips_pictures() -> None:
    found = read(files.SHOPIFY_OLDER)
    assert found.prices == [(SOAP, "Soap", 150), (ROPE, "Rope 5 m", 1290)]
    assert [entry.item.sku for entry in found.entries] == ["S-1", "R-5"]
    assert [entry.item.department for entry in found.entries] == ["Household", "Garden"]
    assert [entry.opening_stock_milli for entry in found.entries] == [7000, None]
    assert found.left_out == [(5, "it has no barcode"), (6, "it is a gift card")]
    assert found.errors == []


def test_shopify_today_leaves_drafts_out() -> None:
    found = read(files.SHOPIFY_CURRENT)
    assert found.prices == [(SOAP, "Soap", 150)]
    assert found.left_out == [(3, "the product is not active")]


def test_square_prices_have_the_comma_their_column_shows() -> None:
    found = read(files.SQUARE)
    assert found.reading.decimal is DecimalSign.COMMA
    assert found.prices == [(SOAP, "Soap", 150), (ROPE, "Rope Long", 101290)]
    assert found.left_out == [(4, "its price is said at the till"), (5, "it has no barcode")]
    assert found.entries[0].opening_stock_milli == 7000


def test_loyverse_weighs_what_it_says_is_weighed() -> None:
    found = read(files.LOYVERSE)
    assert found.prices == [(SOAP, "Soap", 150), (TEA, "Tea green", 1200)]
    assert [entry.item.sold_by for entry in found.entries] == [SoldBy.UNIT, SoldBy.WEIGHT]
    assert found.entries[1].opening_stock_milli == 1250


def test_odoo_is_read_under_both_kinds_of_names() -> None:
    found = read(files.ODOO)
    assert found.prices == [(SOAP, "Soap", 150), (TEA, "Tea", 1200)]
    assert [entry.item.department for entry in found.entries] == ["Household", "Drinks"]
    assert found.left_out == [(4, "it is not sold at the till")]
    assert read(files.ODOO_LABELS).prices == [(SOAP, "Soap", 150)]


@pytest.mark.parametrize("raw", [files.OPEN_FOOD_FACTS, files.OPEN_FOOD_FACTS_JSON])
def test_open_food_facts_only_fills_what_is_empty(raw: str) -> None:
    found = read(raw)
    assert found.reading.fills_only
    assert "price_minor" not in found.reading.speaks_of
    (entry,) = found.entries
    assert (entry.item.names, entry.item.net_unit) == ({"en": "Milk", "it": "Latte"}, "L")
    assert found.errors == []


def test_other_programs_have_no_say_in_shelves_taxes_and_ages() -> None:
    for raw in (files.SHOPIFY_OLDER, files.SQUARE, files.PRICAT):
        assert read(raw).reading.speaks_of == {"names", "price_minor"}


def test_our_own_file_speaks_of_its_columns_alone() -> None:
    found = read(f"gtin,name,price,aisle\n{SOAP},Soap,€ 1.50,4\n")
    assert found.reading.speaks_of == {"gtin", "names", "price_minor", "aisle"}
    assert found.prices == [(SOAP, "Soap", 150)]


def test_a_format_set_by_hand_wins_and_is_held_to() -> None:
    with pytest.raises(SheetError, match="lacks the columns url handle"):
        read(files.SQUARE, replace(EURO, format_name="shopify"))


def test_a_decimal_sign_set_by_hand_settles_what_the_file_leaves_open() -> None:
    text = f"gtin,name,price\n{SOAP},Soap,1.234\n"
    assert read(text).errors == [
        "Line 2, price: “1.234” may be thousands or thousandths: say which decimal sign the file has."
    ]
    assert read(text, replace(EURO, decimal=DecimalSign.COMMA)).prices == [(SOAP, "Soap", 123400)]


def test_one_cell_with_the_other_decimal_sign_is_refused_not_guessed() -> None:
    text = f'gtin,name,price\n{SOAP},Soap,"1,50"\n{TEA},Tea,"2,50"\n{ROPE},Rope,12.50\n'
    found = read(text, replace(EURO, decimal=DecimalSign.COMMA))
    assert found.errors == ["Line 4, price: “12.50” has another decimal sign than the rest of its column."]


@pytest.mark.parametrize(
    "price",
    [
        *("1e1000000", "NaN", "Inf", "-inf", "١٢", "\uff11", "1_000", "0x10", "--1", "1.2.3", "1,2,3"),
        *("9" * 40, "0", "0.00", "-5", "12.999", "1.50 kr", "=1+1", "1 2"),
    ],
)
def test_what_is_no_price_is_refused_with_its_line(price: str) -> None:
    found = read(f'gtin,name,price\n{SOAP},Soap,"{price}"\n', replace(EURO, decimal=DecimalSign.POINT))
    assert found.prices == []
    assert found.errors[0].startswith("Line 2, price: ")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        *(("1.234,56", 123456), ("1,234.56", 123456), ("1 234,5", 123450), ("1'234.50", 123450)),
        *(("€ 3", 300), ("3 €", 300), ("0.500", 50), ("1.234.567", 123456700), ("12", 1200), ("-5", -500)),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, minor: int) -> None:
    assert read_amount(text, 2, None) == minor


@given(st.integers(0, 99_999_999), st.sampled_from(DecimalSign), st.booleans())
def test_every_written_amount_is_read_back(minor: int, sign: DecimalSign, grouped: bool) -> None:
    whole, rest = divmod(minor, 100)
    text = f"{whole:,}".replace(",", sign.other.value) if grouped else str(whole)
    assert read_amount(f"{text}{sign.value}{rest:02}", 2, None) == minor
    assert sign_of(f"{text}{sign.value}{rest:02}") is sign


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_number_error(text: str) -> None:
    try:
        amount = read_amount(text, 2, None)
    except NumberError:
        return
    assert isinstance(amount, int)


@pytest.mark.parametrize(
    ("cell", "is_number", "gtin"),
    [
        ("4.00638133393E+12", False, "04006381333931"),
        ("4,00638133393e12", False, "04006381333931"),
        ("4006381333930", True, "04006381333931"),
        ("4006381333931.0", False, "04006381333931"),
        ("12345678905", False, "00012345678905"),
        ("'4006381333931", False, "04006381333931"),
    ],
)
def test_gtins_that_a_spreadsheet_cut_short_are_mended_by_their_check_digit(
    cell: str, is_number: bool, gtin: str
) -> None:
    price = 1.5 if is_number else "1.50"
    raw = workbook(["gtin", "name", "price"], [int(cell) if is_number else cell, "Pen", price])
    assert read(raw).prices == [(gtin, "Pen", 150)]


@pytest.mark.parametrize(
    "cell", ["4.00638E+12", "4006381333930", "4.00638133393E+99", "١٢٣٤٥٦٧٠", "1e1000000"]
)
def test_gtins_that_may_be_several_are_not_mended(cell: str) -> None:
    found = read(f"gtin,name,price\n{cell},Pen,1.50\n")
    assert found.errors == [f"Line 2, gtin: “{cell}” is not a GTIN, or its check digit is wrong."]


def test_a_mended_gtin_is_told() -> None:
    found = read(f"gtin,name,price\n4.00638133393E+12,Pen,1.50\n{SOAP},Soap,2.00\n")
    assert found.notes == ("Excel cut a GTIN short; it was mended by its check digit in line 2.",)


@pytest.mark.parametrize(
    ("language", "codec", "word"),
    [
        ("ro", "cp1250", "Brânză"),
        ("pl", "cp1250", "Żółć"),
        ("it", "cp1252", "Caffè"),
        ("el", "cp1253", "Γάλα"),
    ],
)
def test_an_old_code_page_is_guessed_by_the_stores_language_and_told(
    language: str, codec: str, word: str
) -> None:
    raw = f"gtin,name,price\n{SOAP},{word},1.50\n".encode(codec)
    found = read(raw, replace(EURO, language=language))
    assert found.prices == [(SOAP, word, 150)]
    assert found.notes == (f"The file is not UTF-8; it was read as Windows-{codec[2:]}.",)
    assert read(raw, replace(EURO, encoding=f"windows-{codec[2:]}")).prices == found.prices


def test_a_gtin_that_was_wrapped_to_keep_excels_hands_off_is_read() -> None:
    assert read('gtin,name,price\n"=""4006381333931""",Pen,1.50\n').prices == [("04006381333931", "Pen", 150)]


def test_a_line_that_tells_excel_the_delimiter_is_no_header() -> None:
    found = read(f"sep=;\r\ngtin;name;price\r\n{SOAP};Soap, green;1,50\r\n{TEA};Tea;x\r\n")
    assert found.prices == [(SOAP, "Soap, green", 150)]
    assert found.errors == ["Line 4, price: “x” is not an amount."]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_found_out(codec: str) -> None:
    assert read(f"gtin,name,price\n{SOAP},Caffè,1.50\n".encode(codec)).prices == [(SOAP, "Caffè", 150)]


FILES = [
    files.SHOPIFY_OLDER,
    files.SQUARE,
    files.LOYVERSE,
    files.ODOO,
    files.OPEN_FOOD_FACTS,
    files.OPEN_FOOD_FACTS_JSON,
    files.PRICAT,
    files.INVRPT,
    files.EPCIS,
    f"gtin,name,price\n{SOAP},Soap,1.50\n",
]


@given(st.sampled_from(FILES), st.data())
def test_a_file_with_anything_written_over_it_is_read_or_refused(raw: str, data: st.DataObject) -> None:
    """No reader knows another error than its own, wherever the file is cut, and whatever is put in."""
    whole = raw.encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    put_in = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"'", b"+", b":", b'"', b"{", b"\xff", b"9" * 5000])
    )
    try:
        found = read(whole[:start] + put_in + whole[end:])
    except SheetError:
        return
    assert all(entry.item.price_minor > 0 for entry in found.entries)
    assert all(len(entry.item.gtin) == 14 for entry in found.entries)
