"""The swap of a whole catalogue: what is there afterwards is what was given, in every index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from inventory.db.refresh import TwiceInCatalogue
from inventory.db.repositories import each_item
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.services import catalogue
from tests.support.store_samples import MIRROR, NOW, RATES, STORE_ID, WATER, gtin, opened_store

WORDS = ("milk", "bread", "latte", "pane", "牛奶", "brânză", "coca-cola", "tea", "oil", "rice")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path) as database:
        yield database


def drawn(random: Random, most: int) -> list[Item]:
    """Some goods, each with one or two names, in no order."""
    chosen = random.sample(range(most), k=random.randint(0, most))
    return [
        replace(
            WATER,
            gtin=gtin(100 + number),
            sku=f"SKU-{number}",
            price_minor=random.randint(1, 3),
            names={
                language: " ".join(random.sample(WORDS, k=2))
                for language in random.sample(("en", "it", "zh-Hans"), k=random.randint(1, 2))
            },
        )
        for number in chosen
    ]


def swapped(database: Database, items: Iterator[Item] | list[Item], *, is_sorted: bool = False) -> None:
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, items, RATES, NOW, is_sorted=is_sorted)


def kept(database: Database) -> list[Item]:
    with database.read() as uow:
        return list(each_item(uow.session, STORE_ID))


def indexed(database: Database) -> tuple[dict[str, int], dict[str, int], set[str]]:
    """The vocabulary as the full-text table counts it, as it is kept, and the items in the index."""
    with database.write_connection() as connection:
        connection.execute(text("CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, item_words, row)"))
        terms = connection.execute(text("SELECT term, doc FROM temp.v"))
        told = {row[0]: row[1] for row in terms}
        connection.execute(text("DROP TABLE temp.v"))
        kept_words = connection.execute(text("SELECT word, item_count FROM search_word"))
        words = {row[0]: row[1] for row in kept_words}
        items = set(connection.execute(text("SELECT gtin FROM search_entry")).scalars())
    return told, words, items


def test_the_catalogue_and_its_index_are_what_was_given_last(database: Database) -> None:
    random = Random(4)
    for _ in range(8):
        items = drawn(random, 30)
        swapped(database, iter(items))
        assert kept(database) == sorted(items, key=lambda item: item.gtin)
        told, words, known = indexed(database)
        assert told == words
        assert known == {item.gtin for item in items}


def test_items_in_order_need_no_sorting_and_the_promise_is_checked(database: Database) -> None:
    items = [replace(WATER, gtin=gtin(number), sku=f"S{number}") for number in (7, 8, 9)]
    swapped(database, iter(items), is_sorted=True)
    assert kept(database) == items
    for wrong in ([items[1], items[0]], [items[0], items[0]]):
        with pytest.raises(TwiceInCatalogue):
            swapped(database, iter(wrong), is_sorted=True)
        assert kept(database) == items


def test_the_same_item_twice_is_refused_and_nothing_changes(database: Database) -> None:
    before = kept(database)
    with pytest.raises(TwiceInCatalogue):
        swapped(database, [MIRROR, MIRROR])
    assert kept(database) == before


def test_a_swap_tells_how_far_it_came(database: Database) -> None:
    heard: list[int] = []
    items = [replace(WATER, gtin=gtin(number), sku=f"S{number}") for number in range(9000)]
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, items, RATES, NOW, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == len(items)
    assert len(heard) > 2
