"""Pull the printer, the terminal, the scale and the network, one by one, at every screen: the lane says what
works, and what was begun can be finished or taken elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hardware.events import (
    CardDeclined,
    CardInDoubt,
    DeclineReason,
    DeviceLost,
    DeviceReady,
    Paper,
    PaperChanged,
)
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.state import LaneState, Phase
from kiosk.ui.presenter import present
from kiosk.ui.presenter.degraded import PRINTER, SCALE, Lack, lacks
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    ScreenModel,
    ThanksModel,
    WeighModel,
)
from tests.support.lane_fakes import APPLES, NOON, WATER, Walk, shelf

GOODS = shelf()
WORDS = {
    TERMINAL: "No cards at this lane now.",
    SCALE: "The scale is not working.",
    PRINTER: "No paper today.",
}


def ready() -> Walk:
    walk = Walk()
    walk.take(*(DeviceReady(device) for device in (TERMINAL, PRINTER, SCALE)), m.StoreReached(online=True))
    return walk.know_terminal()


def scanning() -> Walk:
    return ready().scan()


def sheet(which: m.Sheet) -> Callable[[], Walk]:
    def opened() -> Walk:
        walk = scanning()
        walk.take(m.SheetOpened(which, "a", APPLES if which is m.Sheet.WEIGH else None))
        return walk

    return opened


def after(*events: m.Event) -> Callable[[], Walk]:
    def made() -> Walk:
        walk = scanning()
        walk.take(*events)
        return walk

    return made


def doubtful() -> Walk:
    walk = scanning().pay()
    walk.take(CardInDoubt(TERMINAL, "try-1", "line lost"))
    return walk


def declined() -> Walk:
    walk = scanning().pay()
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.REFUSED_BY_BANK, 0x6C))
    return walk


SCREENS: dict[str, Callable[[], Walk]] = {
    "attract": ready,
    "basket": scanning,
    **{each.value: sheet(each) for each in m.Sheet if each is not m.Sheet.NONE},
    "pay": lambda: scanning().pay(),
    "paying": lambda: scanning().pay().authorise(),
    "checking": doubtful,
    "not-paid": declined,
    "thanks": lambda: scanning().pay().authorise().complete(),
    "still-there": after(m.TimerExpired(m.Timer.IDLE)),
    "kept": after(m.TimerExpired(m.Timer.IDLE), m.TimerExpired(m.Timer.STILL_THERE)),
    "parked": after(v.PayElsewhereRequested()),
}
PULLED: dict[str, m.Event] = {
    "terminal": DeviceLost(TERMINAL, "unplugged"),
    "printer": DeviceLost(PRINTER, "unplugged"),
    "paper": PaperChanged(PRINTER, Paper.OUT),
    "scale": DeviceLost(SCALE, "unplugged"),
    "network": m.StoreReached(online=False),
}


BUILT = Scene("Mercato Aurora", "3", GOODS, NOON, receipt_qr="QR")


def shown(state: LaneState) -> ScreenModel:
    return present(state, BUILT)


@pytest.mark.parametrize("pulled", PULLED)
@pytest.mark.parametrize("screen", SCREENS)
def test_whatever_is_pulled_wherever_the_basket_stays_and_there_is_a_way_on(screen: str, pulled: str) -> None:
    walk = SCREENS[screen]()
    before = walk.state
    walk.take(PULLED[pulled])
    state = walk.state
    assert (state.phase, state.basket, state.payment, state.parked) == (
        before.phase,
        before.basket,
        before.payment,
        before.parked,
    )
    model = shown(state)
    assert model.help.enabled
    assert model.name == shown(before).name
    walk.take(v.ShopperReturned(), m.SheetClosed())
    if walk.state.phase in (Phase.SCANNING, Phase.NOT_PAID):
        walk.take(v.PayElsewhereRequested())
        assert walk.state.shown_code
    if walk.state.phase in (Phase.ATTRACT, Phase.THANKS, Phase.PARKED):
        walk.scan(WATER, "next")
        assert [line.line_id for line in walk.state.basket.lines] == ["next"]


@pytest.mark.parametrize("device", WORDS)
def test_what_is_missing_is_said_before_the_first_scan_and_in_one_strip_after_it(device: str) -> None:
    walk = ready()
    walk.take(DeviceLost(device, "unplugged"))
    attract = shown(walk.state).body
    assert isinstance(attract, AttractModel)
    assert WORDS[device] in attract.notice
    walk.scan()
    strip = shown(walk.state).strip
    assert strip is not None
    assert strip.lead == WORDS[device]
    walk.take(DeviceReady(device))
    assert shown(walk.state).strip is None


@pytest.mark.parametrize(
    ("built", "lack"),
    [
        (replace(BUILT, has_terminal=False), Lack.CARDS),
        (replace(BUILT, has_printer=False), Lack.PAPER),
        (replace(BUILT, has_scale=False), Lack.SCALE),
    ],
    ids=["terminal", "printer", "scale"],
)
def test_a_lane_built_without_a_device_says_the_same(built: Scene, lack: Lack) -> None:
    assert lacks(ready().state, built) == (lack,)
    assert lacks(ready().state, BUILT) == ()


def test_everything_missing_is_all_said_at_first_and_then_the_dearest() -> None:
    walk = ready()
    walk.take(*(DeviceLost(device, "unplugged") for device in WORDS))
    attract = shown(walk.state).body
    assert isinstance(attract, AttractModel)
    assert all(words in attract.notice for words in WORDS.values())
    strip = shown(walk.scan().state).strip
    assert strip is not None
    assert strip.lead == WORDS[TERMINAL]
    assert strip.action is not None
    assert strip.action.tap_id == "other-ways"


def test_a_store_that_cannot_be_reached_is_no_shopper_s_matter() -> None:
    walk = scanning()
    walk.take(m.StoreReached(online=False))
    model = shown(walk.state)
    assert isinstance(model.body, BasketModel)
    assert model.strip is None


def test_without_a_printer_thanks_offers_the_code_and_no_paper() -> None:
    walk = SCREENS["thanks"]()
    walk.take(DeviceLost(PRINTER, "unplugged"))
    body = shown(walk.state).body
    assert isinstance(body, ThanksModel)
    assert (body.print_button, body.qr) == (None, "QR")


def test_a_scale_that_is_gone_does_not_let_anybody_wait() -> None:
    walk = SCREENS["weigh"]()
    walk.take(DeviceLost(SCALE, "unplugged"))
    body = shown(walk.state).body
    assert isinstance(body, WeighModel)
    assert "scale is not working" in body.headline
    assert body.text == "Please tap Help. You can go on scanning."
