"""The console's page of search words: added, found by, taken away, and filled from what found nothing."""

from __future__ import annotations

from inventory.services import item_search, searches
from tests.support.web_store import STORE, SignedIn, StoreInTest

PAGE = "/manager/words"


def found(store: StoreInTest, words: str) -> list[str]:
    with store.database.read() as uow:
        return [hit.item.name("en") for hit in item_search.search(uow, STORE, words, "en")]


def test_a_word_people_type_finds_what_the_store_calls_it(store: StoreInTest, signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    assert found(store, "moo juice") == []
    assert ada.submit(PAGE, page=PAGE, term="Moo  Juice", meaning="milk").status_code == 303
    assert found(store, "moo juice") == ["Whole milk 1 L"]
    assert "moo juice" in ada.get(PAGE).text
    ada.submit(f"{PAGE}/remove", page=PAGE, term="moo juice", meaning="milk")
    assert found(store, "moo juice") == []
    assert "moo juice" not in ada.get(PAGE).text


def test_a_word_without_another_is_refused_and_kept_in_the_form(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    for term, meaning in (("milk", "Milk"), ("milk", " "), ("%%", "milk")):
        answer = ada.submit(PAGE, page=PAGE, term=term, meaning=meaning)
        assert answer.status_code == 422
        assert "Two different words are needed" in answer.text
        assert f'value="{term}"' in answer.text


def test_what_found_nothing_on_the_phone_fills_the_form(store: StoreInTest, signed_in: SignedIn) -> None:
    with store.database.write() as uow:
        for _ in range(2):
            assert searches.count_missed(uow, STORE, "Lievito <b>", "it", store.clock())
        assert not searches.count_missed(uow, STORE, "call 333 1234567", "it", store.clock())
    text = signed_in("Ada").get(PAGE).text
    assert "/manager/words?term=lievito%20%3Cb%3E#term" in text
    assert ">2</td>" in text
    assert 'value="lievito &lt;b&gt;"' in signed_in("Ada").get(f"{PAGE}?term=lievito <b>").text


def test_attendants_stay_outside(store: StoreInTest, signed_in: SignedIn) -> None:
    marco = signed_in("Marco")
    assert marco.get(PAGE).status_code == 403
