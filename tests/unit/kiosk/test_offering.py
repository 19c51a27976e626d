"""The soft first step: a hand is offered after a few failures, goes at a word, and calls nobody by itself."""

from __future__ import annotations

import pytest

from hardware.events import BarcodeRefused, CardDeclined, DeclineReason, ScanRefusal
from inventory.domain.help_desk import InterventionKind
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.offering import FAILED_SCANS, WITHIN_S
from kiosk.checkout.state import AgeCheck, Phase
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import BasketModel, ScreenModel, Strip
from tests.support.lane_fakes import BEER, BUN, MILK, NOON, WATER, Walk, durable, journaled, shelf

UNREAD = BarcodeRefused("scanner", ScanRefusal.TOO_LONG, 600)
UNKNOWN = m.ScanRejected(m.ScanProblem.UNKNOWN_ITEM, "123")
SETTLED = m.TimerExpired(m.Timer.NOTICE)


def shown(walk: Walk) -> ScreenModel:
    return present(walk.state, Scene("Mercato Aurora", "3", shelf(), NOON, bag_gtin=BUN.gtin))


def strip(walk: Walk) -> Strip | None:
    return shown(walk).strip


def offered(walk: Walk) -> bool:
    return walk.state.ladder.offered


def stumbling(apart_s: float = 5) -> Walk:
    walk = Walk().scan()
    for _ in range(FAILED_SCANS):
        walk.later(apart_s).take(UNREAD)
    return walk


def test_three_failed_scans_in_a_short_time_bring_an_offer_and_nobody() -> None:
    walk = stumbling()
    assert offered(walk)
    assert walk.state.help is None
    assert walk.of(fx.SendHelp) == []
    walk.take(SETTLED)
    found = strip(walk)
    assert found is not None
    assert found.lead == "Want a hand?"
    assert found.action is not None
    assert found.second is not None
    assert (found.action.tap_id, found.second.tap_id) == ("help:offer", "not-now")


def test_the_same_failures_spread_over_a_visit_bring_none() -> None:
    assert not offered(stumbling(apart_s=WITHIN_S))


def test_one_good_scan_between_is_enough() -> None:
    walk = Walk().scan()
    walk.take(UNREAD, UNKNOWN)
    walk.scan(WATER, "w").take(UNREAD)
    assert not offered(walk)


def test_a_good_scan_takes_the_offer_away() -> None:
    walk = stumbling()
    walk.scan(WATER, "w")
    assert not offered(walk)


def test_not_now_holds_for_the_whole_visit_and_not_for_the_next() -> None:
    walk = stumbling()
    walk.take(v.OfferDeclined(), UNREAD, UNREAD, UNREAD)
    assert not offered(walk)
    walk.take(m.LineRemoved("a"), m.TimerExpired(m.Timer.IDLE))
    walk.scan(line_id="next")
    walk.take(UNREAD, UNREAD, UNREAD)
    assert offered(walk)


def test_taking_the_hand_calls_help_and_ends_the_offer() -> None:
    walk = stumbling()
    walk.take(m.HelpRequested("h"))
    assert not offered(walk)
    assert walk.state.help is not None
    walk.take(UNREAD, UNREAD, UNREAD)
    assert not offered(walk), "somebody is on the way already"


def test_two_refused_cards_bring_an_offer() -> None:
    walk = Walk().know_terminal().scan()
    for number in range(2):
        assert not offered(walk)
        walk.pay(f"try-{number}")
        walk.take(CardDeclined(TERMINAL, f"try-{number}", DeclineReason.REFUSED_BY_BANK, 0x6C))
    assert offered(walk)
    assert walk.state.phase is Phase.NOT_PAID


def test_who_went_back_from_paying_was_not_refused() -> None:
    walk = Walk().know_terminal().scan()
    for number in range(3):
        walk.pay(f"try-{number}")
        walk.take(CardDeclined(TERMINAL, f"try-{number}", DeclineReason.CANCELLED, 0x6C))
    assert not offered(walk)


def test_a_long_look_among_the_pictures_brings_an_offer_there() -> None:
    walk = Walk().scan()
    assert walk.take(m.SheetOpened(m.Sheet.NO_BARCODE)) == (fx.StartTimer(m.Timer.DWELL),)
    walk.take(m.TimerExpired(m.Timer.DWELL))
    found = strip(walk)
    assert found is not None
    assert found.lead == "Want a hand?"
    other = Walk().scan()
    other.take(m.SheetOpened(m.Sheet.NO_BARCODE), m.SheetClosed(), m.TimerExpired(m.Timer.DWELL))
    assert not offered(other)


def test_one_strip_at_a_time_what_stops_paying_first() -> None:
    walk = stumbling()
    walk.scan(BEER, "b").take(UNREAD, UNREAD, UNREAD)
    leads = []
    walk.take(m.PayObstructed(m.PayObstacle.AGE_CHECK))
    for event in (SETTLED, v.OfferDeclined(), m.StoreReached(online=True)):
        found = strip(walk)
        assert found is not None
        leads.append(found.lead)
        walk.take(event)
    assert leads == ["One moment before you pay.", "Want a hand?", "Adult check for 1 item."]


# --- undo ----------------------------------------------------------------------------------------


def test_a_removed_row_comes_back_with_one_touch() -> None:
    walk = Walk().scan(MILK, "a", units=3).scan(WATER, "w")
    walk.take(m.LineRemoved("a"))
    assert fx.StartTimer(m.Timer.UNDO) in walk.effects
    found = strip(walk)
    assert found is not None
    assert found.action is not None
    assert (found.lead, found.text, found.action.tap_id) == ("Removed.", "Milk", "undo")
    walk.take(v.RemovalUndone())
    assert [(line.line_id, line.units) for line in walk.state.basket.lines] == [("w", 1), ("a", 3)]
    assert walk.take(v.RemovalUndone()) == ()
    assert durable(journaled(walk.history)) == durable(walk.state)


def test_after_eight_seconds_it_is_gone() -> None:
    walk = Walk().scan().scan(WATER, "w")
    walk.take(m.LineRemoved("a"), m.TimerExpired(m.Timer.UNDO), v.RemovalUndone())
    assert [line.line_id for line in walk.state.basket.lines] == ["w"]
    assert strip(walk) is None


def test_a_row_that_needs_a_check_needs_a_new_one() -> None:
    walk = Walk().scan().scan(BEER, "b")
    walk.take(m.LineRemoved("b"))
    assert walk.state.age is AgeCheck.NOT_NEEDED
    walk.later(2).take(v.RemovalUndone())
    (check,) = walk.of(fx.RaiseIntervention)
    assert isinstance(check, fx.RaiseIntervention)
    assert check.kind is InterventionKind.AGE_CHECK
    assert check.intervention_id != "age-b"


def test_the_next_shopper_cannot_undo_what_the_former_removed() -> None:
    walk = Walk().scan()
    walk.take(m.LineRemoved("a"), m.TimerExpired(m.Timer.IDLE))
    walk.scan(WATER, "w").take(v.RemovalUndone())
    assert [line.line_id for line in walk.state.basket.lines] == ["w"]


# --- bags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bags", "labels"), [(0, ["Bag +"]), (1, ["Bag", "1 bag"]), (3, ["Bag", "3 bags"])])
def test_the_bag_chip_counts_and_gives_back(bags: int, labels: list[str]) -> None:
    walk = Walk().scan()
    for number in range(bags):
        walk.scan(BUN, f"bag-{number}")
    body = shown(walk).body
    assert isinstance(body, BasketModel)
    assert [tool.label for tool in body.tools if tool.tap_id.startswith("bag")] == labels
