"""Orders in the store: placed once, told until they end, compared three ways, and every difference a task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from inventory.db.tables import MovementRow, SaleRow
from inventory.db.unit_of_work import STAFF, Database, lane_audience
from inventory.domain.orders import Order, OrderKind, OrderOutcome, OrderState
from inventory.domain.reconciliation import ConfirmedSale, LaneBooks, TerminalTotals
from inventory.domain.sales import Sale
from inventory.domain.stock import Reason
from inventory.services import catalogue, day_close, orders, reversals, sales, staff, stock, tasks
from inventory.services.help_desk import ForeignRequestError
from inventory.services.orders import OrderRefused, OutcomeUnreadableError, Refusal
from inventory.services.reversals import Goods
from inventory.services.tasks import TaskGone
from inventory.wire import OrderReport, SaleMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    LANE_ID,
    MIRROR,
    NOW,
    OTHER_LANE_ID,
    RATES,
    SIX_WATERS,
    STORE_ID,
    WATER,
    body_of,
    heard,
    line_of,
    opened_store,
    sale_message,
)

TID = "52000001"


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def card_sale(number: int, *, kind: str = "card", receipt: str = "") -> Sale:
    sale = sale_message(line_of(MIRROR), sale_id=f"sale-{number}", receipt_no=number).sale
    tender = replace(
        sale.tenders[0],
        kind=kind,
        terminal_id=TID,
        terminal_receipt_no=receipt or f"{number:04}",
    )
    return replace(sale, tenders=(tender,))


def sell(database: Database, number: int, *, kind: str = "card") -> Sale:
    sale = card_sale(number, kind=kind)
    keep(database, sale)
    return sale


def keep(database: Database, sale: Sale, now_utc: datetime = NOW) -> None:
    message = SaleMessage(sale=sale, journal_seq=sale.receipt_no, journal_head="")
    with database.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), now_utc)


def close(database: Database, *, lane_id: str = LANE_ID, who: str = "Ada") -> Order:
    with database.write() as uow:
        return orders.close_day(uow, STORE_ID, lane_id, who=who, now_utc=NOW)


def take_back(database: Database, sale_id: str, *, who: str = "Marco") -> Order:
    with database.write() as uow:
        return orders.take_back(uow, STORE_ID, sale_id, who=who, now_utc=NOW)


def report(
    database: Database, order: Order, state: OrderState, now_utc: datetime = NOW, **more: object
) -> None:
    outcome = OrderOutcome(
        order.order_id,
        order.kind,
        order.lane_id,
        state,
        "EUR",
        sale_id=order.sale_id,
        amount_minor=order.amount_minor,
    )
    # Through its own letters, as a lane's report arrives.
    told = OrderReport(outcome=replace(outcome, **more)).model_dump_json()  # type: ignore[arg-type]
    with database.write() as uow:
        orders.receive(uow, STORE_ID, OrderReport.model_validate_json(told).outcome, now_utc)


def words(database: Database) -> list[str]:
    with database.read() as uow:
        return sorted(task.words for task in tasks.open_tasks(uow, STORE_ID))


def told_to(database: Database, lane_id: str = LANE_ID) -> list[tuple[str, OrderState]]:
    with database.read() as uow:
        found = orders.of_lane(uow, STORE_ID, lane_id)
    return [(message.order.order_id, message.state) for message in found]


def audit(database: Database) -> list[tuple[str, str]]:
    with database.read() as uow:
        return [(entry.who, entry.what) for entry in staff.audit_trail(uow, STORE_ID, limit=20)]


def refusal(database: Database, sale_id: str) -> Refusal:
    with pytest.raises(OrderRefused) as refused:
        take_back(database, sale_id)
    return refused.value.reason


def mirrors_on_hand_milli(database: Database) -> int:
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, MIRROR.gtin)
    assert level is not None
    return level.on_hand_milli


# --- the day's end -------------------------------------------------------------------------------


def test_an_order_is_told_to_its_lane_until_its_end_is_known(database: Database) -> None:
    announced = heard(database)
    order = close(database)
    assert [(each.event_name, each.audience) for each in announced] == [("order", lane_audience(LANE_ID))]
    assert told_to(database) == [(order.order_id, OrderState.OPEN)]
    assert told_to(database, OTHER_LANE_ID) == []
    report(database, order, OrderState.SENT)
    assert told_to(database) == [(order.order_id, OrderState.SENT)]
    report(database, order, OrderState.DONE, books=LaneBooks(), terminal=TerminalTotals(0, "EUR", 0))
    assert told_to(database) == []
    assert ("Ada", "order.close-day") in audit(database)


def test_a_lane_never_hears_of_an_order_that_has_ended(database: Database) -> None:
    order = close(database)
    announced = heard(database)
    report(database, order, OrderState.FAILED, reason="not now")
    assert {each.audience for each in announced} == {STAFF}


def test_a_second_end_of_day_is_refused_while_the_first_is_on_its_way(database: Database) -> None:
    order = close(database)
    with pytest.raises(OrderRefused) as refused:
        close(database, who="Marco")
    assert (refused.value.reason, refused.value.by) == (Refusal.ORDERED, "Ada")
    close(database, lane_id=OTHER_LANE_ID)
    report(database, order, OrderState.FAILED, reason="not now")
    close(database)


def test_a_lane_nobody_knows_closes_no_day(database: Database) -> None:
    with pytest.raises(OrderRefused) as refused:
        close(database, lane_id="lane-9")
    assert refused.value.reason is Refusal.UNKNOWN


def closed(
    database: Database, books: LaneBooks, told: TerminalTotals | None, now_utc: datetime = NOW
) -> Order:
    order = close(database)
    report(database, order, OrderState.DONE, now_utc, books=books, terminal=told)
    return order


def books_of(*sold: Sale) -> LaneBooks:
    books = LaneBooks()
    for sale in sold:
        books = books.with_sale(sale)
    return books


def test_three_books_that_agree_leave_nothing_to_do(database: Database) -> None:
    books = books_of(*(sell(database, number) for number in (1, 2, 3)))
    closed(database, books, TerminalTotals(books.sale_minor, "EUR", 3))
    assert words(database) == []
    with database.read() as uow:
        closing = day_close.last_closings(uow, STORE_ID)[LANE_ID]
    assert (closing.lane_count, closing.terminal_count, closing.store_count) == (3, 3, 3)
    assert closing.lane_minor == closing.terminal_minor == closing.store_minor == 5997
    assert closing.task_count == 0


def test_every_difference_becomes_a_task_with_its_amount(database: Database) -> None:
    sold = [sell(database, 1), sell(database, 2, kind="card, confirmed by Marco"), card_sale(3)]
    books = books_of(*sold)
    closed(database, books, TerminalTotals(books.card_minor, "EUR", 2))
    assert words(database) == [
        "Receipt 2 of lane-1, €19.99, was confirmed by Marco and the terminal does not count it.",
        "The store misses 1 sale of lane-1 (receipt 3), €19.99: it is still on the way.",
    ]


def test_the_same_report_again_makes_no_second_closing_and_no_second_task(database: Database) -> None:
    books = books_of(card_sale(1))
    order = closed(database, books, TerminalTotals(0, "EUR", 0))
    before = words(database)
    assert len(before) == 2
    report(database, order, OrderState.DONE, NOW + timedelta(hours=1), books=books)
    assert words(database) == before


def test_the_first_closing_says_that_earlier_days_may_be_in_it(database: Database) -> None:
    books = books_of(sell(database, 1))
    closed(database, books, TerminalTotals(books.sale_minor + 320, "EUR", 3))
    (told,) = words(database)
    assert told.startswith("The terminal took €3.20 more than lane-1 sold.")
    assert "first closing" in told
    later = books_of(sell(database, 2))
    closed(database, later, TerminalTotals(later.sale_minor + 320, "EUR", 2), NOW + timedelta(days=1))
    assert [told for told in words(database) if "first closing" not in told] == [
        "The terminal took €3.20 more than lane-1 sold."
    ]


def test_a_closing_counts_the_receipts_of_its_own_day_whatever_the_clock_says(database: Database) -> None:
    yesterday = books_of(sell(database, 1))
    closed(database, yesterday, TerminalTotals(yesterday.sale_minor, "EUR", 1))
    late = replace(card_sale(2), paid_at_utc=NOW - timedelta(days=400))
    keep(database, late)
    today = books_of(late)
    closed(database, today, TerminalTotals(today.sale_minor, "EUR", 1), NOW + timedelta(days=1))
    assert words(database) == []


def test_an_unclear_end_is_a_task_that_asks_for_the_slip(database: Database) -> None:
    order = close(database)
    report(database, order, OrderState.UNCLEAR, reason="the line was lost")
    (told,) = words(database)
    assert told.startswith("Nobody knows whether the day of lane-1 was closed: the line was lost.")
    assert told.endswith("Look at the terminal’s own slip.")
    with database.write() as uow, pytest.raises(TaskGone):
        tasks.tick_off(uow, STORE_ID, f"{order.order_id}:order-unclear", who="Ada", note="", now_utc=NOW)
    with database.write() as uow:
        orders.settle(uow, STORE_ID, order.order_id, was_done=False, who="Ada", now_utc=NOW)
    assert words(database) == []
    assert told_to(database) == []
    close(database)


def test_what_a_person_settled_no_late_report_moves(database: Database) -> None:
    order = close(database)
    report(database, order, OrderState.UNCLEAR)
    report(database, order, OrderState.DONE, books=books_of(card_sale(1)))
    with database.read() as uow:
        assert day_close.last_closings(uow, STORE_ID) == {}
        assert orders.newest_of_lanes(uow, STORE_ID, OrderKind.CLOSE_DAY)[LANE_ID].state is OrderState.UNCLEAR


def test_a_task_is_ended_once_with_name_and_note(database: Database) -> None:
    closed(database, LaneBooks(), None)
    with database.read() as uow:
        (task,) = tasks.open_tasks(uow, STORE_ID)
    with database.write() as uow:
        tasks.tick_off(uow, STORE_ID, task.task_id, who="Ada", note="  slip  is 0 ", now_utc=NOW)
    with database.write() as uow, pytest.raises(TaskGone) as gone:
        tasks.tick_off(uow, STORE_ID, task.task_id, who="Marco", note="", now_utc=NOW)
    assert gone.value.by == "Ada"
    with database.read() as uow:
        assert tasks.open_count(uow, STORE_ID) == 0
        newest = staff.audit_trail(uow, STORE_ID, limit=1)[0]
    assert (newest.who, newest.what) == ("Ada", "task.done")
    assert newest.detail.endswith("– slip is 0")


# --- a payment taken back ------------------------------------------------------------------------


def test_a_payment_is_ordered_back_by_its_terminal_receipt_and_amount(database: Database) -> None:
    sell(database, 1)
    order = take_back(database, "sale-1")
    assert (order.kind, order.lane_id, order.terminal_id, order.receipt_no, order.amount_minor) == (
        OrderKind.TAKE_BACK,
        LANE_ID,
        TID,
        "0001",
        1999,
    )
    assert ("Marco", "order.take-back") in audit(database)


def test_a_payment_is_taken_back_once_only(database: Database) -> None:
    sell(database, 1)
    order = take_back(database, "sale-1")
    assert refusal(database, "sale-1") is Refusal.ORDERED
    report(database, order, OrderState.DONE, receipt_no="0002")
    assert refusal(database, "sale-1") is Refusal.TAKEN_BACK


def test_a_failed_try_may_be_repeated_and_an_unclear_one_must_be_settled_first(database: Database) -> None:
    sell(database, 1)
    report(database, take_back(database, "sale-1"), OrderState.FAILED, reason="not now")
    second = take_back(database, "sale-1")
    report(database, second, OrderState.UNCLEAR, reason="line lost")
    assert refusal(database, "sale-1") is Refusal.UNCLEAR
    with database.write() as uow:
        orders.settle(uow, STORE_ID, second.order_id, was_done=True, who="Ada", now_utc=NOW)
    assert refusal(database, "sale-1") is Refusal.TAKEN_BACK


def test_no_payment_is_taken_back_once_the_day_was_closed_over_it(database: Database) -> None:
    books = books_of(sell(database, 1))
    order = close(database)
    assert refusal(database, "sale-1") is Refusal.ORDERED
    told = TerminalTotals(books.sale_minor, "EUR", 1)
    report(database, order, OrderState.DONE, books=books, terminal=told)
    assert refusal(database, "sale-1") is Refusal.DAY_CLOSED
    sell(database, 2)
    take_back(database, "sale-2")


def test_what_the_terminal_knows_by_no_receipt_is_not_taken_back_here(database: Database) -> None:
    keep(database, sale_message(line_of(MIRROR), sale_id="bare").sale)
    assert refusal(database, "bare") is Refusal.NOT_BY_CARD
    assert refusal(database, "nowhere") is Refusal.UNKNOWN


def test_i13_a_sale_taken_back_keeps_its_row_and_the_goods_wait_for_a_person(database: Database) -> None:
    sell(database, 1)
    with database.read() as uow:
        before = uow.session.exec(select(SaleRow)).one().model_dump()
    order = take_back(database, "sale-1")
    for _ in range(2):
        report(database, order, OrderState.DONE, receipt_no="0002")
    with database.read() as uow:
        assert uow.session.exec(select(SaleRow)).one().model_dump() == before
        found = reversals.find(uow, STORE_ID, "sale-1")
    assert found is not None
    assert (found.taken_back_by, found.goods) == ("Marco", None)
    assert mirrors_on_hand_milli(database) == -1000
    assert words(database) == [
        "€19.99 of receipt 1 on lane-1 was paid back. Are its goods back on the shelf?"
    ]


@pytest.mark.parametrize(("goods", "on_hand_milli"), [(Goods.BACK, 0), (Goods.GONE, -1000)])
def test_goods_move_back_only_when_a_person_says_so_and_once(
    database: Database, goods: Goods, on_hand_milli: int
) -> None:
    sell(database, 1)
    report(database, take_back(database, "sale-1"), OrderState.DONE)
    with database.write() as uow:
        reversals.decide_goods(uow, STORE_ID, "sale-1", goods, who="Giulia", now_utc=NOW)
    assert mirrors_on_hand_milli(database) == on_hand_milli
    with pytest.raises(TaskGone) as gone, database.write() as uow:
        reversals.decide_goods(uow, STORE_ID, "sale-1", Goods.BACK, who="Marco", now_utc=NOW)
    assert gone.value.by == "Giulia"
    assert mirrors_on_hand_milli(database) == on_hand_milli
    assert words(database) == []


def test_goods_of_a_sale_that_was_not_taken_back_move_nowhere(database: Database) -> None:
    sell(database, 1)
    with pytest.raises(TaskGone), database.write() as uow:
        reversals.decide_goods(uow, STORE_ID, "sale-1", Goods.BACK, who="Ada", now_utc=NOW)
    assert mirrors_on_hand_milli(database) == -1000


def test_a_pack_comes_back_as_the_singles_it_was_booked_as(database: Database) -> None:
    sale = sale_message(line_of(SIX_WATERS, 2000), sale_id="pack").sale
    tender = replace(sale.tenders[0], terminal_id=TID, terminal_receipt_no="0001")
    keep(database, replace(sale, tenders=(tender,)))
    report(database, take_back(database, "pack"), OrderState.DONE)
    with database.write() as uow:  # the pack is gone from the catalogue by now
        catalogue.replace_items(uow, STORE_ID, [WATER], RATES, NOW)
        reversals.decide_goods(uow, STORE_ID, "pack", Goods.BACK, who="Ada", now_utc=NOW)
    with database.read() as uow:
        rows = {row.source_id: row for row in uow.session.exec(select(MovementRow))}
    back = rows["reversal:pack:1"]
    assert (back.gtin, back.quantity_milli, back.reason) == (WATER.gtin, 12_000, Reason.RETURN.value)


def test_a_reversal_that_lane_and_store_both_know_is_no_difference(database: Database) -> None:
    books = books_of(sell(database, 1), sell(database, 2))
    report(database, take_back(database, "sale-1"), OrderState.DONE)
    books = books.with_reversal(1999)
    closed(database, books, TerminalTotals(1999, "EUR", 1))
    assert words(database) == [
        "€19.99 of receipt 1 on lane-1 was paid back. Are its goods back on the shelf?"
    ]


# --- odd reports ---------------------------------------------------------------------------------


def test_a_report_about_an_order_the_store_has_lost_is_recorded_all_the_same(database: Database) -> None:
    sell(database, 1)
    lost = Order("lost", OrderKind.TAKE_BACK, LANE_ID, "", "sale-1", TID, "0001", 1999, "EUR")
    report(database, lost, OrderState.DONE)
    assert refusal(database, "sale-1") is Refusal.TAKEN_BACK


def test_an_order_of_another_lane_cannot_be_reported(database: Database) -> None:
    order = close(database)
    with pytest.raises(ForeignRequestError):
        report(database, replace(order, lane_id=OTHER_LANE_ID), OrderState.DONE)
    assert told_to(database) == [(order.order_id, OrderState.OPEN)]


@pytest.mark.parametrize("more", [{"sale_id": "sale-2"}, {"amount_minor": 1}, {"currency": "USD"}])
def test_a_report_cannot_name_another_sale_or_sum_than_was_ordered(
    database: Database, more: dict[str, object]
) -> None:
    sell(database, 1)
    sell(database, 2)
    order = take_back(database, "sale-1")
    with pytest.raises(ForeignRequestError):
        report(database, order, OrderState.DONE, NOW, **more)
    assert told_to(database) == [(order.order_id, OrderState.OPEN)]
    assert words(database) == []


@pytest.mark.parametrize("lie", [{"lane_id": OTHER_LANE_ID}, {"amount_minor": 999_999}])
def test_a_lane_cannot_make_up_an_order_about_another_lane_s_sale_or_another_sum(
    database: Database, lie: dict[str, Any]
) -> None:
    sell(database, 1)
    forged = Order("forged", OrderKind.TAKE_BACK, LANE_ID, "", "sale-1", TID, "0001", 1999, "EUR")
    with pytest.raises(ForeignRequestError):
        report(database, replace(forged, **lie), OrderState.DONE)
    assert words(database) == []


HUGE = 2**60


@pytest.mark.parametrize(
    "more",
    [
        {"amount_minor": HUGE},
        {"books": LaneBooks(card_minor=HUGE)},
        {"books": LaneBooks(confirmed=(ConfirmedSale("s", HUGE, 1, "Marco"),))},
        {"books": LaneBooks(confirmed=(ConfirmedSale("s" * 65, 1, 1, "Marco"),))},
        {"terminal": TerminalTotals(HUGE, "EUR")},
        {"currency": ""},
        {"currency": "€€€"},
        {"sale_id": "a\nb"},
    ],
)
def test_a_report_that_no_table_can_hold_is_refused(database: Database, more: dict[str, object]) -> None:
    order = close(database)
    with pytest.raises(OutcomeUnreadableError):
        report(database, order, OrderState.DONE, NOW, **more)
    assert told_to(database) == [(order.order_id, OrderState.OPEN)]


def test_a_lane_cannot_open_an_order(database: Database) -> None:
    with pytest.raises(OutcomeUnreadableError):
        report(database, close(database), OrderState.OPEN)


@settings(max_examples=20)
@given(st.lists(st.sampled_from([OrderState.SENT, OrderState.DONE, OrderState.FAILED, OrderState.UNCLEAR])))
def test_whatever_is_reported_in_any_order_the_first_end_stands(
    tmp_path_factory: pytest.TempPathFactory, told: list[OrderState]
) -> None:
    with opened_store(tmp_path_factory.mktemp("store")) as database:
        order = close(database)
        for state in told:
            report(database, order, state, books=LaneBooks(), terminal=TerminalTotals(0, "EUR", 0))
        with database.read() as uow:
            found = orders.newest_of_lanes(uow, STORE_ID, OrderKind.CLOSE_DAY)[LANE_ID]
        ends = [state for state in told if state is not OrderState.SENT]
        sent = OrderState.SENT if told else OrderState.OPEN
        assert found.state is (ends[0] if ends else sent)
