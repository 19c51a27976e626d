"""A payment is taken back only while its receipt number can mean no other payment on its terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.orders import Order, OrderState
from inventory.domain.reconciliation import LaneBooks, TerminalTotals
from inventory.domain.sales import Sale
from inventory.services import day_close, orders
from inventory.services.orders import Refusal
from tests.integration.test_orders import (
    books_of,
    card_sale,
    close,
    closed,
    keep,
    refusal,
    report,
    sell,
    take_back,
)
from tests.support.store_samples import LANE_ID, NOW, OTHER_LANE_ID, STORE_ID, opened_store

HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path) as database:
        yield database


def closed_over(database: Database, *sold: Sale, now_utc: datetime = NOW) -> None:
    books = books_of(*sold)
    closed(database, books, TerminalTotals(books.sale_minor, "EUR", books.card_count), now_utc)


def unclear_close(database: Database) -> Order:
    order = close(database)
    report(database, order, OrderState.UNCLEAR, reason="the lane restarted")
    return order


def settle(database: Database, order: Order, *, was_done: bool) -> None:
    with database.write() as uow:
        orders.settle(
            uow, STORE_ID, order.order_id, was_done=was_done, who="Ada", now_utc=NOW + timedelta(hours=9)
        )


def test_an_empty_day_opens_no_older_payment(database: Database) -> None:
    closed_over(database, sell(database, 1))
    closed_over(database, now_utc=NOW + 24 * HOUR)
    assert refusal(database, "sale-1") is Refusal.DAY_CLOSED
    sell(database, 2)
    assert take_back(database, "sale-2").receipt_no == "0002"


def test_an_empty_first_closing_lies_over_what_no_books_name(database: Database) -> None:
    sell(database, 7)
    closed_over(database)
    assert refusal(database, "sale-7") is Refusal.DAY_CLOSED


def test_a_closing_of_a_lane_that_lost_its_books_opens_nothing(database: Database) -> None:
    closed_over(database, sell(database, 1))
    sell(database, 50)
    keep(database, replace(card_sale(1), sale_id="again"))
    closed_over(database, replace(card_sale(1), sale_id="again"), now_utc=NOW + HOUR)
    for sale_id in ("sale-1", "again", "sale-50"):
        assert refusal(database, sale_id) is Refusal.DAY_CLOSED


@pytest.mark.parametrize("step", [-400 * 24 * HOUR, timedelta(0), 24 * HOUR])
def test_a_store_clock_that_steps_opens_nothing(database: Database, step: timedelta) -> None:
    first, second = sell(database, 1), sell(database, 2)
    closed_over(database, first, second)
    keep(database, card_sale(3), NOW + step)
    closed_over(database, card_sale(3), now_utc=NOW + step)
    for sale in (first, second, card_sale(3)):
        assert refusal(database, sale.sale_id) is Refusal.DAY_CLOSED


def test_a_sale_that_reaches_the_store_after_its_closing_is_closed_over(database: Database) -> None:
    closed_over(database, card_sale(1))
    keep(database, card_sale(1), NOW + HOUR)
    assert refusal(database, "sale-1") is Refusal.DAY_CLOSED


def test_while_a_closing_is_unclear_nothing_is_taken_back_on_its_lane(database: Database) -> None:
    sell(database, 1)
    keep(database, replace(card_sale(2), lane_id=OTHER_LANE_ID))
    order = unclear_close(database)
    assert refusal(database, "sale-1") is Refusal.DAY_UNCLEAR
    take_back(database, "sale-2")
    settle(database, order, was_done=False)
    take_back(database, "sale-1")


def test_a_later_closing_does_not_hide_an_unclear_one(database: Database) -> None:
    sell(database, 1)
    order = unclear_close(database)
    report(database, close(database), OrderState.FAILED, reason="not now")
    assert refusal(database, "sale-1") is Refusal.DAY_UNCLEAR
    settle(database, order, was_done=True)
    assert refusal(database, "sale-1") is Refusal.DAY_CLOSED


def test_a_closing_that_a_person_settled_closes_the_day_and_has_no_figures(database: Database) -> None:
    sell(database, 1)
    settle(database, unclear_close(database), was_done=True)
    assert refusal(database, "sale-1") is Refusal.DAY_CLOSED
    with database.read() as uow:
        closing = day_close.last_closings(uow, STORE_ID)[LANE_ID]
    assert (closing.has_figures, closing.last_receipt_no, closing.currency) == (False, 1, "EUR")
    sell(database, 2)
    take_back(database, "sale-2")


def test_a_receipt_number_that_two_open_payments_carry_is_taken_back_by_nobody(database: Database) -> None:
    keep(database, card_sale(1, receipt="0001"))
    keep(database, card_sale(2, receipt="0001"))
    keep(database, card_sale(3, receipt="0003"))
    assert refusal(database, "sale-1") is Refusal.RECEIPT_TWICE
    assert refusal(database, "sale-2") is Refusal.RECEIPT_TWICE
    take_back(database, "sale-3")


def test_the_same_number_on_another_lane_of_the_same_terminal_is_the_same_number(database: Database) -> None:
    keep(database, card_sale(1, receipt="0001"))
    keep(database, replace(card_sale(2, receipt="0001"), lane_id=OTHER_LANE_ID))
    assert refusal(database, "sale-1") is Refusal.RECEIPT_TWICE


def test_numbers_of_closed_days_other_terminals_and_payments_taken_back_are_in_nobody_s_way(
    database: Database,
) -> None:
    keep(database, card_sale(1, receipt="0001"))
    closed_over(database, card_sale(1))
    sale = card_sale(2, receipt="0001")
    elsewhere = replace(sale.tenders[0], terminal_id="52000009")
    keep(database, replace(sale, sale_id="elsewhere", receipt_no=9, tenders=(elsewhere,)))
    keep(database, sale)
    report(database, take_back(database, "sale-2"), OrderState.DONE, receipt_no="0002")
    keep(database, card_sale(3, receipt="0001"))
    take_back(database, "sale-3")


def test_an_order_names_the_sale_and_the_card_each_time_it_is_told(database: Database) -> None:
    sale = card_sale(1)
    keep(database, replace(sale, tenders=(replace(sale.tenders[0], card_last4="4242"),)))
    order = take_back(database, "sale-1")
    assert (order.card_last4, order.sale_receipt_no) == ("4242", 1)
    with database.read() as uow:
        (told,) = orders.of_lane(uow, STORE_ID, LANE_ID)
    assert told.order == order


def test_books_cover_the_receipts_they_hold_and_empty_ones_none() -> None:
    books = books_of(card_sale(3), card_sale(4))
    assert [number for number in range(7) if books.covers(number)] == [3, 4]
    assert not any(LaneBooks().covers(number) for number in range(3))
