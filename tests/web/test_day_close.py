"""Owns what the day close must show and do, seen through its pages."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from inventory.domain.catalogue import SoldBy
from inventory.domain.orders import Order, OrderKind, OrderOutcome, OrderState
from inventory.domain.reconciliation import LaneBooks, TerminalTotals
from inventory.domain.sales import Sale, SaleLine, Tender, tax_of_lines
from inventory.services import orders, sales, staff, stock, tasks
from inventory.wire import SaleMessage
from tests.support.web_store import MILK, PINS, STORE, SignedIn, StoreInTest, Visitor

PAGE = "/staff/day"


def sell(
    store: StoreInTest, number: int = 1, *, terminal_receipt_no: str = "0008", name: str = "Milk"
) -> Sale:
    line = SaleLine(MILK, "S1", name, SoldBy.UNIT, 1000, 320, 320, 0, "standard", 2200)
    tender = Tender(
        "card", 320, f"a{number}", "52000001", terminal_receipt_no, card_name="girocard", card_last4="4242"
    )
    sale = Sale(
        sale_id=f"sale-{number}",
        store_id=STORE,
        lane_id="lane-1",
        receipt_no=number,
        paid_at_utc=store.clock(),
        currency="EUR",
        language="en",
        lines=(line,),
        taxes=tax_of_lines((line,)),
        tenders=(tender,),
        total_minor=320,
    )
    message = SaleMessage(sale=sale, journal_seq=number, journal_head="")
    with store.database.write() as uow:
        sales.record(uow, STORE, message, message.model_dump_json().encode(), store.clock())
    return sale


def newest(store: StoreInTest, kind: OrderKind) -> Order | None:
    with store.database.read() as uow:
        waiting = [message.order for message in orders.of_lane(uow, STORE, "lane-1")]
    return next((order for order in waiting if order.kind is kind), None)


def report(store: StoreInTest, order: Order, state: OrderState, **more: object) -> None:
    outcome = OrderOutcome(
        order.order_id,
        order.kind,
        order.lane_id,
        state,
        "EUR",
        sale_id=order.sale_id,
        amount_minor=order.amount_minor,
    )
    with store.database.write() as uow:
        orders.receive(uow, STORE, replace(outcome, **more), store.clock())  # type: ignore[arg-type]


def close(store: StoreInTest, visitor: Visitor, *, name: str, lane_id: str = "lane-1") -> Order:
    answer = visitor.submit(f"{PAGE}/close", page=PAGE, lane_id=lane_id, pin=PINS[name])
    assert answer.status_code == 303, words_of(answer.text)
    order = newest(store, OrderKind.CLOSE_DAY)
    assert order is not None
    return order


def take_back(visitor: Visitor, sale_id: str = "sale-1", *, name: str = "Marco") -> str:
    """What the page says; "" when it was ordered."""
    answer = visitor.submit(f"{PAGE}/take-back", page=PAGE, sale_id=sale_id, pin=PINS[name])
    return "" if answer.status_code == 303 else words_of(answer.text)


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def seen(visitor: Visitor, path: str = PAGE) -> str:
    return words_of(visitor.get(path).text)


def open_words(store: StoreInTest) -> list[str]:
    with store.database.read() as uow:
        return [task.words for task in tasks.open_tasks(uow, STORE)]


def test_a_first_morning_says_so_in_words(empty_store: StoreInTest) -> None:
    page = seen(empty_store.signed_in("Ada"))
    for words in ("Nothing waits", "Never closed from here", "Nothing was sold today so far.", "Lane 3"):
        assert words in page, words


def test_an_attendant_sees_the_day_close_but_not_the_manager_s_places(signed_in: SignedIn) -> None:
    marco, ada = signed_in("Marco"), signed_in("Ada")
    assert marco.get(PAGE).status_code == 200
    assert "Items and prices" not in seen(marco)
    assert "Items and prices" in seen(ada)


def test_the_day_of_a_lane_is_ordered_closed_with_the_pin_and_stands_on_its_card(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    order = close(store, marco, name="Marco")
    assert (order.lane_id, order.ordered_by) == ("lane-1", "Marco")
    assert "Ordered by Marco. The lane has not heard of it yet." in seen(marco)
    report(store, order, OrderState.SENT)
    assert "It begins as soon as nobody shops there." in seen(marco)
    report(store, order, OrderState.FAILED, reason="not possible now")
    assert "It was not done: not possible now" in seen(marco)


@pytest.mark.parametrize(
    ("pin", "words"),
    [("", "Type your PIN to order this."), ("999999", "The PIN is not right. Nothing was ordered.")],
)
def test_without_the_right_pin_nothing_is_ordered(
    store: StoreInTest, signed_in: SignedIn, pin: str, words: str
) -> None:
    sell(store)
    marco = signed_in("Marco")
    for deed, about in (("close", {"lane_id": "lane-1"}), ("take-back", {"sale_id": "sale-1"})):
        answer = marco.submit(f"{PAGE}/{deed}", page=PAGE, pin=pin, **about)
        assert answer.status_code == 409
        assert words in words_of(answer.text)
    with store.database.read() as uow:
        assert orders.of_lane(uow, STORE, "lane-1") == []
        refused = [entry.what for entry in staff.audit_trail(uow, STORE, limit=10)]
    assert refused.count("pin.refused") == (2 if pin else 0)


def test_a_pin_of_an_order_does_not_travel_over_an_open_network(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    token = marco.token_on(PAGE)
    away = store.visitor(address="192.168.1.20")
    away.client.cookies = marco.client.cookies
    form = {"form_token": token, "lane_id": "lane-1", "pin": PINS["Marco"]}
    assert away.send(f"{PAGE}/close", form).status_code == 403
    assert newest(store, OrderKind.CLOSE_DAY) is None


def test_what_the_terminal_printed_about_an_order_is_shown_as_it_came_and_only_as_text(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    sell(store)
    lines = (
        "** END OF DAY **",
        "Payments    1",
        "<script>alert(1)</script>",
        "\x00\x1b[2J" + "x" * 100,
        *"y" * 99,
    )
    report(store, close(store, marco, name="Marco"), OrderState.UNCLEAR, reason="silence", slip=lines)
    page = marco.get(PAGE).text
    shown = page.partition('<pre tabindex="0">')[2].partition("</pre>")[0]
    assert shown.startswith("** END OF DAY **\nPayments    1\n&lt;script&gt;alert(1)&lt;/script&gt;\n[2Jxxx")
    assert max(map(len, html.unescape(shown).splitlines())) == 48
    assert len(shown.splitlines()) == 60
    assert "The terminal’s slip" in words_of(page)


def test_a_payment_taken_back_shows_the_terminal_s_slip_on_its_sale(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    sell(store)
    marco = signed_in("Marco")
    assert "<pre" not in marco.get(f"{PAGE}/sale?id=sale-1").text
    assert take_back(marco) == ""
    order = newest(store, OrderKind.TAKE_BACK)
    assert order is not None
    report(store, order, OrderState.DONE, receipt_no="0009", slip=("** MERCHANT RECEIPT **", "REVERSAL"))
    assert "** MERCHANT RECEIPT **\nREVERSAL</pre>" in marco.get(f"{PAGE}/sale?id=sale-1").text


def test_a_closed_day_shows_three_books_and_names_what_differs(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    books = LaneBooks().with_sale(sell(store))
    report(
        store,
        close(store, ada, name="Ada"),
        OrderState.DONE,
        books=books,
        terminal=TerminalTotals(320, "EUR", 1),
    )
    page = seen(ada)
    assert "Lane €3.20 1 sale Terminal €3.20 1 sale Store €3.20 1 sale" in page
    assert "All three agree" in page
    store.clock.advance(timedelta(hours=1))
    ada = signed_in("Ada")
    later = LaneBooks().with_sale(sell(store, 2, terminal_receipt_no="0009"))
    report(store, close(store, ada, name="Ada"), OrderState.DONE, books=later, terminal=None)
    page = seen(ada)
    assert "Terminal not told" in page
    assert "1 difference was found" in page
    assert "The terminal of lane-1 told no totals in EUR" in page


def test_a_task_is_ended_with_a_note_once(store: StoreInTest, signed_in: SignedIn) -> None:
    ada, marco = signed_in("Ada"), signed_in("Marco")
    report(store, close(store, ada, name="Ada"), OrderState.DONE, books=LaneBooks(), terminal=None)
    with store.database.read() as uow:
        (task,) = tasks.open_tasks(uow, STORE)
    blank = marco.submit(f"{PAGE}/task", page=PAGE, task_id=task.task_id, note="   ")
    assert "Write what you found." in words_of(blank.text)
    assert len(open_words(store)) == 1
    done = marco.submit(f"{PAGE}/task", page=PAGE, task_id=task.task_id, note="the slip says 0")
    assert done.status_code == 303
    assert open_words(store) == []
    again = ada.submit(f"{PAGE}/task", page=PAGE, task_id=task.task_id, note="")
    assert "Marco has done this already." in words_of(again.text)
    assert "ended a task" in seen(ada, "/manager/staff")


def test_a_payment_is_taken_back_from_its_own_page_and_the_goods_are_decided_there(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    sell(store)
    marco = signed_in("Marco")
    assert "Take back payment" in seen(marco)
    sale_page = f"{PAGE}/sale?id=sale-1"
    assert "Take back €3.20" in seen(marco, sale_page)
    assert take_back(marco) == ""
    order = newest(store, OrderKind.TAKE_BACK)
    assert order is not None
    assert "Take back €3.20" not in seen(marco, sale_page)
    assert "Marco has ordered this already." in take_back(marco)
    assert "Take back payment" not in seen(marco)
    report(store, order, OrderState.DONE, receipt_no="0009")
    page = seen(marco, sale_page)
    assert "Paid back, ordered by Marco" in page
    assert "Are the goods back on the shelf?" in page
    answer = marco.submit(f"{PAGE}/goods", page=PAGE, sale_id="sale-1", goods="back")
    assert answer.status_code == 303
    assert "The goods are back on the shelf." in seen(marco, sale_page)
    with store.database.read() as uow:
        level = stock.on_hand(uow, STORE, MILK)
    assert level is not None
    assert level.on_hand_milli == 0
    assert "It was paid back already, ordered by Marco." in take_back(marco)


def test_an_unclear_order_is_settled_by_who_has_read_the_slip(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    sell(store)
    marco = signed_in("Marco")
    assert take_back(marco) == ""
    order = newest(store, OrderKind.TAKE_BACK)
    assert order is not None
    report(store, order, OrderState.UNCLEAR, reason="line lost")
    assert "Nobody knows whether €3.20 of receipt 1 on lane-1 was paid back: line lost." in seen(marco)
    assert "An earlier try is unclear." in take_back(marco)
    assert "Take back payment" not in seen(marco)
    settle = {"order_id": order.order_id, "was_done": "yes"}
    refused = marco.submit(f"{PAGE}/settle", page=PAGE, **settle, pin="999999")
    assert "Nothing was ordered." in words_of(refused.text)
    assert marco.submit(f"{PAGE}/settle", page=PAGE, **settle, pin=PINS["Marco"]).status_code == 303
    assert "paid back" in seen(marco)
    assert ["back on the shelf?" in words for words in open_words(store)] == [True]


def test_whoever_asks_for_the_address_of_a_form_gets_the_page_it_stands_on(signed_in: SignedIn) -> None:
    marco = signed_in("Marco")
    for form in ("close", "take-back", "settle", "goods", "task"):
        answer = marco.get(f"{PAGE}/{form}")
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)


def test_an_answer_that_is_none_changes_nothing(store: StoreInTest, signed_in: SignedIn) -> None:
    marco = signed_in("Marco")
    assert marco.submit(f"{PAGE}/settle", page=PAGE, order_id="x", was_done="maybe").status_code == 422
    assert marco.submit(f"{PAGE}/goods", page=PAGE, sale_id="x", goods="maybe").status_code == 422
    for deed, about in (("task", "task_id"), ("goods", "sale_id")):
        answer = marco.submit(f"{PAGE}/{deed}", page=PAGE, goods="back", **{about: "nowhere"})
        assert "This is not known here." in words_of(answer.text)
    assert marco.get(f"{PAGE}/sale?id=nowhere").status_code == 404


def test_a_sale_of_a_closed_day_offers_no_way_to_take_it_back(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    books = LaneBooks().with_sale(sell(store))
    order = close(store, ada, name="Ada")
    report(store, order, OrderState.DONE, books=books, terminal=TerminalTotals(320, "EUR", 1))
    assert "Take back payment" not in seen(ada)
    assert "has closed its day over this payment" in seen(ada, f"{PAGE}/sale?id=sale-1")
    assert "has closed its day over this payment" in take_back(ada, name="Ada")


def test_while_the_day_s_end_is_unclear_the_sale_says_so_and_then_shows_it_closed(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    sell(store)
    ada = signed_in("Ada")
    order = close(store, ada, name="Ada")
    report(store, order, OrderState.UNCLEAR, reason="line lost")
    words = "Whether the terminal’s day was closed is unclear. Settle its task first."
    assert words in seen(ada, f"{PAGE}/sale?id=sale-1")
    assert words in take_back(ada, name="Ada")
    settle = {"order_id": order.order_id, "was_done": "yes", "pin": PINS["Ada"]}
    assert ada.submit(f"{PAGE}/settle", page=PAGE, **settle).status_code == 303
    assert "has closed its day over this payment" in take_back(ada, name="Ada")
    page = seen(ada)
    assert "Closed 21 Nov" in page
    assert "All three agree" not in page, "nobody told figures"


def test_a_receipt_number_given_twice_sends_the_person_to_the_terminal(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    for number in (1, 2):
        sell(store, number, terminal_receipt_no="0008")
    ada = signed_in("Ada")
    words = "The terminal gave that receipt number twice today. Take the payment back at the terminal itself."
    assert words in seen(ada, f"{PAGE}/sale?id=sale-1")
    assert words in take_back(ada, name="Ada")
    assert newest(store, OrderKind.TAKE_BACK) is None


def test_a_receipt_of_any_day_is_found_by_its_number(store: StoreInTest, signed_in: SignedIn) -> None:
    sell(store, 41)
    store.clock.advance(timedelta(days=3))
    ada = signed_in("Ada")
    assert "Nothing was sold today so far." in seen(ada)
    assert "21 Nov" in seen(ada, f"{PAGE}?receipt=41")
    assert "Nothing fits this search." in seen(ada, f"{PAGE}?receipt=42")


def test_the_day_s_list_leads_to_the_sale(store: StoreInTest, signed_in: SignedIn) -> None:
    sell(store)
    assert f'href="{PAGE}/sale?id=sale-1"' in signed_in("Ada").get("/manager").text


def test_the_tablet_tells_of_tasks_about_money_and_leads_to_them(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    assert 'id="day-close"' not in marco.get("/staff").text
    report(store, close(store, marco, name="Marco"), OrderState.DONE, books=LaneBooks(), terminal=None)
    page = marco.get("/staff/wall").text
    assert 'href="/staff/day"' in page
    assert "Day close · 1 task" in words_of(page)
    assert "told no totals" in words_of(page)


def test_names_that_bite_stay_text(store: StoreInTest, signed_in: SignedIn) -> None:
    sell(store, name="<script>alert(1)</script>")
    marco = signed_in("Marco")
    assert take_back(marco) == ""
    order = newest(store, OrderKind.TAKE_BACK)
    assert order is not None
    report(store, order, OrderState.UNCLEAR, reason="<img src=x onerror=alert(1)>")
    for path in (PAGE, f"{PAGE}/sale?id=sale-1", "/staff"):
        text = marco.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text


@pytest.mark.parametrize(
    "odd", ["", "0", "-1", "1e9", "999999999", "9999999999", "²", "١", "x" * 400, "\x00"]
)
def test_no_address_that_a_person_may_type_breaks_the_pages(signed_in: SignedIn, odd: str) -> None:
    client = signed_in("Ada").client
    wanted = {"accept": "text/html"}
    assert client.get(PAGE, params={"receipt": odd}, headers=wanted).status_code == 200
    assert client.get(f"{PAGE}/sale", params={"id": odd}, headers=wanted).status_code == 404
