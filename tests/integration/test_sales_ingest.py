"""The arrival of sales: once each, never refused for their books, flagged where those differ from ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import price_of_weight
from inventory.domain.sales import Sale, SaleLine
from inventory.services import sales, stock, tasks
from inventory.services.sale_checks import SaleUnreadableError, line_flags
from inventory.services.sales import SaleConflict
from inventory.services.tasks import UNKNOWN_ITEM
from inventory.wire import SaleAnswer, SaleMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    MIRROR,
    NOW,
    PEARS,
    SIX_WATERS,
    STORE_ID,
    WATER,
    body_of,
    gtin,
    heard,
    line_of,
    opened_store,
    sale_message,
)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def record(database: Database, message: SaleMessage) -> tuple[int, SaleAnswer]:
    with database.write() as uow:
        return sales.record(uow, STORE_ID, message, body_of(message), NOW)


def on_hand_milli(database: Database, wanted: str) -> int:
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, wanted)
    assert level is not None
    return level.on_hand_milli


def changed(message: SaleMessage, **fields: object) -> SaleMessage:
    sale: Sale = replace(message.sale, **fields)  # type: ignore[arg-type]
    return message.model_copy(update={"sale": sale})


def flags_of(database: Database, *lines: SaleLine) -> tuple[str, ...]:
    return record(database, sale_message(*lines))[1].flags


def test_a_sale_takes_each_line_from_stock_once(database: Database) -> None:
    status, answer = record(database, sale_message(line_of(MIRROR, 2000), line_of(PEARS, 485)))
    assert (status, answer) == (201, SaleAnswer(outcome="created", sale_id="sale-1"))
    assert (on_hand_milli(database, MIRROR.gtin), on_hand_milli(database, PEARS.gtin)) == (-2000, -485)
    with database.read() as uow:
        (movement,) = stock.movements(uow, STORE_ID, PEARS.gtin)
        assert (movement.source_id, movement.actor, movement.at_utc) == ("sale:sale-1:2", "lane-1", NOW)


def test_a_sale_sent_again_gets_its_first_answer_and_moves_nothing(database: Database) -> None:
    message = sale_message(replace(line_of(MIRROR), unit_price_minor=1))
    first = record(database, message)[1]
    announcements = heard(database)
    assert record(database, message) == (200, first.model_copy(update={"outcome": "exists"}))
    assert first.flags
    assert on_hand_milli(database, MIRROR.gtin) == -1000
    assert announcements == []


def test_the_first_answer_is_kept_though_prices_have_changed_since(database: Database) -> None:
    message = sale_message(line_of(MIRROR))
    record(database, message)
    from inventory.services import catalogue  # noqa: PLC0415 - only this test changes prices

    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, [replace(MIRROR, price_minor=1)], {"standard": 2200}, NOW)
    assert record(database, message)[1].flags == ()


def test_another_sale_under_the_same_id_is_a_conflict_and_changes_nothing(database: Database) -> None:
    record(database, sale_message(line_of(MIRROR)))
    with pytest.raises(SaleConflict, match="sale-1"):
        record(database, sale_message(line_of(WATER)))
    assert on_hand_milli(database, WATER.gtin) == 0


def test_two_lines_of_one_item_move_it_twice_and_tell_it_once(database: Database) -> None:
    announcements = heard(database)
    record(database, sale_message(line_of(MIRROR), line_of(MIRROR), line_of(WATER)))
    told = [
        (each.event_name, each.message.model_dump(include={"gtin", "on_hand_milli"}))
        for each in announcements
    ]
    assert told == [
        ("stock", {"gtin": MIRROR.gtin, "on_hand_milli": -2000}),
        ("stock", {"gtin": WATER.gtin, "on_hand_milli": -1000}),
        ("stock", {"gtin": SIX_WATERS.gtin, "on_hand_milli": -1000}),
    ]


def test_a_multipack_leaves_as_its_single_pieces(database: Database) -> None:
    assert flags_of(database, line_of(SIX_WATERS, 2000)) == ()
    assert on_hand_milli(database, WATER.gtin) == -12_000
    with database.read() as uow:
        assert stock.movements(uow, STORE_ID, SIX_WATERS.gtin) == ()
        assert stock.audit(uow, STORE_ID) == []
        assert [short.gtin for short in stock.negative(uow, STORE_ID)] == [WATER.gtin]


def test_an_unknown_item_is_accepted_as_a_fact_and_flagged(database: Database) -> None:
    stranger = replace(line_of(MIRROR), gtin=gtin(999))
    assert flags_of(database, stranger) == (f"{gtin(999)} is not in the catalogue",)
    assert on_hand_milli(database, gtin(999)) == -1000


def test_a_price_that_is_not_ours_is_flagged_and_kept(database: Database) -> None:
    cheap = replace(line_of(MIRROR), unit_price_minor=1799, amount_minor=1799)
    assert flags_of(database, cheap) == (f"{MIRROR.gtin} was sold at 1799, we have 1999",)
    with database.read() as uow:
        sale = sales.find_sale(uow, STORE_ID, "sale-1")
        assert sale is not None
        assert sale.total_minor == 1799
        assert sales.find_sale(uow, STORE_ID, "sale-2") is None


def test_a_tax_rate_that_is_not_ours_is_flagged(database: Database) -> None:
    untaxed = replace(line_of(MIRROR), tax_rate_bp=0)
    assert flags_of(database, untaxed) == (f"{MIRROR.gtin} was taxed as standard 0, we have standard 2200",)


def test_a_missing_deposit_is_flagged(database: Database) -> None:
    dry = replace(line_of(WATER), deposit_minor=0)
    assert flags_of(database, dry) == (f"{WATER.gtin} had a deposit of 0, we make it 25",)


def test_a_line_that_was_multiplied_wrongly_is_flagged(database: Database) -> None:
    wrong = replace(line_of(MIRROR, 2000), amount_minor=1999)
    assert flags_of(database, wrong) == (f"{MIRROR.gtin} came to 1999, we make it 3998",)


@settings(max_examples=40)
@given(st.integers(1, 8_900))
def test_a_price_label_never_looks_wrong_for_a_rounded_gram(label_minor: int) -> None:
    weight_g = max(1, round(label_minor * 1000 / PEARS.price_minor))
    line = replace(line_of(PEARS, weight_g), amount_minor=label_minor)
    assert list(line_flags(line, PEARS, {"super": 400})) == []
    assert abs(price_of_weight(PEARS.price_minor, weight_g) - label_minor) <= 1


def test_sums_that_disagree_are_flagged_and_never_refused(database: Database) -> None:
    message = sale_message(line_of(MIRROR))
    status, answer = record(database, changed(message, total_minor=1, taxes=()))
    assert status == 201
    assert len(answer.flags) == 3


def test_a_receipt_number_used_twice_and_a_foreign_store_are_flagged(database: Database) -> None:
    record(database, sale_message(line_of(MIRROR)))
    again = changed(sale_message(line_of(MIRROR), sale_id="sale-2"), store_id="elsewhere")
    assert record(database, again)[1].flags == (
        "the sale names another store, elsewhere",
        "receipt number 1 was used before on lane-1",
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"total_minor": 2**60},
        {"receipt_no": -(2**60)},
        {"paid_at_utc": datetime.max.replace(tzinfo=UTC)},
        {"paid_at_utc": datetime.min.replace(tzinfo=timezone(timedelta(hours=2)))},
        {"sale_id": ""},
        {"sale_id": "x" * 65},
        {"lines": (replace(line_of(MIRROR), quantity_milli=10**30),)},
        {"lines": (replace(line_of(MIRROR), tax_rate_bp=10**9),)},
        {"lines": (replace(line_of(MIRROR), tax_rate_bp=-10_000),)},
    ],
)
def test_a_message_no_table_can_hold_is_refused_as_unreadable(
    database: Database, fields: dict[str, object]
) -> None:
    with pytest.raises(SaleUnreadableError):
        record(database, changed(sale_message(line_of(MIRROR)), **fields))


def test_a_lane_whose_clock_lost_its_battery_is_believed(database: Database) -> None:
    message = sale_message(line_of(MIRROR), paid_at_utc=datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    assert record(database, message)[0] == 201
    with database.read() as uow:
        assert sales.today(uow, STORE_ID, date(1970, 1, 1)).count == 1


def test_a_name_with_a_nul_is_stored_without_it(database: Database) -> None:
    message = sale_message(replace(line_of(MIRROR), name="Mir\0ror"))
    assert record(database, message)[0] == 201


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([1, 2, 3, 4]), max_size=8))
def test_however_often_sales_are_sent_the_ledger_holds_each_once(database: Database, sent: list[int]) -> None:
    for number in sent:
        record(
            database, sale_message(line_of(MIRROR, number * 1000), sale_id=f"s{number}", receipt_no=number)
        )
    with database.read() as uow:
        assert stock.audit(uow, STORE_ID) == []
        found = [movement.source_id for movement in stock.movements(uow, STORE_ID, MIRROR.gtin)]
    assert len(found) == len(set(found)) <= 4
    assert {f"sale:s{number}:1" for number in sent} <= set(found)


def test_a_day_is_cut_by_the_stores_own_clock(database: Database) -> None:
    before_midnight = datetime(2026, 5, 4, 21, 59, tzinfo=UTC)
    for number in range(25):
        paid_at_utc = before_midnight + timedelta(minutes=number % 2 * 2, microseconds=number)
        record(
            database,
            sale_message(line_of(WATER), sale_id=f"s{number:02}", receipt_no=number, paid_at_utc=paid_at_utc),
        )
    with database.read() as uow:
        day = sales.today(uow, STORE_ID, date(2026, 5, 4))
        next_day = sales.today(uow, STORE_ID, date(2026, 5, 5))
        assert sales.flagged(uow, STORE_ID, date(2026, 5, 4)) == ()
    assert (day.count, day.total_minor, day.currency) == (13, 13 * 114, "EUR")
    assert [(hour.hour, hour.count) for hour in day.by_hour] == [(23, 13)]
    assert [(hour.hour, hour.count) for hour in next_day.by_hour] == [(0, 12)]
    assert [sale.sale_id for sale in day.last[:2]] == ["s24", "s22"]


def test_a_list_of_the_day_ends_after_twenty_and_shows_flags(database: Database) -> None:
    for number in range(21):
        line = line_of(WATER) if number else replace(line_of(WATER), tax_rate_bp=0)
        record(database, sale_message(line, sale_id=f"s{number:02}", receipt_no=number))
    with database.read() as uow:
        assert len(sales.today(uow, STORE_ID, NOW.date()).last) == 20
        (flagged,) = sales.flagged(uow, STORE_ID, NOW.date())
    assert (flagged.sale_id, len(flagged.flags)) == ("s00", 1)


# --- goods the catalogue does not know, priced by staff ------------------------------------------


def priced(number: int = 977, name: str = "Rye bread") -> SaleLine:
    return replace(line_of(WATER), gtin=gtin(number), sku="", name=name, priced_by="Marco")


def corrected(**more: object) -> SaleLine:
    before = line_of(WATER)
    price = before.unit_price_minor - 10
    line = replace(
        before,
        unit_price_minor=price,
        amount_minor=price,
        catalogue_price_minor=before.unit_price_minor,
        price_reason="label",
        priced_by="Marco",
    )
    return replace(line, **more)  # type: ignore[arg-type]


def test_a_price_that_staff_corrected_is_no_fault_of_the_sale(database: Database) -> None:
    status, answer = record(database, sale_message(corrected()))
    assert (status, answer.flags) == (201, ())
    assert item_tasks(database) == []


def test_corrected_goods_that_the_store_has_lost_are_booked_like_any_others(database: Database) -> None:
    _, answer = record(database, sale_message(corrected(gtin=gtin(977))))
    assert answer.flags == (f"{gtin(977)} is not in the catalogue",)
    assert item_tasks(database) == []
    with database.read() as uow:
        assert stock.on_hand(uow, STORE_ID, gtin(977)) is not None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"priced_by": ""}, "was corrected by nobody"),
        ({"catalogue_price_minor": 5_000}, "was corrected from 5000"),
        ({"unit_price_minor": 9_000, "amount_minor": 9_000}, "to 9000"),
        ({"amount_minor": 1}, "came to 1"),
        ({"tax_rate_bp": 1}, "was taxed as"),
        ({"price_reason": ""}, "was sold at"),
    ],
)
def test_a_correction_that_does_not_hold_is_marked(
    database: Database, change: dict[str, object], words: str
) -> None:
    _, answer = record(database, sale_message(corrected(**change)))
    assert any(words in flag for flag in answer.flags)


def item_tasks(database: Database) -> list[str]:
    with database.read() as uow:
        return [task.words for task in tasks.open_tasks(uow, STORE_ID) if task.kind == UNKNOWN_ITEM]


def test_goods_that_staff_priced_are_recorded_and_somebody_is_asked_to_add_them(database: Database) -> None:
    status, answer = record(database, sale_message(priced()))
    assert status == 201
    assert answer.flags == (f"{gtin(977)} is not in the catalogue, Marco gave its price",)
    (words,) = item_tasks(database)
    assert words.startswith(f"Unknown item {gtin(977).lstrip('0')} sold once, last as Rye bread for ")
    with database.read() as uow:
        assert stock.on_hand(uow, STORE_ID, gtin(977)) is None


def test_sold_again_they_are_one_task_that_counts_and_told_twice_they_count_once(database: Database) -> None:
    first = sale_message(priced())
    record(database, first)
    record(database, first)
    assert "sold once" in item_tasks(database)[0]
    record(database, changed(sale_message(priced(), line_of(WATER)), sale_id="sale-2", receipt_no=2))
    (words,) = item_tasks(database)
    assert "sold 2 times" in words


def test_a_task_that_was_done_is_not_opened_again_and_still_no_sale_is_refused(database: Database) -> None:
    record(database, sale_message(priced()))
    with database.write() as uow:
        (task,) = tasks.open_tasks(uow, STORE_ID)
        tasks.tick_off(uow, STORE_ID, task.task_id, who="Ada", note="Added.", now_utc=NOW)
    status, _ = record(database, changed(sale_message(priced()), sale_id="sale-2", receipt_no=2))
    assert status == 201
    assert item_tasks(database) == []


def test_a_name_no_database_can_hold_refuses_no_sale(database: Database) -> None:
    status, _ = record(database, sale_message(priced(name="Rye\x00bread")))
    assert status == 201
    assert "Ryebread" in item_tasks(database)[0]
