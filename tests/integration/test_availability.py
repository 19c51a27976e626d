"""What lies in baskets, who doubts a shelf, what was counted: told to every screen, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Announcement, Database
from inventory.domain.availability import Availability, Confidence, ShelfRule
from inventory.domain.help_desk import HelpReason, HelpState, Resolve
from inventory.domain.stock import Band, BandLimits, Movement, Reason
from inventory.services import availability, empty_shelves, help_desk, lanes, sales, stock
from inventory.wire import HeldMessage, HelpMessage, LaneStateMessage, ShelvesMessage, StockMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    LANE_ID,
    MIRROR,
    NOW,
    OTHER_LANE_ID,
    SIX_WATERS,
    STORE_ID,
    TOKENS,
    WATER,
    body_of,
    lane_state,
    line_of,
    opened_store,
    sale_message,
)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        with database.write() as uow:
            for item, milli in ((MIRROR, 12_000), (WATER, 20_000)):
                opening = Movement(item.gtin, Reason.RECEIPT, milli, f"open:{item.gtin}", "test", NOW)
                stock.post(uow, STORE_ID, opening)
        yield database


@pytest.fixture
def told(database: Database) -> list[Announcement]:
    heard: list[Announcement] = []
    database.listen(heard.extend)
    return heard


def hold(database: Database, lane_id: str, at_s: int = 0, **pieces: int) -> None:
    goods = {"mirror": MIRROR.gtin, "water": WATER.gtin}
    held = tuple(HeldMessage(gtin=goods[name], quantity_milli=count * 1000) for name, count in pieces.items())
    message: LaneStateMessage = lane_state(lane_id=lane_id).model_copy(update={"held": held})
    with database.write() as uow:
        now_utc = NOW + timedelta(seconds=at_s)
        lanes.report_state(uow, STORE_ID, message, now_utc)
        availability.baskets_heard(uow, STORE_ID, message, now_utc)


def level(database: Database, gtin: str = MIRROR.gtin) -> StockMessage:
    with database.read() as uow:
        found = stock.on_hand(uow, STORE_ID, gtin)
    assert found is not None
    return found


def known(database: Database, at_h: int = 0) -> Availability:
    with database.read() as uow:
        found = availability.of_item(uow, STORE_ID, MIRROR, NOW + timedelta(hours=at_h))
    assert found is not None
    return found


def stock_told(told: list[Announcement]) -> dict[str, int]:
    return {
        each.message.gtin: each.message.facts.available_milli
        for each in told
        if isinstance(each.message, StockMessage)
    }


def report(database: Database, help_id: str, *, lane_id: str = LANE_ID, cancel: bool = False) -> None:
    message = HelpMessage(
        help_id=help_id,
        lane_id=lane_id,
        state=HelpState.CANCELLED if cancel else HelpState.REQUESTED,
        reason=HelpReason.SHELF_EMPTY,
        requested_at_utc=NOW,
        gtin="" if cancel else MIRROR.gtin,
    )
    with database.write() as uow:
        empty_shelves.heard(uow, STORE_ID, message, NOW)


def test_goods_in_an_open_basket_are_taken_off_what_others_see(
    database: Database, told: list[Announcement]
) -> None:
    hold(database, LANE_ID, mirror=3)
    hold(database, OTHER_LANE_ID, mirror=2)
    assert (level(database).on_hand_milli, level(database).reserved_milli) == (12_000, 5_000)
    assert stock_told(told) == {MIRROR.gtin: 7_000}
    hold(database, LANE_ID, mirror=1)
    assert level(database).facts.available_milli == 9_000
    hold(database, LANE_ID)
    assert level(database).facts.available_milli == 10_000


def test_a_basket_that_did_not_change_is_no_news(database: Database, told: list[Announcement]) -> None:
    hold(database, LANE_ID, mirror=3)
    told.clear()
    hold(database, LANE_ID, mirror=3)
    assert stock_told(told) == {}


def test_a_sale_takes_the_place_of_its_basket_in_one_moment(
    database: Database, told: list[Announcement]
) -> None:
    """Between basket and sale nothing is offered that is sold, and nothing is subtracted twice."""
    hold(database, LANE_ID, mirror=3, water=1)
    told.clear()
    message = sale_message(line_of(MIRROR, 3000))
    with database.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), NOW)
    assert (level(database).on_hand_milli, level(database).reserved_milli) == (9_000, 0)
    # each item is told once; the water may be another shopper's: it stays reserved until the lane's next word
    gtins = [each.message.gtin for each in told if isinstance(each.message, StockMessage)]
    assert len(gtins) == len(set(gtins))
    free = {MIRROR.gtin: 9_000}
    assert stock_told(told) == free
    with database.write() as uow:  # the answer was lost, the lane says it again
        sales.record(uow, STORE_ID, message, body_of(message), NOW)
    assert level(database).facts.available_milli == 9_000


def test_a_sale_of_one_lane_leaves_the_baskets_of_others_alone(database: Database) -> None:
    hold(database, OTHER_LANE_ID, mirror=2)
    message = sale_message(line_of(MIRROR, 3000))
    with database.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), NOW)
    assert level(database).facts.available_milli == 7_000


def test_singles_in_a_basket_are_missing_from_the_packs_too(database: Database) -> None:
    hold(database, LANE_ID, water=3)
    packs = level(database, SIX_WATERS.gtin)
    assert (packs.on_hand_milli, packs.facts.available_milli) == (3_000, 2_000)


def test_a_lane_that_is_silent_for_a_quarter_of_an_hour_holds_nothing_any_more(
    database: Database, told: list[Announcement]
) -> None:
    hold(database, LANE_ID, mirror=3)
    hold(database, OTHER_LANE_ID, at_s=14 * 60)
    assert level(database).reserved_milli == 3_000
    told.clear()
    hold(database, OTHER_LANE_ID, at_s=16 * 60)
    assert level(database).reserved_milli == 0
    assert stock_told(told) == {MIRROR.gtin: 12_000}


def test_a_lane_that_is_taken_away_takes_its_baskets_along(database: Database) -> None:
    hold(database, LANE_ID, mirror=3)
    with database.write() as uow:
        lanes.retire(uow, STORE_ID, keep={OTHER_LANE_ID: TOKENS[OTHER_LANE_ID]})
    assert level(database).reserved_milli == 0


def test_a_lane_that_comes_back_hears_of_baskets_and_doubts_that_moved_nothing(database: Database) -> None:
    hold(database, LANE_ID, water=3)
    report(database, "shelf-1")
    with database.read() as uow:
        missed = {each.gtin: each for each in stock.moved_since(uow, STORE_ID, NOW + timedelta(hours=1))}
    assert missed[WATER.gtin].reserved_milli == 3_000
    assert missed[MIRROR.gtin].doubts == 1


def test_a_report_of_an_empty_shelf_lowers_what_is_said_and_a_count_raises_it(
    database: Database, told: list[Announcement]
) -> None:
    assert (known(database).band, known(database).confidence) == (Band.PLENTY, Confidence.FAIR)
    report(database, "shelf-1")
    report(database, "shelf-1")  # the lane says it again
    report(database, "shelf-2", lane_id=OTHER_LANE_ID)
    assert (known(database).band, known(database).confidence) == (Band.LAST_ONES, Confidence.LOW)
    assert level(database).doubts == 2
    hold(database, LANE_ID, mirror=2)
    told.clear()
    with database.write() as uow:
        wrong_by = empty_shelves.counted(uow, STORE_ID, "shelf-1", 4, who="Marco", now_utc=NOW)
    assert wrong_by == -6_000  # ten should have stood there: two of the twelve lie in a basket
    assert (level(database).on_hand_milli, level(database).facts.available_milli) == (6_000, 4_000)
    assert stock_told(told) == {MIRROR.gtin: 4_000}
    assert (known(database).exact_milli, known(database).confidence) == (4_000, Confidence.HIGH)
    with database.read() as uow:
        assert help_desk.open_requests(uow, STORE_ID) == []
        assert [each.actor for each in stock.movements(uow, STORE_ID, MIRROR.gtin, limit=1)] == ["Marco"]


def test_a_report_is_counted_once(database: Database) -> None:
    report(database, "shelf-1")
    with database.write() as uow:
        empty_shelves.counted(uow, STORE_ID, "shelf-1", 4, who="Marco", now_utc=NOW)
    with pytest.raises(help_desk.ImpossibleStepError), database.write() as uow:
        empty_shelves.counted(uow, STORE_ID, "shelf-1", 9, who="Sara", now_utc=NOW)
    assert level(database).on_hand_milli == 4_000


@pytest.mark.parametrize("number", [-1, empty_shelves.MOST_COUNTED + 1])
def test_no_count_is_below_nothing_or_beyond_reason(database: Database, number: int) -> None:
    report(database, "shelf-1")
    with pytest.raises(availability.UncountableError), database.write() as uow:
        empty_shelves.counted(uow, STORE_ID, "shelf-1", number, who="Marco", now_utc=NOW)
    assert level(database).doubts == 1


def test_who_was_mistaken_takes_the_doubt_back_and_staff_end_it_with_a_look(database: Database) -> None:
    report(database, "shelf-1")
    report(database, "shelf-1", cancel=True)
    assert level(database).doubts == 0
    report(database, "shelf-2")
    with database.write() as uow:
        empty_shelves.do(uow, STORE_ID, "shelf-2", Resolve("Sara"), NOW)
    assert (level(database).doubts, level(database).counted_at_utc) == (0, None)


def test_a_rule_of_a_department_is_told_to_the_lanes(database: Database, told: list[Announcement]) -> None:
    with database.write() as uow:
        rule = ShelfRule(BandLimits(plenty_milli=30_000, a_few_milli=15_000), certain_for_h=4)
        availability.set_rule(uow, STORE_ID, "household", rule)
    assert known(database).band is Band.LAST_ONES
    (message,) = [each.message for each in told if isinstance(each.message, ShelvesMessage)]
    assert {each.department: each.rule for each in message.rules} == {"household": rule}
    assert not message.from_now


def test_rules_follow_the_settings_and_fall_back_with_them(database: Database) -> None:
    rule = ShelfRule(BandLimits(plenty_milli=30_000, a_few_milli=15_000), certain_for_h=4)
    for wanted, band in (({"household": rule}, Band.LAST_ONES), ({}, Band.PLENTY)):
        with database.write() as uow:
            availability.keep_rules(uow, STORE_ID, wanted)
        assert known(database).band is band


def test_a_rule_set_by_hand_goes_before_the_settings_until_it_is_given_back(
    database: Database, told: list[Announcement]
) -> None:
    by_hand = ShelfRule(BandLimits(plenty_milli=30_000, a_few_milli=15_000), certain_for_h=4)
    settled = ShelfRule(BandLimits(plenty_milli=2_000, a_few_milli=1_000), certain_for_h=0)
    with database.write() as uow:
        availability.set_rule_by_hand(uow, STORE_ID, "household", by_hand, who="Ada", now_utc=NOW)
        availability.keep_rules(uow, STORE_ID, {"household": settled})
        assert availability.set_by_hand(uow, STORE_ID) == {"household"}
    assert known(database).band is Band.LAST_ONES
    with database.write() as uow:
        availability.give_rule_back(uow, STORE_ID, "household", settled, who="Ada", now_utc=NOW)
        availability.keep_rules(uow, STORE_ID, {})
        assert availability.set_by_hand(uow, STORE_ID) == frozenset()
    assert known(database).band is Band.PLENTY
    rules = [each.message.rules for each in told if isinstance(each.message, ShelvesMessage)]
    assert [[each.rule for each in every] for every in rules] == [[by_hand], [settled], []]


@pytest.mark.parametrize(("plenty", "few", "hours"), [(3, 5, 24), (5, 0, 24), (5, 3, -1), (5, 3, 5000)])
def test_a_rule_without_sense_is_refused(database: Database, plenty: int, few: int, hours: int) -> None:
    rule = ShelfRule(BandLimits(plenty * 1000, few * 1000), hours)
    with pytest.raises(ValueError, match=r"“Plenty”|hours"), database.write() as uow:
        availability.set_rule(uow, STORE_ID, "household", rule)


def test_a_department_that_is_counted_wrong_too_often_stops_naming_numbers(database: Database) -> None:
    for number in range(20):
        with database.write() as uow:
            availability.count(
                uow, STORE_ID, MIRROR.gtin, number * 1000, source_id=f"{number}th", who="Ada", now_utc=NOW
            )
    assert known(database).confidence is Confidence.FAIR
    assert known(database).exact_milli is None
    with database.read() as uow:
        (judged,) = [each for each in availability.rules(uow, STORE_ID) if each.counted]
    assert (judged.department, judged.counted, judged.agreed) == ("household", 20, 0)


def test_a_pack_is_not_counted_itself(database: Database) -> None:
    with pytest.raises(availability.UncountableError), database.write() as uow:
        availability.count(uow, STORE_ID, SIX_WATERS.gtin, 3000, source_id="c", who="Ada", now_utc=NOW)
