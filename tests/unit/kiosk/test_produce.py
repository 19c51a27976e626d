"""Goods without a barcode: which pictures stand first in which month, and the number on a sticker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import WeightSettled
from inventory.domain.catalogue import SoldBy
from inventory.domain.plu import usual_of
from inventory.domain.season import MONTHS, read_season, write_season
from kiosk.assist import produce
from kiosk.checkout import messages as m
from kiosk.lane import Tapped, Typed
from kiosk.shelf import shelf_from
from kiosk.ui.presenter import present
from kiosk.ui.presenter.nodes import reachable
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import NoBarcodeModel, NumberModel, ScreenModel
from tests.support.lane_fakes import NOON, LaneBench, catalogue, item

BANANAS = item(301, "Bananas", 179, plu="4011", sold_by=SoldBy.WEIGHT)
ORGANIC = item(302, "Organic bananas", 239, plu="94011", sold_by=SoldBy.WEIGHT)
CHERRIES = replace(item(303, "Cherries", 699, plu="4045", sold_by=SoldBy.WEIGHT), season=(5, 6, 7))
ORANGES = replace(item(304, "Oranges", 199, plu="4012", sold_by=SoldBy.WEIGHT), season=(1, 2, 3, 4, 11, 12))
CARROTS = item(305, "Carrots", 139, plu="4094", sold_by=SoldBy.WEIGHT)
GOODS = produce.by_name((ORANGES, ORGANIC, CARROTS, CHERRIES, BANANAS), "en")


def named(goods: tuple[object, ...]) -> list[str]:
    return [each.names["en"] for each in goods]  # type: ignore[attr-defined]


# --- which stand first ---------------------------------------------------------------------------


def test_what_is_in_season_stands_first_and_what_is_out_of_it_does_not_stand_there_at_all() -> None:
    june, january = produce.likely(GOODS, (), 6, 4), produce.likely(GOODS, (), 1, 4)
    assert named(june) == ["Cherries", "Bananas", "Organic bananas", "Carrots"]
    assert named(january) == ["Oranges", "Bananas", "Organic bananas", "Carrots"]


def test_what_is_chosen_on_this_lane_goes_before_the_season() -> None:
    picks = ((CARROTS.gtin, 5), (BANANAS.gtin, 5))
    assert named(produce.likely(GOODS, picks, 6, 3)) == ["Carrots", "Bananas", "Cherries"]


def test_a_count_from_another_season_weighs_a_quarter() -> None:
    picks = ((CHERRIES.gtin, 11), (BANANAS.gtin, 3))
    assert named(produce.likely(GOODS, picks, 6, 2)) == ["Cherries", "Bananas"]
    assert named(produce.likely(GOODS, picks, 12, 2)) == ["Bananas", "Cherries"]


def test_where_nothing_is_known_nothing_is_likelier() -> None:
    assert produce.likely((BANANAS, CARROTS), (), 6, 6) == ()


def test_the_organic_one_stands_right_after_its_usual_one_in_every_language() -> None:
    assert named(GOODS) == ["Bananas", "Organic bananas", "Carrots", "Cherries", "Oranges"]
    assert named(produce.by_name((ORGANIC, CARROTS), "en")) == ["Carrots", "Organic bananas"]


@given(
    picks=st.lists(
        st.tuples(st.sampled_from([each.gtin for each in GOODS] + ["gone"]), st.integers(1, 999)),
        unique_by=lambda pick: pick[0],
    ),
    month=st.integers(1, MONTHS),
    most=st.integers(1, 6),
)
def test_the_first_page_holds_no_good_twice_and_none_from_another_season_that_nobody_chose(
    picks: list[tuple[str, int]], month: int, most: int
) -> None:
    first = produce.likely(GOODS, picks, month, most)
    assert len({each.gtin for each in first}) == len(first) <= most
    chosen = {gtin for gtin, _ in picks}
    assert all(not each.season or month in each.season or each.gtin in chosen for each in first)


# --- seasons and numbers as they are written -----------------------------------------------------


@pytest.mark.parametrize(
    ("written", "months"),
    [
        ("", ()),
        ("5", (5,)),
        ("5-9", (5, 6, 7, 8, 9)),
        ("11-2", (1, 2, 11, 12)),
        ("4 9-10", (4, 9, 10)),
        ("4, 5", (4, 5)),
        ("1-12", tuple(range(1, 13))),
    ],
)
def test_months_are_read_as_a_shop_writes_them(written: str, months: tuple[int, ...]) -> None:
    assert read_season(written) == months
    assert read_season(write_season(months)) == months


@pytest.mark.parametrize("written", ["0", "13", "5-13", "May", "5–9", "1-2-3", "-3", "٥"])
def test_anything_else_is_no_season(written: str) -> None:
    assert read_season(written) is None


def test_a_nine_before_four_digits_marks_the_organic_one() -> None:
    assert (usual_of("94011"), usual_of("4011"), usual_of("83011"), usual_of("9401")) == ("4011", "", "", "")


# --- the number on a sticker ---------------------------------------------------------------------


def screen(bench: LaneBench) -> ScreenModel:
    return present(bench.state, Scene("Mercato Aurora", "3", bench.shelf, NOON))


def pad(bench: LaneBench) -> NumberModel:
    body = screen(bench).body
    assert isinstance(body, NumberModel)
    return body


def type_number(bench: LaneBench, digits: str) -> NumberModel:
    bench.work(*(Tapped(f"digit:{digit}") for digit in digits))
    return pad(bench)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LaneBench]:
    bench = LaneBench(tmp_path)
    bench.shelf = shelf_from(catalogue(*GOODS))
    bench.work(Tapped("no-barcode"))
    pictures = screen(bench).body
    assert isinstance(pictures, NoBarcodeModel)
    assert pictures.number is not None
    bench.work(Tapped(pictures.number.tap_id))
    yield bench
    bench.close()


def test_a_number_is_typed_and_its_good_is_weighed(bench: LaneBench) -> None:
    assert type_number(bench, "401").found is None
    found = type_number(bench, "1").found
    assert found is not None
    assert found.name == "Bananas"
    bench.work(Tapped("number-ok"), WeightSettled("scale", 500))
    assert [(each.item, each.weight_g) for each in bench.state.basket.lines] == [(BANANAS, 500)]


def test_five_digits_that_begin_with_nine_are_the_organic_one(bench: LaneBench) -> None:
    found = type_number(bench, "94011").found
    assert found is not None
    assert found.name == "Organic bananas"


def test_an_unknown_number_is_said_and_can_be_mended(bench: LaneBench) -> None:
    shown = type_number(bench, "4019")
    assert (shown.alarm, shown.ok.enabled, shown.number) == (True, False, "4019")
    assert shown.text == "I do not know this number. Check it, or tap Help."
    bench.work(Tapped("number-ok"))
    assert pad(bench).number == "4019", "OK does nothing, and loses nothing"
    bench.work(Tapped("erase"))
    assert not pad(bench).alarm
    assert type_number(bench, "1").found is not None


def test_an_organic_number_is_never_sold_as_the_usual_good(bench: LaneBench) -> None:
    shown = type_number(bench, "94094")
    assert shown.found is None
    assert shown.text == "I do not know the organic one. Please tap Help."


def test_no_more_than_five_digits_are_taken_and_nothing_but_digits(bench: LaneBench) -> None:
    bench.work(Tapped("digit:x"), Tapped("digit:٤"))
    assert type_number(bench, "401177").number == "40117"


def test_a_keyboard_types_digits_too(bench: LaneBench) -> None:
    bench.work(*(Typed(digit) for digit in "4011"))
    assert pad(bench).found is not None


def test_the_way_back_leads_to_the_pictures(bench: LaneBench) -> None:
    back = screen(bench).top.back
    assert back is not None
    bench.work(Tapped(back.tap_id))
    assert bench.state.view.sheet is m.Sheet.NO_BARCODE


def test_every_digit_and_ok_can_be_reached_with_the_keys(bench: LaneBench) -> None:
    type_number(bench, "4011")
    ids = [node.id for node in reachable(screen(bench))]
    assert [each for each in ids if each.startswith("digit:")] == [f"digit:{n}" for n in "1234567890"]
    assert "number-ok" in ids
