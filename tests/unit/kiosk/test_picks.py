"""What is bought loose on this lane, counted, and shown first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.checkout import messages as m
from kiosk.checkout.picks import FULL, KEPT, Picks, counted
from kiosk.shelf import shelf_from
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import NoBarcodeModel
from tests.support.lane_fakes import APPLES, BUN, HAM, MILK, NOON, Walk, catalogue, item, shelf

LOOSE = tuple(
    item(200 + n, f"{letter}-fruit", 100, plu=str(4100 + n)) for n, letter in enumerate("ABCDEFGHIJKL")
)


def offered(walk: Walk, page: int = 0) -> NoBarcodeModel:
    walk.take(m.SheetOpened(m.Sheet.NO_BARCODE), m.ResultChosen(page=page))
    body = present(walk.state, Scene("Mercato Aurora", "3", shelf_from(catalogue(*LOOSE)), NOON)).body
    assert isinstance(body, NoBarcodeModel)
    return body


def names(body: NoBarcodeModel) -> str:
    return "".join(tile.name[0] for tile in body.tiles)


def test_only_what_is_sold_loose_is_counted() -> None:
    picks: Picks = ()
    for goods in (MILK, HAM, APPLES, BUN, APPLES):
        picks = counted(picks, goods)
    assert picks == ((APPLES.gtin, 2), (BUN.gtin, 1))


@given(st.lists(st.sampled_from(LOOSE), max_size=200))
def test_the_list_is_ordered_bounded_and_holds_nobody_twice(bought: list[object]) -> None:
    picks: Picks = ()
    for goods in bought:
        picks = counted(picks, goods)  # type: ignore[arg-type]
    counts = [number for _, number in picks]
    assert counts == sorted(counts, reverse=True)
    assert len({gtin for gtin, _ in picks}) == len(picks) <= KEPT
    assert sum(counts) == len(bought)


def test_a_full_count_is_halved_so_that_a_season_can_pass() -> None:
    picks: Picks = (("old", FULL - 1), (APPLES.gtin, FULL - 1), ("once", 1))
    assert counted(picks, APPLES) == ((APPLES.gtin, FULL // 2), ("old", (FULL - 1) // 2))


def test_a_lane_that_sold_nothing_loose_shows_all_by_letter() -> None:
    body = offered(Walk())
    assert names(body) == "ABCDEF"
    assert [letter.label for letter in body.letters] == ["A–F", "G–L"]
    assert [letter.chosen for letter in body.letters] == [True, False]


def test_what_this_lane_sells_most_stands_first_and_outlives_the_visit() -> None:
    walk = Walk()
    for number, goods in enumerate((LOOSE[10], LOOSE[3], LOOSE[10])):
        walk.scan(goods, f"line-{number}")
    walk.know_terminal().pay().authorise().complete()
    walk.take(m.TimerExpired(m.Timer.THANKS))
    assert names(offered(walk)) == "KDABCE"
    assert names(offered(walk, 1)) == "ABCDEF"
    assert [letter.chosen for letter in offered(walk, 2).letters] == [False, True]


def test_goods_that_left_the_catalogue_are_not_offered() -> None:
    walk = Walk()
    walk.scan(APPLES, "w", weight_g=435)
    assert names(offered(walk)) == "ABCDEF"
    assert APPLES.gtin in shelf().by_gtin
