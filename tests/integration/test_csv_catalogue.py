"""Catalogue files: what is read, what is refused and on which line, and that export reads back alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.formats.csv_catalogue import COLUMNS, CatalogueSheet, read_catalogue, write_catalogue
from inventory.formats.numbers import read_scaled, read_whole
from inventory.formats.table import MAX_COLUMNS, MAX_FILE_BYTES, SheetError
from tests.support.store_samples import ITEMS, MIRROR, SIX_WATERS, gtin

HEADER = "gtin,name,price_minor\n"
ONE, TWO = gtin(11), gtin(12)


def read(text: str) -> CatalogueSheet:
    return read_catalogue(text.encode(), currency="EUR")


def problems(text: str) -> list[str]:
    return [str(error) for error in read(text).errors]


def test_three_columns_are_enough() -> None:
    (entry,) = read(f"{HEADER}{ONE},Soap,150\n").entries
    assert entry.item == Item(ONE, ONE, {"en": "Soap"}, 150, "EUR", "standard")
    assert (entry.line_no, entry.opening_stock_milli) == (2, None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_usual_delimiter_is_found_out(delimiter: str) -> None:
    sheet = read(f"{HEADER}{ONE},Soap,150\n".replace(",", delimiter))
    assert (sheet.delimiter, len(sheet.entries)) == (delimiter, 1)


@pytest.mark.parametrize(
    ("codec", "bom", "said"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "UTF-8"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("cp1252", b"", "Windows-1252"),
    ],
)
def test_each_usual_encoding_is_found_out(codec: str, bom: bytes, said: str) -> None:
    sheet = read_catalogue(bom + f"{HEADER}{ONE},Caffè,150\n".encode(codec), currency="EUR")
    assert (sheet.encoding, sheet.entries[0].item.names["en"]) == (said, "Caffè")
    assert bool(sheet.warnings) == (said == "Windows-1252")


def test_columns_may_stand_in_any_order_and_case() -> None:
    sheet = read(f"Price_Minor, NAME ,gtin,colour\n150,Soap,{ONE},red\n")
    assert sheet.entries[0].item.price_minor == 150
    assert sheet.warnings == ("Columns without a meaning here were left out: colour.",)


def test_missing_columns_are_all_named_in_one_sentence() -> None:
    with pytest.raises(SheetError, match=r"lacks the columns gtin and price_minor; its first line must name"):
        read("name,sku\nSoap,1\n")


@pytest.mark.parametrize(
    "price",
    [
        "",
        "0",
        "-5",
        "1.5",
        "NaN",
        "inf",
        "1e9",
        "1e1000000",
        "1_000",
        "١٢",
        "\uff11\uff12",
        " 0x1",
        "9999999999",
    ],
)
def test_a_price_is_a_whole_number_of_ascii_digits_above_nothing(price: str) -> None:
    assert problems(f"{HEADER}{ONE},Soap,{price}\n")[0].startswith("Line 2, price_minor: ")


@pytest.mark.parametrize("code", ["", "123", "9520000000000", "hello", "٩٥٢"])
def test_a_bad_gtin_is_named_with_its_line(code: str) -> None:
    assert problems(f"{HEADER}{ONE},Soap,150\n{code},Rope,150\n")[0].startswith("Line 3, gtin: ")


def test_a_duplicate_is_named_with_both_lines() -> None:
    text = f"{HEADER}{ONE},Soap,150\n{TWO},Rope,1\n{ONE.lstrip('0')},Soap,151\n"
    assert f"Line 4, gtin: {ONE} stands on line 2 and on line 4." in problems(text)


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = f'{HEADER}{ONE},"Soap\nof two lines",150\n\n{TWO},Rope,0\n'
    assert problems(text)[0].startswith("Line 5, price_minor")
    assert read(text).entries[0].item.names["en"] == "Soap of two lines"


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("season", "May", "“May” is not months such as 5-9, 11-2 or 4 9-10."),
        ("aliases", "x" * 41, "“xxxxxxxxxxxxxxxxxxxx…” is longer than 40 characters."),
        ("aliases", "|".join("abcdefghijklm"), "there are too many words; take 12 at most."),
        ("sold_by", "litre", "“litre” is neither unit nor weight."),
        ("age_limit", "200", "“200” is not a whole number from 0 to 99."),
        ("currency", "USD", "“USD” is not the store's EUR."),
        ("plu", "12", "“12” is not a PLU of four or five digits."),
        ("label_prefix", "12", "“12” is not the beginning of an in-store number."),
        ("multipack_units", "6", "a multipack needs both the GTIN of its single and its units."),
        ("opening_stock_milli", "-1", "“-1” is not a whole number from 0 to 999999999."),
    ],
)
def test_each_column_has_its_own_complaint(column: str, cell: str, problem: str) -> None:
    text = f"gtin,name,price_minor,{column}\n{ONE},Soap,150,{cell}\n"
    assert problems(text) == [f"Line 2, {column}: {problem}"]


def test_a_row_with_too_few_cells_is_refused() -> None:
    assert problems(f"{HEADER}{ONE},Soap\n") == [
        "Line 2, row: it has more or fewer cells than the first line."
    ]


def test_unseen_characters_are_taken_out_and_reported() -> None:
    sheet = read(f"{HEADER}{ONE},So\u200bap\u202e \x1b@\x00end,150\n")
    assert sheet.entries[0].item.names["en"] == "So ap @ end"
    assert sheet.warnings == ("Unseen characters were taken out of line 2.",)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"gtin,name,price_minor\n" + b"x" * MAX_FILE_BYTES, "larger than 50 MiB"),
        (b"gtin,name,price_minor\n" + b"," * MAX_COLUMNS, "more than 200 columns"),
        (b"gtin,name,price_minor\n1," + b"x" * 4097 + b",1", "more than 4096 characters"),
        (b'gtin,name,price_minor\n1,"Soap,1\n', "breaks the rules of CSV"),
        (b"\xff\xfe\x00", "is not UTF-16"),
        (b"\x89PNG\x00\xff", "not a text file"),
        (b"gtin,name,price_minor\n\x81", "cannot be read"),
        (b"gtin,gtin,name,price_minor\n", "names gtin twice"),
        (b"", "lacks the columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(raw: bytes, said: str) -> None:
    with pytest.raises(SheetError, match=said):
        read_catalogue(raw, currency="EUR")


def test_a_multipack_without_its_single_is_a_warning() -> None:
    raw = write_catalogue([SIX_WATERS])
    assert read_catalogue(raw, currency="EUR").warnings == (
        "Line 2: the single of this multipack is not in the file.",
    )


def test_export_names_every_column_and_quotes_formulas() -> None:
    raw = write_catalogue([replace(MIRROR, names={"en": '=HYPERLINK("x")'})], on_hand_milli={MIRROR.gtin: -5})
    header, row, _ = raw.decode().split("\r\n")
    assert tuple(header.split(",")) == COLUMNS
    assert ',"\'=HYPERLINK(""x"")",' in row
    assert row.endswith(",0")


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
items = st.builds(
    replace,
    st.sampled_from([item for item in ITEMS if not item.multipack_of]),
    gtin=st.integers(0, 999_999_999).map(gtin),
    sku=names,
    names=st.dictionaries(st.sampled_from(["it", "ro", "de", "fil"]), names).flatmap(
        lambda others: names.map(lambda name: others | {"en": name})
    ),
    price_minor=st.integers(1, MAX_AMOUNT_MINOR),
    sold_by=st.sampled_from(SoldBy),
    age_limit=st.integers(0, 99),
    department=names,
    plu=st.just(""),
    label_prefix=st.just(""),
    season=st.sets(st.integers(1, 12)).map(lambda months: tuple(sorted(months))),
    aliases=st.lists(names.filter(lambda name: "|" not in name), max_size=3, unique=True).map(tuple),
)


@given(st.lists(items, max_size=4, unique_by=(lambda item: item.gtin, lambda item: item.sku)))
def test_whatever_is_exported_is_read_back_alike(found: list[Item]) -> None:
    sheet = read_catalogue(write_catalogue(found), currency="EUR")
    assert sheet.errors == ()
    assert [entry.item for entry in sheet.entries] == found


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{HEADER}{text}".encode()))
def test_any_bytes_are_a_sheet_or_a_sheet_error(raw: bytes) -> None:
    try:
        sheet = read_catalogue(raw, currency="EUR")
    except SheetError:
        return
    assert all(entry.item.price_minor > 0 for entry in sheet.entries)


@given(st.integers(0, 999_999_999), st.integers(0, 4))
def test_scaled_numbers_are_exact(number: int, digits: int) -> None:
    text = f"{number // 10**digits}" + (f",{number % 10**digits:0{digits}}" if digits else "")
    assert read_scaled(text, digits) == number


@pytest.mark.parametrize("text", ["", "1.", ".5", "1.23456", "1e3", "+1", "-1", "1 000", "1\n", "¹"])
def test_odd_numbers_are_no_numbers(text: str) -> None:
    assert read_scaled(text, 2) is None
    assert read_whole(text) is None
