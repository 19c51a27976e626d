"""What staff do at a lane is told to the shopper by name, on the strip and in the headset, for a while."""

from __future__ import annotations

import pytest

from inventory.domain.correcting import PriceReason
from inventory.domain.help_desk import Decision
from inventory.domain.pricing import GivenPrice
from kiosk.assist.reading import Reader, Say, jack, shown
from kiosk.checkout import messages as m
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.pricing import unknown_item
from kiosk.checkout.told import Told
from kiosk.checkout.visit_events import DoorOrdered
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import AttractModel, ScreenModel
from tests.support.lane_fakes import BEER, MILK, NOON, WATER, Walk, durable, gtin, shelf

SETTLED = m.TimerExpired(m.Timer.NOTICE)
ENTERED = m.StaffEntered("Marco", "session-1", 50)


def screen(walk: Walk) -> ScreenModel:
    return present(walk.state, Scene("Mercato Aurora", "3", shelf(), NOON))


def told(walk: Walk) -> str:
    strip = screen(walk).strip
    return f"{strip.lead} {strip.text}".strip() if strip is not None else ""


def adult() -> Walk:
    walk = Walk().scan(BEER, "b")
    walk.take(m.StoreReached(online=True))
    return walk


def unknown() -> Walk:
    walk = Walk().scan()
    line = BasketLine("u", unknown_item(gtin(900), "EUR"), 0, units=1, pending=True)
    walk.take(m.StoreReached(online=True), m.ItemScanned(line))
    return walk


def act(what: m.StaffAct, line_id: str = "", **more: object) -> m.StaffActed:
    return m.StaffActed(what, f"report-{what.value}", line_id, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision.APPROVED, "Approved by Marco. The adult check is done."),
        (Decision.REFUSED, "Refused by Marco. One item cannot be sold now."),
    ],
)
def test_a_decision_from_the_tablet_names_who_made_it(decision: Decision, words: str) -> None:
    walk = adult()
    walk.take(m.InterventionDecided("age-b", decision, "Marco"))
    assert told(walk) == words
    walk.take(SETTLED)
    assert "Marco" not in told(walk)


def test_a_price_that_staff_gave_or_would_not_give_names_them() -> None:
    walk = unknown()
    price = GivenPrice("Candle", 340, "EUR", "standard", 2200)
    walk.take(m.InterventionDecided("price-u", Decision.APPROVED, "Marco", price))
    assert told(walk) == "Approved by Marco. Candle"
    walk = unknown()
    walk.take(m.InterventionDecided("price-u", Decision.REFUSED, ""))
    assert told(walk) == "Refused by A colleague. Staff cannot sell this one. Please leave it here."


def test_what_staff_took_out_at_the_screen_is_told_once_the_shopper_has_it_back() -> None:
    walk = Walk().scan(MILK, "a").scan(WATER, "w")
    walk.take(ENTERED, act(m.StaffAct.VOID, "a"), SETTLED)
    assert walk.state.news is not None, "the shopper does not see the staff's screen"
    walk.take(m.StaffLeft())
    assert told(walk) == "Taken out by Marco. Milk"


def test_a_corrected_price_is_told() -> None:
    walk = Walk().scan(MILK, "a")
    reason = next(iter(PriceReason))
    walk.take(ENTERED, act(m.StaffAct.CORRECT_PRICE, "a", price_minor=100, reason=reason), m.StaffLeft())
    assert told(walk) == "New price from Marco. Milk"


def test_a_whole_basket_that_was_taken_away_is_told_on_the_welcome_screen() -> None:
    walk = Walk().scan(MILK, "a").scan(WATER, "w")
    walk.take(ENTERED, act(m.StaffAct.VOID_ALL), m.StaffLeft(), m.TimerExpired(m.Timer.IDLE))
    assert walk.state.news is None or walk.state.news.told is Told.TAKEN_OUT


def test_the_door_is_told_in_the_middle_of_a_visit_and_at_its_opening() -> None:
    walk = Walk().scan()
    walk.take(DoorOrdered("door-1", closed=True, staff_name="Sara"))
    assert told(walk) == "Closed by Sara. You can finish here."
    idle = Walk()
    idle.take(DoorOrdered("door-1", closed=True, staff_name="Sara"), SETTLED)
    idle.take(DoorOrdered("door-2", closed=False, staff_name="Sara"))
    body = screen(idle).body
    assert isinstance(body, AttractModel)
    assert body.notice == "Opened by Sara."


def test_a_decision_is_read_to_the_headset_alone() -> None:
    for headset in (True, False):
        walk = adult()
        reader, _ = jack(Reader(), inserted=headset)
        reader, _ = shown(reader, screen(walk))
        walk.take(m.InterventionDecided("age-b", Decision.APPROVED, "Marco"))
        _, deeds = shown(reader, screen(walk))
        said = [deed.text for deed in deeds if isinstance(deed, Say)]
        assert said == (["Approved by Marco. The adult check is done."] if headset else [])


def test_news_end_with_the_visit_and_with_a_restart() -> None:
    walk = adult()
    walk.take(m.InterventionDecided("age-b", Decision.APPROVED, "Marco"))
    assert durable(walk.state).news is None
    walk.take(m.LineRemoved("b"), m.TimerExpired(m.Timer.IDLE))
    assert walk.state.news is None
