"""The store's search: by the first letters, with slips, in any script, by codes and synonyms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.services import catalogue, item_search, popularity, sales, synonyms
from inventory.services.item_search import Matched
from inventory.web.search_clock import SearchClock
from tests.support.store_samples import (
    NOW,
    PEARS,
    STORE_ID,
    WATER,
    body_of,
    gtin,
    line_of,
    opened_store,
    sale_message,
)


def good(number: int, *aliases: str, department: str = "", **names: str) -> Item:
    named = {language.replace("_", "-"): name for language, name in names.items()}
    return replace(
        WATER, gtin=gtin(number), sku=f"SKU-{number}", names=named, aliases=aliases, department=department
    )


MILK = good(31, "halib", en="Whole milk", it="Latte intero", ar="الحليب كامل الدسم", zh_Hans="全脂牛奶 1 升")
CHOCOLATE = good(33, en="Milk chocolate", it="Cioccolato al latte")
CHEESE = good(34, department="Fromagerie", en="Cheese", ro="Brânză țărănească", it="Formaggio")
COLA = good(35, en="Fizzy-Cola zero", de="Größte Cola")
GOODS = (MILK, CHOCOLATE, CHEESE, COLA, PEARS)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with opened_store(tmp_path_factory.mktemp("search"), items=GOODS) as database:
        with database.write() as uow:
            synonyms.add(uow, STORE_ID, term="Pop", meaning="cola", who="Ada", now_utc=NOW)
            synonyms.add(uow, STORE_ID, term="sugar free", meaning="zero", who="Ada", now_utc=NOW)
        yield database


def found(database: Database, words: str, language: str = "en") -> list[str]:
    with database.read() as uow:
        return [hit.item.names["en"] for hit in item_search.search(uow, STORE_ID, words, language)]


@pytest.mark.parametrize("typed", ["mi", "mil", "milk", "MILK", " milk "])
def test_the_second_letter_of_a_word_is_enough(database: Database, typed: str) -> None:
    assert found(database, typed) == ["Milk chocolate", "Whole milk"]


@pytest.mark.parametrize("typed", ["", "m", " ", "%", "*", '"', "'; --", "\0\0", "mi AND", "xyzzy"])
def test_too_little_or_nonsense_finds_nothing(database: Database, typed: str) -> None:
    assert found(database, typed) == []


@pytest.mark.parametrize("typed", ["chocalate", "chcolate", "choclate", "chocoltae", "hcoco", "xhocolate"])
def test_slips_are_forgiven_by_the_length_of_the_word(database: Database, typed: str) -> None:
    assert found(database, typed) == ["Milk chocolate"]


@pytest.mark.parametrize("typed", ["chesee", "mlik choc"])
def test_a_slip_in_one_word_leaves_the_others_as_they_are(database: Database, typed: str) -> None:
    assert len(found(database, typed)) == 1


@pytest.mark.parametrize(
    "typed", ["حليب", "الحليب", "牛奶", "奶", "全脂", "latte int", "halib", "LATTE INTERO"]
)
def test_a_name_is_found_in_every_language_and_script(database: Database, typed: str) -> None:
    assert found(database, typed) == ["Whole milk"]


@pytest.mark.parametrize("typed", ["branza", "brânză", "taraneasca", "fromag", "FROMAGERIE"])
def test_accents_need_not_be_typed_and_departments_are_words(database: Database, typed: str) -> None:
    assert found(database, typed) == ["Cheese"]


@pytest.mark.parametrize("typed", ["grosste", "größte", "fizzycola", "fizzy-cola", "cola fizzy"])
def test_two_spellings_are_one(database: Database, typed: str) -> None:
    assert found(database, typed) == ["Fizzy-Cola zero"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("4409", "Brave pears"),
        ("sku-33", "Milk chocolate"),
        (CHEESE.gtin, "Cheese"),
        (CHEESE.gtin.lstrip("0"), "Cheese"),
        (f" {CHEESE.gtin[1:]} ", "Cheese"),
    ],
)
def test_a_code_finds_its_item(database: Database, typed: str, name: str) -> None:
    assert found(database, typed) == [name]


def test_what_people_call_it_leads_to_what_the_store_calls_it(database: Database) -> None:
    for typed in ("pop", "sugar free", "suga", "pop zero"):
        assert found(database, typed) == ["Fizzy-Cola zero"], typed
    with database.read() as uow:
        (hit,) = item_search.search(uow, STORE_ID, "pop", "en")
    assert hit.matched is Matched.SYNONYM


def test_the_index_follows_every_change_of_the_catalogue(tmp_path: Path) -> None:
    with opened_store(tmp_path, items=GOODS) as database:
        assert found(database, "chocolate")
        with database.write() as uow:
            renamed = replace(CHOCOLATE, names={"en": "Walrus biscuits"})
            catalogue.change_items(uow, STORE_ID, put=[renamed], dropped=[CHEESE.gtin], now_utc=NOW)
        assert found(database, "chocolate") == found(database, "cheese") == []
        assert found(database, "walrux") == found(database, "wal") == ["Walrus biscuits"]
        with database.write() as uow:
            catalogue.replace_items(uow, STORE_ID, [MILK], {"reduced": 1000}, NOW)
        assert found(database, "walrus") == []
        assert found(database, "milk") == ["Whole milk"]


def test_what_sells_best_comes_first_and_falls_back_when_it_no_longer_does(tmp_path: Path) -> None:
    teas = [good(200 + number, en=f"Green tea {number}") for number in range(5)]
    with opened_store(tmp_path, items=tuple(teas)) as database:
        with database.write() as uow:
            for number in range(3):
                sold = line_of(teas[3])
                message = sale_message(sold, sale_id=f"sale-{number}", receipt_no=number + 1)
                sales.record(uow, STORE_ID, message, body_of(message), NOW)
        assert SearchClock(database, STORE_ID, clock=lambda: NOW).tick() == 1
        assert found(database, "green te")[0] == "Green tea 3"
        with database.write() as uow:
            assert popularity.renew(uow, STORE_ID, NOW.date() + popularity.COUNTED * 2) == 1
        assert found(database, "green te")[0] == "Green tea 0"
