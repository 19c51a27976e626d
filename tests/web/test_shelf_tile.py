"""The tablet's tile about an empty shelf: what the records say, the count that ends it, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.help_desk import HelpReason, HelpState
from inventory.services import empty_shelves, help_desk, stock
from inventory.web.shelf_tile import MOST_DIGITS, read_count
from inventory.wire import HelpMessage
from tests.support.web_store import MILK, NOON, STORE, SignedIn, StoreInTest, Visitor

PATH = "/staff/shelf/shelf-1/count"


def missed(store: StoreInTest, gtin: str = MILK) -> None:
    message = HelpMessage(
        help_id="shelf-1",
        lane_id="lane-1",
        state=HelpState.REQUESTED,
        reason=HelpReason.SHELF_EMPTY,
        requested_at_utc=NOON,
        note="Whole milk 1 L · aisle 7 · bay 3",
        gtin=gtin,
    )
    store.report("lane-1", "basket")
    with store.database.write() as uow:
        empty_shelves.heard(uow, STORE, message, NOON)


def on_hand(store: StoreInTest) -> int:
    with store.database.read() as uow:
        level = stock.on_hand(uow, STORE, MILK)
    assert level is not None
    return level.on_hand_milli


def is_open(store: StoreInTest) -> bool:
    with store.database.read() as uow:
        return bool(help_desk.open_requests(uow, STORE))


@pytest.fixture
def marco(store: StoreInTest, signed_in: SignedIn) -> Visitor:
    missed(store)
    return signed_in("Marco")


def test_the_tile_says_what_where_and_how_many_there_should_be(store: StoreInTest, marco: Visitor) -> None:
    page = marco.get("/staff/wall").text
    for words in ("1 · Shelf", "Whole milk 1 L · aisle 7 · bay 3", f"Records say {on_hand(store) // 1000}"):
        assert words in page, words
    assert f'action="{PATH}"' in page


def test_a_count_is_booked_and_ends_the_report(store: StoreInTest, marco: Visitor) -> None:
    assert marco.submit(PATH, page="/staff", counted="7").status_code in (200, 303)
    assert on_hand(store) == 7_000
    assert not is_open(store)
    assert PATH not in marco.get("/staff/wall").text


@pytest.mark.parametrize("words", ["", "seven", "-1", "7.5", "1" * (MOST_DIGITS + 1), "1e3", "٧ ٧"])
def test_what_is_no_count_books_nothing_and_says_why(store: StoreInTest, marco: Visitor, words: str) -> None:
    before = on_hand(store)
    answer = marco.submit(PATH, page="/staff", counted=words)
    assert "Type the count as a whole number." in answer.text
    assert on_hand(store) == before
    assert is_open(store)


def test_the_second_of_two_who_counted_is_told_that_it_is_over(store: StoreInTest, marco: Visitor) -> None:
    marco.submit(PATH, page="/staff", counted="7")
    again = marco.submit(PATH, page="/staff", counted="9")
    assert "This call is over already." in again.text
    assert on_hand(store) == 7_000


def test_done_ends_the_doubt_without_a_count(store: StoreInTest, marco: Visitor) -> None:
    before = on_hand(store)
    marco.submit("/staff/help/shelf-1/resolve", page="/staff")
    with store.database.read() as uow:
        level = stock.on_hand(uow, STORE, MILK)
    assert level is not None
    assert (level.on_hand_milli, level.doubts, level.counted_at_utc) == (before, 0, None)


@given(st.text(max_size=8))
def test_only_whole_numbers_that_fit_are_read(text: str) -> None:
    number = read_count(text)
    assert number is None or 0 <= number < 10**MOST_DIGITS
