"""A closed lane sends people to the nearest open one, and the tablet closes and opens it."""

from __future__ import annotations

from dataclasses import replace

from assets import ROOT as ASSETS
from inventory.domain.neighbours import OpenLane
from inventory.domain.store_plan import read_plan
from kiosk import inputs
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.journaled import JOURNALED
from kiosk.checkout.state import Phase
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import DegradedModel
from tests.support.lane_fakes import APPLES, NOON, Walk, shelf

PLAN = read_plan((ASSETS / "demo" / "plan.toml").read_text("utf-8"), source="plan.toml")
CLOSE = v.DoorOrdered("d1", True, "Giulia")
OTHERS = (OpenLane("lane-1", "1"), OpenLane("lane-2", "2"))


def closed(walk: Walk | None = None) -> Walk:
    walk = walk or Walk().know_terminal()
    walk.take(m.StoreReached(True), CLOSE)
    return walk


def words(walk: Walk, *lanes: OpenLane, with_plan: bool = True) -> str:
    goods = replace(shelf(), plan=PLAN if with_plan else None)
    body = present(walk.state, Scene("Mercato Aurora", "3", goods, NOON, open_lanes=lanes)).body
    assert isinstance(body, DegradedModel)
    return body.text


def test_a_closed_lane_names_the_nearest_open_one_and_on_which_hand() -> None:
    assert words(closed(), *OTHERS) == "Lane 2 is open, to your left."
    assert words(closed(), OpenLane("lane-4", "4")) == "Lane 4 is open, to your right."


def headline(walk: Walk) -> str:
    body = present(walk.state, Scene("Mercato Aurora", "3", shelf(), NOON)).body
    assert isinstance(body, DegradedModel)
    return body.headline


def test_a_paused_lane_says_that_it_is_soon_back_until_it_is_closed_or_opened() -> None:
    walk = closed()
    assert headline(walk) == "This lane is closed"
    walk.take(v.DoorOrdered("d2", True, "Giulia", paused=True))
    assert headline(walk) == "Back in a moment"
    assert words(walk, *OTHERS) == "Lane 2 is open, to your left."
    walk.take(v.DoorOrdered("d3", True, "Ada"))
    assert headline(walk) == "This lane is closed"


def test_a_pause_ends_at_the_lane_and_the_next_closing_there_is_none() -> None:
    walk = Walk().know_terminal()
    walk.take(v.DoorOrdered("d1", True, "Giulia", paused=True), m.StaffEntered("Marco", "s1"))
    walk.take(m.StaffActed(m.StaffAct.OPEN, "r1"))
    assert (walk.state.closed_by, walk.state.is_paused) == ("", False)
    walk.take(m.StaffActed(m.StaffAct.CLOSE, "r2"), m.StaffLeft())
    assert headline(walk) == "This lane is closed"


def test_without_a_plan_it_names_the_lane_alone() -> None:
    assert words(closed(), *OTHERS, with_plan=False) == "Lane 2 is open."


def test_when_nothing_else_is_open_or_the_store_is_silent_it_says_less() -> None:
    assert words(closed()) == "Please use another lane."
    walk = closed()
    walk.take(m.StoreReached(False))
    assert words(walk, *OTHERS) == "Please use another lane."


def test_a_refused_scan_is_told_where_to_go() -> None:
    walk = closed().scan()
    assert walk.state.phase is Phase.ATTRACT
    assert words(walk, *OTHERS) == "I cannot take this here. Lane 2 is open, to your left."


def test_a_closed_lane_asks_nobody_to_put_goods_on_the_scale() -> None:
    walk = closed()
    walk.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES))
    assert walk.of(fx.Weigh) == []
    assert words(walk, *OTHERS) == "I cannot take this here. Lane 2 is open, to your left."
    thanked = closed(Walk().know_terminal().scan().pay().authorise().complete())
    thanked.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES))
    assert (thanked.of(fx.Weigh), thanked.state.phase) == ([], Phase.THANKS)


def test_a_lane_that_closes_while_goods_are_looked_for_says_so_once_they_are_chosen() -> None:
    for sheet, item in ((m.Sheet.NO_BARCODE, None), (m.Sheet.WEIGH, APPLES)):
        walk = Walk().know_terminal()
        walk.take(m.SheetOpened(sheet, item=item))
        closed(walk).scan(APPLES, "a", weight_g=300)
        assert words(walk, *OTHERS) == "I cannot take this here. Lane 2 is open, to your left."


def test_a_lane_closed_in_the_middle_of_a_visit_ends_the_visit_first() -> None:
    walk = closed(Walk().know_terminal().scan())
    walk.scan(line_id="b").pay().authorise().complete()
    assert walk.state.phase is Phase.THANKS
    walk.scan(line_id="c")
    assert (walk.state.phase, walk.state.basket.lines) == (Phase.ATTRACT, ())
    assert walk.state.view.problem is m.ScanProblem.LANE_CLOSED


def test_an_order_told_again_does_not_close_a_lane_that_was_opened_since() -> None:
    walk = closed()
    walk.take(m.StaffEntered("Marco", "s1"), m.StaffActed(m.StaffAct.OPEN, "r1"), m.StaffLeft())
    walk.take(CLOSE)
    assert walk.state.closed_by == ""
    walk.take(v.DoorOrdered("d2", True, "Ada"), v.DoorOrdered("d3", False, "Ada"))
    assert (walk.state.closed_by, walk.state.door_id) == ("", "d3")


def test_a_power_cut_opens_no_lane_that_the_tablet_closed() -> None:
    assert v.DoorOrdered in JOURNALED
    assert '"closed":true' in inputs.encode(CLOSE)
    walk = closed()
    walk.take(m.LaneStarted("boot-2"))
    assert walk.state.closed_by == "Giulia"
