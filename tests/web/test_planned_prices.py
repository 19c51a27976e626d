"""Owns what planned prices must do in a store: at their time, once, in one price list, and told in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from inventory.db.unit_of_work import Announcement
from inventory.services import catalogue, conflicts, hq_outbox, prices
from inventory.services.prices import PlanFault, PlanRefused
from inventory.web.price_clock import PriceClock
from tests.support.hq_push import push
from tests.support.web_store import APPLES, MILK, NOON, STORE, SignedIn, StoreInTest, Visitor, item

PAGE = f"/manager/stock/{MILK}"
HOUR = timedelta(hours=1)


def plan_on(visitor: Visitor, **fields: str) -> tuple[int, str]:
    answer = visitor.submit(f"{PAGE}/prices", page=PAGE, **fields)
    return answer.status_code, answer.text


def plan(store: StoreInTest, gtin: str, price_minor: int, begin: datetime, end: datetime | None) -> str:
    with store.database.write() as uow:
        return prices.plan(
            uow,
            STORE,
            gtin,
            price_minor=price_minor,
            from_utc=begin,
            until_utc=end,
            reason="",
            who="Ada",
            now_utc=store.clock(),
        )


def price_of(store: StoreInTest, gtin: str) -> int:
    with store.database.read() as uow:
        found = catalogue.find_item(uow, STORE, gtin)
    assert found is not None
    return found.price_minor


def tick(store: StoreInTest) -> prices.Applied | None:
    return PriceClock(store.database, STORE, clock=store.clock).tick()


def test_prices_begin_and_end_by_the_stores_clock_in_one_price_list_together(store: StoreInTest) -> None:
    heard: list[Announcement] = []
    plan(store, MILK, 99, NOON + HOUR, NOON + 3 * HOUR)
    plan(store, APPLES, 149, NOON + HOUR, None)
    store.database.listen(heard.extend)
    assert tick(store) is None
    store.clock.advance(HOUR)
    applied = tick(store)
    assert applied is not None
    assert applied.price_count == 2
    assert [each.event_name for each in heard].count("catalogue") == 1
    assert (price_of(store, MILK), price_of(store, APPLES)) == (99, 149)
    assert tick(store) is None
    store.clock.advance(2 * HOUR)
    assert tick(store) is not None
    assert (price_of(store, MILK), price_of(store, APPLES)) == (129, 149)


def test_a_store_that_was_off_all_the_while_has_the_former_price(store: StoreInTest) -> None:
    plan(store, MILK, 99, NOON + HOUR, NOON + 3 * HOUR)
    store.clock.advance(9 * HOUR)
    applied = tick(store)
    assert applied is not None
    assert (applied.price_count, applied.version) == (0, None)
    assert price_of(store, MILK) == 129


def test_a_price_set_meanwhile_is_not_taken_back(store: StoreInTest) -> None:
    plan(store, MILK, 99, NOON, NOON + HOUR)
    tick(store)
    with store.database.write() as uow:
        catalogue.change_items(uow, STORE, put=[item(MILK, "Whole milk 1 L", price_minor=115)], now_utc=NOON)
    store.clock.advance(HOUR)
    tick(store)
    assert price_of(store, MILK) == 115


def test_plans_of_an_item_that_left_the_catalogue_end_quietly(store: StoreInTest) -> None:
    plan(store, MILK, 99, NOON, NOON + HOUR)
    with store.database.write() as uow:
        catalogue.change_items(uow, STORE, dropped=[MILK], now_utc=NOON)
    tick(store)
    with store.database.read() as uow:
        assert prices.next_due(uow, STORE) is None


@pytest.mark.parametrize(
    ("price_minor", "begin", "end", "fault"),
    [
        (0, NOON, None, PlanFault.PRICE),
        (99, NOON, NOON, PlanFault.BACKWARDS),
        (99, NOON - 2 * HOUR, NOON - HOUR, PlanFault.PAST),
        (99, NOON + timedelta(days=4000), None, PlanFault.TOO_FAR),
        (99, NOON + 2 * HOUR, NOON + 5 * HOUR, PlanFault.OVERLAP),
        (99, NOON, None, PlanFault.OVERLAP),
    ],
)
def test_an_impossible_plan_is_refused(
    store: StoreInTest, price_minor: int, begin: datetime, end: datetime | None, fault: PlanFault
) -> None:
    plan(store, MILK, 109, NOON + HOUR, NOON + 3 * HOUR)
    with pytest.raises(PlanRefused) as refused:
        plan(store, MILK, price_minor, begin, end)
    assert refused.value.fault is fault


def test_a_manager_plans_in_the_stores_own_time_and_sees_it_begin(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    status, _ = plan_on(
        ada, price="0,99", begin="2026-11-21T14:00", end="2026-11-28T14:00", reason="<b>Autumn</b>"
    )
    assert status == 303
    page = ada.get(PAGE).text
    for words in ("€0.99", "21 Nov 2026 14:00", "28 Nov 2026 14:00", "planned", "&lt;b&gt;Autumn"):
        assert words in page, words
    store.clock.advance(HOUR)
    tick(store)
    ada = signed_in("Ada")
    assert "in force" in ada.get("/manager/prices").text
    assert "€0.99" in ada.get("/manager/items").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price": "cheap"}, "Type a price from €0.01 to €999,999.99."),
        ({"price": "1", "begin": "soon"}, "Choose a day and a time of day."),
        ({"price": "1", "begin": "2027-03-28T02:30"}, "At 02:30 the clocks are put forward that day."),
        ({"price": "1", "begin": "2026-12-02T10:00", "end": "2026-12-01T10:00"}, "after the beginning"),
        ({"price": "1", "begin": "2026-12-24T10:00"}, "From 21 Dec 2026 09:00 on €0.50 is planned already."),
    ],
)
def test_what_cannot_be_planned_is_said_and_what_was_typed_stays(
    store: StoreInTest, signed_in: SignedIn, fields: dict[str, str], words: str
) -> None:
    plan(store, MILK, 50, NOON + timedelta(days=30, hours=-4), None)
    status, page = plan_on(signed_in("Ada"), **fields)
    assert status == 422
    assert words in page
    assert f'value="{fields["price"]}"' in page


def test_a_price_without_times_holds_at_once_and_can_be_called_off(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    plan_on(ada, price="1.00", end="2026-12-01T08:00")
    assert price_of(store, MILK) == 100
    page = ada.get(PAGE).text
    path = page.split(f'action="{PAGE}/prices/')[1].split('"')[0]
    assert ada.submit(f"{PAGE}/prices/{path}", page=PAGE).status_code == 303
    assert price_of(store, MILK) == 129
    again = ada.submit(f"{PAGE}/prices/{path}", page=PAGE)
    assert again.status_code == 422
    assert "over already" in again.text


def push_price(store: StoreInTest, position: str, after: str, price_minor: int) -> None:
    goods = item(MILK, "Whole milk 1 L", price_minor=price_minor)
    push(store.database, position, after, goods, store.clock())


@pytest.mark.parametrize("has_history", [True, False])
def test_a_planned_price_is_the_stores_own_against_headquarters(
    store: StoreInTest, has_history: bool
) -> None:
    with store.database.write() as uow:
        hq_outbox.open_line(uow, STORE)
    position = ""
    if has_history:
        position = "1"
        push_price(store, "", position, 129)
    plan(store, MILK, 99, NOON, None)
    tick(store)
    push_price(store, position, "2", 119)
    assert price_of(store, MILK) == 99
    with store.database.read() as uow:
        (disputed,) = conflicts.open_conflicts(uow, STORE)
        assert len(hq_outbox.waiting(uow, STORE, limit=9)) == 1  # proposed too
    assert (disputed.ours, disputed.ours_who, disputed.theirs) == ("99", "Ada", "119")


def test_what_gives_the_former_price_back_leaves_headquarters_nothing_to_dispute(store: StoreInTest) -> None:
    with store.database.write() as uow:
        hq_outbox.open_line(uow, STORE)
    push_price(store, "", "1", 129)
    plan(store, MILK, 99, NOON, NOON + HOUR)
    tick(store)
    store.clock.advance(HOUR)
    tick(store)
    assert price_of(store, MILK) == 129
    push_price(store, "1", "2", 119)
    assert price_of(store, MILK) == 119
    with store.database.read() as uow:
        assert conflicts.open_conflicts(uow, STORE) == ()
