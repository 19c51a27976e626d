"""Owns what the demo catalogue promises: check digits, full names, drawn pictograms, every kind of goods.

It must not know the product's reader of this file: the promises are checked with arithmetic of its own.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from assets.demo import make_catalogue
from tests.support.faces import WEIGHTS, undrawable

ASSETS = Path(make_catalogue.__file__).parents[1]
CATALOGUE = ASSETS / "demo" / "catalogue.csv"
HEADER = (
    "gtin,sku,plu,name,name_it,name_id,name_ro,name_fil,"
    "name_es,name_fr,name_de,name_ar,name_zh-Hans,price_minor,currency,tax_class,sold_by,age_limit,"
    "deposit_minor,multipack_of,multipack_units,department,aisle,bay,shelf,pictogram,net_content,net_unit,"
    "label_prefix,season,aliases,opening_stock_milli"
)
NAMES = (
    *("name", "name_it", "name_id", "name_ro", "name_fil"),
    *("name_es", "name_fr", "name_de", "name_ar", "name_zh-Hans"),
)
DEPARTMENTS = {
    *("produce", "bakery", "dairy", "meat-fish", "deli", "frozen"),
    *("pantry", "drinks", "alcohol", "sweets-snacks", "household", "personal-care"),
}
Row = dict[str, str]
# Items that journeys and documents name: GTIN, English name, price in cents, further cells.
KNOWN: tuple[tuple[str, str, str, Row], ...] = (
    ("09520000030018", "Whole milk 1 L", "129", {}),
    ("09520000020019", "Farmhouse bread", "210", {}),
    ("09520000010010", "Golden apples", "209", {"sold_by": "weight", "plu": "4020"}),
    ("09520000030179", "Strawberry yogurt", "100", {}),
    ("09520000090012", "Amber beer 0.5 L", "180", {"deposit_minor": "8", "age_limit": "18"}),
    ("09520000030056", "Lactose-free milk 1 L", "159", {"aisle": "7", "bay": "3"}),
    ("09520000030063", "Lactose-free milk ½ L", "99", {"aisle": "7", "bay": "3"}),
    ("09520000090104", "Red wine 0.75 L", "549", {"age_limit": "18"}),
    ("09520000000608", "Paper carrier bag", "20", {"sku": "BAG-PAPER", "pictogram": "bag"}),
)


def read_rows() -> list[Row]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read_rows()


def check_sum(digits: str) -> int:
    """Zero for a right GTIN: digits in odd places from the right count once, the others three times."""
    from_right = [int(digit) for digit in reversed(digits)]
    return (sum(from_right[::2]) + 3 * sum(from_right[1::2])) % 10


def test_the_file_has_the_agreed_columns_in_order_and_ends_its_lines_as_rfc_4180_says() -> None:
    text = CATALOGUE.read_bytes().decode("utf-8")
    lines = text.split("\r\n")
    assert lines[0] == HEADER
    assert lines[-1] == ""
    assert not any("\n" in line for line in lines)


def test_the_file_is_what_the_shelf_lists_say(tmp_path: Path) -> None:
    lines = [line for name in make_catalogue.DEPARTMENTS for line in make_catalogue.read_shelf(name)]
    make_catalogue.write(make_catalogue.build(lines), tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == CATALOGUE.read_bytes()


def test_every_item_has_a_gtin_of_its_own_with_the_right_check_digit(rows: list[Row]) -> None:
    gtins = [row["gtin"] for row in rows]
    assert len(set(gtins)) == len(gtins) >= 260
    for gtin in gtins:
        assert len(gtin) == 14
        assert gtin.startswith("0952")
        assert check_sum(gtin) == 0, gtin


@pytest.mark.parametrize("column", ["sku", "plu", "label_prefix", *NAMES])
def test_codes_and_names_are_given_once(rows: list[Row], column: str) -> None:
    repeated = [value for value, count in Counter(row[column] for row in rows).items() if value and count > 1]
    assert repeated == []


def test_every_name_is_there_in_ten_languages_and_fits_a_shelf_label(rows: list[Row]) -> None:
    for row in rows:
        for column in NAMES:
            assert 0 < len(row[column]) <= 40, row[column]
            assert row[column] == row[column].strip()


def test_every_department_has_goods_and_every_item_a_place(rows: list[Row]) -> None:
    counts = Counter(row["department"] for row in rows)
    assert set(counts) == DEPARTMENTS
    assert min(counts.values()) >= 10
    assert all(1 <= int(row["aisle"]) <= 9 and 1 <= int(row["bay"]) <= 6 for row in rows)


def test_prices_taxes_and_contents_are_plain_and_positive(rows: list[Row]) -> None:
    for row in rows:
        assert int(row["price_minor"]) > 0
        assert row["currency"] == "EUR"
        assert row["tax_class"] in {"reduced", "standard", "super"}
        assert row["sold_by"] in {"unit", "weight"}
        assert row["age_limit"] in {"0", "18"}
        assert int(row["deposit_minor"]) >= 0
        assert float(row["net_content"]) > 0
        assert row["net_unit"] in {"g", "kg", "ml", "l", "pc", "m"}


def test_every_pictogram_is_drawn_for_the_lane_and_for_the_web(rows: list[Row]) -> None:
    for stem in {row["pictogram"] for row in rows}:
        assert (ASSETS / "pictograms" / f"{stem}.png").is_file(), stem
        assert (ASSETS / "pictograms" / f"{stem}.svg").is_file(), stem


def test_loose_produce_is_keyed_and_counter_goods_are_labelled(rows: list[Row]) -> None:
    produce = [row for row in rows if row["department"] == "produce"]
    loose = [row for row in produce if row["sold_by"] == "weight"]
    labelled = [row for row in rows if row["label_prefix"]]
    assert len(loose) >= 20
    assert len(produce) - len(loose) >= 10
    assert len(labelled) >= 15
    assert all(row["plu"].isdigit() and not row["label_prefix"] for row in loose)
    assert all(len(row["plu"]) == (5 if row["name"].startswith("Organic") else 4) for row in loose)
    assert all(row["sold_by"] == "weight" and not row["plu"] for row in labelled)
    assert all(
        len(row["label_prefix"]) == 7
        and row["label_prefix"].isdigit()
        and row["label_prefix"].startswith("2")
        for row in labelled
    )
    assert all(row["plu"] or row["label_prefix"] for row in rows if row["sold_by"] == "weight")


def test_the_goods_that_need_care_are_all_there(rows: list[Row]) -> None:
    assert sum(row["age_limit"] == "18" for row in rows) >= 15
    assert sum(int(row["deposit_minor"]) > 0 for row in rows) >= 15
    assert all(row["age_limit"] == ("18" if row["department"] == "alcohol" else "0") for row in rows)


def test_a_multi_pack_points_at_its_single_and_costs_less_than_its_parts(rows: list[Row]) -> None:
    by_gtin = {row["gtin"]: row for row in rows}
    packs = [row for row in rows if row["multipack_of"]]
    assert len(packs) >= 8
    assert all(bool(row["multipack_of"]) == bool(row["multipack_units"]) for row in rows)
    for pack in packs:
        single, units = by_gtin[pack["multipack_of"]], int(pack["multipack_units"])
        assert units > 1
        assert single["multipack_of"] == ""
        assert int(pack["price_minor"]) < units * int(single["price_minor"])
        assert int(pack["deposit_minor"]) == units * int(single["deposit_minor"])
        assert (pack["age_limit"], pack["tax_class"]) == (single["age_limit"], single["tax_class"])


def test_stock_runs_from_plenty_to_none(rows: list[Row]) -> None:
    pieces = [int(row["opening_stock_milli"]) for row in rows if row["sold_by"] == "unit"]
    assert all(stock % 1000 == 0 for stock in pieces)
    assert sum(stock >= 10_000 for stock in pieces) > 50
    assert sum(4_000 <= stock < 10_000 for stock in pieces) > 10
    assert sum(1_000 <= stock < 4_000 for stock in pieces) > 10
    assert pieces.count(0) > 5


@pytest.mark.parametrize(("gtin", "name", "price", "cells"), KNOWN, ids=[known[1] for known in KNOWN])
def test_items_that_journeys_name_stay_as_they_are(
    rows: list[Row], gtin: str, name: str, price: str, cells: Row
) -> None:
    row = next(row for row in rows if row["gtin"] == gtin)
    assert (row["name"], row["price_minor"]) == (name, price)
    assert {column: row[column] for column in cells} == cells


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_character_of_every_name_is_in_the_face(rows: list[Row], weight: str) -> None:
    characters = {character for row in rows for column in NAMES for character in row[column]}
    assert undrawable(characters, weight) == []
