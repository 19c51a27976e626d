"""The store's search and the stores nearby on PostgreSQL: the same tests as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inventory.db.unit_of_work import Database
from inventory.services import synonyms
from tests.integration import test_item_search as search
from tests.integration import test_nearby as near
from tests.support.engines import Server
from tests.support.store_samples import NOW, STORE_ID, opened_store

test_letters = search.test_the_second_letter_of_a_word_is_enough
test_nonsense = search.test_too_little_or_nonsense_finds_nothing
test_slips = search.test_slips_are_forgiven_by_the_length_of_the_word
test_slip_in_one_word = search.test_a_slip_in_one_word_leaves_the_others_as_they_are
test_languages = search.test_a_name_is_found_in_every_language_and_script
test_accents = search.test_accents_need_not_be_typed_and_departments_are_words
test_spellings = search.test_two_spellings_are_one
test_codes = search.test_a_code_finds_its_item
test_synonyms = search.test_what_people_call_it_leads_to_what_the_store_calls_it
test_nearest = near.test_the_nearest_that_have_it_are_found
test_all_that_have_it = near.test_who_wants_all_of_them_gets_all


@pytest.fixture(scope="module")
def database(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("search")
    with opened_store(folder, items=search.GOODS, new_store=server.new_store) as database:
        with database.write() as uow:
            synonyms.add(uow, STORE_ID, term="Pop", meaning="cola", who="Ada", now_utc=NOW)
            synonyms.add(uow, STORE_ID, term="sugar free", meaning="zero", who="Ada", now_utc=NOW)
        near.fill(database)
        yield database


@pytest.fixture(scope="module")
def chain(database: Database) -> Database:
    return database
